import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { jobReaches } from "../../support/vscode/job.ts";
import { openPair } from "../../support/vscode/mainJob.ts";
import {
  inputBox,
  notification,
  panelFrame,
  runCommand,
  screenshot,
  showJobs,
} from "../../support/vscode/workbench.ts";
import { fact } from "./account.ts";
import type { Desk } from "./desk.ts";

/** An amount as people read it. */
const usd = (amount: number): string => amount.toFixed(2);

/** Token, cost and cap as a user meets them, once something has been paid for. */
export function moneyTests(desk: () => Desk): void {
  test("a refused token is said so in the box, one that cannot be checked is left to the user, a valid one is kept", async () => {
    const { code, page, service } = desk();
    await runCommand(page, "Wan FLF2V: Set API Token…");
    await inputBox(page, "not-the-token");
    await page.getByText("RunComfy rejected this token. It may be mistyped, expired or revoked.").first().waitFor();
    await screenshot(page, code.version, "token-refused");

    service.setFaults([{ on: "catalogue", do: { resetBeforeAccept: true } }]);
    await inputBox(page, service.token);
    const dialog = page.getByRole("dialog", { name: /Couldn’t check the token/ });
    await dialog.waitFor();
    await screenshot(page, code.version, "token-unchecked");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await inputBox(page, service.token);
    await dialog.getByRole("button", { name: "Save Anyway" }).click();
    await notification(page, "Token saved, but not checked.");

    service.setFaults([]);
    await runCommand(page, "Wan FLF2V: Set API Token…");
    await inputBox(page, service.token);
    await notification(page, `Token saved. Balance: ${usd(100 - service.ledger.chargedUsd)} USD`);
  });

  test("what a video cost stands in the list, for other extensions, and in the month's sum", async () => {
    const { code, page, service } = desk();
    const { cost } = await jobReaches(code, await desk().generate({ prompt: "what it costs" }), "saved");
    assert.equal(cost, 0.253125);
    await showJobs(page);
    await page.getByRole("treeitem", { name: /^what it costs, Saved, .*0\.25 USD/ }).waitFor();
    await screenshot(page, code.version, "cost-in-list");
    await fact(desk(), new RegExp(`Spent in \\w+, ${usd(service.ledger.chargedUsd)} USD`));
    await page.keyboard.press("Escape");
  });

  test("the monthly cap refuses panel, command and sending again alike, and nothing is sent", async () => {
    const { code, folder, page, service } = desk();
    service.setFaults([{ on: "submit", do: { respond: { status: 400, json: { error_code: 400002 } } } }]);
    const { id } = await jobReaches(code, await desk().generate(), "failed");
    service.setFaults([]);
    const sent = service.requests().length;
    const cap = Number(usd(service.ledger.chargedUsd + 0.2));
    await desk().configure("monthlyCap", cap);
    const beyond = new RegExp(`would exceed your monthly cap of ${usd(cap)} USD`);
    await assert.rejects(code.command("wanFlf2v.job.sendAgain", { id }), beyond);
    await assert.rejects(
      desk().generate(),
      new RegExp(`${beyond.source}\\. .* about ${usd(service.ledger.chargedUsd)} USD.*Nothing was sent`),
    );
    const pair = ["images/lighthouse_start.png", "images/lighthouse_end.png"].map((path) => join(folder, path));
    await openPair(code, page, pair);
    const panel = panelFrame(page);
    await panel.getByRole("textbox", { name: "Prompt" }).fill("night falls");
    // Messages lie over the button until they go by themselves.
    await code.command("notifications.clearAll");
    await panel.getByRole("button", { name: /^Generate/ }).click();
    await panel.getByText(beyond).first().waitFor();
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
    // The price of the last look counts for minutes; another address is asked anew. The stored token is not for that one.
    const tokenFile = join(desk().clientFolder, "token.json");
    await writeFile(tokenFile, JSON.stringify({ access_token: service.token }));
    await desk().configure("apiBaseUrl", service.url.replace("127.0.0.1", "localhost"));
    const sent = service.requests().length;
    const declined = desk().generate();
    const dialog = page.getByRole("dialog", { name: /Its cost is unknown/ });
    await dialog.getByText(/your monthly cap of 5\.00 USD can’t be guaranteed/).waitFor();
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
    await rm(tokenFile);
  });
}
