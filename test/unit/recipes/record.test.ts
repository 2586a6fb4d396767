import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withTake } from "../../../src/recipes/edit.ts";
import { addressed } from "../../../src/recipes/fingerprint.ts";
import { recordOf } from "../../../src/recipes/record.ts";
import { earlier, takeOf } from "./recipes.ts";

describe("what a recipe records of its picked video", () => {
  it("is all of it in a recipe of an earlier version", () => {
    assert.deepEqual(recordOf(JSON.stringify(earlier)), earlier);
  });

  it("is what that was rendered with, not what its author has written since", () => {
    const text = withTake(
      `{ "start": "a.png", /* ! */ "end": "b.png", "prompt": "slow pan", "parameters": { "fps": 12 } }`,
      takeOf(1),
    );
    const { rendered: _, ...take } = takeOf(1);
    const record = {
      recipe: 1,
      model: earlier.model,
      prompt: "slow pan",
      start: { path: "a.png", sha256: "aa", conformedSha256: "ca" },
      end: { path: "b.png", sha256: "bb", conformedSha256: "cb" },
      parameters: { seed: 1 },
      ...take,
    };
    assert.deepEqual(recordOf(text), record);
    assert.deepEqual(
      recordOf(text.replace(`"prompt": "slow pan"`, `"prompt": "fast"`).replace(`"fps": 12`, `"fps": 24`)),
      record,
    );
  });

  it("names an address only if it is still the one", () => {
    const take = takeOf(1);
    const url = "https://x.example/a.png";
    const rendered = { ...(take.rendered ?? assert.fail()), start: addressed(url) };
    const text = withTake(`{ "start": "${url}", "end": "b.png", "prompt": "pan" }`, { ...take, rendered });
    assert.deepEqual(recordOf(text)?.start, { url });
    assert.deepEqual(recordOf(text.replace(url, "https://x.example/b.png"))?.start, {});
    assert.deepEqual(recordOf(text.replace(url, "a.png"))?.start, {});
  });

  it("is nothing without a video or a recipe", () => {
    for (const text of [
      "",
      "[]",
      `{ "start": "a", "end": "b", "prompt": "p" }`,
      JSON.stringify({ ...earlier, recipe: 2 }),
    ]) {
      assert.equal(recordOf(text), undefined);
    }
  });
});
