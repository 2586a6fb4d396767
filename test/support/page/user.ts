/** What a user does in the panel, and what they look for in it. */
import type { Locator, Page } from "playwright-core";
import { eventually, type OpenPanel } from "./harness.ts";

/** One side of the pair. */
export const region = (page: Page, side: "Start" | "End") => page.getByRole("region", { name: `${side} Image` });
export const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt" });
export const generate = (page: Page) => page.getByRole("button", { name: "Generate Video" });
export const isFocused = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);
/** What a screen reader reads as the description of a field. */
export const description = (locator: Locator) =>
  locator.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent.trim())
      .filter(Boolean)
      .join(" | "),
  );
/** A video among all videos, by its job's id. */
export const inGallery = (page: Page, jobId: string) => page.locator(`flf-gallery [data-job="${jobId}"]`);
/** Puts a video on the stage. */
export const putOnStage = (page: Page, jobId: string) => inGallery(page, jobId).click();
/** Brings the form back to the stage. */
export const edit = (page: Page) => page.getByRole("button", { name: "Edit", exact: true }).click();
/** Two turns of the page: what it was about to do is done. */
export const settled = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
/** A framing that is no default. */
export const zoomed = { mode: "crop", focus: { x: 0.3, y: 0.4 }, zoom: 2 } as const;
export const words = "The sun sinks and the windows light up.";

/** Presses Generate, goes back to the form, and gives the draft that is made of it. */
export async function sent({ page, product }: OpenPanel) {
  const made = product.generated.length;
  await fold(page);
  await generate(page).click();
  await eventually(page, async () => product.generated.length > made);
  await edit(page);
  return product.generated.at(-1);
}

/** What a test holds back until it lets it go. */
export function gate() {
  return Promise.withResolvers<void>();
}

/** Gives a side files, addresses or both, as a drop does. */
export const drop = (page: Page, side: "Start" | "End", given: { uris?: string[]; files?: Buffer[] }) =>
  region(page, side).evaluate(
    (section, { uris, files }) => {
      const dataTransfer = new DataTransfer();
      if (uris !== undefined) dataTransfer.setData("text/uri-list", uris.join("\r\n"));
      for (const [index, base64] of files.entries()) {
        const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], `dropped-${index}.png`, { type: "image/png" }));
      }
      for (const type of ["dragover", "drop"]) {
        section.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    { uris: given.uris, files: (given.files ?? []).map((file) => file.toString("base64")) },
  );

/** Pastes a picture. */
export const paste = (target: Locator, bytes: Buffer) =>
  target.evaluate((element, base64) => {
    const clipboardData = new DataTransfer();
    const content = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    clipboardData.items.add(new File([content], "image.png", { type: "image/png" }));
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, bytes.toString("base64"));

/** Opens a choice of the form's row, unless it is open, and gives what opened. */
export async function unfold(page: Page, name: "size" | "frames" | "rate" | "seed" | "preset" | "advanced") {
  const popover = page.locator(`#choice-${name}-popover`);
  if (!(await popover.evaluate((element) => element.matches(":popover-open")))) {
    await fold(page);
    await page.locator(`#choice-${name}`).click();
  }
  await popover.waitFor();
  return popover;
}

/** Closes what is open: it may cover what is pressed next. */
export async function fold(page: Page): Promise<void> {
  if ((await page.locator("[popover]:popover-open").count()) > 0) {
    await page.keyboard.press("Escape");
  }
}

/** Opens the choice of a size and takes one. */
export async function takeSize(page: Page, name: string): Promise<void> {
  await unfold(page, "size");
  await page.getByRole("radio", { name, exact: true }).check();
}

/** What the button of a choice says. */
export const choice = (page: Page, name: "size" | "frames" | "rate" | "seed" | "preset" | "advanced") =>
  page.locator(`#choice-${name}`);
