import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { resultsFolder } from "../../../scripts/paths.ts";
import type { VsCodeVersion } from "../../../scripts/setup/vscode.ts";

/** Waits until a window shows its files, that is, until it can be used. */
export async function workbenchReady(page: Page): Promise<void> {
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
}

/** An accessible name as VS Code makes it for rows: the label, with what it adds (decoration, description) after a comma. */
function rowName(label: string): RegExp {
  return new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(,|$)`);
}

/** The explorer's row of a file or folder, by its name. */
export function explorerRow(page: Page, name: string): Locator {
  return page.locator(".explorer-folders-view").getByRole("treeitem", { name: rowName(name) });
}

async function selected(row: Locator): Promise<void> {
  await row.and(row.page().locator('[aria-selected="true"]')).waitFor();
}

async function expand(row: Locator): Promise<void> {
  if ((await row.getAttribute("aria-expanded")) === "true") return;
  await row.click();
  await row.and(row.page().locator('[aria-expanded="true"]')).waitFor();
}

/**
 * Selects files in the explorer with the mouse: click on the first, Ctrl+click on the others, in this order.
 * @param paths relative to the opened folder, with forward slashes; their folders are expanded
 * @returns the row of the last one
 */
export async function selectInExplorer(page: Page, paths: readonly [string, ...string[]]): Promise<Locator> {
  let last: Locator | undefined;
  for (const path of paths) {
    for (const folder of path.split("/").slice(0, -1)) await expand(explorerRow(page, folder));
  }
  for (const path of paths) {
    const name = path.split("/").at(-1) ?? path;
    const row = explorerRow(page, name);
    if (last === undefined) {
      await row.click();
      // The click also opens the file, and once its editor is active the explorer selects that file alone again,
      // unless it already is. The window's title follows the same event.
      await page.waitForFunction((active) => document.title.includes(active), name);
    } else {
      await row.click({ modifiers: ["ControlOrMeta"] });
    }
    await selected(row);
    last = row;
  }
  for (const path of paths) await selected(explorerRow(page, path.split("/").at(-1) ?? path));
  if (last === undefined) throw new Error("nothing to select");
  return last;
}

/** Opens the context menu of something and chooses an item by its label. */
export async function contextMenu(target: Locator, label: string): Promise<void> {
  await target.click({ button: "right" });
  const item = target.page().getByRole("menuitem", { name: label, exact: true });
  // A fresh menu takes no mouse button for its first 100 ms, so that the click that opened it chooses nothing.
  await item.hover();
  await item.press("Enter");
}

function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget:visible");
}

/** Chooses a row of the open quick pick by its label. */
export async function quickPick(page: Page, label: string): Promise<void> {
  await quickInput(page)
    .getByRole("option", { name: rowName(label) })
    .first()
    .click();
}

/** Types into the open input box (which is no list to choose from), in place of what is there, and confirms. */
export async function inputBox(page: Page, text: string): Promise<void> {
  const box = page.locator(".quick-input-widget:visible:not(:has(.quick-input-list:visible))");
  const input = box.locator("input:visible").first();
  await input.fill(text);
  await input.press("Enter");
}

/** Narrows the open list down to what matches a text, and chooses the first of it by keyboard. */
export async function quickPickByKey(page: Page, text: string): Promise<void> {
  await quickInput(page).locator("input").first().fill(text);
  await quickInput(page).getByRole("option", { name: text }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Runs a command from the palette by its title, with its category as shown there (`Category: Title`). */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await quickInput(page).locator("input").first().fill(`>${title}`);
  await quickPick(page, title);
}

/** Shows the list of all videos, and waits until it has the focus: a list to choose from that is open then would close. */
export async function showJobs(page: Page): Promise<void> {
  await runCommand(page, "Wan FLF2V: Show Videos");
  await page.locator('[role="tree"][aria-label="Videos"]:focus').waitFor();
}

/** The frame in the workbench that the panel is in. */
export const panelSelector = 'iframe.webview[src*="extensionId=wan-flf2v.wan-flf2v"]';

/** The page inside the product's webview panel: two nested frames. */
export function panelFrame(page: Page): FrameLocator {
  return page.frameLocator(panelSelector).frameLocator("iframe#active-frame");
}

/**
 * Does something that shows the panel, and waits until VS Code has put the focus there. It takes the focus out of a panel
 * that it reveals and gives it back some 50 ms later: what is typed meanwhile goes nowhere.
 */
export async function showingPanel<T>(page: Page, act: () => Promise<T>): Promise<T> {
  const panel = panelFrame(page);
  if ((await page.locator(panelSelector).count()) > 0) {
    await panel.locator("html").evaluate((html) => {
      html.dataset.focus = "awaited";
      window.addEventListener("focus", () => delete html.dataset.focus, { once: true });
    });
  }
  const result = await act();
  await panel.locator('html:not([data-focus="awaited"])').evaluate(async () => {
    if (!document.hasFocus()) await new Promise((come) => window.addEventListener("focus", come, { once: true }));
  });
  return result;
}

/** The notification that contains a text, once it is shown. Its buttons are found by role below it. */
export async function notification(page: Page, text: string | RegExp): Promise<Locator> {
  const found = page.locator(".notifications-toasts .notification-toast", { hasText: text }).first();
  await found.waitFor();
  return found;
}

/**
 * As {@link notification}, but in the list of all, which it opens. VS Code shows no more than three within 0.8 seconds by
 * themselves, and a test can be faster than that.
 */
export async function listedNotification(page: Page, text: string | RegExp): Promise<Locator> {
  await runCommand(page, "Notifications: Show Notifications");
  const found = page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
  await found.waitFor();
  return found;
}

/** Takes a picture of the window into `test-results/<version>/<name>.png` and gives its path. */
export async function screenshot(page: Page, version: VsCodeVersion, name: string): Promise<string> {
  const folder = join(resultsFolder, version);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/**
 * Waits until VS Code has written down what an extension keeps for its workspace, with this in it. A window in a browser
 * that is reloaded earlier comes back with what it had before.
 */
export async function untilWrittenDown(page: Page, wanted: RegExp): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await page.evaluate(storedTexts)).some((text) => wanted.test(text))) {
    assert.ok(Date.now() < end, `VS Code has not written down ${wanted}`);
  }
}

/** Runs in the page: every text in its databases. */
async function storedTexts(): Promise<string[]> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const texts: string[] = [];
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values: readonly unknown[] = await done(database.transaction(store).objectStore(store).getAll());
      texts.push(...values.filter((value) => typeof value === "string"));
    }
    database.close();
  }
  return texts;
}
