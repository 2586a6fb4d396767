import assert from "node:assert/strict";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { folderProblem } from "../../../src/files/durable.ts";
import { checkWritable } from "../../../src/output/target.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { at } from "./videos.ts";

const root = at("target");
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
});

describe("checkWritable", () => {
  it("gives the folder itself, or the nearest one above that exists, and makes nothing", async () => {
    assert.equal(await checkWritable(root), root);
    assert.equal(await checkWritable(join(root, "a", "b", "c")), root);
    assert.deepEqual(await readdir(root), []);
  });

  it("tells a file in the way", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    for (const folder of [file, join(file, "below")]) {
      await assert.rejects(
        checkWritable(folder),
        (error: unknown) =>
          error instanceof ProblemError &&
          error.problem.code === "folderUnusable" &&
          error.problem.reason === "notAFolder" &&
          error.problem.path.startsWith(file),
      );
    }
  });
});

describe("a link in the folder's way", () => {
  it("that leads nowhere is told before anything is paid, wherever it stands", async () => {
    const link = join(root, "link");
    await symlink(join(root, "gone"), link);
    for (const folder of [link, join(link, "videos"), join(link, "a", "b")]) {
      await assert.rejects(checkWritable(folder), (error: unknown) => {
        assert.ok(error instanceof ProblemError);
        assert.deepEqual(error.problem, { code: "folderUnusable", path: link, reason: "missing" });
        return true;
      });
    }
  });

  it("that leads to a folder is as good as one", async () => {
    const link = join(root, "link");
    await symlink(root, link);
    assert.equal(await checkWritable(join(link, "videos")), link);
  });
});

describe("folderProblem", () => {
  for (const [code, reason] of [
    ["ENOENT", "missing"],
    ["ENOTDIR", "notAFolder"],
    ["EACCES", "readOnly"],
    ["EPERM", "readOnly"],
    ["EROFS", "readOnly"],
    ["ENOSPC", "full"],
    ["EDQUOT", "full"],
    ["EIO", "other"],
    ["EMFILE", "other"],
  ] as const) {
    it(`${code}: ${reason}`, () => {
      const problem = folderProblem(Object.assign(new Error(code), { code, syscall: "open" }), "/v");
      assert.ok(problem instanceof ProblemError);
      assert.deepEqual(problem.problem, { code: "folderUnusable", path: "/v", reason });
    });
  }

  it("leaves every other error what it is", () => {
    for (const error of [new Error("x"), new ProblemError({ code: "noVideo" }), "text", undefined]) {
      assert.equal(folderProblem(error, "/v"), error);
    }
  });
});
