import assert from "node:assert/strict";
import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { readFacts } from "../../../src/output/verify.ts";
import { Unplayable } from "../../../src/shared/video/source.ts";
import { at, h264, make, moving } from "./videos.ts";

const refuses = (file: string, what?: string) =>
  assert.throws(
    () => readFacts(file),
    (error: unknown) => error instanceof Unplayable,
    what,
  );
const silence = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2"];

describe("facts of a real video", () => {
  for (const [frames, fps, duration] of [
    [81, 16, 5.0625],
    [81, 12, 6.75],
    [81, 24, 3.375],
    [141, 24, 5.875],
    [141, 12, 11.75],
    [141, 16, 8.8125],
  ] as const) {
    it(`MP4, ${frames} frames at ${fps}`, async () => {
      const file = await make(`${frames}-${fps}.mp4`, ...moving(frames, fps), ...h264);
      assert.deepEqual(readFacts(file), {
        extension: ".mp4",
        codec: "avc",
        width: 64,
        height: 48,
        frames,
        fps,
        duration,
      });
    });
  }

  for (const [what, name, args, extension, codec] of [
    ["frames out of order", "b.mp4", ["-c:v", "libx264", "-bf", "3", "-pix_fmt", "yuv420p"], ".mp4", "avc"],
    ["index in front", "front.mp4", [...h264, "-movflags", "+faststart"], ".mp4", "avc"],
    ["fragments", "fragments.mp4", [...h264, "-movflags", "+frag_keyframe+empty_moov"], ".mp4", "avc"],
    ["H.265", "hevc.mp4", ["-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p"], ".mp4", "hevc"],
    ["QuickTime", "q.mov", [...h264, "-f", "mov"], ".mov", "avc"],
    ["WebM", "w.webm", ["-c:v", "libvpx", "-deadline", "realtime"], ".webm", "vp8"],
    ["Matroska", "m.mkv", h264, ".mkv", "avc"],
    ["a name that lies", "lies.jpg", [...h264, "-f", "mp4"], ".mp4", "avc"],
  ] as const) {
    it(`${what}: ${extension}`, async () => {
      const file = await make(name, ...moving(81, 16), ...args);
      const facts = readFacts(file);
      assert.deepEqual(
        { ...facts },
        { extension, codec, width: 64, height: 48, frames: 81, fps: 16, duration: 5.0625 },
      );
    });
  }

  it("with sound", async () => {
    const file = await make("sound.mp4", ...silence, ...moving(81, 16), ...h264, "-c:a", "aac");
    const facts = readFacts(file);
    assert.deepEqual([facts.frames, facts.fps, facts.duration], [81, 16, 5.0625]);
  });

  it("of one frame", async () => {
    const facts = readFacts(await make("one.mp4", ...moving(1, 16), ...h264));
    assert.deepEqual([facts.frames, facts.fps], [1, 16]);
  });

  it("of the 540 sizes as they come back", async () => {
    const facts = readFacts(await make("536.mp4", ...moving(5, 16, "536x960"), ...h264));
    assert.deepEqual([facts.width, facts.height], [536, 960]);
  });
});

describe("what is no video", () => {
  for (const [what, content] of [
    ["nothing", ""],
    ["HTML", "<!doctype html><title>Expired</title>"],
    ["JSON", '{"error_code":404001}'],
    ["zeros", "\0".repeat(50_000)],
    ["the head of an MP4 alone", "\0\0\0\x18ftypmp42\0\0\0\0mp42isom"],
  ] as const) {
    it(what, async () => {
      const file = at("content");
      await writeFile(file, content);
      refuses(file);
    });
  }

  it("a picture", async () => {
    refuses(await make("p.png", ...moving(1, 1)));
    refuses(await make("p.webp", ...moving(1, 1)));
    refuses(await make("p.gif", ...moving(5, 5)));
  });

  it("sound alone, in any container", async () => {
    for (const name of ["a.m4a", "a.mp4", "a.mp3", "a.wav", "a.mkv"]) {
      refuses(await make(name, ...silence), name);
    }
  });

  it("a file that is not there", async () => {
    assert.throws(() => readFacts(at("missing")), { code: "ENOENT" });
  });
});

describe("a truncated file", () => {
  for (const [what, name, args] of [
    ["with its index in front", "cut-front.mp4", [...h264, "-movflags", "+faststart"]],
    ["with its index at the end", "cut-end.mp4", h264],
    ["in fragments", "cut-fragments.mp4", [...h264, "-movflags", "+frag_keyframe+empty_moov", "-g", "10"]],
    ["WebM", "cut.webm", ["-c:v", "libvpx", "-deadline", "realtime"]],
    ["QuickTime", "cut.mov", [...h264, "-f", "mov"]],
  ] as const) {
    it(`${what} is noticed wherever it ends`, async () => {
      const whole = await make(name, ...moving(141, 12, "160x120"), ...args);
      const bytes = await readFile(whole);
      const { size } = await stat(whole);
      const file = at("cut");
      for (const part of [0.05, 0.3, 0.5, 0.8, 0.95]) {
        await writeFile(file, bytes);
        await truncate(file, Math.floor(size * part));
        refuses(file, String(part));
      }
    });
  }

  it("by one byte of the last frame is noticed", async () => {
    const whole = await make("last.mp4", ...moving(81, 16), ...h264, "-movflags", "+faststart");
    const { size } = await stat(whole);
    await truncate(whole, size - 1);
    refuses(whole);
  });
});
