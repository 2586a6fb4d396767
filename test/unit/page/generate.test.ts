import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { priceText } from "../../../src/page/form/forecast.ts";
import { aboutText, unitPriceText } from "../../../src/shared/model/money.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { choice, unfold } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const generate = (page: Page) => page.getByRole("button", { name: "Generate Video" });

test("a price is said with its sum where the unit tells one, and with its unit alone where not", () => {
  const note = "(estimate; final cost may differ)";
  const say = (usd: number, unit: string) => priceText({ kind: "known", usd, unit }, { length: 81, fps: 16 });
  assert.deepEqual(say(0.05, "second"), { text: "0.05 USD per second → about 0.25 USD", note });
  assert.deepEqual(say(0.3, "output"), { text: "About 0.30 USD per video", note });
  assert.deepEqual(say(0.3, "megapixel"), { text: "0.30 USD per megapixel", note });
  assert.deepEqual(priceText({ kind: "unknown" }, {}), { text: "Price unknown" });
  assert.deepEqual(priceText({ kind: "noToken" }, {}), { text: "Set an API token to see the price" });
});

test("sums keep their meaning, in the user's language", () => {
  assert.equal(unitPriceText(0.0125, "en"), "0.0125");
  assert.equal(unitPriceText(1, "de"), "1,00");
  assert.equal(aboutText(0.2531, "en"), "0.25");
  assert.equal(aboutText(0.00456, "en"), "0.0046");
  assert.equal(aboutText(0, "en"), "0.00");
  assert.equal(aboutText(12, "de"), "12,00");
});

test("before paying, size, seed, time and price are in sight, and follow the form", async () => {
  const product = new PlayedProduct(lab.media);
  product.typical = 80_000;
  product.price = { kind: "known", usd: 0.05, unit: "second" };
  await lab.with({ product }, async ({ page }) => {
    const summary = page.locator("flf-generate .summary");
    await summary.getByText("Usually about 1 min 20 sec of rendering (based on your videos)").waitFor();
    await summary.getByText("0.05 USD per second → about 0.25 USD").waitFor();
    await summary.getByText("final cost may differ").waitFor();
    await choice(page, "seed").getByText("New seed each time").waitFor();
    await unfold(page, "rate");
    await page.getByRole("textbox", { name: "Frames per Second" }).fill("24");
    await summary.getByText("about 0.17 USD").waitFor();
    product.typical = undefined;
    await unfold(page, "frames");
    await page.getByRole("radio", { name: "141 frames" }).check();
    await summary.getByText("about 0.29 USD").waitFor();
    await summary.getByText("Usually about").waitFor({ state: "detached" });
    assert.deepEqual(product.estimated.at(-1)?.length, 141);
  });
});

test("before paying, the folder is in sight that the video is saved in", async () => {
  const product = new PlayedProduct(lab.media);
  await lab.with({ product }, async ({ page }) => {
    const summary = page.locator("flf-generate .summary");
    await summary.getByText("Price unknown").waitFor();
    assert.equal(await summary.getByText("Saves to").count(), 0);
    product.folder = "/project/videos";
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await summary.getByText("Saves to videos", { exact: true }).waitFor();
  });
});

test("an estimate appears with the first finished video; the price is looked at again when the window is", async () => {
  await lab.with({}, async ({ page, product }) => {
    const summary = page.locator("flf-generate .summary");
    await summary.getByText("Price unknown").waitFor();
    assert.equal(await summary.getByText("Usually about").count(), 0);
    product.typical = 33_000;
    product.setJobs([product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })]);
    await summary.getByText("Usually about 33 sec").waitFor();
    product.price = { kind: "known", usd: 0.4, unit: "output" };
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await summary.getByText("About 0.40 USD per video").waitFor();
  });
});

test("no estimate and no price keeps the button from working, or complains", async () => {
  const product = new PlayedProduct(lab.media);
  const never = Promise.withResolvers<never>();
  product.priceGate = never.promise;
  await lab.with({ product }, async (panel) => {
    await lab.fillIn(panel);
    await generate(panel.page).click();
    await panel.page.getByRole("article").waitFor();
    assert.equal(await panel.page.locator("flf-generate").getByText("Price").count(), 0);
  });
});

test("a user who thinks better of the price gets no video and no error", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    product.declined = true;
    await generate(page).click();
    await eventually(page, async () => product.generated.length === 1);
    await generate(page).waitFor();
    await page.getByRole("article").waitFor({ state: "detached" });
    assert.equal(await page.locator(".notice").count(), 0);
    product.declined = false;
    await generate(page).click();
    await page.getByRole("article").waitFor();
  });
});
