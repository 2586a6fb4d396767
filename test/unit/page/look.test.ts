import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { eachLook, excessWidth, type Look, violations } from "../../support/page/looks.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { themes } from "../../support/page/themes.ts";
import { unfold } from "../../support/page/user.ts";

const pictures = "test-results/panel";
let lab: PanelLab;

before(async () => {
  await mkdir(pictures, { recursive: true });
  lab = await PanelLab.start();
});
after(() => lab.stop());

/** The panel in the states that differ most in looks. */
const scenes: Record<string, { product(): PlayedProduct; arrange(panel: OpenPanel): Promise<void> }> = {
  empty: { product: () => new PlayedProduct(lab.media), arrange: async () => undefined },
  full: {
    product: () => {
      const product = new PlayedProduct(lab.media);
      product.jobs = [
        product.job({ state: "running", requestId: "r" }, { id: "job4", runningAt: Date.now() - 47_000, createdAt: 4 }),
        product.job(
          { state: "queued", requestId: "r", position: 3 },
          { id: "job3", submittedAt: Date.now() - 5000, createdAt: 3 },
        ),
        product.job(
          { state: "saved", requestId: "r", video: "/project/videos/harbour-dawn.mp4", recipe: "" },
          { id: "job2", createdAt: 2 },
        ),
        product.job(
          { state: "failed", problem: { code: "generationFailed", message: "the prompt was rejected" } },
          { createdAt: 1 },
        ),
      ];
      return product;
    },
    arrange: async (panel) => {
      await lab.fillIn(panel);
      panel.product.refusal = { code: "tokenMissing" };
      panel.product.said = "Token saved. Balance: 100.00 USD";
      await panel.page.getByRole("button", { name: "Generate Video" }).click();
      await panel.page.getByRole("button", { name: "Set API Token…" }).click();
      await panel.page.getByText(panel.product.said).waitFor();
      panel.session.patchDraft({ parameters: { resolution: "1280x720 (16:9)", seed: "271828182" } });
      await unfold(panel.page, "advanced");
      await panel.page.evaluate(() => window.scrollTo(0, 0));
    },
  },
  errors: {
    product: () => new PlayedProduct(lab.media),
    arrange: async ({ page, session, product }) => {
      session.patchDraft({ start: lab.media.portrait, end: "/gone/moon.png", parameters: { fps: "48", cfg: "abc" } });
      await page.locator("svg image").waitFor();
      await page.getByRole("button", { name: "Generate Video" }).click();
      product.setDefaults({}, { code: "settingInvalid", setting: "wanFlf2v.defaults.framesPerSecond", value: "60" });
      await page.getByRole("alert").getByRole("button", { name: "Open Settings" }).waitFor();
      await unfold(page, "size");
      await page.getByRole("button", { name: "About Resolution" }).click();
    },
  },
};

const looks: readonly Look[] = [
  { theme: themes.dark, width: 1400 },
  { theme: themes.light, width: 320 },
  { theme: themes.highContrast, width: 1400 },
  { theme: themes.highContrastLight, width: 800 },
];

test("what is chosen can be read, and is told from what is not by its ground", async (t) => {
  await lab.with({}, async (panel) => {
    const { page, session } = panel;
    session.patchDraft({ parameters: { resolution: "960x540 (16:9)" } });
    const size = (name: string) =>
      page
        .locator("label.chip", { has: page.getByRole("radio", { name, includeHidden: true }) })
        .locator("span")
        .first();
    const preset = page.locator("#preset-draft");
    const ground = (locator: Locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);
    // A preset is its button with the note below it.
    const row = (locator: Locator) => locator.locator("..");
    await unfold(page, "preset");
    await preset.click();
    await page.mouse.move(0, 0);
    await eachLook(t, panel, looks, async () => {
      assert.deepEqual(await violations(panel, "flf-parameters"), []);
      assert.notEqual(await ground(row(preset)), await ground(row(page.locator("#preset-snappy"))));
      assert.notEqual(
        await ground(page.locator("label.chip > input:checked + span").first()),
        await ground(size("1280 × 720")),
      );
    });
  });
});

for (const [name, scene] of Object.entries(scenes)) {
  test(name, async (t) => {
    await lab.with({ product: scene.product() }, async (panel) => {
      await scene.arrange(panel);
      await eachLook(t, panel, looks, async ({ theme, width }) => {
        assert.deepEqual(await violations(panel), []);
        const height = await panel.page.evaluate(() => document.documentElement.scrollHeight);
        await panel.page.setViewportSize({ width, height: Math.max(height, 800) });
        await panel.page.screenshot({ path: `${pictures}/${name}-${theme.name}-${width}.png`, fullPage: true });
      });
    });
  });
}

test("at no width does anything stick out sideways", async () => {
  await lab.with({ product: scenes.full?.product() ?? new PlayedProduct(lab.media) }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    for (let width = 300; width <= 1600; width += 50) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await excessWidth(panel), 0, `too wide at ${width} px`);
    }
  });
});
