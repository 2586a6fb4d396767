import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/paths.ts";
import { readSignature } from "../../../src/images/signature.ts";
import { imageExtensions, imageFormats } from "../../../src/shared/model/imageKinds.ts";
import { lastSegment } from "../../../src/shared/model/path.ts";
import { problemText } from "../../faults/sentences.ts";
import { bmp } from "./bitmap.ts";
import { plain } from "./pictures.ts";

test("every kind is known by its signature", () => {
  const picture = plain({ width: 16, height: 16 }, [9, 9, 9]);
  const endings = { png: "png", jpeg: "jpg", webp: "webp", avif: "avif", gif: "gif", tiff: "tif" } as const;
  for (const format of imageFormats) {
    const bytes =
      format === "bmp"
        ? bmp({ width: 1, height: 1, bits: 24, rows: [[9, 9, 9, 0]] })
        : picture.writeToBuffer(`.${endings[format]}`);
    assert.deepEqual(readSignature(bytes), { kind: "readable", format });
  }
});

test("the explorer's menu shows on files of these kinds alone", async () => {
  const manifest = await readFile(join(root, "package.json"), "utf8");
  const patterns = [...manifest.matchAll(/resourceExtname =~ \/(.+?)\/i/g)].map(
    ([, pattern = ""]) => new RegExp(JSON.parse(`"${pattern}"`), "i"),
  );
  assert.ok(patterns.length > 0);
  for (const pattern of patterns) {
    for (const extension of imageExtensions) {
      assert.match(`.${extension}`, pattern);
      assert.match(`.${extension.toUpperCase()}`, pattern);
    }
    for (const other of ["svg", "heic", "jxl", "jpegs", "mp4", "apng"]) {
      assert.doesNotMatch(`.${other}`, pattern);
    }
    const named = pattern.source.match(/[a-z?]+/g)?.length ?? 0;
    // One of each kind: `jpe?g` and `tiff?` are two endings.
    assert.equal(named, imageFormats.length);
  }
});

test("what is no image is told which kinds there are", () => {
  const { message } = problemText({ code: "notAnImage", path: "/p/notes.txt" });
  assert.match(message, /^notes\.txt is not an image\. .*PNG, JPEG, WebP, AVIF, GIF, TIFF, or BMP/);
});

test("a path's last part is its name on any system", () => {
  for (const [path, name] of [
    ["/home/me/a b.png", "a b.png"],
    ["C:\\pictures\\a.png", "a.png"],
    ["C:\\pictures/b.png", "b.png"],
    ["c.png", "c.png"],
    ["/folder/", ""],
    ["", ""],
  ] as const) {
    assert.equal(lastSegment(path), name);
  }
});
