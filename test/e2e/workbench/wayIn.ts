import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { FrameLocator } from "playwright-core";
import { root } from "../../../scripts/paths.ts";
import { panelFrame, runCommand, screenshot } from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

/** The page of an installed extension, which users open from the list of those. */
async function pageOf({ code, page }: Desk, name: string): Promise<FrameLocator> {
  await code.command("workbench.extensions.search", "@installed wan-flf2v");
  await page.locator(".extensions-list .monaco-list-row", { hasText: name }).first().click();
  return page.frameLocator('iframe.webview:not([src*="extensionId=wan-flf2v"])').frameLocator("iframe#active-frame");
}

/** The widths of a page's pictures in pixels, by their alternative texts; 0 for those that did not load. */
async function widthsIn(readme: FrameLocator): Promise<Record<string, number>> {
  const pictures = await readme.locator("img").evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        if (!(image instanceof HTMLImageElement)) throw new Error("no image");
        await image.decode().catch(() => undefined);
        return [image.alt, image.naturalWidth] as const;
      }),
    ),
  );
  return Object.fromEntries(pictures);
}

/** What leads new users in: the page of the extension, the tour, the empty list and the sample pair. */
export function wayInTests(desk: () => Desk): void {
  after(async () => {
    await desk().clear();
    await desk().code.command("workbench.view.explorer");
  });

  test("the extension's page says first what it is for, and shows no broken picture", async () => {
    const { code, page } = desk();
    const readme = await pageOf(desk(), "Start and End Image");
    await readme.getByText("describe what happens in between").waitFor();
    const first = readme.locator("p").first();
    assert.match((await first.textContent()) ?? "", /^Create a video from a start and an end image/);
    const widths = await widthsIn(readme);
    await screenshot(page, code.version, "details");
    assert.ok(!Object.values(widths).includes(0), JSON.stringify(widths));
  });

  test("on such a page pictures load from https addresses, and from nowhere else", async () => {
    const { code, page } = desk();
    const path = join(root, "media", "readme", "studio.webp");
    await page.route("https://pictures.example/**", (route) => route.fulfill({ path, contentType: "image/webp" }));
    const readme = await pageOf(desk(), "Companion");
    await readme.getByText("Pictures of each kind").waitFor();
    const { https = 0, ...others } = await widthsIn(readme);
    await screenshot(page, code.version, "details-pictures");
    assert.ok(https > 0);
    assert.deepEqual(others, { packaged: 0, data: 0 });
  });

  test("the empty list says what it is for, and leads to the tour", async () => {
    const { code, page } = desk();
    await runCommand(page, "Wan FLF2V: Show Videos");
    const view = page.locator(".welcome-view");
    await view.getByText("Create a video from a start and an end image").waitFor();
    for (const name of ["Create Video", "Try the Sample Pair"]) {
      await view.getByRole("button", { name, exact: true }).waitFor();
    }
    for (const name of ["Set API Token", "Get a Token"]) await view.getByRole("button", { name }).waitFor();
    await screenshot(page, code.version, "welcome");
    await view.getByRole("button", { name: "Take the Tour" }).click();
    const tour = page.locator(".gettingStartedContainer");
    await tour.getByText("Set Your RunComfy API Token").first().waitFor();
    await screenshot(page, code.version, "tour");
    for (const step of ["Set Your RunComfy API Token", "Choose Two Images", "Describe and Generate"]) {
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
