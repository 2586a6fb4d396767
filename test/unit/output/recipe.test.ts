import assert from "node:assert/strict";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { describe, it } from "node:test";
import { recipeImage, recipePathOf } from "../../../src/output/recipe.ts";

const file = {
  kind: "file",
  path: "/home/me/project/images/a.png",
  sourceSha256: "aa",
  copy: "start.png",
  sha256: "bb",
} as const;

describe("the recipe's path", () => {
  for (const [video, recipe] of [
    ["/v/x.mp4", "/v/x.flf.json"],
    ["/v/x.y.webm", "/v/x.y.flf.json"],
    ["/v.d/x-2.mov", "/v.d/x-2.flf.json"],
    ["C:\\v.d\\x.mp4", "C:\\v.d\\x.flf.json"],
  ] as const) {
    it(video, () => assert.equal(recipePathOf(video), recipe));
  }
});

describe("an image in a recipe", () => {
  it("is a path relative to the recipe, with the hashes of original and conformed image", () => {
    assert.deepEqual(recipeImage(file, "/home/me/project/videos", "/home/me/project"), {
      path: "../images/a.png",
      sha256: "aa",
      conformedSha256: "bb",
    });
    assert.deepEqual(recipeImage(file, "/home/me/project/images").path, "a.png");
  });

  it("says nothing about the copy in the extension's own storage", () => {
    assert.ok(!JSON.stringify(recipeImage(file, "/home/me/project")).includes("start.png"));
    assert.deepEqual(Object.keys(recipeImage({ kind: "file", path: "/v/a.png", sourceSha256: "aa" }, "/v")), [
      "path",
      "sha256",
    ]);
  });

  it("outside the project is its name alone: no recipe tells how other folders are called", () => {
    const project = "/home/me/project";
    for (const [image, folder, workspace] of [
      ["/home/me/private/client/a.png", "/home/me/project/videos", project],
      ["/home/me/projects/a.png", "/home/me/project", project],
      ["/a.png", "/home/me/project/videos", project],
      ["/tmp/a.png", "/home/me/project/videos", project],
      // A video that goes elsewhere would lead back through the user's folders.
      ["/home/me/project/images/a.png", "/home/me/Videos", project],
      ["/home/me/project/images/a.png", "/mnt/share", project],
      ["/home/me/project/images/a.png", "/home/me/Videos", undefined],
      ["/home/me/project/images/a.png", "/home/me/project/videos", undefined],
    ] as const) {
      const named = recipeImage({ ...file, path: image }, folder, workspace);
      assert.deepEqual(named, { name: "a.png", sha256: "aa", conformedSha256: "bb" }, `${image} in ${folder}`);
    }
    const below = recipeImage({ ...file, path: "/home/me/Videos/..in/a.png" }, "/home/me/Videos");
    assert.equal(below.path, "..in/a.png");
  });

  it("is an address without user, signature and fragment", () => {
    assert.deepEqual(
      recipeImage({ kind: "url", url: "https://u:p@a.example:8443/x%20y.png?X-Amz-Signature=s#f" }, "/v"),
      {
        url: "https://a.example:8443/x%20y.png",
      },
    );
  });

  it("that an older version took without looking does not keep a paid video from its recipe", () => {
    for (const url of ["https://", "https://exa mple.com/a.png", "a.png", ""]) {
      assert.deepEqual(recipeImage({ kind: "url", url }, "/v"), {});
    }
  });

  it("is nothing where it is unknown", () => {
    assert.deepEqual(recipeImage({ kind: "unknown" }, "/v"), {});
  });

  it("has slashes on Windows, and no path from another drive", (test) => {
    const mocks = (["relative", "isAbsolute", "basename"] as const).map((name) =>
      test.mock.method(path, name, path.win32[name]),
    );
    const separator = path.sep;
    Object.assign(path, { sep: "\\" });
    syncBuiltinESMExports();
    try {
      const image = (where: string) => recipeImage({ ...file, path: where }, "C:\\project\\videos", "C:\\project");
      assert.equal(image("C:\\project\\images\\a.png").path, "../images/a.png");
      assert.equal(image("c:\\Project\\a.png").path, "../a.png");
      assert.deepEqual(Object.keys(image("D:\\images\\a.png")), ["name", "sha256", "conformedSha256"]);
      assert.deepEqual(Object.keys(image("\\\\server\\share\\a.png")), ["name", "sha256", "conformedSha256"]);
    } finally {
      for (const mock of mocks) {
        mock.mock.restore();
      }
      Object.assign(path, { sep: separator });
      syncBuiltinESMExports();
    }
  });
});
