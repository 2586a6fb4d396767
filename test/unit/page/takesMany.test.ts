/** Many takes in a grid: how they are chosen, play in step, and look. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { eachLook, excessWidth, violations } from "../../support/page/looks.ts";
import { numberedVideo, readNumber } from "../../support/page/numbered.ts";
import { PlayedProduct, savedVideos } from "../../support/page/product.ts";
import { saved, withTakes } from "../../support/page/stage.ts";
import { themes } from "../../support/page/themes.ts";

const pictures = "test-results/panel";
const recipe = "/project/shots/hero.flf.json";
let lab: PanelLab;
let folder: string;
let whole: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-many-"));
  await mkdir(pictures, { recursive: true });
  [lab, whole] = await Promise.all([PanelLab.start(), numberedVideo(folder, 25, 16)]);
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const many = (count: number) => savedVideos(lab.media, ...Array.from({ length: count }, () => whole));
const all = (page: Page) => page.getByRole("button", { name: "Compare All Takes" });
const screens = (page: Page) => page.locator("flf-takes .screen");
const focused = (page: Page) =>
  screens(page).evaluateAll((each) => each.findIndex((screen) => screen.matches(":focus")));
const numbers = async (page: Page) =>
  await Promise.all((await page.locator("flf-takes canvas").all()).map((canvas) => canvas.evaluate(readNumber)));

/** Takes of a recipe, each with a request of its own; the first counts. */
function ofRecipe(count: number): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.jobs = Array.from({ length: count }, (_, index) => {
    const made = product.job({ ...saved, requestId: `r${index + 1}` }, { id: `job${index + 1}`, createdAt: index });
    return { ...made, order: { ...made.order, recipe } };
  });
  product.picks.set(recipe, "r1");
  return product;
}

test("twelve takes show the same frame, whichever it is", async () => {
  await lab.with({ shown: "job3", product: many(14), width: 1300 }, async ({ page }) => {
    await all(page).click();
    await page.getByRole("group", { name: "12 takes side by side" }).waitFor();
    await page.locator("flf-takes .frame-number").waitFor();
    const names = await page.locator("flf-takes .name").allTextContents();
    assert.deepEqual([names.length, names[0], names.at(-1)], [12, "numbered-25-16", "numbered-25-16"]);
    await page.keyboard.press("End");
    await page.locator("flf-takes .frame-number", { hasText: "Frame 25 of 25" }).waitFor();
    assert.deepEqual(
      await numbers(page),
      Array.from({ length: 12 }, () => 24),
    );
    await page.keyboard.press("Comma");
    await page.locator("flf-takes .frame-number", { hasText: "Frame 24 of 25" }).waitFor();
    assert.deepEqual(
      await numbers(page),
      Array.from({ length: 12 }, () => 23),
    );
    await page.keyboard.press("Space");
    await page.locator("flf-takes").getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await page.locator("flf-takes").getByRole("button", { name: "Play", exact: true }).waitFor();
    assert.equal(new Set(await numbers(page)).size, 1);
  });
});

test("arrow keys move among the takes in rows and columns; one is the Tab stop", async () => {
  await lab.with({ shown: "job2", product: withTakes(lab.media, 6), width: 1300 }, async ({ page }) => {
    await all(page).click();
    await page.locator("flf-takes .frame-number").waitFor();
    await eventually(page, async () => (await focused(page)) === 1);
    const seen: number[] = [];
    for (const key of ["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp"]) {
      await page.keyboard.press(key);
      seen.push(await focused(page));
    }
    assert.deepEqual(seen, [0, 3, 4, 1, 1]);
    const stops = await screens(page).evaluateAll((each) =>
      each.map((screen) => (screen instanceof HTMLElement ? screen.tabIndex : undefined)),
    );
    assert.deepEqual(stops, [-1, 0, -1, -1, -1, -1]);
    await page.locator("flf-takes .frame-number", { hasText: "Frame 1 of" }).waitFor();
  });
});

test("without a recipe, the chosen take comes to the stage", async () => {
  const product = withTakes(lab.media, 3);
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await all(page).click();
    await page.locator("flf-takes figure.picked").getByText("On the Stage").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "harbour-dawn-2" }).waitFor();
    assert.equal(await page.locator("flf-takes").count(), 0);
    assert.deepEqual(product.acts, []);
  });
});

test("a take of a recipe is used from the grid by key, button and double click, and the mark follows the recipe", async () => {
  const product = ofRecipe(3);
  await lab.with({ shown: "job2", product }, async ({ page }) => {
    await all(page).click();
    const picked = page.locator("flf-takes figure.picked .name");
    assert.deepEqual(await picked.allTextContents(), ["harbour-dawn-1"]);
    await eventually(page, async () => (await focused(page)) === 0);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await eventually(page, async () => product.acts.length === 1);
    product.setPick(recipe, "r2");
    await eventually(page, async () => (await picked.allTextContents()).join() === "harbour-dawn-2");
    await page.getByRole("button", { name: "Use This Take: harbour-dawn-3" }).click();
    await screens(page).nth(0).dblclick();
    await eventually(page, async () => product.acts.length === 3);
    assert.deepEqual(product.acts, ["useTake job2", "useTake job3", "useTake job1"]);
  });
});

test("on the stage, the take in use does not offer to be used", async () => {
  await lab.with({ shown: "job1", product: ofRecipe(2) }, async ({ page, session }) => {
    const use = page.locator("flf-stage vscode-button", { hasText: "Use This Take" });
    await page.getByRole("heading", { name: "harbour-dawn-1" }).waitFor();
    assert.equal(await use.count(), 0);
    session.showJob("job2");
    await use.waitFor();
  });
});

test("a take that can’t be opened is named in its place, and the others play", async () => {
  const product = savedVideos(lab.media, whole, lab.media.start, whole);
  await lab.with({ shown: "job1", product }, async ({ page }) => {
    await all(page).click();
    await page.locator("flf-takes .frame-number").waitFor();
    await page.locator("flf-takes figure").nth(1).getByText("Can’t be shown").waitFor();
    await page.keyboard.press("End");
    await page.locator("flf-takes .frame-number", { hasText: "Frame 25 of 25" }).waitFor();
    const [one, , other] = await numbers(page);
    assert.deepEqual([one, other], [24, 24]);
  });
});

test("in the strip, several takes are selected as in a list, and compared", async () => {
  await lab.with({ shown: "job5", product: withTakes(lab.media, 5), height: 2000 }, async ({ page }) => {
    const option = (id: string) => page.locator(`flf-strip [data-job="${id}"]`);
    const chosen = () =>
      page
        .locator("flf-strip [aria-selected=true]")
        .evaluateAll((each) => each.map((one) => (one instanceof HTMLElement ? one.dataset.job : "")));
    const compare = (count: number) => page.getByRole("button", { name: `Compare ${count} Takes` });
    assert.deepEqual(await chosen(), ["job5"]);
    await option("job3").click({ modifiers: ["Control"] });
    assert.deepEqual(await chosen(), ["job5", "job3"]);
    await option("job1").click({ modifiers: ["Shift"] });
    assert.deepEqual(await chosen(), ["job3", "job2", "job1"]);
    await compare(3).waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(await chosen(), ["job5"]);
    await option("job5").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await compare(2).waitFor();
    await page.keyboard.press("Control+a");
    await compare(5).waitFor();
    await option("job4").click();
    await page.getByRole("heading", { name: "harbour-dawn-4" }).waitFor();
    assert.deepEqual(await chosen(), ["job4"]);
    await option("job2").click({ modifiers: ["Control"] });
    await page.getByRole("heading", { name: "harbour-dawn-4" }).waitFor();
    await option("job2").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "harbour-dawn-2 and harbour-dawn-4 side by side" }).waitFor();
  });
});

for (const count of [3, 12]) {
  test(`${count} takes in the grid, looked at`, async (t) => {
    const product = ofRecipe(count);
    await lab.with({ product, shown: "job2" }, async (panel) => {
      const { page, session } = panel;
      const end = [{ ssim: 0.85, psnr: 30 }];
      await session.receive({
        request: {
          ...{ kind: "measured", jobId: "job2" },
          measures: { width: 720, height: 480, frames: 81, start: { ssim: 0.95, psnr: 40 }, end },
        },
        id: 990,
      });
      await all(page).click();
      await page.locator("flf-takes .frame-number").waitFor();
      const looks = [
        { theme: themes.dark, width: 1300 },
        { theme: themes.dark, width: 786 },
        { theme: themes.light, width: 786 },
        { theme: themes.light, width: 320 },
        { theme: themes.highContrast, width: 1300 },
        { theme: themes.highContrastLight, width: 320 },
      ];
      await eachLook(t, panel, looks, async ({ theme, width }) => {
        await page.setViewportSize({ width, height: width === 786 ? 772 : 900 });
        assert.deepEqual(await violations(panel, "main"), []);
        assert.equal(await excessWidth(panel), 0);
        await page.screenshot({ path: `${pictures}/takes-${count}-${theme.name}-${width}.png` });
      });
    });
  });
}
