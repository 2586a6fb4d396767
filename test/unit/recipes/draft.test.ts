import assert from "node:assert/strict";
import { test } from "node:test";
import { type SavedDraft, withDraft } from "../../../src/recipes/draft.ts";
import { newRecipe } from "../../../src/recipes/edit.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";

const crop = { mode: "crop", focus: { x: 0.25, y: 0.5 }, zoom: 1.5 } as const;
const draft: SavedDraft = {
  start: { path: "a.png" },
  end: { path: "../b.png", crop },
  prompt: "Night falls.",
  parameters: { fps: 12, seed: 7 },
};
const recipeIn = (text: string) => parseRecipe(text, "shots").recipe;

test("a recipe says what the draft says, and keeps all else", () => {
  const text = `// mine
{
\t"mood": "calm", // of mine
\t"start": { "path": "old.png", "sha256": "aa", "conformedSha256": "bb", "note": "n" },
\t"end": "../b.png",
\t"parameters": { "steps": 8, "fps": 24 /* fast */ },
\t"prompt": "Day breaks."
}
`;
  const after = withDraft(text, draft);
  for (const kept of ["// mine\n{\n", '"mood": "calm", // of mine', '"note": "n"', "/* fast */"]) {
    assert.ok(after.includes(kept), kept);
  }
  const { start, end, prompt, parameters } = recipeIn(after) ?? {};
  assert.deepEqual(start, { path: "a.png" });
  assert.deepEqual(end, { path: "../b.png", crop });
  assert.equal(prompt, "Night falls.");
  assert.deepEqual(parameters, { fps: 12, seed: 7 });
  assert.equal(withDraft(after, draft), after, "nothing is left to change");
});

test("what the draft does not change is not touched, be it written as a path alone", () => {
  const text = '{ "start": "a.png", "end": "b.png", "prompt": "Night falls." }';
  const same = { ...draft, end: { path: "b.png" }, parameters: {} };
  assert.equal(withDraft(text, same), text);
  const image = '{ "start": { "path": "a.png", "sha256": "aa" }, "end": "b.png", "prompt": "Night falls." }';
  assert.equal(withDraft(image, same), image);
});

test("a crop that is gone from the draft is gone from the recipe; the hash of an image that stays, stays", () => {
  const text = JSON.stringify({ start: { path: "a.png", crop, sha256: "aa" }, end: "../b.png", prompt: "x" });
  assert.deepEqual(recipeIn(withDraft(text, draft))?.start, { path: "a.png", sha256: "aa" });
});

test("a new recipe and an old one that is saved into say the same; a text that is none stays", () => {
  const fresh = recipeIn(newRecipe(draft));
  const saved = recipeIn(withDraft('{"recipe":1,"start":"x.png","end":"y.png","prompt":""}', draft));
  assert.deepEqual(saved, fresh);
  for (const text of ["", "[]", '{ "start": ', '{"recipe": 2, "start": "a", "end": "b", "prompt": "p"}']) {
    assert.equal(withDraft(text, draft), text);
  }
});
