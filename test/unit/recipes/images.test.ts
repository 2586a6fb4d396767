import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits } from "jsonc-parser";
import { withTake } from "../../../src/recipes/edit.ts";
import { cropProblem, imageProblem, sharedVideos } from "../../../src/recipes/images.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { takeOf } from "./recipes.ts";

const text = `{ "start": "a.png", "end": { "crop": null, "path": "b.png" }, "prompt": "pan" }`.replace(
  `"crop": null, `,
  "",
);
const parsed = parseRecipe(text, "");
const problem = { code: "imageMissing", path: "/p/a.png" } as const;

describe("an image that cannot be used", () => {
  for (const [side, written] of [
    ["start", `"a.png"`],
    ["end", `"b.png"`],
  ] as const) {
    it(`is told at its path: ${side}`, () => {
      assert.deepEqual(imageProblem(text, parsed, { side, problem }), {
        code: "imageProblem",
        side,
        problem,
        severity: "error",
        range: { offset: text.indexOf(written), length: written.length },
        fixes: [{ kind: "pickImage", side }],
      });
    });

    it(`is offered where a file of its content is now: ${side}`, () => {
      const [fix] = imageProblem(text, parsed, { side, problem, movedTo: "new/ä.png" }).fixes;
      assert.ok(fix?.kind === "edit" && fix.how === "found" && fix.shown === "new/ä.png");
      assert.equal(applyEdits(text, [...fix.edits]), text.replace(written, `"new/ä.png"`));
    });
  }

  it("at an address is told at the address", () => {
    const written = `"https://x.example/a.png"`;
    const other = text.replace(`"a.png"`, `{ "url": ${written} }`);
    const { range } = imageProblem(other, parseRecipe(other), { side: "start", problem });
    assert.deepEqual(range, { offset: other.indexOf(written), length: written.length });
  });
});

describe("a crop that nobody chose", () => {
  const { recipe } = parsed;
  assert.ok(recipe);
  const tall = { width: 720, height: 1280 };

  it("is a warning if much of the image is cut off", () => {
    const found = cropProblem({ ...parsed, recipe }, "end", { width: 1280, height: 720 }, tall);
    assert.deepEqual(
      [found?.code, found?.severity, found?.range.offset],
      ["imageCropped", "warning", text.indexOf(`"b.png"`)],
    );
  });

  it("is none if the image fits, and none if somebody chose it", () => {
    assert.equal(cropProblem({ ...parsed, recipe }, "end", { width: 1000, height: 1500 }, tall), undefined);
    const chosen = { ...recipe, end: { path: "b.png", crop: { mode: "fit", fill: { kind: "blur" } } } } as const;
    assert.equal(cropProblem({ ...parsed, recipe: chosen }, "end", { width: 1280, height: 720 }, tall), undefined);
  });
});

it("recipes that name the same video are told of each other, also in another case or Unicode form", () => {
  const rendered = parseRecipe(withTake(text, takeOf(1)));
  const entry = (path: string, video: string) => ({ path, video, parsed: rendered });
  const problems = sharedVideos([
    entry("a", "clips/caf\u00e9.mp4"),
    entry("b", "clips/Cafe\u0301.mp4"),
    entry("c", "other/caf\u00e9.mp4"),
  ]);
  assert.deepEqual([...problems.keys()], ["a", "b"]);
  const found = problems.get("b");
  assert.ok(found?.code === "videoShared" && found.other === "a" && found.file === "clip-1.mp4");
  assert.deepEqual(found.range, rendered.rangeOf(["video", "file"]));
});
