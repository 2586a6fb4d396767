import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { FrameLocator } from "playwright-core";
import { panelFrame, runCommand, screenshot } from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

/** What leads new users in: the page of the extension, the tour, the empty list and the sample pair. */
export function wayInTests(desk: () => Desk): void {
  after(() => desk().clear());

  test("the extension's page shows what it is for first, and all of its pictures load", async () => {
    const { code, page } = desk();
    // The call resolves only once the page is closed.
    void code.command("extension.open", "wan-flf2v.wan-flf2v").catch(() => undefined);
    const readme: FrameLocator = page
      .frameLocator('iframe.webview:not([src*="extensionId=wan-flf2v"])')
      .frameLocator("iframe#active-frame");
    const pictures = readme.locator("img");
    await pictures.first().waitFor();
    const first = readme.locator("p").first();
    assert.match((await first.textContent()) ?? "", /start and an end image/);
    const loaded = await pictures.evaluateAll(async (images) =>
      Promise.all(
        images.map(async (image) => {
          if (!(image instanceof HTMLImageElement)) return 0;
          await image.decode().catch(() => undefined);
          return image.naturalWidth;
        }),
      ),
    );
    await screenshot(page, code.version, "details");
    assert.ok(loaded.length >= 3, `${loaded.length} pictures`);
    assert.deepEqual(
      loaded.filter((width) => width === 0),
      [],
    );
  });

  test("the empty list says what it is for, and leads to the tour", async () => {
    const { code, page } = desk();
    await runCommand(page, "Wan FLF2V: Show Videos");
    const view = page.locator(".welcome-view");
    await view.getByText("Create a video from a start and an end image").waitFor();
    for (const name of ["Create Video", "Try the Sample Pair"]) {
      await view.getByRole("button", { name, exact: true }).waitFor();
    }
    for (const name of ["Set API Token", "Get a Token"]) await view.getByRole("link", { name }).waitFor();
    await screenshot(page, code.version, "welcome");
    await view.getByRole("link", { name: "Take the Tour" }).click();
    const tour = page.locator(".gettingStartedContainer");
    await tour.getByText("Set Your RunComfy API Token").first().waitFor();
    await screenshot(page, code.version, "tour");
    for (const step of ["Set Your RunComfy API Token", "Choose Two Images", "Describe the Motion and Generate"]) {
      await tour
        .getByRole("button", { name: new RegExp(step) })
        .first()
        .click();
      await tour.getByText(step).first().waitFor();
      const media = tour.locator(".getting-started-media img");
      await media.waitFor();
      const width = await media.evaluate(async (image) => {
        if (!(image instanceof HTMLImageElement)) return 0;
        await image.decode().catch(() => undefined);
        return image.naturalWidth;
      });
      assert.ok(width > 0, `the picture of ${step} loads`);
      await screenshot(page, code.version, `tour-${step.split(" ")[0]}`);
    }
  });

  test("the sample pair opens in the studio without an account, and Generate asks for a token", async () => {
    const { code, page, service } = desk();
    const panel = panelFrame(page);
    await page.locator(".welcome-view").getByRole("button", { name: "Try the Sample Pair", exact: true }).click();
    await panel.getByRole("region", { name: "Start Image" }).getByText("lighthouse_start.webp").waitFor();
    await panel.getByRole("region", { name: "End Image" }).getByText("lighthouse_end.webp").waitFor();
    assert.match(await panel.getByRole("textbox", { name: "Prompt" }).inputValue(), /^Dusk turns to night/);
    await panel.getByRole("button", { name: "Set API Token and Generate…" }).waitFor();
    await screenshot(page, code.version, "sample");
    assert.equal(service.ledger.exchanges.length, 0);
  });
}
