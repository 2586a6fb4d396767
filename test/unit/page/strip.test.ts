import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chosen, focused, gallery, goTo, saved, takes, videosOf } from "../../support/page/gallery.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";

let lab: PanelLab;
let videos: ReturnType<typeof videosOf>;

before(async () => {
  lab = await PanelLab.start();
  videos = videosOf(lab.media);
});
after(() => lab.stop());

test("the strip has the form first, then the takes of the pair on the stage, newest first", async () => {
  await lab.with({ product: videos.variety() }, async (panel) => {
    const { page } = panel;
    assert.equal(await takes(page).count(), 0);
    await goTo(page);
    await gallery(page).locator("[data-job=take-2]").click();
    const names = () =>
      takes(page).evaluateAll((all) => all.map((each) => each instanceof HTMLElement && each.dataset.job));
    assert.deepEqual(await names(), ["compose", "running", "failed", "take-3", "take-2"]);
    const running = takes(page).nth(1);
    await running.locator(".codicon-loading").waitFor();
    assert.match(await running.locator("flf-elapsed").innerText(), /1:0\d/);
    assert.deepEqual(
      [await takes(page).nth(3).locator(".title").innerText(), await takes(page).nth(3).locator(".facts").innerText()],
      ["Take 3 · 0.25 USD", "1 hr. ago"],
    );
    // One Tab stop, at what is on the stage.
    assert.deepEqual(
      await takes(page).evaluateAll((all) => all.map((each) => each instanceof HTMLElement && each.tabIndex)),
      [-1, -1, -1, -1, 0],
    );
    await takes(page).last().focus();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(page), "take-3");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await eventually(page, async () => (await chosen(page).count()) === 0);
  });
});

test("of very many takes, the strip has the latest and the one on the stage", async () => {
  await lab.with({ product: videos.thousands() }, async ({ page }) => {
    await goTo(page);
    await page.keyboard.press("Tab");
    await gallery(page).locator("[data-job=job0]").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await eventually(page, async () => (await takes(page).count()) === 42);
    assert.equal(await takes(page).last().getAttribute("data-job"), "job2999");
    await page.getByText("709 older takes are listed under All Videos.").waitFor();
  });
});

test("while composing, the strip has the takes of the pair in the form", async () => {
  await lab.with({ product: new PlayedProduct(lab.media) }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    const own = videos.made(product, "a", 4, saved("a-001"), "x");
    product.setJobs([own, videos.made(product, "b", 5, saved("b-001"), "x", ["end", "start"])]);
    await eventually(page, async () => (await takes(page).count()) === 2);
    assert.equal(await takes(page).nth(0).getAttribute("aria-selected"), "true");
    assert.equal(await takes(page).nth(0).locator("img").count(), 2);
  });
});
