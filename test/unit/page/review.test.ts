import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { frozenRequest } from "../../../src/jobs/order.ts";
import type { Measures } from "../../../src/shared/messages/videos.ts";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { edit, putOnStage, unfold } from "../../support/page/user.ts";
import { runFfmpeg } from "../../support/service/ffmpeg.ts";

let lab: PanelLab;
let folder: string;
/** A fade from a start to an end image, as the service's saver encodes it, and the two as they were sent. */
let fade: Pair & { readonly video: string };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-review-"));
  lab = await PanelLab.start();
  fade = await makeFade("fade", "320x180", "320x180", 0);
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

interface Pair {
  readonly start: string;
  readonly end: string;
}

/** Makes the two images that a fade is between. */
async function makePair(name: string, size: string): Promise<Pair> {
  const make = async (end: string, source: string) => {
    const path = join(folder, `${name}-${end}.png`);
    const drawn = ["-f", "lavfi", "-i", `${source},format=rgb24`, "-frames:v", "1", path];
    await runFfmpeg(drawn, [], new AbortController().signal);
    return path;
  };
  return {
    start: await make("start", `mandelbrot=s=${size}:maxiter=300`),
    end: await make("end", `testsrc2=s=${size},hflip`),
  };
}

/** The video reaches the end image `early` frames before its end, and then goes on to something else. */
async function makeFade(name: string, images: string, size: string, early: number, frames = 40): Promise<typeof fade> {
  const { signal } = new AbortController();
  const pair = await makePair(name, images);
  const cropped = async (path: string) => {
    const crop = ["-vf", `crop=${size.replace("x", ":")}`];
    return await runFfmpeg(["-i", path, ...crop, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], [], signal);
  };
  const start = await cropped(pair.start);
  const end = await cropped(pair.end);
  const pictures = Array.from({ length: frames }, (_, index) => {
    const share = index / (frames - 1 - early);
    const picture = Buffer.alloc(start.length, 128);
    for (let at = 0; share <= 1 && at < picture.length; at++) {
      const from = start[at] ?? 0;
      picture[at] = from + ((end[at] ?? 0) - from) * share;
    }
    return picture;
  });
  const video = join(folder, `${name}.mp4`);
  await runFfmpeg(
    [
      ...["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", "16", "-i", "-"],
      ...["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-preset", "superfast", "-crf", "12"],
      ...["-bf", "3", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709"],
      ...["-color_trc", "bt709", "-color_range", "tv", "-movflags", "+faststart", video],
    ],
    pictures,
    signal,
  );
  return { video, ...pair };
}

function reviewed(
  made: typeof fade,
  resolution: "960x540 (16:9)" | "1280x720 (16:9)" = "1280x720 (16:9)",
): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  const job = product.job({ state: "saved", requestId: "r", video: made.video, recipe: "" });
  product.jobs = [{ ...job, order: { ...job.order, parameters: { seed: 7, resolution } } }];
  product.copies = { start: made.start, end: made.end };
  return product;
}

/** What the page has measured, as the host gives it back. */
async function measured({ asked, page }: OpenPanel): Promise<Measures | undefined> {
  await eventually(page, async () => asked.includes("measured"));
  return await page.evaluate(() => Reflect.get(document.querySelector("flf-player") ?? {}, "job").measures);
}

const card = (page: Page) => page.getByRole("article").first();

test("both ends are measured once, and a sentence says what the figures mean", async () => {
  await lab.with({ shown: "job1", product: reviewed(fade) }, async (panel) => {
    const { page, asked } = panel;
    await card(page).getByText("The first frame matches the start image.").waitFor();
    await card(page).getByText("The last frame matches the end image.").waitFor();
    const measures = await measured(panel);
    assert.equal(measures?.frames, 40);
    assert.ok((measures?.start?.ssim ?? 0) > 0.95 && (measures?.start?.psnr ?? 0) > 30, JSON.stringify(measures));
    assert.equal(measures?.end?.length, 8);
    assert.ok((measures?.end?.at(-1)?.ssim ?? 0) > 0.95 && (measures?.end?.at(0)?.ssim ?? 1) < 0.95);
    await page.reload();
    await card(page).getByText("The last frame matches the end image.").waitFor();
    await page.locator(".frame-number").waitFor();
    assert.equal(asked.filter((kind) => kind === "measured").length, 1);
  });
});

test("an end image that is met too early, or never, is told", async () => {
  await lab.with(
    { shown: "job1", product: reviewed(await makeFade("early", "320x180", "320x180", 3)) },
    async ({ page }) => {
      await card(page).getByText("The end image is matched best 3 frames before the end.").waitFor();
      await page.getByRole("button", { name: "Compare Last Frame" }).click();
      await page.getByText("Frame 37 of 40").first().waitFor();
    },
  );
  await lab.with(
    { shown: "job1", product: reviewed({ ...fade, start: fade.end, end: fade.start }) },
    async ({ page }) => {
      await card(page).getByText("The first frame clearly differs from the start image.").waitFor();
      await card(page).getByText("The last frame clearly differs from the end image.").waitFor();
    },
  );
});

test("a 540 video of 536 rows is compared with the middle of its images", async () => {
  const made = await makeFade("rows", "960x540", "960x536", 0, 10);
  await lab.with({ shown: "job1", product: reviewed(made, "960x540 (16:9)") }, async ({ page }) => {
    await card(page).getByText("The first frame matches the start image.").waitFor();
    await card(page).getByText("The last frame matches the end image.").waitFor();
    await card(page).getByText("960 × 536").waitFor();
  });
});

test("a video of another size than asked for says so, and so does one whose images are gone", async () => {
  const small = { video: fade.video, ...(await makePair("large", "1280x720")) };
  await lab.with({ shown: "job1", product: reviewed(small) }, async ({ page }) => {
    await card(page).getByText("The video is 320 × 180 pixels instead of 1280 × 720").waitFor();
    assert.equal(await page.getByRole("combobox", { name: "Compare with an image" }).count(), 0);
  });
  await lab.with(
    { shown: "job1", product: reviewed({ ...fade, start: "/gone.png", end: "/gone.png" }) },
    async ({ page }) => {
      await card(page)
        .getByText(/it wasn’t compared with the images/)
        .waitFor();
    },
  );
});

test("a recovered video tells its own facts, and no seed: what it was made with isn't known", async () => {
  const product = new PlayedProduct(lab.media);
  const job = product.job({ state: "saved", requestId: "r", video: fade.video, recipe: "" });
  product.jobs = [{ ...job, order: frozenRequest("r", { service: "https://service.test", folder }, folder) }];
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await card(page)
      .getByText("The start and end images aren’t known, so the video wasn’t compared with them.")
      .waitFor();
    await card(page).getByText("320 × 180 · 40 frames at 16 fps = 2.5 sec").waitFor();
    assert.equal(await card(page).getByText(/Seed/).count(), 0);
    assert.equal(await card(page).locator(".concerns > .prompt").count(), 0);
    await edit(page);
    await unfold(page, "seed");
    assert.equal(await page.getByRole("button", { name: /Use Seed/ }).count(), 0);
  });
});

/** Mean color of a part of the player's picture, as shares of its size. */
function color(canvas: Locator, x: number, y: number): Promise<number[]> {
  return canvas.evaluate(
    (element, [x, y]) => {
      if (!(element instanceof HTMLCanvasElement)) {
        return [];
      }
      const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(element, element.width * (x ?? 0) - 8, element.height * (y ?? 0) - 8, 16, 16, 0, 0, 1, 1);
      return [...(copy?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
    },
    [x, y],
  );
}

test("the wipe shows the image on the left and the video on the right, by mouse and by keyboard", async () => {
  await lab.with({ shown: "job1", product: reviewed({ ...fade, start: fade.end }) }, async ({ page }) => {
    const canvas = page.locator("flf-player canvas");
    await page.getByRole("combobox", { name: "Compare with an image" }).selectOption("Start Image: Wipe");
    await page.getByText("Frame 1 of 40").first().waitFor();
    const handle = page.getByRole("slider", { name: "Divider between image and video" });
    assert.equal(await handle.getAttribute("aria-valuetext"), "50% image");
    const half = await color(canvas, 0.7, 0.5);
    await handle.focus();
    await page.keyboard.press("End");
    await eventually(page, async () => (await handle.getAttribute("aria-valuenow")) === "100");
    const image = await color(canvas, 0.7, 0.5);
    assert.notDeepEqual(image, half);
    await page.keyboard.press("Shift+ArrowLeft");
    await eventually(page, async () => (await handle.getAttribute("aria-valuenow")) === "90");
    const box = await canvas.boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.up();
    assert.equal(await handle.getAttribute("aria-valuenow"), "25");
    assert.deepEqual(await color(canvas, 0.7, 0.5), half);
    // A drag of the divider is no wish to play.
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  });
});

test("the difference is black where nothing differs, bright where it does, at the first and the last frame", async () => {
  await lab.with({ shown: "job1", product: reviewed(fade) }, async ({ page }) => {
    const canvas = page.locator("flf-player canvas");
    const against = page.getByRole("combobox", { name: "Compare with an image" });
    await against.selectOption("End Image: Difference");
    await page.getByText("Frame 40 of 40").first().waitFor();
    await page.getByText("Difference, amplified 8 times").waitFor();
    const mean = async () =>
      await canvas.evaluate((element) => {
        if (!(element instanceof HTMLCanvasElement)) {
          return -1;
        }
        const copy = new OffscreenCanvas(element.width, element.height).getContext("2d", { willReadFrequently: true });
        copy?.drawImage(element, 0, 0);
        const pixels = copy?.getImageData(0, 0, element.width, element.height).data ?? new Uint8ClampedArray();
        return pixels.reduce((sum, value, at) => (at % 4 === 3 ? sum : sum + value), 0) / (pixels.length * 0.75);
      });
    const same = await mean();
    await page.getByRole("group", { name: /^Video / }).focus();
    await page.keyboard.press("Home");
    await page.getByText("Frame 1 of 40").first().waitFor();
    const other = await mean();
    assert.ok(same < 40 && other > 120, `${same} against ${other}`);
  });
});

test("the same settings with a new seed make one video, and changing them starts from the form", async () => {
  const product = reviewed(fade);
  const [job] = product.jobs;
  assert.ok(job !== undefined);
  product.jobs = [{ ...job, order: { ...job.order, parameters: { seed: 7, fps: 24, length: 141 } } }];
  await lab.with({ shown: "job1", product }, async ({ page, asked }) => {
    await page.getByRole("button", { name: "New Take" }).dblclick();
    await page.getByRole("status").getByText("Started a new take with the same settings and a new seed.").waitFor();
    await page.locator('article[data-state="preparing"]').waitFor();
    assert.equal(asked.filter((kind) => kind === "again").length, 1);
    assert.equal(product.generated.length, 1);
    const [again] = product.generated;
    assert.deepEqual(again?.parameters, { fps: 24, length: 141, resolution: "720x1280 (9:16)" });
    assert.deepEqual(again?.start, { kind: "file", path: lab.media.start });
    assert.equal(again?.prompt, job.order.prompt);

    await putOnStage(page, job.id);
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    const prompt = page.getByRole("textbox", { name: "Prompt" });
    await eventually(page, async () => (await prompt.inputValue()) === job.order.prompt);
    await eventually(page, () => prompt.evaluate((element) => element === document.activeElement));
    assert.equal(await page.locator("#fps").inputValue(), "24");
    await page.getByRole("region", { name: "Start Image" }).getByText("harbour-dawn.png").waitFor();
    assert.equal(product.generated.length, 1);
  });
});

test("a video that failed can be changed and run, but not simply made again", async () => {
  const product = reviewed(fade);
  const [job] = product.jobs;
  assert.ok(job !== undefined);
  product.jobs = [
    { ...job, progress: { state: "failed", problem: { code: "generationFailed", message: "too dark" } } },
  ];
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    const prompt = page.getByRole("textbox", { name: "Prompt" });
    await eventually(page, async () => (await prompt.inputValue()) === job.order.prompt);
    assert.equal(await page.getByRole("button", { name: "New Take" }).count(), 0);
  });
});

test("two takes of one pair run in step: one slider, one clock", async () => {
  const product = reviewed(fade);
  const [one] = product.jobs;
  assert.ok(one !== undefined);
  const videos = ["harbour-dawn-1", "harbour-dawn-2"].map((name) => join(folder, `${name}.mp4`));
  await Promise.all(videos.map((video) => copyFile(fade.video, video)));
  product.jobs = videos.map((video, index) => ({
    ...{ ...one, id: `job${index + 1}`, createdAt: 2 - index },
    progress: { state: "saved", requestId: "r", video, recipe: "" },
  }));
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await card(page).getByRole("combobox", { name: "Compare with another take" }).selectOption("harbour-dawn-2");
    await card(page).getByRole("button", { name: "Compare Takes" }).click();
    const both = page.getByRole("group", { name: "harbour-dawn-1 and harbour-dawn-2 side by side" });
    await both.getByRole("slider", { name: "Frame" }).waitFor();
    await eventually(page, () =>
      both
        .locator(".screen")
        .first()
        .evaluate((element) => element === document.activeElement),
    );
    await page.keyboard.press("Shift+ArrowRight");
    await both.locator(".frame-number", { hasText: "Frame 11 of 40" }).waitFor();
    const [left, right] = [both.locator("canvas").nth(0), both.locator("canvas").nth(1)];
    const at11 = await color(left, 0.5, 0.5);
    assert.deepEqual(await color(right, 0.5, 0.5), at11);
    await page.keyboard.press("End");
    await both.locator(".frame-number", { hasText: "Frame 40 of 40" }).waitFor();
    assert.deepEqual(await color(right, 0.5, 0.5), await color(left, 0.5, 0.5));
    assert.notDeepEqual(await color(left, 0.5, 0.5), at11);
    await page.getByRole("button", { name: "Close Comparison" }).click();
    await both.waitFor({ state: "detached" });
  });
});
