import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeCopies } from "../../support/page/fixtures.ts";
import type { OpenPanel } from "../../support/page/harness.ts";
import { PanelLab } from "../../support/page/harness.ts";
import type { Look } from "../../support/page/looks.ts";
import { eachLook, excessWidth, violations } from "../../support/page/looks.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { themes } from "../../support/page/themes.ts";

const pictures = "test-results/panel";
let lab: PanelLab;
let folder: string;
let copies: { start: string; end: string };

before(async () => {
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "flf-player-look-"));
  lab = await PanelLab.start();
  copies = await makeCopies(lab.media, folder);
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

function product(): PlayedProduct {
  const played = new PlayedProduct(lab.media);
  const saved = { state: "saved", requestId: "r", video: "/project/videos/harbour-dawn.mp4", recipe: "" } as const;
  played.jobs = [
    played.job({ state: "running", requestId: "r" }, { id: "job3", runningAt: Date.now() - 47_000, createdAt: 3 }),
    played.job(saved, { id: "job2", createdAt: 2 }),
    played.job(saved, { id: "job1", createdAt: 1 }),
  ];
  played.copies = copies;
  return played;
}

/** The review in the states that differ most in looks. */
const scenes: Record<string, (panel: OpenPanel) => Promise<void>> = {
  player: async ({ page }) => {
    const first = page.locator("flf-player").first();
    await first.getByText("The first frame matches the start image.").waitFor();
    await first.getByRole("button", { name: "Play Forward and Back" }).click();
    await first.getByRole("slider", { name: "Frame" }).focus();
    await page.keyboard.press("End");
    await first.getByText("Frame 81 of 81").first().waitFor();
  },
  wipe: async ({ page }) => {
    const first = page.locator("flf-player").first();
    await first.getByRole("combobox", { name: "Compare with an image" }).selectOption("End Image: Wipe");
    await first.getByRole("slider", { name: "Divider between image and video" }).focus();
    await first.getByText("Frame 81 of 81").first().waitFor();
  },
  takes: async ({ page }) => {
    await page.getByRole("combobox", { name: "Compare with another take" }).first().selectOption({ index: 0 });
    await page.getByRole("button", { name: "Compare Takes" }).first().click();
    await page.locator("flf-takes .frame-number").waitFor();
    await page.keyboard.press("End");
    await page.locator("flf-takes").getByText("Frame 81 of 81").first().waitFor();
  },
};

const looks: readonly Look[] = [
  { theme: themes.light, width: 800 },
  { theme: themes.dark, width: 1400 },
  { theme: themes.highContrast, width: 1400 },
  { theme: themes.highContrastLight, width: 320 },
];

for (const [name, arrange] of Object.entries(scenes)) {
  test(`review, ${name}`, async (t) => {
    await lab.with({ product: product(), shown: "job2" }, async (panel) => {
      const { page } = panel;
      await page.locator("flf-player .player").scrollIntoViewIfNeeded();
      await page.locator("flf-player .frame-number").first().waitFor();
      await arrange(panel);
      await eachLook(t, panel, looks, async ({ theme, width }) => {
        assert.deepEqual(await violations(panel, "main"), []);
        assert.equal(await excessWidth(panel), 0);
        await page.screenshot({ path: `${pictures}/review-${name}-${theme.name}-${width}.png` });
      });
    });
  });
}
