import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { eachLook, type Look, violations } from "../../support/page/looks.ts";
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

/** A product that knows times, a price and earlier prompts. */
function experienced(): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.typical = 80_000;
  product.price = { kind: "known", usd: 0.05, unit: "second" };
  product.jobs = [
    "Slow dolly-in toward the lighthouse; the reed slides past with parallax, light stays constant.",
    "Locked-off camera. Dawn turns into night: the sun sinks and the windows of the harbour light up one by one.",
    "A door opens.",
  ].map((prompt, index) => {
    const job = product.job({ state: "cancelled" }, { id: `job${index + 1}`, createdAt: 10 - index });
    return { ...job, order: { ...job.order, prompt } };
  });
  return product;
}

const tool = ({ page }: OpenPanel, name: string) => page.getByRole("button", { name, exact: true });

interface Scene {
  arrange(panel: OpenPanel): Promise<void>;
  /** A menu is opened anew for each look. */
  show?(panel: OpenPanel): Promise<void>;
}

const scenes: Record<string, Scene> = {
  hints: {
    arrange: async (panel) => {
      const { page } = panel;
      await lab.fillIn(panel);
      await unfold(page, "preset");
      await page.getByRole("button", { name: "Longer" }).click();
      await unfold(page, "rate");
      await page.getByRole("textbox", { name: "Frames per Second" }).fill("20");
      await unfold(page, "seed");
      await page.getByRole("button", { name: "Lock a Random Seed" }).click();
      const prompt = page.getByRole("textbox", { name: "Prompt" });
      await prompt.fill("Static camera. Slow dolly-in on {subject} without wind.");
      await page.keyboard.press("Tab");
      await page.getByRole("list", { name: "Prompt Hints" }).waitFor();
      await page.locator("flf-generate").getByText("Usually about").waitFor();
    },
  },
  starters: {
    arrange: (panel) => tool(panel, "Starters").focus(),
    show: async (panel) => {
      await panel.page.keyboard.press("Escape");
      await tool(panel, "Starters").click();
      await panel.page.getByRole("menuitem").first().waitFor();
    },
  },
  recent: {
    arrange: (panel) => tool(panel, "Recent").focus(),
    show: async (panel) => {
      await panel.page.keyboard.press("Escape");
      await tool(panel, "Recent").click();
      await panel.page.getByRole("textbox", { name: "Search your prompts" }).waitFor();
    },
  },
};

const looks: readonly Look[] = [
  { theme: themes.dark, width: 1400 },
  { theme: themes.light, width: 800 },
  { theme: themes.highContrast, width: 1400 },
  { theme: themes.highContrastLight, width: 320 },
];

for (const [name, { arrange, show }] of Object.entries(scenes)) {
  test(`words, ${name}`, async (t) => {
    await lab.with({ product: experienced() }, async (panel) => {
      await arrange(panel);
      await eachLook(t, panel, looks, async ({ theme, width }) => {
        await show?.(panel);
        assert.deepEqual(await violations(panel), []);
        for (const popover of await panel.page.locator("[popover]:popover-open").all()) {
          const box = await popover.boundingBox();
          assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
          assert.ok(box.y >= 0 && box.y + box.height <= 900, JSON.stringify(box));
        }
        await panel.page.screenshot({ path: `${pictures}/words-${name}-${theme.name}-${width}.png` });
      });
    });
  });
}
