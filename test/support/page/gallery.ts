/** The gallery and the strip in the page, and videos for them. */
import type { Page } from "playwright-core";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Media } from "./fixtures.ts";
import { PlayedProduct, shaOf } from "./product.ts";

const minute = 60_000;

/** A saved video. */
export function saved(name: string, cost?: number): Progress {
  return { state: "saved", requestId: "r", video: `/project/videos/${name}.mp4`, recipe: "", cost };
}

type Pair = readonly [start: keyof Media, end: keyof Media];

const pairs: readonly Pair[] = [
  ["start", "end"],
  ["end", "start"],
  ["start", "portrait"],
  ["portrait", "end"],
];

/** Makes videos of these images. */
export function videosOf(media: Media) {
  /** A job of this age in minutes. */
  function made(
    product: PlayedProduct,
    id: string,
    age: number,
    progress: Progress,
    prompt: string,
    [start, end]: Pair = ["start", "end"],
  ): Job {
    const job = product.job(progress, { id, createdAt: Date.now() - age * minute });
    const image = (side: keyof Media) => ({
      kind: "file" as const,
      path: media[side],
      sourceSha256: shaOf(media[side]),
    });
    const name = progress.state === "saved" ? (/([^/]+)\.mp4$/.exec(progress.video)?.[1] ?? id) : id;
    // A number at the end is that of the take.
    const aroundTake = /-\d{3}$/.test(name) ? { aroundTake: [name.slice(0, -3), ""] } : {};
    return { ...job, order: { ...job.order, start: image(start), end: image(end), prompt, name, ...aroundTake } };
  }

  /** Videos in each of the groups, of two pairs. */
  function variety(): PlayedProduct {
    const product = new PlayedProduct(media);
    const boats =
      "The boats drift out of the harbour while the clouds turn pink and the first gulls cry over the water.";
    product.jobs = [
      made(product, "running", 1, { state: "running", requestId: "r" }, "Dawn turns into night over the harbour."),
      made(product, "failed", 2, { state: "failed", problem: { code: "tokenMissing" } }, "Dawn, once more."),
      made(product, "take-3", 65, saved("harbour-dawn-003", 0.253125), "Dawn turns into night."),
      made(product, "take-2", 30 * 60, saved("harbour-dawn-002", 0.253125), "Dawn turns into night."),
      made(product, "unclear", 40 * 60, { state: "unclear", problem: { code: "tokenMissing" } }, "Gulls.", [
        "end",
        "start",
      ]),
      made(product, "boats", 4 * 24 * 60, saved("an-overly-long-name-that-nobody-would-type-017", 0.5), boats, [
        "end",
        "start",
      ]),
      made(product, "bare", 60 * 24 * 60, saved("bare-001"), "", ["portrait", "end"]),
    ];
    return product;
  }

  /** Very many videos, of a few pairs. */
  function thousands(): PlayedProduct {
    const product = new PlayedProduct(media);
    product.jobs = Array.from({ length: 3000 }, (_, index) =>
      made(
        product,
        `job${index}`,
        index * 7,
        saved(`video-${index}`, 0.25),
        `Scene ${index}: the tide comes in`,
        pairs[index % 4],
      ),
    );
    return product;
  }

  return { made, variety, thousands };
}

export const gallery = (page: Page) => page.locator("flf-gallery");
export const cards = (page: Page) => gallery(page).getByRole("option");
export const takes = (page: Page) => page.getByRole("listbox", { name: "Takes of This Pair" }).getByRole("option");
export const chosen = (page: Page) => gallery(page).locator("[role=option][aria-selected=true]");

/** Brings the gallery into view. */
export async function goTo(page: Page): Promise<void> {
  await gallery(page).evaluate((element) => element.scrollIntoView());
  await cards(page).nth(1).waitFor();
}

/** The id of the job on the focused card or take. */
export function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element instanceof HTMLElement ? element.dataset.job : undefined;
  });
}
