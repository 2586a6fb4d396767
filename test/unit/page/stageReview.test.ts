/** A finished video on the stage: its size, its takes, its keys, and what the user finds again. */
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeCopies } from "../../support/page/fixtures.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { article, isInView, saved, withTakes } from "../../support/page/stage.ts";
import { edit, generate, isFocused, region, settled } from "../../support/page/user.ts";

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

test("a video takes at least 60 % of the panel's width, and is whole in view", async () => {
  await lab.with({ product: withTakes(lab.media, 1), shown: "job1" }, async ({ page }) => {
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

test("takes follow each other by key and by button, and one key fills the studio", async () => {
  await lab.with({ product: withTakes(lab.media, 3), shown: "job2" }, async ({ page }) => {
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
    assert.ok(!(await page.locator(".videos").isVisible()), "what lies behind is out of reach");
    await page.keyboard.press("Escape");
    await eventually(page, async () => (await box())?.width !== width);
    await title("harbour-dawn-2");
    await page.getByRole("button", { name: "Fill the Studio" }).click();
    await eventually(page, async () => (await box())?.width === width);
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "Back to the Form" }).click();
    assert.ok(await generate(page).isVisible());
  });
});

test("a page that is loaded again shows what it showed: the video, its frame, the overlay, the place", async () => {
  const product = withTakes(lab.media, 2);
  product.copies = await makeCopies(lab.media, folder);
  await lab.with({ product, shown: "job1", height: 500, width: 500 }, async ({ page }) => {
    const against = page.getByRole("combobox", { name: "Compare with an image" });
    await against.selectOption("Start Image: Wipe");
    await page.getByRole("group", { name: /^Video / }).focus();
    await page.locator(".frame-number", { hasText: "Frame 1 of" }).waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(".frame-number", { hasText: "Frame 11 of" }).waitFor();
    await page.evaluate(() => window.scrollTo(0, 90));
    const kept = () => JSON.stringify(product.keptDraft ?? "");
    await eventually(page, async () => /"scroll":90.*"frame":10.*"way":"wipe"/.test(kept()));
    await page.reload();
    await page.getByRole("heading", { name: "harbour-dawn-1" }).waitFor();
    await page.locator(".frame-number", { hasText: "Frame 11 of" }).waitFor();
    assert.equal(await against.evaluate((list: HTMLSelectElement) => list.value), "Start Image: Wipe");
    await page.getByRole("slider", { name: "Divider between image and video" }).waitFor();
    await eventually(page, async () => (await page.evaluate(() => window.scrollY)) === 90);
  });
});

test("what the user does while the page is still being scrolled to its old place is kept", async () => {
  await lab.with({ product: withTakes(lab.media, 1), shown: "job1", width: 500, height: 500 }, async (panel) => {
    const { page } = panel;
    await page.locator(".frame-number").waitFor();
    await page.evaluate(() => window.scrollTo(0, 90));
    await eventually(page, async () => JSON.stringify(panel.product.keptDraft ?? "").includes('"scroll":90'));
    // The old place is out of reach for as long as the page waits for it.
    await page.setViewportSize({ width: 500, height: 4000 });
    await page.reload();
    // No press: one would end the waiting.
    await page.getByRole("button", { name: "Back to the Form" }).evaluate((button: HTMLElement) => button.click());
    await generate(page).waitFor();
    await page.reload();
    await generate(page).waitFor();
    assert.equal(await article(page, "saved").count(), 0);
  });
});

test("the host is told which job is in view, and a hidden page stands still", async () => {
  await lab.with(
    { product: withTakes(lab.media, 1), shown: "job1", width: 786, height: 500 },
    async ({ page, session }) => {
      const isInSight = (jobId: string | undefined) => eventually(page, async () => session.shownJob === jobId);
      await isInSight("job1");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      session.pageSeen(false);
      await page.getByRole("button", { name: "Play", exact: true }).waitFor();
      await isInSight(undefined);
      session.pageSeen(true);
      await isInSight("job1");
      await edit(page);
      await isInSight(undefined);
    },
  );
});

test("a toolbar is one stop of Tab, its buttons are reached by arrow keys", async () => {
  await lab.with({ product: withTakes(lab.media, 3), shown: "job2" }, async ({ page }) => {
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    for (const [first, second, last] of [
      ["Previous Take", "Next Take", "Back to the Form"],
      ["Open", "Reveal in Explorer", "Open Recipe"],
    ] as const) {
      await button(first).focus();
      assert.equal(await page.getByRole("toolbar").locator("[tabindex='0']").count(), 2);
      await page.keyboard.press("ArrowRight");
      assert.ok(await isFocused(button(second)));
      await page.keyboard.press("End");
      assert.ok(await isFocused(button(last)));
      await page.keyboard.press("ArrowRight");
      assert.ok(await isFocused(button(first)));
      await page.keyboard.press("Tab");
      assert.ok(!(await page.evaluate(() => document.activeElement?.closest("[role=toolbar]"))));
      await page.keyboard.press("Shift+Tab");
      assert.ok(await isFocused(button(first)));
    }
  });
});

test("two takes side by side take the stage, and give it back", async () => {
  await lab.with({ product: withTakes(lab.media, 2), shown: "job2" }, async ({ page }) => {
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
