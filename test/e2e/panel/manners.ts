import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { withMotion } from "../../support/vscode/browser.ts";
import { choice, takeSize, unfold } from "../../support/vscode/choices.ts";
import { panelSelector } from "../../support/vscode/workbench.ts";
import type { PanelDesk } from "./desk.ts";
import { resize } from "./judge.ts";

/** How the panel behaves as a part of VS Code. */
export function mannerTests(desk: () => PanelDesk): void {
  /** What the draft must be again, wherever the panel has been. */
  const draft = "The lamp turns; waves roll in";

  const isAsItWas = async () => {
    const { panel, prompt } = desk();
    await desk().side("start").getByText("lighthouse_start.png").waitFor();
    await desk().side("end").getByText("lighthouse_end.png").waitFor();
    assert.equal(await prompt.inputValue(), draft);
    assert.equal(await panel.locator("#seed").inputValue(), "77");
    await choice(panel, "size").getByText("480 × 480", { exact: true }).waitFor();
    await panel.locator("#start-crop", { hasText: /zoom 1\.1×$/ }).waitFor();
  };

  test("what was used before is at hand: pairs, prompts, seeds and times", async () => {
    const { page, panel, prompt, service } = desk();
    await desk().compose();
    await panel.getByRole("button", { name: "Recent Pairs" }).click();
    await panel.getByRole("button", { name: "wide_start.png → tall_end.png" }).click();
    await desk().side("start").getByText("wide_start.png").waitFor();
    await panel.getByRole("button", { name: "Recent", exact: true }).click();
    await panel.getByRole("textbox", { name: "Search your prompts" }).fill("moon lamp");
    await page.keyboard.press("Enter");
    assert.match(await prompt.inputValue(), /^Locked-off camera\. Night falls/);
    await unfold(panel, "seed");
    await panel.getByRole("button", { name: /^Use Seed of the Last Video/ }).click();
    await choice(panel, "seed")
      .getByText(`Seed ${service.requests().at(-1)?.parameters["96_noise_seed"]}`)
      .waitFor();
    await takeSize(panel, "480 × 480 (1:1)");
    await panel.getByText(/^Usually about .* \(based on your videos\)$/).waitFor();
  });

  test("moved to another editor group, the panel is as it was", async () => {
    const { page, panel, prompt, code } = desk();
    await desk().open("images/lighthouse_start.png", "images/lighthouse_end.png");
    await prompt.fill(draft);
    await unfold(panel, "seed");
    await panel.getByRole("textbox", { name: "Seed" }).fill("77");
    await takeSize(panel, "480 × 480 (1:1)");
    // There is nothing to zoom before the picture is there.
    await desk().side("start").getByText("lighthouse_start.png").waitFor();
    await panel.locator("#start-crop", { hasText: /zoom 1×$/ }).waitFor();
    await panel.locator("#start").focus();
    for (const key of ["+", "+"]) await page.keyboard.press(key);
    await isAsItWas();
    await code.command("workbench.action.splitEditorRight");
    await code.command("wanFlf2v.openPanel");
    await code.command("workbench.action.moveEditorToRightGroup");
    await isAsItWas();
    await code.command("workbench.action.joinAllGroups");
    await isAsItWas();
  });

  test("hidden, its page is kept; shown again, it stands there with what has happened meanwhile", async () => {
    const { code, folder, page, service } = desk();
    const order = await desk().order();
    await code.inHost(
      async (vscode, path) => {
        await vscode.window.showTextDocument(vscode.Uri.file(path));
      },
      join(folder, "notes.md"),
    );
    const frame = page.locator(panelSelector);
    await frame.waitFor({ state: "hidden" });
    const html = desk().panel.locator("html");
    await html.evaluate(() => Reflect.set(window, "wasKept", true));
    await service.advance("completed", order.request.requestId);
    await code.command("workbench.action.closeActiveEditor");
    await order.card.and(desk().panel.locator('[data-state="saved"]')).waitFor();
    assert.ok(await html.evaluate(() => Reflect.has(window, "wasKept")), "the same page");
    await desk().compose();
    await isAsItWas();
    assert.equal(await frame.count(), 1);
  });

  test("a video that is there already is offered before it is paid for again", async () => {
    const { page, service } = desk();
    const before = service.requests().length;
    // The seed of the last video is set, and nothing else has changed.
    await desk().compose();
    await desk().generateButton.click();
    const offer = page.getByRole("dialog", { name: /was made of exactly this/ });
    await offer.getByRole("button", { name: "Render Anyway" }).waitFor();
    await offer.getByRole("button", { name: "Cancel" }).click();
    await offer.waitFor({ state: "detached" });
    assert.equal(service.requests().length, before);
  });

  test("who wants no motion gets none: a new video waits for its Play button", async () => {
    const { page, panel, prompt } = desk();
    const words = await prompt.inputValue();
    await prompt.fill("The lamp begins to turn, and night falls over the bay");
    await withMotion(page, async () => {
      await desk().configure("workbench", "reduceMotion", "on");
      await panel.locator("body.vscode-reduce-motion").waitFor();
      const order = await desk().order();
      await order.card.scrollIntoViewIfNeeded();
      await desk().finish(order);
      await order.card.scrollIntoViewIfNeeded();
      await order.card.getByText("The last frame matches the end image.").waitFor();
      await order.card.getByRole("button", { name: "Play", exact: true }).waitFor();
      await order.card.getByText("Frame 1 of 81").first().waitFor();
      await desk().configure("workbench", "reduceMotion");
    });
    await desk().compose();
    await prompt.fill(words);
  });

  test("300 pixels are enough, as are 600 at twice the zoom", async () => {
    const { page, code, prompt } = desk();
    await code.command("workbench.action.closeSidebar");
    await desk().compose();
    await resize(desk(), 300);
    await page.setViewportSize({ width: page.viewportSize()?.width ?? 300, height: 700 });
    assert.ok(await desk().generateButton.isVisible());
    await prompt.click();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("the window reloaded, the panel is as it was", async () => {
    const { code, page } = desk();
    // In a browser, VS Code writes down every few seconds what a reload is to find.
    await page.waitForFunction(holdsInStore, "lighthouse_start\\.png.*zoom\\W+1\\.1\\W", { polling: 250 });
    await code.reload(page);
    await isAsItWas();
  });
}

/** Runs in the workbench's page: whether a text that VS Code has kept in the browser matches. */
async function holdsInStore(pattern: string): Promise<boolean> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const kept = await done(database.transaction(store).objectStore(store).getAll());
        if (kept.some((text) => new RegExp(pattern).test(String(text)))) {
          return true;
        }
      }
    } finally {
      database.close();
    }
  }
  return false;
}
