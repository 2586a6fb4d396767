/** The list of videos: what the card of a job says, and what its buttons do. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Job } from "../../../src/jobs/job.ts";
import type { JobText } from "../../../src/ui/words/job.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { edit, isFocused, putOnStage } from "../../support/page/user.ts";
import { withMotion } from "../../support/vscode/browser.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const status = (page: Page) => page.getByRole("status");

test("a job is followed in words and told to screen readers, and its video plays when it arrives", async () => {
  await lab.with({}, async ({ page, product }) => {
    const job = product.job({ state: "queued", requestId: "r", position: 2 }, { submittedAt: Date.now() - 61_000 });
    product.setJobs([job]);
    await putOnStage(page, "job1");
    const card = page.getByRole("article", { name: "harbour-dawn-1" });
    await card.getByText("Queued at position 2").waitFor();
    await card
      .getByRole("timer")
      .getByText(/1:0[1-9]/)
      .waitFor();
    await card.getByRole("button", { name: "Cancel (Still Queued)" }).click();
    await eventually(page, async () => product.acts[0] === "cancel job1");

    product.setJobs([{ ...job, progress: { state: "running", requestId: "r" } }]);
    await eventually(
      page,
      async () =>
        (await status(page).textContent()) ===
        "harbour-dawn-1: Running. It cannot be stopped; the video will be saved.",
    );

    const saved = { state: "saved", requestId: "r", video: "/project/videos/harbour-dawn-1.mp4", recipe: "" } as const;
    await withMotion(page, async () => {
      product.setJobs([{ ...job, progress: saved }]);
      await card.getByText("Saved as videos/harbour-dawn-1.mp4").waitFor();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.locator(".frame-number", { hasText: /Frame ([2-9]|\d\d) of 81/ }).waitFor();
    });
    await page.getByRole("button", { name: "Pause" }).click();
    assert.equal(await card.getByText("Cost").count(), 0);
    product.setJobs([{ ...job, progress: { ...saved, cost: 0.25 } }]);
    await card.getByText("Cost: 0.25 USD").waitFor();
    await card.getByText("720 × 480 · 81 frames at 16 fps = 5.06 sec").waitFor();
    assert.equal(await card.getByRole("timer").count(), 0);
    await card.getByRole("button", { name: "Use Seed 271828182 for the Next Video" }).click();
    await edit(page);
    assert.equal(await page.locator("#seed").inputValue(), "271828182");
  });
});

test("the elapsed time goes on each second", async () => {
  await lab.with({}, async ({ page, product }) => {
    product.setJobs([product.job({ state: "running", requestId: "r" }, { runningAt: Date.now() })]);
    await putOnStage(page, "job1");
    const timer = page.getByRole("timer");
    await timer.getByText("0:01").waitFor();
    await timer.getByText("0:02").waitFor();
  });
});

test("a video of before the panel was opened waits, and so does a new one where motion is unwelcome", async () => {
  const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job(saved)];
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const standsAtFirst = async (player: Locator) => {
      await player.getByText("Frame 1 of 81").first().waitFor();
      await player.getByRole("button", { name: "Play", exact: true }).waitFor();
    };
    await standsAtFirst(page.locator("flf-player"));
    product.setJobs([product.job(saved, { id: "job2" }), ...product.jobs]);
    await putOnStage(page, "job2");
    await page.getByRole("article", { name: "harbour-dawn-2" }).waitFor();
    await standsAtFirst(page.locator("flf-player"));
  });
});

test("a button that goes with its press leaves the focus on none that does another thing", async () => {
  const product = new PlayedProduct(lab.media);
  const problem = { code: "submitUnclear", reason: "x" } as const;
  const unclear = product.job({ state: "unclear", problem });
  product.jobs = [unclear];
  const actions = (job: Job): JobText["actions"] => [
    { id: "adopt", label: "I Have the Request ID…" },
    job.progress.state === "unclear" ? { id: "drop", label: "Discard" } : { id: "remove", label: "Remove from List" },
  ];
  product.describe = (job) => ({ state: "Unclear", actions: actions(job) });
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const card = page.getByRole("article");
    await card.getByRole("button", { name: "Discard" }).focus();
    product.setJobs([{ ...unclear, progress: { state: "failed", problem } }]);
    const remove = card.getByRole("button", { name: "Remove from List" });
    await remove.waitFor();
    await eventually(page, () => isFocused(card));
    await page.keyboard.press("Enter");
    assert.deepEqual(product.acts, []);
    // First what leads to the video, then what is paid for anew.
    const names = await card.locator(".actions vscode-button").allTextContents();
    assert.deepEqual(
      names.map((name) => name.trim()),
      ["I Have the Request ID…", "Remove from List", "Edit and Re-render…"],
    );
  });
});

test("an action that fails says so in its card", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "failed", problem: { code: "generationFailed", message: "rejected" } })];
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const card = page.getByRole("article");
    await card.getByText("The service could not make this video: rejected").waitFor();
    await card.getByRole("button", { name: "Show Log" }).click();
    await card.getByRole("alert").getByText("Something is wrong: notPossibleNow.").waitFor();
  });
});
