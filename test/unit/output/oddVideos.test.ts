import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { readFacts, type VideoFacts } from "../../../src/output/verify.ts";
import { readMovie } from "../../../src/shared/video/movie.ts";
import { bytesSource, Unplayable, type UnplayableReason } from "../../../src/shared/video/source.ts";
import { runFfmpeg } from "../../support/service/ffmpeg.ts";
import { at, h264, make, moving } from "./videos.ts";

/** Writes bytes to a file and gives its path. */
async function written(bytes: Uint8Array): Promise<string> {
  await writeFile(at("odd"), bytes);
  return at("odd");
}

async function refused(bytes: Uint8Array, reason: UnplayableReason, what = ""): Promise<void> {
  const file = await written(bytes);
  assert.throws(
    () => readFacts(file),
    (error: unknown) => {
      assert.ok(error instanceof Unplayable, String(error));
      assert.equal(error.reason, reason, what);
      return true;
    },
    what,
  );
}

const brief = ({ frames, fps, duration }: VideoFacts) => [frames, fps, duration];
const bframes = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-b_strategy", "0", "-pix_fmt", "yuv420p"];
/** In a pipe there is no way back to write down how long it became. */
const piped = (...args: string[]) => runFfmpeg([...args, "-"], [], new AbortController().signal);

/** Changes what follows a box's type. */
function patched(bytes: Buffer, type: string, change: (fields: DataView) => void): Buffer {
  const copy = Buffer.from(bytes);
  const place = copy.indexOf(type);
  assert.ok(place > 0, type);
  change(new DataView(copy.buffer, copy.byteOffset + place + 4));
  return copy;
}

describe("facts are what players show", () => {
  for (const [what, flags] of [
    ["in the index", "frag_keyframe"],
    ["in the index, which stands in front", "frag_keyframe+faststart"],
    ["in the index, without a trailer", "frag_keyframe+skip_trailer"],
    ["after an empty index", "frag_keyframe+empty_moov"],
    ["after an empty index, for streams", "frag_keyframe+empty_moov+default_base_moof+dash"],
    ["one for each frame", "frag_every_frame+empty_moov"],
  ] as const) {
    it(`a file in fragments, the first of them ${what}`, async () => {
      const file = await make("fragments.mp4", ...moving(48, 16), ...bframes, "-g", "16", "-movflags", flags);
      assert.deepEqual(brief(readFacts(file)), [48, 16, 3]);
      const bytes = await readFile(file);
      for (const part of [0.3, 0.5, 0.8]) {
        await refused(bytes.subarray(0, Math.floor(bytes.length * part)), "truncated", `${part}`);
      }
    });
  }

  it("an edit list that hides the first frames", async () => {
    const whole = await make("whole.mp4", ...moving(81, 16), ...bframes);
    const file = await make("cut.mp4", "-ss", "1.1", "-i", whole, "-c", "copy");
    const facts = readFacts(file);
    assert.deepEqual([facts.frames, facts.fps, facts.listed], [63, 16, 81]);
    assert.ok(Math.abs(facts.duration - 3.9625) < 0.001, `${facts.duration}`);
  });

  it("an edit list that hides the last frames", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(81, 16), ...h264));
    const half = patched(bytes, "elst", (fields) => fields.setUint32(8, 2500));
    const facts = readFacts(await written(half));
    assert.deepEqual([...brief(facts), facts.listed], [40, 16, 2.5, 81]);
  });

  it("an edit list that shows nothing is none", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(81, 16), ...h264));
    const nothing = patched(bytes, "elst", (fields) => fields.setUint32(12, 90_000_000));
    assert.equal(readFacts(await written(nothing)).frames, 81);
  });

  it("frames out of order at a rate that changes: from the first to the end of the last", async () => {
    const select = ["-vf", "select='lt(n,10)+not(mod(n,4))'", "-vsync", "vfr"];
    const file = await make("vfr.mp4", ...moving(18, 16), ...select, ...bframes);
    const facts = readFacts(file);
    // Frames 0 to 9, then 12, 16 … 32 of the source: its edit list ends before the last two that it lists.
    assert.deepEqual([facts.frames, facts.listed, facts.duration], [16, 18, 2.188]);
    const bytes = await readFile(file);
    const all = Buffer.from(bytes);
    all.write("free", all.indexOf("edts"));
    const unedited = readFacts(await written(all));
    assert.deepEqual([unedited.frames, unedited.listed, unedited.duration], [18, undefined, 2.5 + 1 / 16]);
  });

  for (const [name, rate, fps] of [
    ["steady.webm", "16", 16],
    ["steady.mkv", "24000/1001", 23.976],
    ["slow.mkv", "3", 3],
    ["fast.webm", "60", 60],
  ] as const) {
    it(`${name} at ${rate}, whose times are rounded to milliseconds`, async () => {
      const codec = name.endsWith("webm") ? ["-c:v", "libvpx", "-deadline", "realtime"] : h264;
      const source = ["-f", "lavfi", "-i", `testsrc=size=64x48:rate=${rate}`, "-frames:v", "81"];
      assert.equal(readFacts(await make(name, ...source, ...codec)).fps, fps);
    });
  }

  for (const [name, codec, shown] of [
    ["hidden.webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"], 0x02],
    ["hidden.webm", ["-c:v", "libvpx", "-deadline", "realtime"], 0x10],
  ] as const) {
    it(`frames of ${codec[1]} that are decoded and never shown`, async () => {
      const bytes = await readFile(await make(name, ...moving(72, 24), ...codec));
      const { packets } = readMovie(bytesSource(bytes));
      for (const index of [8, 16, 71]) {
        const place = packets[index]?.at ?? 0;
        assert.ok(((bytes[place] ?? 0) & shown) !== 0);
        bytes[place] = (bytes[place] ?? 0) & ~shown;
      }
      const facts = readFacts(await written(bytes));
      assert.deepEqual([facts.frames, facts.listed], [69, 72]);
    });
  }

  it("what begins without its key frame says so", async () => {
    const whole = await make("whole.mp4", ...moving(81, 16), ...h264, "-g", "40");
    assert.equal(readFacts(whole).keyless, undefined);
    const file = await make("keyless.mkv", "-i", whole, "-ss", "1.1", "-c", "copy", "-copyinkf");
    assert.equal(readFacts(file).keyless, true);
  });

  it("a turned picture, and one whose pixels are not square", async () => {
    const whole = await make("whole.mp4", ...moving(5, 16), ...h264, "-vf", "setsar=4/3");
    assert.deepEqual([readFacts(whole).width, readFacts(whole).height], [85, 48]);
    const turned = await make("turned.mp4", "-i", whole, "-c", "copy", "-metadata:s:v", "rotate=90");
    assert.deepEqual([readFacts(turned).width, readFacts(turned).height], [48, 85]);
  });

  it("a clip of 20 000 frames", async () => {
    const file = await make("long.mp4", ...moving(20_000, 60, "16x16"), ...h264, "-g", "1000");
    assert.deepEqual(brief(readFacts(file)), [20_000, 60, 333.333333]);
  });
});

describe("good files that are written oddly", () => {
  it("a color box without its last byte", async () => {
    const file = await make(
      "nclc.mov",
      ...moving(5, 16),
      ...h264,
      "-color_primaries",
      "bt709",
      "-movflags",
      "+write_colr",
    );
    const bytes = await readFile(file);
    assert.ok(bytes.includes("nclc"));
    const odd = Buffer.from(bytes);
    odd.write("nclx", odd.indexOf("nclc"));
    assert.equal(readFacts(await written(odd)).frames, 5);
  });

  it("a track's duration that has the offset of its start in it", async () => {
    const bytes = await readFile(await make("offset.mp4", ...moving(81, 16), ...h264));
    const odd = patched(bytes, "mdhd", (fields) => fields.setUint32(16, fields.getUint32(16) * 3));
    assert.deepEqual(brief(readFacts(await written(odd))), [81, 16, 5.0625]);
  });

  it("text, zeros and a page after the end", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(81, 16), ...h264));
    for (const tail of ["\0".repeat(5000), "<!doctype html><p>Welcome to this network", "more"]) {
      assert.equal(readFacts(await written(Buffer.concat([bytes, Buffer.from(tail)]))).frames, 81, tail);
    }
  });
});

describe("good files of encoders that do unusual things", () => {
  for (const [what, codec] of [
    ["black, without loss", ["-vf", "lutyuv=y=0:u=0:v=0", "-c:v", "libx264", "-qp", "0"]],
    [
      "filled up to a constant rate",
      ["-c:v", "libx264", "-b:v", "2M", "-x264-params", "nal-hrd=cbr:vbv-maxrate=2000:vbv-bufsize=200"],
    ],
    ["in slices", ["-c:v", "libx264", "-x264-params", "slices=4:aud=1"]],
    ["interlaced", ["-c:v", "libx264", "-flags", "+ilme+ildct"]],
    ["with color in full", ["-c:v", "libx264", "-pix_fmt", "yuv444p"]],
    ["with open groups", ["-c:v", "libx264", "-g", "8", "-x264-params", "open-gop=1"]],
    ["H.265 with frames out of order", ["-c:v", "libx265", "-x265-params", "log-level=none:bframes=4:keyint=8"]],
    [
      "with a long text in front",
      ["-c:v", "libx264", "-movflags", "+faststart", "-metadata", `comment=${"workflow ".repeat(9000)}`],
    ],
  ] as const) {
    it(what, async () => {
      for (const name of ["unusual.mp4", "unusual.mkv"]) {
        const facts = readFacts(await make(name, ...moving(24, 16, "160x96"), ...codec));
        assert.deepEqual([facts.frames, facts.fps, facts.listed], [24, 16, undefined], name);
      }
    });
  }
});

describe("bad files", () => {
  for (const [format, codec] of [
    ["webm", ["-c:v", "libvpx", "-deadline", "realtime"]],
    ["matroska", h264],
  ] as const) {
    it(`${format} written to a pipe, without a duration, cut anywhere within a cluster`, async () => {
      const bytes = await piped(...moving(81, 16), ...codec, "-g", "8", "-f", format);
      assert.equal(readFacts(await written(bytes)).frames, 81);
      for (const part of [0.5, 0.9, 0.99]) {
        await refused(bytes.subarray(0, Math.floor(bytes.length * part)), "truncated", `${part}`);
      }
      await refused(bytes.subarray(0, -1), "truncated", "by one byte");
    });
  }

  const codecs = [
    ["avc.mp4", h264],
    ["hevc.mp4", ["-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p"]],
    ["vp8.webm", ["-c:v", "libvpx", "-deadline", "realtime"]],
    ["vp9.webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]],
    ["prores.mov", ["-c:v", "prores"]],
    ["av1.mkv", ["-c:v", "libaom-av1", "-strict", "-2", "-cpu-used", "8"]],
    ["av1.mp4", ["-c:v", "libaom-av1", "-strict", "-2", "-cpu-used", "8"]],
  ] as const;
  for (const [name, codec] of codecs) {
    it(`${name} with frames written over by zeros`, async () => {
      const bytes = await readFile(await make(name, ...moving(12, 16, "160x96"), ...codec));
      const { packets, times } = readMovie(bytesSource(bytes));
      assert.equal(times.length, 12);
      for (const from of [0, Math.floor(packets.length / 2), packets.length - 1]) {
        const odd = Buffer.from(bytes);
        for (const { at: place, length } of packets.slice(from)) {
          odd.fill(0, place, place + length);
        }
        await refused(odd, "damaged", `from frame ${from}`);
      }
    });
  }

  it("one frame with half of its bytes written over by zeros", async () => {
    const bytes = await readFile(await make("half.mp4", ...moving(8, 16, "320x192"), ...h264));
    const { packets } = readMovie(bytesSource(bytes));
    const frame = packets.find(({ length }) => length > 2000);
    assert.ok(frame !== undefined);
    bytes.fill(0, frame.at + Math.floor(frame.length / 2), frame.at + frame.length);
    await refused(bytes, "damaged");
  });

  it("sound that is cut off, though every frame is there", async () => {
    const sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6"];
    const file = await make(
      "sound.mp4",
      ...sound,
      ...moving(16, 16),
      ...h264,
      "-c:a",
      "aac",
      "-movflags",
      "+faststart",
    );
    const bytes = await readFile(file);
    assert.equal(readFacts(await written(bytes)).frames, 16);
    await refused(bytes.subarray(0, -1), "truncated");
  });

  it("frames that all stand at one time", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(5, 16), ...h264));
    await refused(
      patched(bytes, "stts", (fields) => fields.setUint32(12, 0)),
      "noTimes",
    );
  });

  it("an index that lists what no file can hold", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(81, 16), ...bframes));
    for (const count of [100_001, 2 ** 31 - 1, 2 ** 32 - 1]) {
      // Of one size each, so that no bytes need to stand behind the number.
      const bomb = patched(bytes, "stsz", (fields) => {
        fields.setUint32(4, 1);
        fields.setUint32(8, count);
      });
      const began = performance.now();
      await refused(
        patched(bomb, "stts", (fields) => fields.setUint32(8, count)),
        "tooLong",
      );
      assert.ok(performance.now() - began < 1000);
    }
    await refused(
      patched(bytes, "stsz", (fields) => fields.setUint32(8, 90_000)),
      "damaged",
    );
  });

  it("more time than any video has", async () => {
    const bytes = await readFile(await make("whole.mp4", ...moving(5, 16), ...h264));
    const unedited = Buffer.from(bytes);
    unedited.write("free", unedited.indexOf("edts"));
    await refused(
      patched(
        patched(unedited, "stts", (fields) => fields.setUint32(12, 2 ** 32 - 1)),
        "mdhd",
        (fields) => fields.setUint32(12, 1),
      ),
      "tooLong",
    );
  });
});

/** Numbers from a seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

it("whatever is cut, flipped or written over: an answer in time, and of the known ones", async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const below = numbers(seed);
  const files = [
    await make("f1.mp4", ...moving(24, 16), ...bframes, "-g", "8", "-movflags", "frag_keyframe"),
    await make("f2.mp4", ...moving(24, 16), ...bframes, "-movflags", "+faststart"),
    await make("f3.webm", ...moving(24, 16), "-c:v", "libvpx", "-deadline", "realtime"),
    await make("f4.mkv", ...moving(24, 16), ...h264),
    await make("f5.webm", ...moving(24, 16), "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
  ];
  const contents = await Promise.all(files.map((file) => readFile(file)));
  for (let round = 0; round < 2000; round++) {
    const whole = contents[round % contents.length];
    assert.ok(whole !== undefined);
    const bytes = Buffer.from(whole.subarray(0, below(4) === 0 ? below(whole.length + 1) : whole.length));
    for (let change = below(12); change > 0 && bytes.length > 0; change--) {
      // Half of them hit the index, which is what leads readers astray.
      const index = Math.max(0, bytes.indexOf(below(2) === 0 ? "moov" : "stbl"));
      const place = below(2) === 0 ? below(bytes.length) : Math.min(bytes.length - 1, index + below(1500));
      const value = [0, 1, 0x7f, 0xff, below(256)][below(5)] ?? 0;
      bytes.fill(value, place, Math.min(bytes.length, place + ([1, 1, 2, 4, 8, 600][below(6)] ?? 1)));
    }
    const began = performance.now();
    for (const how of ["whole", "rest"] as const) {
      try {
        const { times, durations, fps, duration, packets } = readMovie(bytesSource(bytes), how);
        assert.ok(times.length > 0 && fps > 0 && duration > 0, `round ${round} of seed ${seed}, ${how}`);
        assert.ok([...times, ...durations].every(Number.isFinite), `round ${round} of seed ${seed}, ${how}`);
        assert.equal(packets.filter(({ frame }) => frame !== undefined).length, times.length);
      } catch (error) {
        assert.ok(error instanceof Unplayable, `round ${round} of seed ${seed}, ${how}: ${String(error)}`);
      }
    }
    assert.ok(performance.now() - began < 2000, `round ${round} of seed ${seed} took too long`);
  }
});
