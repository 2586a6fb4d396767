/** Players of videos that are odd or damaged, and with decoders and elements that do not do what they should. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { readMovie } from "../../../src/shared/video/movie.ts";
import { bytesSource } from "../../../src/shared/video/source.ts";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { numberedVideo, readNumber } from "../../support/page/numbered.ts";
import { savedVideos } from "../../support/page/product.ts";
import { runFfmpeg } from "../../support/service/ffmpeg.ts";

let lab: PanelLab;
let folder: string;
let whole: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-odd-"));
  [lab, whole] = await Promise.all([PanelLab.start(), numberedVideo(folder, 25, 16)]);
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

/** Another file with the same pictures. */
async function remade(name: string, ...args: string[]): Promise<string> {
  const file = join(folder, name);
  await runFfmpeg(["-i", whole, ...args, file], [], new AbortController().signal);
  return file;
}

/** From after the tenth frame on, with those before it in the file and hidden. */
async function cutFront(): Promise<string> {
  const file = join(folder, "cut.mp4");
  await runFfmpeg(["-ss", "0.62", "-i", whole, "-c", "copy", file], [], new AbortController().signal);
  return file;
}

/** The same file with some of its bytes changed. */
async function changed(name: string, change: (bytes: Buffer) => unknown, from = whole): Promise<string> {
  const file = join(folder, name);
  const bytes = await readFile(from);
  change(bytes);
  await writeFile(file, bytes);
  return file;
}

/** The page as in a window without a decoder. */
const withoutDecoder = () => void Reflect.deleteProperty(globalThis, "VideoDecoder");

const lostText = (page: Page, frame: number) => page.getByText(`Frame ${frame} can’t be shown.`);

/** What the picture of the player says of itself, from 0; all carry their numbers. */
const seen = (page: Page) => page.locator("flf-player canvas").first().evaluate(readNumber);

/**
 * Goes to a frame, from 0, by the slider, and waits until it is on screen or said to be lost: gives the number that the
 * picture carries.
 */
async function look(page: Page, frame: number, count: number): Promise<number | "lost"> {
  const slider = page.getByRole("slider", { name: "Frame" });
  await slider.evaluate((element, value) => {
    if (element instanceof HTMLInputElement) {
      element.value = String(value);
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, frame + 1);
  const number = page.locator(".frame-number", { hasText: `Frame ${frame + 1} of ${count}` });
  await number
    .or(lostText(page, frame + 1))
    .first()
    .waitFor();
  return (await lostText(page, frame + 1).count()) > 0 ? "lost" : await seen(page);
}

/** All of it, forth; then some of it, back. */
async function walk(page: Page, count: number, shows: (frame: number) => number | "lost"): Promise<void> {
  const order = [...Array.from({ length: count }, (_, frame) => frame), ...[count - 1, count >> 1, 0]];
  for (const frame of order) {
    assert.equal(await look(page, frame, count), shows(frame), `frame ${frame} of ${count}`);
  }
}

const open = (file: string, first: (() => void) | undefined, test: (panel: OpenPanel) => Promise<void>) =>
  lab.with({ shown: "job1", product: savedVideos(lab.media, file), ...(first && { first }) }, test);

for (const [how, first] of [
  ["with a decoder", undefined],
  ["without one", withoutDecoder],
] as const) {
  describe(`every frame is the file's, ${how}`, () => {
    const odd: readonly [what: string, file: () => Promise<string>, count: number, hidden: number][] = [
      ["in fragments, the first in the index", () => remade("f.mp4", "-c", "copy", "-frag_duration", "400000"), 25, 0],
      [
        "in fragments, after an empty index",
        () => remade("e.mp4", "-c", "copy", "-frag_duration", "400000", "-movflags", "empty_moov"),
        ...([25, 0] as const),
      ],
      ["with an edit list that hides the first ones", () => cutFront(), 15, 10],
      [
        "with frames before a later key frame that hang on the one before",
        () => remade("open.mp4", "-crf", "12", "-bf", "3", "-x264-params", "open-gop=1:keyint=9:scenecut=0"),
        ...([25, 0] as const),
      ],
      ["in Matroska, with rounded times", () => remade("m.mkv", "-c", "copy"), 25, 0],
      [
        "with a color box that lacks its last byte",
        async () => {
          const file = await remade("nclc.mov", "-c", "copy", "-color_primaries", "bt709", "-movflags", "+write_colr");
          return await changed("nclx.mov", (bytes) => bytes.write("nclx", bytes.indexOf("nclc")), file);
        },
        ...([25, 0] as const),
      ],
      [
        "at a rate that changes",
        () =>
          remade(
            "vfr.mp4",
            "-vf",
            "setpts='if(lt(N,12),N,12+3*(N-12))/16/TB'",
            "-vsync",
            "vfr",
            "-bf",
            "0",
            "-crf",
            "12",
          ),
        ...([25, 0] as const),
      ],
    ];
    for (const [what, file, count, hidden] of odd) {
      test(what, async () => {
        const path = await file();
        const movie = readMovie(bytesSource(await readFile(path)));
        assert.equal(movie.times.length, count);
        await open(path, first, async ({ page }) => {
          await walk(page, count, (frame) => frame + hidden);
        });
      });
    }
  });
}

/** A key frame every ten, none out of order, so that each packet is the frame of its number. */
const steps = () => remade("steps.mkv", "-c:v", "libx264", "-crf", "12", "-bf", "0", "-g", "10", "-sc_threshold", "0");

test("two frames of one time are two frames", async () => {
  const from = await steps();
  const { packets } = readMovie(bytesSource(await readFile(from)));
  const place = (index: number) => (packets[index]?.at ?? 0) - 3;
  const file = await changed("same.mkv", (bytes) => bytes.copy(bytes, place(6), place(5), place(5) + 2), from);
  await open(file, undefined, async ({ page }) => {
    await walk(page, 25, (frame) => frame);
  });
});

/** Leaves out of each pass of the decoder from the start what comes out as so many. */
function leavingOut(...numbers: number[]): () => void {
  return inPage(`const Real = VideoDecoder;
    VideoDecoder = class extends Real {
      constructor({ output, error }) {
        let count = 0;
        super({ error, output: (frame) => ([${numbers}].includes(count++) ? frame.close() : output(frame)) });
      }
    };`);
}

/** A program to run in the page before its own: Playwright sends a function as its text. */
function inPage(program: string): () => void {
  const first = () => undefined;
  first.toString = () => `() => { ${program} }`;
  return first;
}

for (const [what, left] of [
  ["in mid-clip", [12]],
  ["at both ends", [0, 24]],
  ["several in a row", [3, 4, 5, 6]],
] as const) {
  test(`frames that a decoder leaves out, ${what}, are named one by one, and the others shown`, async () => {
    await open(whole, leavingOut(...left), async ({ page }) => {
      await walk(page, 25, (frame) => (left.some((each) => each === frame) ? "lost" : frame));
    });
  });
}

test("a packet that cannot be decoded costs what hangs on it, up to the next key frame", async () => {
  const from = await steps();
  const { packets } = readMovie(bytesSource(await readFile(from)));
  const { at = 0, length = 0 } = packets[13] ?? {};
  const file = await changed("zeros.mkv", (bytes) => bytes.fill(0, at, at + length), from);
  await open(file, undefined, async ({ page }) => {
    for (const frame of [0, 9, 10, 20, 24, 19, 3]) {
      const shown = await look(page, frame, 25);
      assert.ok(shown === frame || (frame > 10 && frame < 20 && shown === "lost"), `${frame}: ${shown}`);
    }
  });
});

test("where a decoder gives up is found, and costs what hangs on it", async () => {
  const from = await steps();
  const { packets } = readMovie(bytesSource(await readFile(from)));
  const lengths = packets.map(({ length }) => length);
  const [bad] = lengths.filter((length, place) => place > 12 && place < 18 && lengths.indexOf(length) === place);
  const place = lengths.indexOf(bad ?? 0);
  assert.ok(bad !== undefined && lengths.lastIndexOf(bad) === place, "one packet of that length");
  const first = inPage(`const Real = VideoDecoder;
    VideoDecoder = class extends Real {
      #error;
      constructor(callbacks) {
        super(callbacks);
        this.#error = callbacks.error;
      }
      decode(chunk) {
        if (chunk.byteLength !== ${bad}) return super.decode(chunk);
        setTimeout(() => {
          if (this.state === "closed") return;
          this.close();
          this.#error(new DOMException("broken", "EncodingError"));
        });
      }
    };`);
  await open(from, first, async ({ page }) => {
    await walk(page, 25, (frame) => (frame >= place && frame < 20 ? "lost" : frame));
  });
});

for (const [how, first] of [
  ["with a decoder", undefined],
  ["without one", withoutDecoder],
] as const) {
  test(`a video that begins without a key frame shows all from the first one on, and opens there, ${how}`, async () => {
    const from = await steps();
    const file = join(folder, "keyless.mkv");
    const copy = ["-i", from, "-ss", "0.5", "-c", "copy", "-copyinkf"];
    await runFfmpeg([...copy, file], [], new AbortController().signal);
    const { packets } = readMovie(bytesSource(await readFile(file)));
    const lost = packets.findIndex(({ key }) => key);
    const count = packets.length;
    assert.ok(lost > 0 && count - lost === 15);
    await open(file, first, async ({ page }) => {
      await page.locator(".frame-number", { hasText: `Frame ${lost + 1} of ${count}` }).waitFor();
      await lostText(page, 1).waitFor();
      await walk(page, count, (frame) => (frame < lost ? "lost" : frame - lost + 10));
    });
  });
}

test("a video that is to be turned, in fragments, shows each frame upright", async () => {
  const file = await remade("turned.mp4", "-c", "copy", "-metadata:s:v", "rotate=90", "-frag_duration", "400000");
  const { times, isTurned } = readMovie(bytesSource(await readFile(file)));
  assert.ok(isTurned);
  await open(file, undefined, async ({ page }) => {
    const upright = () =>
      page
        .locator("flf-player canvas")
        .first()
        .evaluate((canvas, text) => {
          const read: (canvas: Element) => number = new Function(`return ${text}`)();
          const back = document.createElement("canvas");
          if (!(canvas instanceof HTMLCanvasElement)) return -1;
          [back.width, back.height] = [canvas.height, canvas.width];
          const context = back.getContext("2d");
          context?.translate(back.width, 0);
          context?.rotate(Math.PI / 2);
          context?.drawImage(canvas, 0, 0);
          return read(back);
        }, readNumber.toString());
    for (const frame of [0, 1, 5, times.length - 1, 2]) {
      assert.notEqual(await look(page, frame, times.length), "lost");
      assert.equal(await upright(), frame, `frame ${frame}`);
    }
  });
});

test("pictures that cannot be decoded here are no video, though their sound can be played", async () => {
  const sound = ["-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac"];
  const hevc = ["-c:v", "libx265", "-x265-params", "log-level=none"];
  const file = await remade("hevc.mp4", ...sound, ...hevc, "-map", "0:v", "-map", "1:a", "-shortest");
  await open(file, undefined, async ({ page }) => {
    await page.getByText("This video can’t be shown here. Open it in another program.").waitFor();
  });
});

test("ends that are lost in part are compared by what is left", async () => {
  const png = join(folder, "frame.png");
  await runFfmpeg(["-i", whole, "-frames:v", "1", png], [], new AbortController().signal);
  const played = savedVideos(lab.media, whole);
  played.copies = { start: png, end: png };
  await lab.with({ shown: "job1", product: played, first: leavingOut(0, 20) }, async ({ page, session: _, asked }) => {
    await eventually(page, async () => asked.includes("measured"));
    const ends = page.locator("ul.ends li");
    await ends.first().waitFor();
    assert.equal(await ends.count(), 1);
  });
});

for (const [how, first] of [
  ["with a decoder", undefined],
  ["without one", withoutDecoder],
] as const) {
  test(`a video whose end is missing shows what there is, and says so of the rest, ${how}`, async () => {
    // Of a short one an element reads the end at once, and shows nothing.
    const bytes = await readFile(await numberedVideo(folder, 81, 16));
    const file = join(folder, "half.mp4");
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    await open(file, first, async ({ page }) => {
      for (const frame of [0, 80, 2, 79, 1]) {
        assert.equal(await look(page, frame, 81), frame > 70 ? "lost" : frame);
      }
    });
  });
}

test("an element that never says that it has moved is given up, and tried again for the next frame", async () => {
  const first = inPage(`delete globalThis.VideoDecoder;
    const wait = setTimeout;
    setTimeout = (done, ms) => wait(done, ms > 5000 ? 1500 : ms);
    const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
    Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
      ...time,
      set(to) { if (to < 0.6 || to > 0.9) time.set.call(this, to); },
    });`);
  await open(whole, first, async ({ page }) => {
    for (const frame of [0, 11, 12, 3, 20, 10]) {
      assert.equal(await look(page, frame, 25), frame > 9 && frame < 15 ? "lost" : frame);
    }
  });
});

test("where a copy of an image is none any more, the comparing of the ends comes to an end", async () => {
  const played = savedVideos(lab.media, whole);
  played.copies = { start: whole, end: whole };
  await lab.with({ shown: "job1", product: played }, async (panel) => {
    await panel.page.getByText("The video couldn’t be compared with the images.").waitFor();
    panel.troubles.length = 0;
    played.faults.length = 0;
  });
});
