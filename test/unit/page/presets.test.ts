import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { emptyDraft, patched } from "../../../src/page/state/form.ts";
import { activePreset, withPreset } from "../../../src/page/state/presets.ts";
import type { Baseline } from "../../../src/shared/model/presets.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { choice, takeSize, unfold } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const baseline: Baseline = { defaults: {}, resolution: "1280x720 (16:9)" };
const preset = (page: Page, name: string) =>
  page.getByRole("toolbar", { name: "Preset" }).getByRole("button", { name, exact: true });
const isPressed = async (page: Page, name: string) =>
  (await preset(page, name).getAttribute("aria-pressed")) === "true";

test("a preset replaces all values but the seed, and is the active one until they change", () => {
  const before = { ...emptyDraft, prompt: "p", parameters: { steps: "8", fps: "12", seed: "7" } };
  const draft = withPreset(before, "moreMotion", baseline);
  assert.deepEqual(draft, { prompt: "p", parameters: { cfg: "1.6", seed: "7" }, preset: "moreMotion" });
  assert.deepEqual(activePreset(draft, baseline), { id: "moreMotion", changed: false });
  const edited = { ...draft, parameters: { ...draft.parameters, fps: "20" } };
  assert.deepEqual(activePreset(edited, baseline), { id: "moreMotion", changed: true });
});

test("values that happen to be a preset are recognised, others are the user's own", () => {
  assert.deepEqual(activePreset(emptyDraft, baseline), { id: "standard", changed: false });
  assert.deepEqual(activePreset({ ...emptyDraft, parameters: { fps: "24" } }, baseline)?.id, "snappy");
  assert.equal(activePreset({ ...emptyDraft, parameters: { fps: "23" } }, baseline), undefined);
  const loop = withPreset(emptyDraft, "loop", baseline);
  assert.equal(activePreset(loop, baseline)?.id, "loop");
  assert.equal(activePreset(patched(loop, { parameters: {} }), baseline)?.id, "standard");
});

test("by mouse: a preset sets the form, an edit shows as a change, and restoring takes it back", async () => {
  await lab.with({}, async ({ page }) => {
    const fps = page.locator("#fps");
    await unfold(page, "preset");
    assert.ok(await isPressed(page, "Recommended"));
    await preset(page, "Fast").click();
    assert.equal(await fps.inputValue(), "24");
    assert.ok(await isPressed(page, "Fast"));
    await choice(page, "preset").getByText("Fast", { exact: true }).waitFor();
    await unfold(page, "rate");
    await page.getByText("81 frames at 24 fps = 3.38 sec").waitFor();
    await fps.fill("20");
    await choice(page, "preset").getByText("Fast (edited)").waitFor();
    const popover = await unfold(page, "preset");
    await popover.getByText("Fast (edited)").waitFor();
    await page.getByRole("button", { name: "Restore Fast" }).click();
    assert.equal(await fps.inputValue(), "24");
    await page.getByText("Fast (edited)").first().waitFor({ state: "detached" });
    await preset(page, "Recommended").click();
    assert.equal(await fps.inputValue(), "");
  });
});

test("by keyboard: one stop of Tab, arrow keys walk without choosing, Enter chooses and tells", async () => {
  await lab.with({}, async ({ page }) => {
    await unfold(page, "preset");
    await preset(page, "Recommended").focus();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "preset-loop");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.ok(await isPressed(page, "Recommended"));
    await page.keyboard.press("Enter");
    assert.ok(await isPressed(page, "Fast"));
    await eventually(
      page,
      async () => (await page.locator("main > [role=status]").textContent())?.includes("Preset Fast applied.") === true,
    );
    await page.keyboard.press("Tab");
    assert.ok(!(await page.evaluate(() => document.activeElement?.id.startsWith("preset-"))));
    await unfold(page, "preset");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "preset-snappy");
  });
});

test("an experimental preset says that it is one, and why", async () => {
  await lab.with({}, async ({ page }) => {
    await unfold(page, "preset");
    const note = async (name: string) =>
      (await page.locator(`[id="${await preset(page, name).getAttribute("aria-describedby")}"]`).textContent()) ?? "";
    for (const [name, reason] of Object.entries({
      "More Motion": /^Experimental: .*only the first of the model’s two passes/,
      Calm: /^Experimental: .*only the first of the model’s two passes/,
      Longer: /^Experimental: .*best at 81 frames, so expect more drift and flicker/,
    })) {
      assert.match(await note(name), reason);
      await preset(page, name).click();
      await page.locator("[aria-pressed=true] + .preset-note").getByText(reason).waitFor();
    }
    for (const name of ["Recommended", "Draft", "Fast", "Loop"]) {
      assert.doesNotMatch(await note(name), /Experimental/);
    }
  });
});

test("the draft is the smallest size of the shape in force; Loop offers the start image as end", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await takeSize(page, "1280 × 720 (16:9)");
    await unfold(page, "preset");
    await preset(page, "Draft").click();
    await choice(page, "size").getByText("960 × 540", { exact: true }).waitFor();
    assert.ok(await isPressed(page, "Draft"));
    await preset(page, "Loop").click();
    await page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).click();
    await page.getByRole("region", { name: "End Image" }).getByText("harbour-dawn.png").waitFor();
    await page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).waitFor({ state: "detached" });
    assert.ok(await isPressed(page, "Loop"));
    await page.reload();
    await unfold(page, "preset");
    await preset(page, "Loop").waitFor();
    assert.ok(await isPressed(page, "Loop"));
  });
});
