import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { createVerifier } from "../../../src/output/verifier.ts";
import { problemSchema } from "../../../src/shared/model/problem.ts";
import { sourceVerifier } from "../../support/engine/engine.ts";
import { problemOf } from "../../support/problems.ts";
import { at, make, moving, smallVideo } from "./videos.ts";

/** A thread with a program of its own, in place of the one that checks videos. */
const program = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

/** The longest time for which nothing else could run while some work went on, ms. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await work.catch(() => undefined);
  clearInterval(beat);
  return Math.max(longest, performance.now() - last);
}

describe("a video is checked in a thread", () => {
  it("that gives its facts", async () => {
    const file = at("good.mp4");
    await writeFile(file, await smallVideo());
    const { frames, fps, extension } = await sourceVerifier()(file);
    assert.deepEqual([frames, fps, extension], [81, 16, ".mp4"]);
  });

  it("that says what is wrong in words of ours, whatever the bytes", async () => {
    const file = at("bad");
    for (const [content, reason] of [
      ["", "empty"],
      ["x", "unknownFormat"],
      ["<!doctype html>", "unknownFormat"],
      ["\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "truncated"],
    ] as const) {
      await writeFile(file, content);
      assert.deepEqual(await problemOf(sourceVerifier()(file)), { code: "notAVideo", reason });
    }
  });

  it("and what earlier versions kept of a library's words is still a problem", () => {
    assert.deepEqual(problemSchema.parse({ code: "notAVideo", reason: "Assertion failed." }), {
      code: "notAVideo",
      reason: "other",
    });
  });

  it("that tells what the disk says as it is", async () => {
    await assert.rejects(sourceVerifier()(at("missing")), { code: "ENOENT" });
    const file = at("taken.mp4");
    await writeFile(file, "x");
    // Called once the file has been looked at, and before the thread runs.
    const timeoutMs = () => {
      rmSync(file);
      return 10_000;
    };
    await assert.rejects(sourceVerifier({ timeoutMs })(file), { code: "ENOENT", syscall: "open" });
  });

  it("without holding up anything else, also where the file lists two thousand million frames in a few bytes", async () => {
    const bomb = await smallVideo();
    for (const [table, offsets] of [
      ["stsz", [8, 12]],
      ["stts", [12]],
    ] as const) {
      for (const offset of offsets) {
        bomb.writeUInt32BE(offset === 8 ? 1 : 2 ** 31 - 1, bomb.indexOf(table) + offset);
      }
    }
    const file = at("bomb.mp4");
    await writeFile(file, bomb);
    const began = performance.now();
    const check = problemOf(sourceVerifier()(file));
    const pause = await longestPause(check);
    assert.deepEqual(await check, { code: "notAVideo", reason: "tooLong" });
    assert.ok(performance.now() - began < 5000, "refused at once but for the thread's start");
    assert.ok(pause < 500, `nothing else ran for ${pause} ms`);
  });

  it("that a long file keeps busy, and not its host", async () => {
    const file = await make("long.mp4", ...moving(3000, 60, "320x192"), "-c:v", "libx264", "-preset", "ultrafast");
    const check = sourceVerifier()(file);
    const pause = await longestPause(check);
    assert.equal((await check).frames, 3000);
    assert.ok(pause < 500, `nothing else ran for ${pause} ms`);
  });
});

describe("a check that comes to no end", () => {
  it("is ended when its time is over", async () => {
    const file = at("any");
    await writeFile(file, "12345");
    const asked: number[] = [];
    const verify = createVerifier({
      worker: program("for (;;);"),
      timeoutMs: (bytes) => {
        asked.push(bytes);
        return 1;
      },
    });
    assert.deepEqual(await problemOf(verify(file)), { code: "videoCheckFailed", reason: "time" });
    assert.deepEqual(asked, [5], "the larger the file, the more time it has");
  });

  it("is ended when it takes too much memory", async () => {
    const file = at("any");
    await writeFile(file, "");
    const eats = program("const all = []; for (;;) all.push({ all: [all.length] });");
    const verify = createVerifier({ worker: eats, memoryMb: 16 });
    assert.deepEqual(await problemOf(verify(file)), { code: "videoCheckFailed", reason: "memory" });
  });

  it("is told as one when it breaks off", async () => {
    const file = at("any");
    await writeFile(file, "");
    for (const text of ["process.exit(0)", "throw new Error('x')", "import('node:worker_threads')"]) {
      const verify = createVerifier({ worker: program(text) });
      assert.deepEqual(await problemOf(verify(file)), { code: "videoCheckFailed", reason: "crashed" }, text);
    }
  });
});
