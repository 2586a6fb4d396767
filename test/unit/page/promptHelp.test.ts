/** What helps to write a prompt never spoils it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { chipPlace, starters } from "../../../src/shared/prompt/prompting.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { prompt, settled } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

async function take(page: Page, menu: string, item: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: menu, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("a chip replaces selected words and begins sentences; anywhere else it goes to the end", () => {
  const text = "The sun sinks. {windows} light up.";
  const end = { start: text.length, end: text.length };
  const at = (place: number) => ({ start: place, end: place });
  assert.deepEqual(chipPlace(text, { start: 8, end: 13 }), { start: 8, end: 13 });
  assert.deepEqual(chipPlace(text, at(0)), at(0));
  assert.deepEqual(chipPlace(text, at(14)), at(14));
  assert.deepEqual(chipPlace(text, at(6)), end, "within a sentence");
  assert.deepEqual(chipPlace(text, { start: 15, end: 24 }), end, "what is to be filled in");
  assert.deepEqual(chipPlace(text, { start: 10, end: 18 }), end, "a part of it");
  assert.deepEqual(chipPlace(text, at(18)), end, "inside it");
});

test("a chip leaves what is to be filled in", async () => {
  await lab.with({}, async ({ page }) => {
    await take(page, "Starters", /^Day to Night/);
    await take(page, "Camera", "static camera");
    assert.equal(await prompt(page).inputValue(), `${starters.time} Static camera.`);
  });
});

test("a starter says that it replaced a text, and gives it back; in an empty prompt it says nothing", async () => {
  await lab.with({}, async ({ page }) => {
    await take(page, "Starters", /^Idle Loop/);
    assert.equal(await page.getByText("Your text was replaced.").count(), 0);
    await prompt(page).fill("My own words.");
    await take(page, "Starters", /^Camera Move/);
    await page.getByText("Your text was replaced.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await prompt(page).inputValue(), "My own words.");
    assert.equal(await page.getByText("Your text was replaced.").count(), 0);
    await take(page, "Starters", /^Camera Move/);
    await page.keyboard.type("the tower");
    assert.match(await prompt(page).inputValue(), /^Slow dolly-in toward the tower; \{foreground\} slides/);
    await page.getByText("Your text was replaced.").waitFor({ state: "detached" });
  });
});

test("the hint says what Tab does, wherever the cursor is", async () => {
  await lab.with({}, async ({ page }) => {
    await prompt(page).fill("The {thing} moves.");
    await page.getByText("Fill in {thing}. To select it, place the cursor before it and press Tab.").waitFor();
    await prompt(page).press("Control+Home");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => getSelection()?.toString()), "{thing}");
  });
});

test("a prompt that was written for another pair can be cleared, and comes back by Undo", async () => {
  await lab.with({}, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    const note = page.getByText("This prompt is from your last pair.");
    session.patchDraft({ start: lab.media.end, end: lab.media.start });
    await settled(page);
    assert.equal(await note.count(), 0, "swapped");
    session.patchDraft({ start: lab.media.portrait });
    await settled(page);
    assert.equal(await note.count(), 0, "one image is still of the pair");
    const other = "/gone/other.png";
    session.patchDraft({ start: other, end: lab.media.portrait });
    await note.waitFor();
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    assert.equal(await prompt(page).inputValue(), "");
    await note.waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    assert.equal(await prompt(page).inputValue(), "The sun sinks and the windows light up.");
    await page.getByRole("button", { name: "Clear Prompt" }).click();
    assert.equal(await prompt(page).inputValue(), "");
  });
});

test("a menu covers nothing above its button, and says that there is more of it", async () => {
  const product = new PlayedProduct(lab.media);
  await lab.with({ product, width: 786, height: 600 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("button", { name: "Starters" }).click();
    const menu = page.locator("#starters-menu");
    await menu.waitFor();
    const [area, box] = [await page.locator("#prompt").boundingBox(), await menu.boundingBox()];
    assert.ok(area !== null && box !== null);
    assert.ok(box.y >= area.y + area.height && box.y + box.height <= 600, JSON.stringify(box));
    const more = menu.locator(".more-below");
    await more.waitFor();
    await page.keyboard.press("End");
    await more.waitFor({ state: "hidden" });
    await eventually(page, async () => (await menu.evaluate((element) => element.scrollTop)) > 0);
  });
});
