import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { starters } from "../../../src/shared/prompt/prompting.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { isFocused } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt" });
const tool = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const hints = (page: Page) => page.getByRole("list", { name: "Prompt Hints" });
const selected = (page: Page) =>
  prompt(page).evaluate((area) =>
    area instanceof HTMLTextAreaElement ? area.value.slice(area.selectionStart, area.selectionEnd) : undefined,
  );

/** A product with jobs of these prompts, newest first. */
function withPrompts(...prompts: string[]): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.jobs = prompts.map((text, index) => {
    const job = product.job({ state: "cancelled" }, { id: `job${index + 1}`, createdAt: 1000 - index });
    return { ...job, order: { ...job.order, prompt: text } };
  });
  return product;
}

test("a starter replaces the text and selects its first brace; Tab walks through the braces and then on", async () => {
  await lab.with({}, async ({ page }) => {
    await prompt(page).fill("my own words");
    await tool(page, "Starters").click();
    await page.getByRole("menuitem", { name: /^Camera Move/ }).click();
    assert.equal(await prompt(page).inputValue(), starters.camera);
    assert.ok(await isFocused(prompt(page)));
    assert.equal(await selected(page), "{subject}");
    await page.keyboard.type("the tower");
    await page.keyboard.press("Tab");
    assert.equal(await selected(page), "{foreground}");
    await page.keyboard.press("Shift+Tab");
    assert.ok(!(await isFocused(prompt(page))), "no brace is left before this one");
    await prompt(page).focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Tab");
    assert.equal(await selected(page), "{foreground}");
    await page.keyboard.type("reed");
    await page.keyboard.press("Tab");
    assert.ok(!(await isFocused(prompt(page))), "no brace is left after this one");
    assert.equal(
      await prompt(page).inputValue(),
      "Slow dolly-in toward the tower; reed slides past with parallax, light stays constant.",
    );
  });
});

test("Ctrl+Z takes back a starter, a chip and an earlier prompt, and Ctrl+Shift+Z brings them again", async () => {
  await lab.with({ product: withPrompts("The tide comes in.") }, async ({ page }) => {
    await prompt(page).pressSequentially("The sun sinks.");
    await tool(page, "Starters").click();
    await page.getByRole("menuitem", { name: /^Idle Loop/ }).click();
    await page.keyboard.press("Control+z");
    assert.equal(await prompt(page).inputValue(), "The sun sinks.");
    await page.keyboard.press("Control+Shift+z");
    assert.equal(await prompt(page).inputValue(), starters.loop);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+End");
    await tool(page, "Pace").click();
    await page.getByRole("menuitem", { name: "briskly" }).click();
    assert.equal(await prompt(page).inputValue(), "The sun sinks briskly.");
    await page.keyboard.press("Control+z");
    assert.equal(await prompt(page).inputValue(), "The sun sinks.");
    await tool(page, "Recent").click();
    await page.getByRole("button", { name: "The tide comes in." }).click();
    assert.equal(await prompt(page).inputValue(), "The tide comes in.");
    await page.keyboard.press("Control+z");
    assert.equal(await prompt(page).inputValue(), "The sun sinks.");
    await page.getByText("3 words · 14 characters").waitFor();
  });
});

test("a chip goes in at the cursor", async () => {
  await lab.with({}, async ({ page }) => {
    await tool(page, "Camera").click();
    await page.getByRole("menuitem", { name: "static camera" }).click();
    assert.equal(await prompt(page).inputValue(), "Static camera.");
    await page.keyboard.type(" The sun sinks.");
    await tool(page, "Strength").click();
    await page.getByRole("menuitem", { name: "with subtle motion" }).click();
    assert.equal(await prompt(page).inputValue(), "Static camera. The sun sinks with subtle motion.");
    await page.keyboard.type("!");
    assert.equal(await prompt(page).inputValue(), "Static camera. The sun sinks with subtle motion!.");
  });
});

test("menus are walked by arrow keys, left by Escape and by Tab", async () => {
  await lab.with({}, async ({ page }) => {
    await tool(page, "Camera").focus();
    await page.keyboard.press("ArrowDown");
    const item = (name: string) => page.getByRole("menuitem", { name });
    await eventually(page, () => isFocused(item("static camera")));
    assert.equal(await tool(page, "Camera").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowUp");
    assert.ok(await isFocused(item("handheld camera")));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.ok(await isFocused(item("slow dolly-in")));
    await page.keyboard.press("Escape");
    await eventually(page, () => isFocused(tool(page, "Camera")));
    assert.equal(await tool(page, "Camera").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    await eventually(page, () => isFocused(item("static camera")));
    await page.keyboard.press("Tab");
    await eventually(page, () => isFocused(tool(page, "Pace")));
    await page.keyboard.press("Enter");
    await eventually(page, () => isFocused(item("slowly")));
    await page.keyboard.press("Enter");
    assert.equal(await prompt(page).inputValue(), "Slowly");
    assert.ok(await isFocused(prompt(page)));
  });
});

test("earlier prompts are listed once, newest first, and found by words, by keyboard alone", async () => {
  const product = withPrompts("The tide comes in.", "Dawn breaks.", "The tide comes in.", "A door opens at dawn.");
  await lab.with({ product }, async ({ page }) => {
    await tool(page, "Recent").focus();
    await page.keyboard.press("Enter");
    const search = page.getByRole("textbox", { name: "Search your prompts" });
    await eventually(page, () => isFocused(search));
    const listed = () => page.getByRole("dialog", { name: "Recent" }).getByRole("listitem").allTextContents();
    assert.deepEqual(await listed(), ["The tide comes in.", "Dawn breaks.", "A door opens at dawn."]);
    await page.keyboard.type("DAWN o");
    await eventually(page, async () => (await listed()).length === 1);
    await page.keyboard.press("ArrowDown");
    assert.ok(await isFocused(page.getByRole("button", { name: "A door opens at dawn." })));
    await page.keyboard.press("ArrowUp");
    await search.fill("nowhere");
    await page.getByText("No prompt contains these words.").waitFor();
    await search.fill("breaks");
    await page.keyboard.press("Enter");
    assert.equal(await prompt(page).inputValue(), "Dawn breaks.");
    assert.ok(await isFocused(prompt(page)));
  });
});

test("without any, the list of earlier prompts says so, and Escape leaves it", async () => {
  await lab.with({}, async ({ page }) => {
    await tool(page, "Recent").click();
    await page.getByText("Prompts from your videos appear here.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Prompts from your videos appear here.").waitFor({ state: "hidden" });
    await eventually(page, () => isFocused(tool(page, "Recent")));
  });
});

test("hints appear when the typing rests, go at once, describe the prompt, and are no live region", async () => {
  await lab.with({}, async ({ page }) => {
    await prompt(page).pressSequentially("A house without a roof");
    assert.equal(await hints(page).count(), 0);
    await hints(page).getByText("Say what moves.").waitFor();
    await hints(page).getByText("“without”: say what you want instead.").waitFor();
    const ids = (await prompt(page).getAttribute("aria-describedby"))?.split(" ") ?? [];
    assert.ok(ids.includes("prompt-hints"));
    assert.equal(
      await page.locator("#prompt-hints").evaluate((list) => list.closest("[aria-live], [role=status]")),
      null,
    );
    await prompt(page).pressSequentially(" burns");
    assert.ok(!(await hints(page).innerText()).includes("Say what moves."));
    await prompt(page).fill("A roof of dogs");
    await page.keyboard.press("Tab");
    await hints(page).getByText("Say what moves.").waitFor();
    await prompt(page).fill("A dog runs.");
    await hints(page).waitFor({ state: "hidden" });
  });
});

test("a hint keeps nobody from generating", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await prompt(page).fill("A lighthouse");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("article").waitFor();
    assert.equal(product.generated[0]?.prompt, "A lighthouse");
  });
});

test("the prompt grows with its text up to a limit", async () => {
  await lab.with({}, async ({ page }) => {
    const height = async () => (await prompt(page).boundingBox())?.height ?? 0;
    const empty = await height();
    await prompt(page).fill("The sun sinks.\n".repeat(9));
    const long = await height();
    assert.ok(long > empty);
    await prompt(page).fill("The sun sinks.\n".repeat(200));
    assert.ok((await height()) <= 900 * 0.41);
  });
});
