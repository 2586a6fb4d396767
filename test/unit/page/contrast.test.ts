/** Everything about the pair and the form can be read, in every state and theme. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { type Reading, readings } from "../../support/page/contrast.ts";
import { type OpenPanel, PanelLab, retheme } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { themes } from "../../support/page/themes.ts";
import { fold, settled } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const parts = "flf-pair, flf-prompt, flf-parameters, flf-generate";

/** By WCAG; placeholders are VS Code's own. */
const least = { text: 4.5, sign: 3, placeholder: 2 };

/** What a text needs: less only where the theme's own text has little more on the same ground. */
function needs({ kind, own }: Reading): number {
  return Math.min(least[kind], own * 0.75);
}

/** Something of every kind: chosen and not, wrong, warned of, with notes and hints, and with what opens. */
async function arrange(panel: OpenPanel): Promise<void> {
  const { page, session } = panel;
  await lab.fillIn(panel);
  session.patchDraft({
    prompt: "A house without a {roof}",
    parameters: { resolution: "1280x720 (16:9)", fps: "99", cfg: "9", seed: "7", length: "141" },
    end: lab.media.portrait,
    separate: true,
    plans: { end: { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1.5 } },
  });
  await page.locator(".caption > .warning").waitFor();
  await page.getByText("Fix the marked fields first.").waitFor();
  await page.locator("#prompt-hints li").first().waitFor();
  for (const menu of ["Recent Pairs", "Recent"]) {
    await page.getByRole("button", { name: menu, exact: true }).click();
    await settled(page);
    await fold(page);
  }
}

const colorsOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { backgroundColor, borderColor, color } = getComputedStyle(element);
      return [backgroundColor, borderColor, color].join(" ");
    });

test("every text and sign can be read, at rest, under the pointer, with the focus and pressed", async (t) => {
  await lab.with({ product: new PlayedProduct(lab.media), width: 786 }, async (panel) => {
    await arrange(panel);
    for (const theme of Object.values(themes)) {
      await t.test(theme.name, async () => {
        await retheme(panel, theme);
        const all = await readings(panel.page, parts);
        assert.ok(all.length > 400, `${all.length} were found`);
        const unread = all
          .filter((reading) => reading.contrast < needs(reading))
          .map(({ place, state, contrast, own }) => `${place}, ${state}: ${contrast.toFixed(2)} (${own.toFixed(2)})`);
        assert.deepEqual([...new Set(unread)], []);
      });
    }
  });
});

test("what is chosen looks the same everywhere, and unlike what is not", async (t) => {
  await lab.with({ width: 786 }, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    session.patchDraft({ parameters: { resolution: "960x540 (16:9)" } });
    await page.locator(".chip > input[value^='960']:checked").waitFor({ state: "attached" });
    for (const theme of Object.values(themes)) {
      await t.test(theme.name, async () => {
        await retheme(panel, theme);
        const chosen = await colorsOf(page, ".chip > input:checked + span");
        assert.equal(await colorsOf(page, ".tool[aria-checked=true]"), chosen);
        assert.equal(await colorsOf(page, ".preset:has(> [aria-pressed=true])"), chosen);
        assert.equal(await colorsOf(page, "option:checked"), chosen);
        assert.notEqual(await colorsOf(page, ".chip > input:not(:checked) + span"), chosen);
        assert.notEqual(await colorsOf(page, ".tool[aria-checked=false]"), chosen);
      });
    }
  });
});
