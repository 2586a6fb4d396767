import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { findRecipe } from "../../../src/output/findRecipe.ts";
import { at } from "./videos.ts";

const folder = at("recipes");
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "elsewhere"), { recursive: true });
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
/** Writes a file and gives its path. */
async function put(name: string, content: string | Buffer | object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}
const recipeOf = (video: string) => ({ recipe: 1, video: { file: "any.mp4", sha256: sha256(video) } });
const none = async () => assert.fail("nothing else is read");

describe("a video finds its recipe", () => {
  it("beside it under its name, and reads no other then", async () => {
    const video = await put("a.mp4", "A");
    const recipe = await put("a.flf.json", recipeOf("A"));
    assert.equal(await findRecipe(video, none), recipe);
  });

  it("by its bytes where it was renamed or moved, also as one of several takes, past files that are no recipes", async () => {
    const others = [
      join(folder, "gone.flf.json"),
      folder,
      await put("bad.flf.json", "{"),
      await put("notText.flf.json", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
      await put("long.flf.json", " ".repeat(2_000_000)),
      await put("foreign.flf.json", { video: { sha256: sha256("A") } }),
      await put("odd.flf.json", { recipe: 1, video: sha256("A"), takes: [7, null, { video: { sha256: 7 } }] }),
      await put("unrendered.flf.json", { recipe: 1, start: {}, end: {}, prompt: "p" }),
      ...(await Promise.all(Array.from({ length: 70 }, (_, n) => put(`${n}.flf.json`, recipeOf(`${n}`))))),
    ];
    const one = await put("one.flf.json", recipeOf("A"));
    const many = await put("many.flf.json", { ...recipeOf("C"), takes: [7, { video: { sha256: sha256("B") } }] });
    for (const [content, recipe] of [
      ["A", one],
      ["B", many],
      ["C", many],
      ["no video of ours", undefined],
    ] as const) {
      const video = await put("elsewhere/renamed.mp4", content);
      assert.equal(await findRecipe(video, async () => [...others, one, many]), recipe, content);
    }
  });

  it("also where it took the name of another one, whose recipe still lies there", async () => {
    const video = await put("a.mp4", "B");
    await put("a.flf.json", recipeOf("A"));
    const own = await put("b.flf.json", recipeOf("B"));
    assert.equal(basename((await findRecipe(video, async () => [own])) ?? ""), "b.flf.json");
  });

  it("by its name alone where its bytes were changed, it is gone, or the recipe knows none", async () => {
    const recipe = await put("a.flf.json", recipeOf("A"));
    const video = await put("a.mp4", "cut shorter");
    assert.equal(await findRecipe(video, async () => []), recipe);
    await rm(video);
    assert.equal(await findRecipe(video, none), recipe);
    await put("a.flf.json", { recipe: 1, start: {}, end: {} });
    assert.equal(await findRecipe(video, none), recipe);
  });

  it("not where there is none, nor in a file that only carries the name", async () => {
    const video = await put("a.mp4", "A");
    assert.equal(await findRecipe(video, async () => []), undefined);
    await put("a.flf.json", "[]");
    assert.equal(await findRecipe(video, async () => []), undefined);
    assert.equal(await findRecipe(join(folder, "gone.mp4"), none), undefined);
  });
});
