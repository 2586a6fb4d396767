import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { type OpenPanel, PanelLab } from "./harness.ts";
import { PlayedProduct } from "./product.ts";
import { type Theme, themes } from "./themes.ts";

const pictures = "test-results/panel";
let lab: PanelLab;

before(async () => {
  await mkdir(pictures, { recursive: true });
  lab = await PanelLab.start();
});
after(() => lab.stop());

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations({ page, troubles }: OpenPanel): Promise<string[]> {
  const own = troubles.length;
  await page.evaluate(await axe);
  const result: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  // The checker tries out styles of its own, which the page's content policy refuses.
  troubles.length = own;
  return result.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`),
  );
}

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

const scenes: Record<string, (panel: OpenPanel) => Promise<void>> = {
  hints: async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("button", { name: "Smooth 24" }).click();
    await page.getByRole("textbox", { name: "Frames per Second" }).fill("20");
    await page.getByRole("button", { name: "Draw a Seed and Keep It" }).click();
    await page.getByRole("textbox", { name: "Prompt" }).fill("Static camera. Slow dolly-in on {subject} without wind.");
    await page.keyboard.press("Tab");
    await page.getByRole("list", { name: "Hints on the Prompt" }).waitFor();
    await page.locator("flf-generate").getByText("Typically").waitFor();
  },
  starters: async (panel) => {
    await tool(panel, "Starters").click();
    await panel.page.getByRole("menuitem").first().waitFor();
  },
  recent: async (panel) => {
    await tool(panel, "Recent").click();
    await panel.page.getByRole("textbox", { name: "Search your prompts" }).waitFor();
  },
};

const looks: readonly { theme: Theme; width: number }[] = [
  { theme: themes.dark, width: 320 },
  { theme: themes.dark, width: 1400 },
  { theme: themes.light, width: 800 },
  { theme: themes.highContrast, width: 1400 },
  { theme: themes.highContrastLight, width: 320 },
];

for (const [name, arrange] of Object.entries(scenes)) {
  for (const { theme, width } of looks) {
    test(`${name}, ${theme.name}, ${width} px: nothing is out of reach or out of sight`, async () => {
      await lab.with({ theme, width, product: experienced() }, async (panel) => {
        await arrange(panel);
        assert.deepEqual(await violations(panel), []);
        for (const popover of await panel.page.locator("[popover]:popover-open").all()) {
          const box = await popover.boundingBox();
          assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
          assert.ok(box.y >= 0 && box.y + box.height <= 900, JSON.stringify(box));
        }
        await panel.page.screenshot({ path: `${pictures}/words-${name}-${theme.name}-${width}.png` });
      });
    });
  }
}
