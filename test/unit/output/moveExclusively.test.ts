import assert from "node:assert/strict";
import promises, { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { beforeEach, describe, it, type TestContext } from "node:test";
import * as placing from "../../../src/output/moveExclusively.ts";
import { at, folder } from "./videos.ts";

const place = at("place");
const { exists, hashFile } = placing;
const moveExclusively = (from: string, to: string) => placing.moveExclusively(from, to, () => undefined);
const path = (name: string) => join(place, name);
beforeEach(async () => {
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
});

/** Makes calls of a file operation fail with a code, for one test. */
function failing(test: TestContext, name: "link" | "unlink" | "rename", code: string) {
  const mock = test.mock.method(promises, name, async () => {
    throw Object.assign(new Error(`${code}: ${name}`), { code, syscall: name });
  });
  syncBuiltinESMExports();
  test.after(() => {
    mock.mock.restore();
    syncBuiltinESMExports();
  });
}

const noLinks = [
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EXDEV",
  "EINVAL",
  "EISDIR",
  "EACCES",
  "UNKNOWN",
];

for (const code of [undefined, ...noLinks]) {
  describe(code === undefined ? "with hard links" : `where a hard link fails with ${code}`, () => {
    const prepare = (test: TestContext) => {
      if (code !== undefined) {
        failing(test, "link", code);
      }
    };

    it("gives the file its name, and nothing else is left", async (test) => {
      prepare(test);
      await writeFile(path("part"), "video");
      assert.equal(await moveExclusively(path("part"), path("x.mp4")), true);
      assert.deepEqual(await readdir(place), ["x.mp4"]);
      assert.equal(await readFile(path("x.mp4"), "utf8"), "video");
    });

    it("never touches what has that name already", async (test) => {
      prepare(test);
      await mkdir(path("folder"));
      await writeFile(path("file"), "old");
      await writeFile(path("empty"), "");
      await symlink("nowhere", path("dangling"));
      for (const name of ["folder", "file", "empty", "dangling"]) {
        await writeFile(path("part"), "new");
        assert.equal(await moveExclusively(path("part"), path(name)), false, name);
        assert.equal(await readFile(path("part"), "utf8"), "new");
      }
      assert.equal(await readFile(path("file"), "utf8"), "old");
      assert.equal(await readFile(path("empty"), "utf8"), "");
    });

    it("lets exactly one of many have a name", async (test) => {
      prepare(test);
      const parts = Array.from({ length: 40 }, (_, number) => `part${number}`);
      await Promise.all(parts.map((part) => writeFile(path(part), part)));
      const won = await Promise.all(parts.map((part) => moveExclusively(path(part), path("x.mp4"))));
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(await readFile(path("x.mp4"), "utf8"), parts[won.indexOf(true)]);
      assert.equal((await readdir(place)).length, 40);
    });
  });
}

describe("trouble on the way", () => {
  it("leaves no empty file under the final name when the rename fails", async (test) => {
    failing(test, "link", "EPERM");
    failing(test, "rename", "EIO");
    await writeFile(path("part"), "video");
    await assert.rejects(moveExclusively(path("part"), path("x.mp4")), { code: "EIO" });
    assert.deepEqual(await readdir(place), ["part"]);
  });

  it("counts as done when only the temporary name cannot be removed", async (test) => {
    failing(test, "unlink", "EPERM");
    await writeFile(path("part"), "video");
    assert.equal(await moveExclusively(path("part"), path("x.mp4")), true);
    assert.equal(await readFile(path("x.mp4"), "utf8"), "video");
  });

  it("tells a missing file and a missing folder", async () => {
    await assert.rejects(moveExclusively(path("missing"), path("x.mp4")), { code: "ENOENT" });
    await writeFile(path("part"), "video");
    await assert.rejects(moveExclusively(path("part"), path("no/x.mp4")), { code: "ENOENT" });
    assert.deepEqual(await readdir(place), ["part"]);
  });
});

it("sees dangling links and folders as taken, and nothing where nothing is", async () => {
  await symlink("nowhere", path("dangling"));
  assert.equal(await exists(path("dangling")), true);
  assert.equal(await exists(place), true);
  assert.equal(await exists(path("x")), false);
  assert.equal(await exists(join(folder, "no", "such", "folder")), false);
});

it("hashes a file's bytes", async () => {
  await writeFile(path("abc"), "abc");
  assert.equal(await hashFile(path("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await assert.rejects(hashFile(path("missing")), { code: "ENOENT" });
});
