import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ImageError } from "../../../src/images/errors.ts";
import { readBounded } from "../../../src/images/read.ts";
import { readSource } from "../../../src/jobs/readSources.ts";
import { centerCrop } from "../../../src/shared/model/plan.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { conformer } from "./pictures.ts";

// A folder may hold anything under a picture's name, links out of it included.

const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-read-"));
after(() => rm(folder, { recursive: true }));
const isWindows = process.platform === "win32";

/** What every reader of a user's picture says of a path. */
async function refusals(path: string): Promise<string[]> {
  const codes: string[] = [];
  for (const read of [
    () => readBounded(path),
    () => conformer.inspect({ path }),
    () => readSource({ kind: "file", path }, centerCrop, undefined),
  ]) {
    const error = await read().then(
      () => assert.fail(`${path} was read`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ImageError || error instanceof ProblemError, String(error));
    codes.push(error instanceof ImageError ? error.code : error.problem.code);
  }
  return codes;
}

test("a folder, a link to nothing and a file that is too large are refused", async () => {
  await mkdir(join(folder, "folder.png"));
  assert.deepEqual(await refusals(join(folder, "folder.png")), ["notAnImage", "notAnImage", "notAnImage"]);
  assert.deepEqual(await refusals(join(folder, "absent.png")), ["missing", "missing", "imageMissing"]);
  const huge = join(folder, "huge.png");
  await writeFile(huge, "");
  await truncate(huge, 5 * 1024 ** 3);
  assert.deepEqual(await refusals(huge), ["tooLarge", "tooLarge", "imageTooLarge"]);
});

test("pipes, sockets and devices without an end are refused without waiting or reading", {
  skip: isWindows && "Windows has no such files",
}, async () => {
  const pipe = join(folder, "pipe.png");
  execFileSync("mkfifo", [pipe]);
  const socket = join(folder, "socket.png");
  const server = createServer().listen(socket);
  await once(server, "listening");
  const zero = join(folder, "zero.png");
  await symlink("/dev/zero", zero);
  for (const path of [pipe, socket, zero]) {
    assert.deepEqual(await refusals(path), ["notAnImage", "notAnImage", "notAnImage"], path);
  }
  server.close();
});

test("no more is read of a file than it had when it was opened", { skip: process.platform !== "linux" }, async () => {
  // Of such a file the system says that it has no bytes, and gives some: as of one that grows while it is read.
  await assert.rejects(readBounded("/proc/self/status"), (error) => {
    assert.ok(error instanceof ImageError);
    return error.code === "changing";
  });
});

test("a file is read whole", async () => {
  const path = join(folder, "whole.bin");
  const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => i % 251);
  await writeFile(path, bytes);
  assert.deepEqual(await readBounded(path), bytes);
});
