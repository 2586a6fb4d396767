/** Videos on the stage, and what is in view of them. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import type { Media } from "./fixtures.ts";
import { PlayedProduct } from "./product.ts";

export const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
/** The stage while its video is in a state. */
export const article = (page: Page, state: string) => page.locator(`article[data-state="${state}"]`);

/** A product with saved takes of one pair, the last of which is the newest. */
export function withTakes(media: Media, count: number): PlayedProduct {
  const product = new PlayedProduct(media);
  product.jobs = Array.from({ length: count }, (_, index) =>
    product.job(saved, { id: `job${index + 1}`, createdAt: index }),
  );
  return product;
}

/** Whether all of an element is in the window. */
export async function isInView(page: Page, element: Locator): Promise<boolean> {
  const [box, size] = [await element.boundingBox(), page.viewportSize()];
  assert.ok(box !== null && size !== null);
  return box.y >= 0 && box.x >= 0 && box.y + box.height <= size.height && box.x + box.width <= size.width;
}
