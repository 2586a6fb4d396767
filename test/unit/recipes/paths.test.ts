import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findFile, fromRecipe, fromWorkspace, type WorkspaceFiles } from "../../../src/recipes/paths.ts";

/** A workspace with these files; it counts what is asked of it. */
function workspace(files: readonly string[], ignoresForms = false) {
  const asked = { exists: 0, list: 0 };
  const plain = (path: string) => (ignoresForms ? path.normalize("NFC") : path);
  const port: WorkspaceFiles = {
    exists: async (path) => {
      asked.exists += 1;
      return files.some((file) => plain(file) === plain(path));
    },
    list: async (folder) => {
      asked.list += 1;
      const inside = folder === "" ? "" : `${folder}/`;
      const names = files.flatMap((file) =>
        file.startsWith(inside) ? [file.slice(inside.length).split("/")[0] ?? ""] : [],
      );
      return names.length === 0 ? undefined : [...new Set(names)];
    },
  };
  return { port, asked };
}

const [composed, decomposed] = ["\u00e9", "e\u0301"];

describe("a path in a recipe", () => {
  for (const [file, folder, path] of [
    ["a.png", "", "a.png"],
    ["images/a.png", "", "images/a.png"],
    ["images/a.png", "clips", "../images/a.png"],
    ["a.png", "clips/x", "../../a.png"],
    ["clips/a.png", "clips", "a.png"],
    ["clips/x/a.png", "clips", "x/a.png"],
    ["clips2/a.png", "clips", "../clips2/a.png"],
    ["clips", "clips", "../clips"],
  ] as const) {
    it(`names ${file} in "${folder}" as ${path}`, () => {
      assert.equal(fromRecipe(file, folder), path);
      assert.equal(fromWorkspace(path, folder), file);
    });
  }

  it("never leads out, whatever comes after", () => {
    for (const [path, folder] of [
      ["..", ""],
      ["../x", ""],
      ["../../clips/a.png", "clips"],
      ["a/../../clips/../../x", "clips"],
      [`${"a/".repeat(300)}b`, ""],
    ] as const) {
      assert.equal(fromWorkspace(path, folder), undefined, path);
    }
  });
});

describe("the file of a path", () => {
  it("is the one that is there as written", async () => {
    const { port, asked } = workspace([`é/a.png`, "b.png"]);
    assert.equal(await findFile("../b.png", "é", port), "b.png");
    assert.deepEqual(asked, { exists: 1, list: 0 });
  });

  it("may be spelled in another Unicode form, in any of its folders", async () => {
    for (const [there, wanted] of [
      [`x${decomposed}/caf${decomposed}.png`, `x${composed}/caf${composed}.png`],
      [`x${composed}/caf${composed}.png`, `x${decomposed}/caf${decomposed}.png`],
      [`x${composed}/caf${decomposed}.png`, `x${decomposed}/caf${composed}.png`],
    ] as const) {
      assert.equal(await findFile(`../${wanted}`, "clips", workspace([there]).port), there);
      assert.equal(await findFile(`../${wanted}`, "clips", workspace([there], true).port), wanted);
    }
  });

  it("is none of several that are spelled otherwise, and the very one if it is among them", async () => {
    const [one, other, third] = ["\u1eb7.png", "\u0103\u0323.png", "a\u0323\u0306.png"];
    const { port } = workspace([`é/${one}`, `é/${other}`]);
    assert.equal(await findFile(`é/${third}`, "", port), undefined);
    assert.equal(await findFile(`e\u0301/${other}`, "", port), `é/${other}`);
  });

  it("is not looked for where it cannot be", async () => {
    const { port, asked } = workspace(["a.png"]);
    for (const [path, folder] of [
      ["../é.png", ""],
      ["/é.png", ""],
      ["x\\é.png", ""],
      [".", ""],
      ["", ""],
      ["é".repeat(5000), ""],
    ] as const) {
      assert.equal(await findFile(path, folder, port), undefined);
    }
    assert.deepEqual(asked, { exists: 0, list: 0 });
    assert.equal(await findFile("b.png", "", port), undefined);
    assert.deepEqual(asked, { exists: 1, list: 0 }, "a plain name has one form");
    assert.equal(await findFile("é/x/y.png", "", port), undefined);
    assert.deepEqual(asked, { exists: 2, list: 1 });
  });
});
