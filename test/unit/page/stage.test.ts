/** What is on the stage after each press, where the focus is then, and what the user finds again. */
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { edit, fold, gate, generate, prompt, region, settled, unfold, words } from "../../support/page/user.ts";

let lab: PanelLab;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-stage-"));
  lab = await PanelLab.start();
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
const article = (page: Page, state: string) => page.locator(`article[data-state="${state}"]`);
const isFocused = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

/** A product with saved takes of one pair, the last of which is the newest. */
function withTakes(count: number): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.jobs = Array.from({ length: count }, (_, index) =>
    product.job(saved, { id: `job${index + 1}`, createdAt: index }),
  );
  return product;
}

/** Whether all of an element is in the window. */
async function isInView(page: Page, element: Locator): Promise<boolean> {
  const [box, size] = [await element.boundingBox(), page.viewportSize()];
  assert.ok(box !== null && size !== null);
  return box.y >= 0 && box.x >= 0 && box.y + box.height <= size.height && box.x + box.width <= size.width;
}

const become = (product: PlayedProduct, progress: Progress) => {
  const [newest, ...others] = product.jobs;
  assert.ok(newest !== undefined);
  product.setJobs([{ ...newest, progress } satisfies Job, ...others]);
};

test("Generate turns the stage into the run before the host answers, and then into the video, all in view", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    assert.ok(await isInView(page, generate(page)));
    const held = gate();
    product.generateGate = held.promise;
    await generate(page).click();
    await article(page, "starting").getByText("Starting…").first().waitFor();
    assert.ok(await isInView(page, page.locator(".scene")));
    assert.equal(await page.locator("flf-backdrop img").count(), 2);
    await eventually(page, () => isFocused(article(page, "starting")));
    assert.ok(!(await prompt(page).isVisible()));
    held.resolve();
    await article(page, "preparing").waitFor();
    become(product, { state: "queued", requestId: "r", position: 2 });
    await page.locator(".words").getByText("Queued at position 2").waitFor();
    become(product, { state: "running", requestId: "r" });
    await page.locator(".words").getByText("RunComfy can’t cancel a run that has begun.").waitFor();
    assert.ok(await isInView(page, page.locator(".scene")));
    become(product, saved);
    await article(page, "saved").locator(".frame-number").waitFor();
    assert.ok(await isInView(page, page.locator(".screen")));
    assert.ok(await isInView(page, page.locator(".transport")));
    assert.ok(await isInView(page, page.locator(".fold")));
    assert.equal(await page.evaluate(() => window.scrollY), 0);
  });
});

test("a video takes at least 60 % of the panel's width, and is whole in view", async () => {
  await lab.with({ product: withTakes(1), shown: "job1" }, async ({ page }) => {
    await page.locator(".frame-number").waitFor();
    for (const [width, height] of [
      [600, 772],
      [786, 772],
      [999, 900],
      [1000, 900],
      [1100, 900],
      [1400, 900],
      [1900, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      await settled(page);
      const canvas = page.locator("flf-player canvas");
      const share = ((await canvas.boundingBox())?.width ?? 0) / width;
      assert.ok(share >= 0.6, `${share} of ${width} px`);
      assert.ok(await isInView(page, canvas), `${width} px`);
      assert.ok(await isInView(page, page.locator(".transport")), `${width} px`);
      const beside = (await page.locator(".concerns").boundingBox())?.y ?? 0;
      const below = (await page.locator(".player").boundingBox()) ?? assert.fail();
      assert.equal(beside < below.y + below.height, width >= 1000, `what concerns the video, at ${width} px`);
    }
    await page.setViewportSize({ width: 320, height: 700 });
    await settled(page);
    assert.ok(await isInView(page, page.locator("flf-player canvas")));
  });
});

test("a refusal brings the form back with its reason in view, and the focus to where it was", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    product.refusal = { code: "tokenMissing" };
    await generate(page).click();
    const notice = page.locator(".notice");
    await notice.waitFor();
    assert.ok(await isInView(page, notice));
    assert.ok(await isInView(page, generate(page)));
    const [above, below] = [await notice.boundingBox(), await generate(page).boundingBox()];
    assert.ok((above?.y ?? 0) < (below?.y ?? 0) && (below?.y ?? 0) - (above?.y ?? 0) < 300, "right above Generate");
    await eventually(page, () => isFocused(page.locator("flf-generate vscode-button")));
    assert.equal(await page.locator("flf-stage").count(), 0);
  });
});

test("who goes elsewhere while a video is started or made is left there", async () => {
  const product = withTakes(1);
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    await generate(page).click();
    await article(page, "starting").waitFor();
    await page.getByRole("button", { name: "harbour-dawn-1" }).click();
    await article(page, "saved").waitFor();
    held.resolve();
    await page.getByRole("button", { name: "harbour-dawn-2" }).waitFor();
    await settled(page);
    assert.equal(await page.locator("#stage-title").textContent(), "harbour-dawn-1");

    await page.getByRole("button", { name: "harbour-dawn-2" }).click();
    await article(page, "preparing").waitFor();
    await edit(page);
    become(product, saved);
    await settled(page);
    assert.ok(await prompt(page).isVisible());
    assert.equal(await page.locator("flf-stage").count(), 0);
  });
});

test("a new take is on the stage at once; a refusal brings the old one back and says why", async () => {
  const product = withTakes(1);
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "tokenMissing" };
    await page.getByRole("button", { name: "New Take" }).click();
    await article(page, "starting").waitFor();
    held.resolve();
    await article(page, "saved").getByRole("alert").getByText("No RunComfy API token is set").waitFor();
    product.refusal = undefined;
    await page.getByRole("button", { name: "New Take" }).click();
    await article(page, "preparing").waitFor();
    await page.getByRole("heading", { name: "harbour-dawn-2" }).waitFor();
  });
});

test("a look at a video leaves the unsent draft as it was: words, caret, settings and place", async () => {
  const product = withTakes(1);
  await lab.with({ product, height: 440, width: 500 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await unfold(page, "seed");
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await fold(page);
    await prompt(page).focus();
    await prompt(page).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(4, 7));
    await page.evaluate(() => window.scrollTo(0, 120));
    panel.session.showJob("job1");
    await article(page, "saved").waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.locator(".fold").getByText(words).waitFor();
    await page.keyboard.press("e");
    await eventually(page, () => isFocused(prompt(page)));
    assert.equal(await prompt(page).inputValue(), words);
    assert.equal(await page.evaluate(() => window.scrollY), 120);
    assert.deepEqual(
      await prompt(page).evaluate((area: HTMLTextAreaElement) => [area.selectionStart, area.selectionEnd]),
      [4, 7],
    );
    await unfold(page, "seed");
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "7");
    await fold(page);
    await prompt(page).focus();
    panel.session.showJob("job1");
    await article(page, "saved").waitFor();
    await page.keyboard.press("Escape");
    await eventually(page, () => isFocused(prompt(page)));
  });
});

test("takes follow each other by key and by button, and one key fills the panel", async () => {
  await lab.with({ product: withTakes(3), shown: "job2" }, async ({ page }) => {
    const title = (name: string) => page.getByRole("heading", { name, exact: true }).waitFor();
    await title("harbour-dawn-2");
    await page.getByRole("button", { name: "Next Take" }).click();
    await title("harbour-dawn-3");
    assert.equal(await page.getByRole("button", { name: "Next Take" }).count(), 0);
    await eventually(page, () => isFocused(article(page, "saved")));
    await page.keyboard.press("Shift+t");
    await title("harbour-dawn-2");
    await page.keyboard.press("Shift+t");
    await title("harbour-dawn-1");
    await page.keyboard.press("t");
    await title("harbour-dawn-2");
    await page.locator(".frame-number").waitFor();
    await page.keyboard.press("f");
    const { width, height } = page.viewportSize() ?? assert.fail();
    const box = () => page.locator(".stage").boundingBox();
    await eventually(page, async () => (await box())?.width === width && (await box())?.height === height);
    assert.ok(await isInView(page, page.locator(".transport")));
    await page.keyboard.press("Escape");
    await eventually(page, async () => (await box())?.width !== width);
    await title("harbour-dawn-2");
    await page.getByRole("button", { name: "Fill the Panel" }).click();
    await eventually(page, async () => (await box())?.width === width);
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "Back to the Form" }).click();
    assert.ok(await generate(page).isVisible());
  });
});

test("a page that is loaded again shows what it showed: the video, its frame, the overlay, the place", async () => {
  const product = withTakes(2);
  product.copies = { start: lab.media.start, end: lab.media.end };
  await lab.with({ product, shown: "job1", height: 440, width: 500 }, async ({ page }) => {
    await page.getByRole("group", { name: /^Video / }).focus();
    await page.locator(".frame-number", { hasText: "Frame 1 of" }).waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(".frame-number", { hasText: "Frame 11 of" }).waitFor();
    await page.evaluate(() => window.scrollTo(0, 90));
    await eventually(page, async () => JSON.stringify(product.keptDraft).includes('"scroll":90'));
    await eventually(page, async () => JSON.stringify(product.keptDraft).includes('"frame":10'));
    await page.reload();
    await page.getByRole("heading", { name: "harbour-dawn-1" }).waitFor();
    await page.locator(".frame-number", { hasText: "Frame 11 of" }).waitFor();
    await eventually(page, async () => (await page.evaluate(() => window.scrollY)) === 90);
  });
});

test("what is put into the form from outside brings the form to the stage", async () => {
  await lab.with({ product: withTakes(1), shown: "job1" }, async ({ page, session }) => {
    await article(page, "saved").waitFor();
    session.patchDraft({});
    await settled(page);
    await article(page, "saved").waitFor();
    session.patchDraft({ start: lab.media.start });
    await region(page, "Start").getByText("harbour-dawn.png").waitFor();
  });
});

test("a refusal about a field is told on the stage to who has gone on to another video", async () => {
  const product = withTakes(1);
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await generate(page).click();
    await page.getByRole("button", { name: "harbour-dawn-1" }).click();
    await article(page, "saved").waitFor();
    held.resolve();
    await page.locator(".notice").getByText("The service does not accept 6 here.").waitFor();
    await article(page, "saved").waitFor();
  });
});

test("two takes side by side take the stage, and give it back", async () => {
  await lab.with({ product: withTakes(2), shown: "job2" }, async ({ page }) => {
    await page.getByRole("button", { name: "Compare Takes" }).click();
    await page.locator("flf-takes .frame-number").waitFor();
    assert.equal(await page.locator("flf-stage").count(), 0);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "harbour-dawn-2" }).waitFor();
  });
});

test("Continue from This Frame brings the form, and points out the end image that stays", async () => {
  const own = join(folder, "own.mp4");
  await copyFile(lab.media.video, own);
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ ...saved, video: own })];
  await lab.with({ product, width: 786, height: 772 }, async (panel) => {
    const { page, session, troubles } = panel;
    await lab.fillIn(panel);
    session.showJob("job1");
    await page.getByRole("button", { name: "Continue from This Frame" }).click();
    const notice = page.locator(".notice.good");
    await notice.getByText(/^Frame 1 is saved as .* and is now the start image\./).waitFor();
    await notice.getByText("The end image is still harbour-night.png").waitFor();
    assert.ok(await isInView(page, notice));
    assert.ok(await isInView(page, generate(page)));
    await region(page, "End").getByText("harbour-night.png").waitFor();
    // The played product knows no such image.
    troubles.length = 0;
  });
});
