import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach } from "node:test";
import type { Page } from "playwright-core";
import { resultsFolder } from "../../../scripts/paths.ts";
import type { VsCode } from "./vscode.ts";
import { panelFrame } from "./workbench.ts";

/** What of a window tells most about why a test failed: what is asked, what is told, where the focus is, and the panel. */
async function words(page: Page): Promise<string> {
  const part = async (name: string, text: Promise<string>): Promise<string> =>
    `${name}: ${await text.catch((error: unknown) => `(${String(error).split("\n")[0]})`)}`;
  const brief = { timeout: 2000 };
  const focus = (): string =>
    `${document.hasFocus() ? "has it" : "does not have it"}, on ${document.activeElement?.outerHTML.slice(0, 300)}`;
  const all = (selector: string) =>
    page.locator(selector).evaluateAll((found) => found.map((each) => each.textContent).join(" | "));
  const panel = panelFrame(page).locator("body");
  return (
    await Promise.all([
      part("focus", page.evaluate(focus)),
      part("asked", all(".quick-input-widget:visible")),
      part("told", all(".notification-list-item")),
      part("focus in the panel", panel.evaluate(focus, undefined, brief)),
      part("panel", panel.ariaSnapshot(brief)),
    ])
  ).join("\n");
}

/** After each test that failed: pictures of all windows in `test-results/<version>/failed-…`, and their words in the log. */
export function showFailures(code: () => VsCode | undefined): void {
  afterEach(async (test) => {
    const vscode = code();
    if (!("passed" in test) || test.passed || vscode === undefined) return;
    const folder = join(resultsFolder, vscode.version);
    await mkdir(folder, { recursive: true });
    for (const [index, page] of (await vscode.windows()).entries()) {
      const path = join(folder, `failed-${test.name.replace(/\W+/g, "-").slice(0, 60)}-${index + 1}.png`);
      await page.screenshot({ path }).catch(() => undefined);
      console.log(`failed: ${test.name}\nwindow ${index + 1}: ${path}\n${await words(page)}`);
    }
  });
}
