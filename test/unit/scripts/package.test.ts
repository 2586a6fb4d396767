import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { asPage, checkPictures } from "../../../scripts/package.ts";
import { root } from "../../../scripts/paths.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-readme-"));
  await writeFile(join(folder, "small.webp"), "picture");
  await writeFile(join(folder, "large.webp"), "");
  await truncate(join(folder, "large.webp"), 4 * 1024 * 1024 + 1);
});
after(() => rm(folder, { recursive: true, force: true }));

test("a page shows published pictures, or none, and links only to the web and to itself", () => {
  const text =
    "# One\n\n![One: a (b)](m/small.webp)\n\n[site](https://a.test/b.md), [below](#below), [`docs`](docs/a.md)\n";
  const links = "[site](https://a.test/b.md), [below](#below), `docs`\n";
  assert.equal(asPage(text, "https://p.test/x"), `# One\n\n![One: a (b)](https://p.test/x/m/small.webp)\n\n${links}`);
  assert.equal(asPage(text), `# One\n\n${links}`);
});

test("a picture that is missing, too large or of another kind packages nothing", async () => {
  await checkPictures("![](small.webp)", folder);
  await assert.rejects(checkPictures("![](none.png)", folder), /ENOENT/);
  await assert.rejects(checkPictures("![](large.webp)", folder), /large\.webp has 4194305 bytes/);
  await assert.rejects(checkPictures("![](small.svg)", folder), /small\.svg is no PNG or WebP/);
});

test("the README begins with what the product is for, then one moving picture", async () => {
  const [title, , purpose, , picture] = (await readFile(join(root, "README.md"), "utf8")).split("\n");
  assert.match(title ?? "", /^# /);
  assert.match(purpose ?? "", /start \*\*and an end\*\* image/);
  const path = /^!\[.+\]\((media\/readme\/\w+\.webp)\)$/.exec(picture ?? "")?.[1] ?? assert.fail(picture);
  const bytes = await readFile(join(root, path));
  assert.ok(bytes.includes("ANIM"), "it moves");
});
