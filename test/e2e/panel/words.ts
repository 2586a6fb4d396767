import assert from "node:assert/strict";
import { test } from "node:test";
import { choice, fold, unfold } from "../../support/vscode/choices.ts";
import type { PanelDesk } from "./desk.ts";

/** Prompt, parameters and what is said before paying, by mouse. */
export function wordTests(desk: () => PanelDesk): void {
  test("the prompt has starters, chips, a count, hints and an undo that takes each of them back", async () => {
    const { panel, page, prompt } = desk();
    await prompt.fill("A lamp without light");
    await prompt.blur();
    await panel.getByText("4 words · 20 characters").waitFor();
    await panel.getByText("“without”: say what you want instead. This model has no negative prompt.").waitFor();
    await panel.getByRole("button", { name: "Starters" }).click();
    await panel.getByRole("menuitem", { name: /^Day to Night/ }).click();
    assert.match(await prompt.inputValue(), /^Locked-off camera\. Day turns into night/);
    await page.keyboard.insertText("the harbour");
    assert.ok(!(await prompt.inputValue()).includes("{windows}"), "typing fills the first braces");
    await page.keyboard.press("ControlOrMeta+z");
    await page.keyboard.press("ControlOrMeta+z");
    assert.equal(await prompt.inputValue(), "A lamp without light");
    await prompt.press("End");
    await panel.getByRole("button", { name: "Camera" }).click();
    await panel.getByRole("menuitem", { name: "static", exact: false }).first().click();
    assert.match(await prompt.inputValue(), /^A lamp without light.*static/i);
    await prompt.fill("Night falls; the lamp begins to turn");
  });

  test("presets set the form, fields are judged while typing, and each can be reset", async () => {
    const { panel } = desk();
    await unfold(panel, "preset");
    await panel.getByRole("button", { name: "Fast", exact: true }).click();
    const fps = panel.getByRole("textbox", { name: "Frames per Second" });
    await choice(panel, "rate").getByText("24 fps · 3.38 sec").waitFor();
    await unfold(panel, "rate");
    assert.equal(await fps.inputValue(), "24");
    await fps.fill("60");
    await panel
      .getByText("Enter a number from 12 to 24, or leave the field empty for the model’s default (16).")
      .waitFor();
    await panel.getByText("Fix the marked fields first.").waitFor();
    await unfold(panel, "preset");
    await panel.getByRole("button", { name: "Restore Fast" }).click();
    await choice(panel, "rate").getByText("24 fps · 3.38 sec").waitFor();
    await unfold(panel, "rate");
    await panel.getByRole("button", { name: "Reset Frames per Second" }).click();
    await panel.getByText(/81 frames at 16 fps = 5\.06 sec/).waitFor();
    await unfold(panel, "advanced");
    const steps = panel.getByRole("textbox", { name: "Steps" });
    assert.equal(await steps.getAttribute("placeholder"), "Model default (4)");
    await steps.fill("5");
    await panel
      .getByText("Enter a number from 6 to 20, or leave the field empty for the model’s default (4).")
      .waitFor();
    await panel.getByRole("button", { name: "Reset Steps" }).click();
    await fold(panel);
  });

  test("a seed is drawn, kept and given back to chance", async () => {
    const { panel } = desk();
    await unfold(panel, "seed");
    await panel.getByText("New random seed for each video").waitFor();
    await panel.getByRole("button", { name: "Lock a Random Seed" }).click();
    await panel.getByText("Used for every video until you clear it.").waitFor();
    const seed = await panel.getByRole("textbox", { name: "Seed" }).inputValue();
    await choice(panel, "seed").getByText(`Seed ${seed}`).waitFor();
    await panel.getByRole("button", { name: "Use a New Random Seed for Each Video" }).click();
    await choice(panel, "seed").getByText("New seed each time").waitFor();
    await fold(panel);
  });

  test("the price stands beside the button, and above a threshold it is asked about first", async () => {
    const { panel, page, service } = desk();
    await panel.getByText("0.05 USD per second → about 0.25 USD").waitFor();
    await desk().configure("wanFlf2v", "confirmAbove", 0.2);
    const sent = service.requests().length;
    await desk().generateButton.click();
    const question = page.getByRole("dialog");
    await question.getByText("Generate for about 0.25 USD?").waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await panel.locator('vscode-button[aria-disabled="false"]', { hasText: "Generate" }).waitFor();
    await desk().configure("wanFlf2v", "confirmAbove");
    assert.equal(service.requests().length, sent);
  });
}
