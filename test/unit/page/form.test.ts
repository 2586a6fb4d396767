/** The form as a whole: what it says of its fields, before Generate, at a refusal, and after a reload. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { choice, description, generate, isFocused, prompt, unfold } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("pressing Generate on an empty form says what is missing, at each place, and goes to the first", async () => {
  await lab.with({}, async ({ page, product }) => {
    await generate(page).click();
    const start = page.getByRole("button", { name: "Choose Start Image…" });
    await eventually(page, () => isFocused(start));
    assert.match(await description(start), /Choose the image the video starts with\./);
    assert.match(await description(page.getByRole("button", { name: "Choose End Image…" })), /ends with/);
    assert.equal(await prompt(page).getAttribute("aria-invalid"), "true");
    assert.equal(product.generated.length, 0);
    await prompt(page).fill("Slow dolly-in.");
    assert.equal(await prompt(page).getAttribute("aria-invalid"), "false");
    await page.getByText("3 words · 14 characters").waitFor();
  });
});

test("numbers are judged while they are typed, and the summary follows", async () => {
  await lab.with({}, async ({ page }) => {
    await unfold(page, "rate");
    const fps = page.getByRole("textbox", { name: "Frames per Second" });
    await page.getByText("720 × 1280 · 81 frames at 16 fps = 5.06 sec").waitFor();
    await fps.pressSequentially("48");
    assert.equal(await fps.getAttribute("aria-invalid"), "true");
    assert.match(
      await description(fps),
      /^Enter a number from 12 to 24, or leave the field empty for the model’s default \(16\)\. \| 12–24 \| How fast the frames are played/,
    );
    await page.getByText("Fix the marked fields first.").waitFor();
    await fps.fill("24");
    assert.equal(await fps.getAttribute("aria-invalid"), "false");
    await page.getByText("81 frames at 24 fps = 3.38 sec").waitFor();
    await page.getByRole("button", { name: "Reset Frames per Second" }).click();
    assert.equal(await fps.inputValue(), "");
    assert.ok(await isFocused(fps));
    await page.getByText("81 frames at 16 fps").waitFor();
  });
});

test("what is left alone shows the model's default, or that of the settings", async () => {
  await lab.with({}, async ({ page, product }) => {
    await page.getByText("Advanced").click();
    const steps = page.getByRole("textbox", { name: "Steps" });
    assert.equal(await steps.getAttribute("placeholder"), "Model default (4)");
    product.setDefaults({ steps: 8, resolution: "480x480 (1:1)" });
    await page.getByPlaceholder("From settings (8)").waitFor();
    await unfold(page, "size");
    assert.ok(await page.getByRole("radio", { name: "From settings: 480 × 480 (1:1)" }).isChecked());
  });
});

test("the keyboard alone does it all: text, choices, numbers, and Ctrl+Enter from anywhere", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await prompt(page).focus();
    const order: string[] = [];
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press("Tab");
      order.push(
        await page.evaluate(() => {
          const focused = document.activeElement;
          return focused?.shadowRoot?.activeElement?.getAttribute("aria-label") ?? focused?.id ?? "";
        }),
      );
    }
    const fields = order.filter((id) => ["choice-rate", "choice-seed"].includes(id));
    assert.deepEqual(fields.slice(0, 2), ["choice-rate", "choice-seed"]);
    const open = async (name: "size" | "frames" | "seed") => {
      await choice(page, name).focus();
      await page.keyboard.press("Enter");
      await page.locator(`#choice-${name}-popover input:focus`).waitFor();
    };
    await open("size");
    await page.getByRole("radio", { name: "1024 × 576 (16:9)" }).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Escape");
    await open("frames");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    await open("seed");
    await page.keyboard.type("42");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("article").waitFor();
    assert.equal(product.generated.length, 1);
    assert.deepEqual(product.generated[0]?.parameters, { resolution: "1280x720 (16:9)", length: 141, seed: 42 });
  });
});

test("a refusal of the host stands at its field, which gets the focus even where it was folded away", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await generate(page).click();
    const shift = page.getByRole("textbox", { name: "Shift" });
    await eventually(page, () => isFocused(shift));
    assert.match(await description(shift), /The service does not accept 6 here\./);
    await shift.fill("70");
    assert.doesNotMatch(await description(shift), /does not accept/);
    await page.getByText("Advanced").click();
    await shift.waitFor({ state: "hidden" });
    await generate(page).click();
    await eventually(page, () => isFocused(shift));
  });
});

/** Presses Generate, which is refused, in a window in which the top of the page is then out of sight. */
async function generateWithoutToken(panel: OpenPanel): Promise<void> {
  const { page, product } = panel;
  await lab.fillIn(panel);
  product.refusal = { code: "tokenMissing" };
  await page.setViewportSize({ width: 500, height: 500 });
  await generate(page).click();
}

test("a refusal that concerns no field is an alert with the way out, and goes when dismissed", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await generateWithoutToken(panel);
    const alert = page.getByRole("alert").filter({ hasText: "No RunComfy API token" });
    // The button that was pressed stands at the end of the form.
    await eventually(page, () => alert.evaluate((element) => element.getBoundingClientRect().top >= 0));
    await alert.getByRole("button", { name: "Set API Token…" }).click();
    await eventually(page, async () => product.commands.length === 1);
    await alert.getByRole("button", { name: "Dismiss" }).click();
    await alert.waitFor({ state: "detached" });
  });
});

test("what a command has to say takes the place of the problem that offered it, and the way goes on at the button", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await generateWithoutToken(panel);
    product.said = "The API token is valid. Balance: 9.00 USD.";
    await page.getByRole("alert").getByRole("button", { name: "Set API Token…" }).click();
    await page.getByRole("alert").getByText(product.said).waitFor();
    assert.equal(await page.getByRole("alert").getByText("No RunComfy API token").count(), 0);
    await eventually(page, () => isFocused(generate(page)));
    const top = () => page.getByRole("alert").evaluate((alert) => alert.getBoundingClientRect().top);
    assert.ok((await top()) >= 0, "it is in sight");
    product.refusal = undefined;
    const tried = product.generated.length;
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(product.said).waitFor({ state: "detached" });
    assert.equal(product.generated.length, tried + 1);
  });
});

test("the draft survives a reload of the page", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await unfold(page, "seed");
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await page.reload();
    await page.getByRole("region", { name: "End Image" }).getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "The sun sinks and the windows light up.");
    assert.equal(await page.locator("#seed").inputValue(), "7");
  });
});
