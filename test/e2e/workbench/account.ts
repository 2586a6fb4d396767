import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Locator } from "playwright-core";
import { INPUT_SCHEMA } from "../../support/service/catalogue.ts";
import type { SettingsChange } from "../../support/service/service.ts";
import { notification, runCommand, screenshot } from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

/** The model's inputs as the catalogue shows them, with another most of steps where one is given. */
function described(maximum?: number): NonNullable<SettingsChange["inputSchema"]> {
  const schema = JSON.parse(JSON.stringify(INPUT_SCHEMA));
  schema.properties["96_steps"].maximum = maximum ?? schema.properties["96_steps"].maximum;
  return schema;
}

const box = ({ page }: Desk) => page.locator(".quick-input-widget:visible");

/** Asks Check Account, and gives the row of a fact once it is known. */
export async function fact(desk: Desk, row: RegExp): Promise<Locator> {
  await runCommand(desk.page, "Wan FLF2V: Check Account");
  const found = box(desk).getByRole("option", { name: row });
  await found.waitFor();
  return found;
}

/** What is told of the account and the model before the first video. */
export function accountTests(desk: () => Desk): void {
  const tokenFile = () => join(desk().clientFolder, "token.json");
  after(async () => {
    await rm(tokenFile());
    desk().service.changeSettings({ inputSchema: described() });
    await desk().clear();
  });

  test("the command-line client's token is found, and Check Account says so with all that is known", async () => {
    const { code, page, service } = desk();
    service.changeSettings({ inputSchema: described(30) });
    await writeFile(tokenFile(), JSON.stringify({ access_token: service.token }));
    await fact(desk(), /^API token, valid/);
    for (const row of [
      /Balance, 100\.00 USD/,
      /Base price, 0\.05 USD per second/,
      /One video with your defaults, about 0\.25 USD/,
      /Spent in \w+, 0\.00 USD/,
      /Monthly cap, none/,
      /Model, 1 difference from this version/,
    ]) {
      await box(desk()).getByRole("option", { name: row }).waitFor();
    }
    await box(desk()).getByText("From the token file of RunComfy’s command-line client (read-only)").waitFor();
    await screenshot(page, code.version, "account");
    await page.keyboard.press("Escape");
  });

  test("a model that RunComfy describes differently is told of once a day, with what it means", async () => {
    const { code, page, service } = desk();
    const told = await notification(page, "Steps: RunComfy now accepts values up to 30; this version offers up to 20.");
    await told.getByRole("button", { name: "Show Details" }).click();
    const text = page.locator(".editor-instance .view-lines");
    await text.getByText("Nothing changes automatically.").waitFor();
    await screenshot(page, code.version, "model-differences");
    service.changeSettings({ inputSchema: described(40) });
    const row = await fact(desk(), /^Model, 1 difference/);
    await row.click();
    await text.getByText("Steps: RunComfy now accepts values up to 40; this version offers up to 20.").waitFor();
    assert.equal(await page.locator(".notification-toast", { hasText: "up to 40" }).count(), 0);
  });
}
