import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import ffprobe from "@ffprobe-installer/ffprobe";
import type { Page } from "playwright-core";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { bar, numberedVideo, readNumber } from "../../support/page/numbered.ts";
import { savedVideos } from "../../support/page/product.ts";
import { gate } from "../../support/page/user.ts";

const run = promisify(execFile);
let lab: PanelLab;
let folder: string;
const videos = new Map<number, string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-player-"));
  lab = await PanelLab.start();
  videos.set(81, await numberedVideo(folder, 81, 16));
  videos.set(141, await numberedVideo(folder, 141, 24));
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const withVideos = (...paths: string[]) => savedVideos(lab.media, ...paths);

function video(frames: number): string {
  const path = videos.get(frames);
  assert.ok(path !== undefined);
  return path;
}

const screen = (page: Page) => page.getByRole("group", { name: /^Video / });
const slider = (page: Page) => page.getByRole("slider", { name: "Frame" });
const canvas = (page: Page) => page.locator("flf-player canvas").first();

/** Waits until the player says that it shows a frame, and looks whether its picture says the same. */
async function shows(page: Page, frame: number, count: number): Promise<void> {
  await page.locator(".frame-number", { hasText: `Frame ${frame} of ${count}` }).waitFor();
  assert.equal(await canvas(page).evaluate(readNumber), frame - 1, `frame ${frame} of ${count} shows another one`);
}

for (const [frames, fps] of [
  [81, 16],
  [141, 24],
] as const) {
  test(`${frames} frames at ${fps}: ffmpeg counts them as the player does, and each step shows the frame it says`, async () => {
    const file = video(frames);
    const raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-"];
    const { stdout } = await run(ffmpeg.path, ["-v", "error", "-i", file, ...raw], {
      encoding: "buffer",
      maxBuffer: 2 ** 28,
    });
    assert.equal(stdout.length / (320 * 192), frames);
    assert.match(await pictureTypes(file), new RegExp(`^I(?=.*B)[PB]{${frames - 1}}$`));
    for (let frame = 0; frame < frames; frame++) {
      assert.equal(numberIn(stdout.subarray(frame * 320 * 192), 1), frame);
    }
    await lab.with({ shown: "job1", product: withVideos(file) }, async ({ page }) => {
      await shows(page, 1, frames);
      await screen(page).focus();
      let frame = 1;
      const press = async (key: string, by: number) => {
        await page.keyboard.press(key);
        frame = Math.min(frames, Math.max(1, frame + by));
        await shows(page, frame, frames);
      };
      await press("ArrowLeft", -1);
      for (const [key, by] of [
        ["ArrowRight", 1],
        [".", 1],
        ["Shift+ArrowRight", 10],
        [",", -1],
        ["ArrowRight", 1],
        ["Shift+ArrowRight", 10],
        ["ArrowLeft", -1],
        ["End", frames],
        ["ArrowRight", 1],
        ["Shift+ArrowLeft", -10],
        ["ArrowRight", 1],
        ["Home", -frames],
      ] as const) {
        await press(key, by);
      }
      await press("End", frames);
      const all = Array.from({ length: frames }, (_, index) => index + 1);
      assert.deepEqual(await walk(page, "ArrowLeft", frames - 1), both(all.slice(0, -1).reverse()));
      assert.deepEqual(await walk(page, "ArrowRight", frames - 1), both(all.slice(1)));
    });
  });
}

/**
 * Presses a key so many times, each as soon as the number has followed the one before, and gives each frame that was then
 * on screen as the text says it and as the picture says it. All in the page, which is spared the way there and back.
 */
async function walk(page: Page, key: string, steps: number): Promise<{ said: number; seen: number }[]> {
  return await page.evaluate(
    async ({ readNumber, key, steps }) => {
      const read: (canvas: Element) => number = new Function(`return ${readNumber}`)();
      const picture = document.querySelector("flf-player canvas");
      const said = () => Number(/\d+/.exec(document.querySelector(".frame-number")?.textContent ?? "")?.[0]);
      const frames: { said: number; seen: number }[] = [];
      while (frames.length < steps) {
        const before = said();
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        const end = performance.now() + 5000;
        while (said() === before && performance.now() < end) {
          await new Promise(requestAnimationFrame);
        }
        frames.push({ said: said(), seen: picture === null ? -1 : read(picture) + 1 });
      }
      return frames;
    },
    { readNumber: readNumber.toString(), key, steps },
  );
}

/** Frames that the text and the picture agree on. */
const both = (frames: readonly number[]) => frames.map((frame) => ({ said: frame, seen: frame }));

/** One letter per frame in presentation order, as ffprobe finds them. */
async function pictureTypes(file: string): Promise<string> {
  const entries = ["-select_streams", "v", "-show_entries", "frame=pict_type", "-of", "csv=p=0"];
  const { stdout } = await run(ffprobe.path, ["-v", "error", ...entries, file]);
  return stdout.replace(/[^IPB]/g, "");
}

/** The number that the bars of a picture's rows say; `channels` bytes per pixel, the first of which is read. */
function numberIn(pixels: Uint8Array, channels: number): number {
  let number = 0;
  for (let at = 0; at < bar.bits; at++) {
    const pixel = (bar.height / 2) * 320 + at * bar.width + bar.width / 2;
    number = number * 2 + ((pixels[pixel * channels] ?? 0) > 127 ? 1 : 0);
  }
  return number;
}

test("scrubbing with the mouse and the slider's own keys shows the frame it says", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(141)) }, async ({ page }) => {
    await shows(page, 1, 141);
    const box = await slider(page).boundingBox();
    assert.ok(box !== null);
    for (const share of [0.5, 0.1, 0.93, 0.92, 0.2, 0.99]) {
      await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
      const frame = Number(await slider(page).inputValue());
      assert.ok(Math.abs(frame - 141 * share) < 6, `${frame} at ${share}`);
      await shows(page, frame, 141);
    }
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    for (let share = 0.3; share < 0.8; share += 0.02) {
      await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
    }
    await page.mouse.up();
    await shows(page, Number(await slider(page).inputValue()), 141);
    await slider(page).focus();
    await page.keyboard.press("Home");
    await shows(page, 1, 141);
    await page.keyboard.press("ArrowRight");
    await shows(page, 2, 141);
    await page.keyboard.press("Shift+ArrowRight");
    await shows(page, 12, 141);
    assert.equal(await slider(page).getAttribute("aria-valuetext"), "Frame 12 of 141");
  });
});

/** Plays for a while, and gives each frame that was on screen as the text says it and as the picture says it. */
async function watch(page: Page, changes: number): Promise<{ said: number; seen: number }[]> {
  return await page.evaluate(
    async ({ readNumber, changes }) => {
      const read: (canvas: Element) => number = new Function(`return ${readNumber}`)();
      const picture = document.querySelector("flf-player canvas");
      const text = document.querySelector(".frame-number");
      const frames: { said: number; seen: number }[] = [];
      const end = performance.now() + 8000;
      while (frames.length < changes && performance.now() < end) {
        await new Promise(requestAnimationFrame);
        const said = Number(/\d+/.exec(text?.textContent ?? "")?.[0]);
        const seen = picture === null ? -1 : read(picture) + 1;
        if (said !== frames.at(-1)?.said || seen !== frames.at(-1)?.seen) {
          frames.push({ said, seen });
        }
      }
      return frames;
    },
    { readNumber: readNumber.toString(), changes },
  );
}

test("while it plays, forward and back, the number is always that of the picture, and no frame is missed", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(81)) }, async ({ page }) => {
    await shows(page, 1, 81);
    await screen(page).focus();
    await page.keyboard.press("p");
    await page.keyboard.press("[");
    await page.getByRole("button", { name: "Play Forward and Back", pressed: true }).waitFor();
    await page.keyboard.press("End");
    await shows(page, 81, 81);
    for (let back = 0; back < 8; back++) {
      await page.keyboard.press("ArrowLeft");
    }
    await shows(page, 73, 81);
    await page.keyboard.press("Space");
    const frames = await watch(page, 16);
    await page.keyboard.press("Space");
    assert.ok(
      frames.every(({ said, seen }) => said === seen),
      JSON.stringify(frames),
    );
    const expected = [73, 74, 75, 76, 77, 78, 79, 80, 81, 80, 79, 78, 77, 76, 75, 74];
    assert.deepEqual(
      frames.map(({ said }) => said),
      expected,
    );
  });
});

test("it plays at the speed that it says", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(141)) }, async ({ page }) => {
    await shows(page, 1, 141);
    await screen(page).focus();
    await page.keyboard.press("End");
    await shows(page, 141, 141);
    await page.keyboard.press("Home");
    await shows(page, 1, 141);
    await page.getByRole("combobox", { name: "Speed" }).selectOption("2×");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const began = Date.now();
    await page.locator(".frame-number", { hasText: /Frame (7\d|8\d) of/ }).waitFor();
    const seconds = (Date.now() - began) / 1000;
    // Never faster; a busy machine may be slower, since no frame is skipped while it is on its way.
    assert.ok(seconds > 1.2 && seconds < 10, `70 frames at 48 a second took ${seconds} s`);
  });
});

test("without loop it stops at the end, and Play starts it anew", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(81)) }, async ({ page }) => {
    await shows(page, 1, 81);
    await page.getByRole("button", { name: "Loop", pressed: true }).click();
    await screen(page).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await shows(page, 81, 81);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.locator(".frame-number", { hasText: /Frame [1-9] of/ }).waitFor();
  });
});

test("actual pixels are one pixel each, by key and by button", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(81)), width: 320 }, async ({ page }) => {
    await page.locator("flf-player .player").scrollIntoViewIfNeeded();
    await shows(page, 1, 81);
    const width = () => canvas(page).evaluate((picture) => picture.getBoundingClientRect().width);
    const fitted = await width();
    assert.ok(fitted < 300, `${fitted}`);
    await screen(page).focus();
    await page.keyboard.press("z");
    await eventually(page, async () => (await width()) === 320);
    await page.getByRole("button", { name: "Actual Pixels", pressed: true }).click();
    await eventually(page, async () => (await width()) === fitted);
  });
});

test("a saved frame is the frame on screen, under its number, and can be the next start image", async () => {
  const own = join(folder, "own.mp4");
  await copyFile(video(81), own);
  await lab.with({ shown: "job1", product: withVideos(own) }, async ({ page, troubles }) => {
    await shows(page, 1, 81);
    await screen(page).focus();
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press("Shift+ArrowRight");
    }
    await page.keyboard.press("ArrowLeft");
    await shows(page, 40, 81);
    await page.getByRole("button", { name: "Save Frame as PNG" }).click();
    await page.locator(".note", { hasText: /^Frame 40 is saved as .*own-frame-0040\.png\.$/ }).waitFor();
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
    const { stdout } = await run(ffmpeg.path, ["-v", "error", "-i", join(folder, "own-frame-0040.png"), ...raw], {
      encoding: "buffer",
      maxBuffer: 2 ** 24,
    });
    assert.equal(stdout.length, 320 * 192 * 3);
    assert.equal(numberIn(stdout, 3), 39);

    await page.getByRole("button", { name: "Continue from This Frame" }).click();
    await page.getByRole("alert").getByText("is now the start image").waitFor();
    // The played product knows no such image; that the page asks for it is what counts.
    await page
      .getByRole("region", { name: "Start Image" })
      .getByText("own-frame-0040.png is no longer there")
      .waitFor();
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("own-frame")),
      ["own-frame-0040.png"],
    );
    troubles.length = 0;
  });
});

test("what is pressed while the video is being read counts as soon as it is there, also where it would play by itself", async () => {
  const reading = gate();
  const product = withVideos(video(81));
  const [saved] = product.jobs;
  assert.ok(saved !== undefined);
  product.jobs = [{ ...saved, progress: { state: "running", requestId: "r" } }];
  product.videoGate = reading.promise;
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await page.getByText("Running").first().waitFor();
    product.setJobs([saved]);
    await page.getByText("Reading the video…").waitFor();
    await screen(page).focus();
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
    }
    reading.resolve();
    await shows(page, 3, 81);
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  });
});

test("a player that is out of sight stands still", async () => {
  await lab.with({ shown: "job1", product: withVideos(video(81)), height: 500, width: 400 }, async ({ page }) => {
    const play = page.getByRole("button", { name: "Play", exact: true });
    await play.click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    // What lies below the stage in a long list of videos.
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("hr"), { style: "" })));
    await page.locator("hr").evaluate((line) => line.style.setProperty("margin-top", "3000px"));
    await page.locator("hr").scrollIntoViewIfNeeded();
    await play.waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await play.waitFor();
  });
});

test("a page without a decoder of its own shows exact frames too, and says why it is slow", async () => {
  const product = withVideos(video(81));
  const first = () => void Reflect.deleteProperty(globalThis, "VideoDecoder");
  await lab.with({ shown: "job1", product, first }, async ({ page }) => {
    await page.getByText("This window has no video decoder").waitFor();
    await shows(page, 1, 81);
    await screen(page).focus();
    const press = async (key: string, frame: number) => {
      await page.keyboard.press(key);
      await shows(page, frame, 81);
    };
    await press("ArrowRight", 2);
    await press("Shift+ArrowRight", 12);
    await press("End", 81);
    // What browsers do now and then: they say too early that they have sought.
    await page.evaluate(() => {
      const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
      Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
        ...time,
        set(this: HTMLMediaElement, to: number) {
          time?.set?.call(this, to);
          this.dispatchEvent(new Event("seeked"));
        },
      });
    });
    await press("ArrowLeft", 80);
    await press("Shift+ArrowLeft", 70);
    await press("Home", 1);
  });
});

test("what is no video says so", async () => {
  await lab.with({ shown: "job1", product: withVideos(lab.media.start) }, async ({ page }) => {
    await page.getByText("This video can’t be shown here. Open it in another program.").waitFor();
  });
});
