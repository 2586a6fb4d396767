import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { showFailures } from "../support/vscode/failure.ts";
import { panelFrame, untilWrittenDown } from "../support/vscode/workbench.ts";
import { badInputTests } from "./workbench/badInput.ts";
import { Desk } from "./workbench/desk.ts";
import { mainJobTests } from "./workbench/mainJob.ts";

// The main job, and all that can be wrong with what it is given, in one real VS Code with all that it brings.

let desk: Desk;
before(async () => {
  desk = await Desk.open();
});
showFailures(() => desk?.code);
after(() => desk?.close());

describe("main job", () => mainJobTests(() => desk));

test("pair, prompt and finished video are back after the window was reloaded", async () => {
  const { code, page } = desk;
  const panel = panelFrame(page);
  // The explorer may show a picture that was clicked there after the panel had come to the front.
  await code.command("wanFlf2v.openPanel");
  await panel.getByRole("textbox", { name: "Prompt" }).waitFor();
  await code.reload(page);
  const prompt = panel.getByRole("textbox", { name: "Prompt" });
  assert.equal(await prompt.inputValue(), "Night falls; the lamp begins to turn");
  // In this order the last test of the main job has put them there.
  await panel.getByRole("region", { name: "Start Image" }).getByText("lighthouse_end.png").waitFor();
  await panel.getByRole("region", { name: "End Image" }).getByText("lighthouse_start.png").waitFor();
  const video = panel.locator("flf-gallery [data-job]").first();
  await video.click();
  const saved = panel.locator('article[data-state="saved"]');
  await saved
    .getByText(/^Frame \d+ of 81$/)
    .first()
    .waitFor();
  await untilWrittenDown(page, new RegExp(`shown\\W+${await saved.getAttribute("data-job")}`));
  await code.reload(page);
  await saved
    .getByText(/^Frame \d+ of 81$/)
    .first()
    .waitFor();
  await panel.getByRole("button", { name: "Back to the Form" }).click();
  await prompt.waitFor();
});

describe("bad input", () => badInputTests(() => desk));
