/** Everything can be read, in every state and theme. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { Progress } from "../../../src/jobs/job.ts";
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

/** In each theme, all of these parts can be read: at least so many texts and signs, in all states together. */
async function legible(t: TestContext, panel: OpenPanel, parts: string, least: number): Promise<void> {
  for (const theme of Object.values(themes)) {
    await t.test(`${parts} in ${theme.name}`, async () => {
      await retheme(panel, theme);
      const all = await readings(panel.page, parts);
      assert.ok(all.length >= least, `${all.length} were found`);
      const unread = all
        .filter((reading) => reading.contrast < needs(reading))
        .map(({ place, state, contrast, own }) => `${place}, ${state}: ${contrast.toFixed(2)} (${own.toFixed(2)})`);
      assert.deepEqual([...new Set(unread)], []);
    });
  }
}

test("every text and sign of the form can be read, at rest, under the pointer, with the focus and pressed", async (t) => {
  await lab.with({ product: new PlayedProduct(lab.media), width: 786 }, async (panel) => {
    await arrange(panel);
    await legible(t, panel, "flf-pair, flf-prompt, flf-parameters, flf-generate", 400);
  });
});

const requestId = "r";
/** Together they have every sign that a job can have. */
const progresses: readonly Progress[] = [
  { state: "preparing" },
  { state: "waiting", reason: "token" },
  { state: "submitting" },
  { state: "unclear", problem: { code: "submitUnclear", reason: "x" } },
  { state: "queued", requestId, position: 3 },
  { state: "running", requestId },
  { state: "downloading", requestId },
  { state: "needsAction", requestId, problem: { code: "noVideo" } },
  { state: "saved", requestId, video: "/project/v.mp4", recipe: "" },
  { state: "failed", problem: { code: "generationFailed", message: "the prompt was rejected" } },
  { state: "failed", requestId, problem: { code: "watchStopped" } },
  { state: "cancelled" },
];

function withEachSign(): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.jobs = progresses.map((progress, index) => product.job(progress, { id: `job${index}`, createdAt: index }));
  return product;
}

/** How like their images the first and the last frame are found to be. */
async function measured({ session, page }: OpenPanel, [start, end]: readonly [number, number]): Promise<void> {
  const measures = {
    width: 960,
    height: 536,
    frames: 81,
    start: { ssim: start, psnr: 30 },
    end: [{ ssim: end, psnr: 9 }],
  };
  await session.receive({ id: 1, request: { kind: "measured", jobId: "job8", measures } });
  await page.locator(".ends > li").nth(1).waitFor();
  await settled(page);
}

test("every text and sign of the stage, the strip and the gallery can be read", async (t) => {
  await lab.with({ product: withEachSign(), width: 786, shown: "job8" }, async (panel) => {
    const { page, session } = panel;
    await page.locator(".frame-number").waitFor();
    await measured(panel, [0.98, 0.5]);
    await page.locator("flf-gallery .codicon.good").first().waitFor();
    await legible(t, panel, "flf-stage, flf-strip, flf-gallery", 150);
    for (const [index, { state }] of progresses.entries()) {
      if (state === "saved") continue;
      session.showJob(`job${index}`);
      await page.locator(`article[data-job=job${index}]`).waitFor();
      await legible(t, panel, "flf-stage", 15);
    }
    session.showJob("job8");
    await page.locator(".frame-number").waitFor();
    await measured(panel, [0.93, 0.93]);
    await legible(t, panel, "flf-stage", 15);
    // What came of an action.
    session.showJob("job9");
    await page.getByRole("button", { name: "Show Log" }).click();
    await page.locator("flf-stage .field-message p").waitFor();
    await legible(t, panel, "flf-stage", 15);
  });
});

test("every text and sign of a notice can be read", async (t) => {
  const product = new PlayedProduct(lab.media);
  product.refusal = { code: "tokenMissing" };
  product.said = "Token saved. Balance: 100.00 USD";
  await lab.with({ product, width: 786 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("button", { name: "Generate Video" }).click();
    await page.locator(".notice:not(.good)").waitFor();
    await legible(t, panel, ".notice-place", 8);
    await page.getByRole("button", { name: "Set API Token…" }).click();
    await page.locator(".notice.good").waitFor();
    await legible(t, panel, ".notice-place", 8);
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
