/** What is on the stage after each press, where the focus is then, and what the user finds again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { article, isInView, saved, withTakes } from "../../support/page/stage.ts";
import {
  edit,
  fold,
  gate,
  generate,
  inGallery,
  isFocused,
  prompt,
  putOnStage,
  region,
  settled,
  unfold,
  words,
} from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const become = (product: PlayedProduct, progress: Progress) => {
  const [newest, ...others] = product.jobs;
  assert.ok(newest !== undefined);
  product.setJobs([{ ...newest, progress } satisfies Job, ...others]);
};

/** Asks for a new take of the video on the stage. A press that follows a turn of the stage too soon does nothing. */
async function takeAnew(page: Page): Promise<void> {
  do {
    await page.getByRole("button", { name: "New Take" }).click();
  } while ((await article(page, "saved").count()) > 0);
}

test("Generate turns the stage into the run before the host answers, and then into the video, all in view", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    assert.ok(await isInView(page, generate(page)));
    const held = gate();
    product.generateGate = held.promise;
    await generate(page).click();
    await article(page, "starting").getByText("Starting…").first().waitFor();
    assert.ok(await isInView(page, page.locator(".scene")));
    assert.equal(await page.locator("flf-backdrop img").count(), 2);
    await eventually(page, () => isFocused(article(page, "starting")));
    assert.ok(!(await prompt(page).isVisible()));
    held.resolve();
    await article(page, "preparing").waitFor();
    become(product, { state: "queued", requestId: "r", position: 2 });
    await page.locator("article .words").getByText("Queued at position 2").waitFor();
    become(product, { state: "running", requestId: "r" });
    await page.locator("article .words").getByText("Running. It cannot be stopped").waitFor();
    assert.ok(await isInView(page, page.locator(".scene")));
    become(product, saved);
    await article(page, "saved").locator(".frame-number").waitFor();
    assert.ok(await isInView(page, page.locator(".screen")));
    assert.ok(await isInView(page, page.locator(".transport")));
    assert.ok(await isInView(page, page.locator(".fold")));
    assert.equal(await page.evaluate(() => window.scrollY), 0);
  });
});

test("a refusal brings the form back with its reason in view, and the focus to where it was", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    product.refusal = { code: "tokenMissing" };
    await generate(page).click();
    const notice = page.locator(".notice");
    await notice.waitFor();
    assert.ok(await isInView(page, notice));
    assert.ok(await isInView(page, generate(page)));
    const [above, below] = [await notice.boundingBox(), await generate(page).boundingBox()];
    assert.ok((above?.y ?? 0) < (below?.y ?? 0) && (below?.y ?? 0) - (above?.y ?? 0) < 300, "right above Generate");
    await eventually(page, () => isFocused(page.locator("flf-generate vscode-button")));
    assert.equal(await page.locator("flf-stage").count(), 0);
  });
});

test("who goes elsewhere while a video is started or made is left there", async () => {
  const product = withTakes(lab.media, 1);
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    await generate(page).click();
    await article(page, "starting").waitFor();
    await putOnStage(page, "job1");
    await article(page, "saved").waitFor();
    held.resolve();
    await inGallery(page, "job2").waitFor();
    await settled(page);
    assert.equal(await page.locator("#stage-title").textContent(), "harbour-dawn-1");

    await putOnStage(page, "job2");
    await article(page, "preparing").waitFor();
    await edit(page);
    become(product, saved);
    await settled(page);
    assert.ok(await prompt(page).isVisible());
    assert.equal(await page.locator("flf-stage").count(), 0);
  });
});

test("a new take is on the stage at once; a refusal brings the old one back and says why", async () => {
  const product = withTakes(lab.media, 1);
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "tokenMissing" };
    await page.getByRole("button", { name: "New Take" }).click();
    await article(page, "starting").waitFor();
    held.resolve();
    await article(page, "saved").getByRole("alert").getByText("No RunComfy API token is set").waitFor();
    product.refusal = undefined;
    await takeAnew(page);
    await article(page, "preparing").waitFor();
    await page.getByRole("heading", { name: "harbour-dawn-2" }).waitFor();
  });
});

test("a start shows the images that it is made of, not those that were on the stage before", async () => {
  const product = withTakes(lab.media, 1);
  const [first] = product.jobs;
  assert.ok(first !== undefined);
  product.jobs = [
    first,
    product.job({ state: "failed", problem: { code: "generationFailed", message: "x" } }, { id: "job2", createdAt: 2 }),
  ];
  product.copies = { start: lab.media.start, end: lab.media.end };
  await lab.with({ product }, async (panel) => {
    const { page, session } = panel;
    session.patchDraft({ start: lab.media.portrait, end: lab.media.portrait, prompt: words });
    await page.locator("svg image").nth(1).waitFor();
    session.showJob("job2");
    const start = page.locator("flf-backdrop img.start");
    await start.waitFor();
    const height = () => start.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalHeight));
    assert.equal(await height(), 300);
    product.generateGate = new Promise(() => undefined);
    await generate(page).click();
    await article(page, "starting").waitFor();
    assert.equal(await height(), 320);
    session.showJob("job1");
    await takeAnew(page);
    await article(page, "starting").waitFor();
    await start.waitFor();
    assert.equal(await height(), 300);
  });
});

test("the next step is the one that stands out, and nothing that gives the video up does", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [
    product.job({ state: "failed", problem: { code: "generationFailed", message: "x" } }, { id: "job1" }),
    product.job({ state: "queued", requestId: "r" }, { id: "job2" }),
    product.job({ state: "cancelled" }, { id: "job3" }),
    product.job(saved, { id: "job4" }),
  ];
  const described = product.describe;
  product.describe = (job) => {
    const text = described(job);
    return job.id === "job3" ? { ...text, actions: [{ id: "remove", label: "Remove from List" }] } : text;
  };
  await lab.with({ product }, async ({ page, session }) => {
    for (const [id, name] of [
      ["job1", "Try Again"],
      ["job2", undefined],
      ["job3", "Edit and Re-render…"],
      ["job4", "New Take"],
    ] as const) {
      session.showJob(id);
      await page.locator(`article[data-job="${id}"]`).waitFor();
      const standsOut = await page.locator(".stage vscode-button:not([secondary])").allTextContents();
      assert.deepEqual(
        standsOut.map((text) => text.trim()),
        name === undefined ? [] : [name],
        id,
      );
    }
  });
});

test("a look at a video leaves the unsent draft as it was: words, caret, settings and place", async () => {
  const product = withTakes(lab.media, 1);
  await lab.with({ product, height: 440, width: 500 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await unfold(page, "seed");
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await fold(page);
    await prompt(page).focus();
    await prompt(page).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(4, 7));
    await page.evaluate(() => window.scrollTo(0, 120));
    panel.session.showJob("job1");
    await article(page, "saved").waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.locator(".fold").getByText(words).waitFor();
    await page.keyboard.press("e");
    await eventually(page, () => isFocused(prompt(page)));
    assert.equal(await prompt(page).inputValue(), words);
    assert.equal(await page.evaluate(() => window.scrollY), 120);
    assert.deepEqual(
      await prompt(page).evaluate((area: HTMLTextAreaElement) => [area.selectionStart, area.selectionEnd]),
      [4, 7],
    );
    await unfold(page, "seed");
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "7");
    await fold(page);
    await prompt(page).focus();
    panel.session.showJob("job1");
    await article(page, "saved").waitFor();
    await page.keyboard.press("Escape");
    await eventually(page, () => isFocused(prompt(page)));
  });
});

for (const [what, change] of [
  ["another video's settings", (page: Page) => page.getByRole("button", { name: "Edit and Re-render…" }).click()],
  ["what comes from outside", (_page: Page, { session }: OpenPanel) => session.patchDraft({ end: lab.media.portrait })],
] as const) {
  test(`with ${what}, the form comes up at its top, ready to be written on`, async () => {
    const product = withTakes(lab.media, 1);
    await lab.with({ product, height: 440, width: 500 }, async (panel) => {
      const { page, session } = panel;
      await lab.fillIn(panel);
      const scroll = () => page.evaluate(() => window.scrollY);
      const goDown = async () => {
        await generate(page).focus();
        await page.evaluate(() => window.scrollTo(0, 120));
      };
      await goDown();
      session.showJob("job1");
      await article(page, "saved").waitFor();
      await change(page, panel);
      await eventually(page, () => isFocused(prompt(page)));
      await settled(page);
      assert.equal(await scroll(), 0);
      // Whoever comes back to it once more finds it as they left it.
      await goDown();
      session.showJob("job1");
      await article(page, "saved").waitFor();
      session.patchDraft({});
      await page.keyboard.press("e");
      await eventually(page, () => isFocused(generate(page)));
      assert.equal(await scroll(), 120);
    });
  });
}

test("what was asked for before the page was there is shown from its top", async () => {
  for (const shown of ["job1", undefined]) {
    const product = withTakes(lab.media, 1);
    product.keptDraft = {
      revision: 1,
      draft: { prompt: words, parameters: {} },
      place: { at: 1, shown: "compose", scroll: 120 },
    };
    await lab.with({ product, height: 440, width: 500, ...(shown && { shown }) }, async ({ page }) => {
      await (shown === undefined ? prompt(page) : article(page, "saved").locator(".frame-number")).waitFor();
      await settled(page);
      assert.equal(await page.evaluate(() => window.scrollY), shown === undefined ? 120 : 0);
    });
  }
});

test("what is put into the form from outside brings the form to the stage", async () => {
  await lab.with({ product: withTakes(lab.media, 1), shown: "job1" }, async ({ page, session }) => {
    await article(page, "saved").waitFor();
    session.patchDraft({});
    await settled(page);
    await article(page, "saved").waitFor();
    session.patchDraft({ start: lab.media.start });
    await region(page, "Start").getByText("harbour-dawn.png").waitFor();
  });
});

test("a refusal about a field is told on the stage to who has gone on to another video", async () => {
  const product = withTakes(lab.media, 1);
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await generate(page).click();
    await putOnStage(page, "job1");
    await article(page, "saved").waitFor();
    held.resolve();
    await page.locator(".notice").getByText("The service does not accept 6 here.").waitFor();
    await article(page, "saved").waitFor();
  });
});
