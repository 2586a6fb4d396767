/** The stage in its states, looked at in themes and widths: by eye, by its boxes and by an accessibility checker. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Progress } from "../../../src/jobs/job.ts";
import { PanelLab } from "../../support/page/harness.ts";
import type { Look } from "../../support/page/looks.ts";
import { eachLook, excessWidth, violations } from "../../support/page/looks.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { themes } from "../../support/page/themes.ts";

const pictures = "test-results/panel";
let lab: PanelLab;

before(async () => {
  await mkdir(pictures, { recursive: true });
  lab = await PanelLab.start();
});
after(() => lab.stop());

const looks: readonly Look[] = [
  { theme: themes.dark, width: 1300 },
  { theme: themes.dark, width: 786 },
  { theme: themes.light, width: 786 },
  { theme: themes.light, width: 320 },
  { theme: themes.highContrast, width: 1300 },
  { theme: themes.highContrastLight, width: 786 },
];

const problem = { code: "generationFailed", message: "the prompt was rejected" } as const;
const states: Readonly<Record<string, Progress>> = {
  queued: { state: "queued", requestId: "r", position: 3 },
  running: { state: "running", requestId: "r" },
  saved: { state: "saved", requestId: "r", video: "/project/videos/harbour-dawn.mp4", recipe: "" },
  failed: { state: "failed", problem },
  unclear: { state: "unclear", problem: { code: "submitUnclear", reason: "x" } },
  cancelled: { state: "cancelled" },
};

for (const [name, progress] of Object.entries(states)) {
  test(`${name} on the stage`, async (t) => {
    const product = new PlayedProduct(lab.media);
    const times = { submittedAt: Date.now() - 50_000, runningAt: Date.now() - 42_000 };
    product.jobs = [product.job(progress, { id: "job1", createdAt: 2, ...times })];
    product.jobs.push(product.job(states.saved ?? progress, { id: "job2", createdAt: 1 }));
    product.copies = { start: lab.media.start, end: lab.media.end };
    await lab.with({ product, shown: "job1" }, async (panel) => {
      const { page } = panel;
      await lab.fillIn(panel);
      panel.session.showJob("job1");
      await page.locator("flf-stage").waitFor();
      if (name === "saved") {
        await page.locator(".frame-number").waitFor();
      } else {
        await page.locator("flf-backdrop img").nth(1).waitFor();
      }
      await eachLook(t, panel, looks, async ({ theme, width }) => {
        assert.equal(await excessWidth(panel), 0);
        await page.setViewportSize({ width, height: width === 786 ? 772 : 800 });
        await page.screenshot({ path: `${pictures}/stage-${name}-${theme.name}-${width}.png` });
        assert.deepEqual(await violations(panel), []);
      });
    });
  });
}

test("at no width does anything of a video stick out sideways", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [
    product.job(states.saved ?? { state: "cancelled" }),
    product.job({ state: "running", requestId: "r" }, { id: "job2" }),
  ];
  await lab.with({ product }, async (panel) => {
    const { page, session } = panel;
    for (const id of ["job1", "job2"]) {
      session.showJob(id);
      await page.locator(`article[data-job="${id}"]`).waitFor();
      for (let width = 300; width <= 1900; width += 50) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await excessWidth(panel), 0, `too wide at ${width} px`);
      }
    }
  });
});
