import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { INPUT_SCHEMA } from "../../service/catalogue.ts";
import type { SettingsChange } from "../../service/service.ts";
import { jobReaches } from "../harness/job.ts";
import { inputBox, notification, panelFrame, runCommand, screenshot } from "../harness/workbench.ts";
import type { Desk } from "./desk.ts";

/** The model's inputs as the catalogue shows them, with another most of steps. */
function described(maximum: number): NonNullable<SettingsChange["inputSchema"]> {
  const schema = JSON.parse(JSON.stringify(INPUT_SCHEMA));
  schema.properties["96_steps"].maximum = maximum;
  return schema;
}

/** Token, account, cost and cap as a user meets them. */
export function accountTests(desk: () => Desk): void {
  const box = () => desk().page.locator(".quick-input-widget:visible");
  /** Asks Check Account, and gives the row of a fact once it is known. */
  async function fact(row: RegExp): Promise<Locator> {
    await runCommand(desk().page, "Wan FLF2V: Check Account");
    const found = box().getByRole("option", { name: row });
    await found.waitFor();
    return found;
  }

  test("the command-line client's token is found, and Check Account says so with all that is known", async () => {
    const { code, page, service, clientFolder } = desk();
    service.changeSettings({ inputSchema: described(30) });
    await writeFile(join(clientFolder, "token.json"), JSON.stringify({ access_token: service.token }));
    await fact(/^API token, valid/);
    for (const row of [
      /Balance, 100\.00 USD/,
      /Base price, 0\.05 USD per second/,
      /One video with your defaults, about 0\.25 USD/,
      /Spent in \w+, 0\.00 USD/,
      /Monthly cap, none/,
      /Model, 1 difference to this version/,
    ]) {
      await box().getByRole("option", { name: row }).waitFor();
    }
    await box().getByText("From the token file of RunComfy’s command-line client, which is only read").waitFor();
    await screenshot(page, code.version, "account");
    await page.keyboard.press("Escape");
  });

  test("a model that RunComfy describes differently is told of once a day, with what it means", async () => {
    const { code, page, service } = desk();
    const told = await notification(page, "Steps: RunComfy now goes up to 30; up to 20 is offered here.");
    await told.getByRole("button", { name: "Show Details" }).click();
    const text = page.locator(".editor-instance .view-lines");
    await text.getByText("Nothing is changed by itself.").waitFor();
    await screenshot(page, code.version, "model-differences");
    service.changeSettings({ inputSchema: described(40) });
    const row = await fact(/^Model, 1 difference/);
    await row.click();
    await text.getByText("Steps: RunComfy now goes up to 40; up to 20 is offered here.").waitFor();
    assert.equal(await page.locator(".notification-toast", { hasText: "up to 40" }).count(), 0);
  });

  test("a refused token is said so in the box, one that cannot be checked is left to the user, a valid one is kept", async () => {
    const { code, page, service } = desk();
    await runCommand(page, "Wan FLF2V: Set API Token…");
    await inputBox(page, "not-the-token");
    await page.getByText("RunComfy refuses this token: it is wrong, expired or revoked.").first().waitFor();
    await screenshot(page, code.version, "token-refused");

    service.setFaults([{ on: "catalogue", do: { resetBeforeAccept: true } }]);
    await inputBox(page, service.token);
    const dialog = page.getByRole("dialog", { name: /could not be checked/ });
    await dialog.waitFor();
    await screenshot(page, code.version, "token-unchecked");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await inputBox(page, service.token);
    await dialog.getByRole("button", { name: "Keep Anyway" }).click();
    await notification(page, "The API token is kept in VS Code’s secret storage. It was not checked.");

    service.setFaults([]);
    await runCommand(page, "Wan FLF2V: Set API Token…");
    await inputBox(page, service.token);
    await notification(page, "The API token is valid and kept in VS Code’s secret storage. Balance: 100.00 USD.");
  });

  test("what a video cost stands in the list, for other extensions, and in the month's sum", async () => {
    const { code, page } = desk();
    const { cost } = await jobReaches(code, await desk().generate(), "saved");
    assert.equal(cost, 0.253125);
    await runCommand(page, "Wan FLF2V: Show Jobs");
    await page.getByRole("treeitem", { name: /Saved · 0\.25 USD/ }).waitFor();
    await screenshot(page, code.version, "cost-in-list");
    await fact(/Spent in \w+, 0\.25 USD/);
    await page.keyboard.press("Escape");
  });

  test("the monthly cap refuses panel, command and sending again alike, and nothing is sent", async () => {
    const { code, folder, page, service } = desk();
    service.setFaults([{ on: "submit", do: { respond: { status: 400, json: { error_code: 400002 } } } }]);
    const { id } = await jobReaches(code, await desk().generate(), "failed");
    service.setFaults([]);
    const sent = service.requests().length;
    await desk().configure("monthlyCap", 0.4);
    await assert.rejects(code.command("wanFlf2v.job.sendAgain", { id }), /beyond your monthly cap of 0\.40 USD/);
    await assert.rejects(
      desk().generate(),
      /would go beyond your monthly cap of 0\.40 USD: .* about 0\.25 USD.*Nothing was sent/,
    );
    await code.inHost(
      (vscode, paths) => {
        const uris = paths.map((path) => vscode.Uri.file(path));
        return vscode.commands.executeCommand("wanFlf2v.generate", uris[0], uris);
      },
      [join(folder, "images/lighthouse_start.png"), join(folder, "images/lighthouse_end.png")],
    );
    const panel = panelFrame(page);
    await panel.getByRole("textbox", { name: "Prompt" }).fill("night falls");
    // Messages lie over the button until they go by themselves.
    await code.command("notifications.clearAll");
    await panel.getByRole("button", { name: /^Generate/ }).click();
    await panel
      .getByText(/would go beyond your monthly cap of 0\.40 USD/)
      .first()
      .waitFor();
    assert.ok(
      await panel.locator(".notice").evaluate((notice) => notice.getBoundingClientRect().top >= 0),
      "what is wrong is in sight of who pressed the button",
    );
    await screenshot(page, code.version, "cap");
    await panel.getByRole("button", { name: "Set Monthly Cap…" }).click();
    await page.locator(".settings-editor").getByText("Monthly Cap").first().waitFor();
    // The newest VS Code shows its settings above the window until they are closed.
    await page.keyboard.press("Escape");
    assert.equal(service.requests().length, sent);
  });

  test("with a cap and no price, the user is asked each time", async () => {
    const { code, page, service } = desk();
    service.setFaults([
      { on: "catalogue", do: { respond: { status: 200, json: { base_price_usd: null, price_unit: "second" } } } },
    ]);
    await desk().configure("monthlyCap", 5);
    // The price of the last look counts for minutes; another address is asked anew.
    await desk().configure("apiBaseUrl", service.url.replace("127.0.0.1", "localhost"));
    const sent = service.requests().length;
    const declined = desk().generate();
    const dialog = page.getByRole("dialog", { name: /What it costs is not known/ });
    await dialog.getByText(/your monthly cap of 5\.00 USD cannot be kept for sure/).waitFor();
    await screenshot(page, code.version, "cap-unsure");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await declined, null);
    assert.equal(service.requests().length, sent);
    const accepted = desk().generate();
    await dialog.getByRole("button", { name: "Generate Video" }).click();
    await jobReaches(code, await accepted, "saved");
    assert.equal(service.requests().length, sent + 1);
    service.setFaults([]);
    await desk().configure("monthlyCap");
    await desk().configure("apiBaseUrl", service.url);
  });
}
