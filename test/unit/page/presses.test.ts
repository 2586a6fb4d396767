/** One press is one video: what a click, a held key or a double click asks for. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { doublePress, turnPress } from "../../../src/page/form/presses.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { saved, withTakes } from "../../support/page/stage.ts";
import { edit, generate, prompt, settled } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

/** The time of a double click goes by. */
const later = (page: Page) => page.clock.fastForward(doublePress);

test("the key pays for nothing that is out of sight", async () => {
  await lab.with({}, async (panel) => {
    const { page, product, session } = panel;
    await lab.fillIn(panel);
    // A run on the stage offers no button beside it, and neither do two takes that are compared.
    product.setJobs([product.job({ state: "running", requestId: "r" })]);
    session.showJob("job1");
    await page.locator('article[data-state="running"]').waitFor();
    assert.equal(await page.locator("flf-fold .generate").count(), 0);
    for (const place of [page.getByRole("article"), page.getByRole("searchbox")]) {
      await place.focus();
      await page.keyboard.press("Control+Enter");
    }
    await settled(page);
    assert.equal(product.generated.length, 0);
    assert.ok(await page.locator('article[data-state="running"]').isVisible());
  });
});

test("one wish is one video: the second half of a double click and a held key make no second one", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await page.clock.install();
    const jobs = async (count: number) => {
      await eventually(page, async () => (await page.locator("flf-gallery [data-job]").count()) === count);
      await page.locator('article[data-state="preparing"]').waitFor();
    };
    await lab.fillIn(panel);
    await generate(page).click();
    await jobs(1);
    await later(page);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });

    await edit(page);
    await generate(page).focus();
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    // Released, it asks for one; while it is held, a question that came up would be answered by its repetitions.
    const whileHeld = product.generated.length;
    await page.keyboard.up("Enter");
    await jobs(2);
    assert.equal(whileHeld, 1);

    await later(page);
    await edit(page);
    await prompt(page).focus();
    await page.keyboard.down("Control");
    await page.keyboard.down("Enter");
    await jobs(3);
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.up("Control");

    await later(page);
    await edit(page);
    // A last press of its own: what the held keys might have asked for would have come before it.
    await generate(page).click();
    await jobs(4);
    assert.equal(product.generated.length, 4);
  });
});

test("what changes between a press and its release is not sent: by mouse and by key", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await page.clock.install();
    await lab.fillIn(panel);
    await generate(page).scrollIntoViewIfNeeded();
    const changed = page.getByText("changed while you pressed, so nothing was sent");
    /** Other settings, once the page has been told them. */
    const settings = async (length: 81 | 141) => {
      const told = page.evaluate(
        () => new Promise<void>((resolve) => window.addEventListener("message", () => resolve(), { once: true })),
      );
      // The page listens before the settings change.
      await page.evaluate(() => undefined);
      product.setDefaults({ length });
      await told;
    };
    const box = (await generate(page).boundingBox()) ?? assert.fail("no button");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await settings(141);
    await page.mouse.up();
    await changed.first().waitFor();
    assert.equal(product.generated.length, 0);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Dismiss" }).waitFor({ state: "detached" });
    await later(page);

    await generate(page).focus();
    await page.keyboard.down("Enter");
    await settings(81);
    await page.keyboard.up("Enter");
    await page.getByRole("button", { name: "Dismiss" }).waitFor();
    assert.equal(product.generated.length, 0);
    await later(page);
    await page.keyboard.press("Enter");
    await eventually(page, async () => product.generated.length === 1);
    assert.deepEqual(
      product.generated.map(({ parameters }) => parameters.length),
      [81],
    );
  });
});

test("while an order is under way, pressing again asks for nothing", async () => {
  await lab.with({}, async (panel) => {
    const { page, product, asked } = panel;
    await lab.fillIn(panel);
    const gate = Promise.withResolvers<void>();
    product.generateGate = gate.promise;
    await generate(page).click();
    await page.getByRole("button", { name: "Starting…" }).click({ force: true });
    await page.keyboard.press("Control+Enter");
    gate.resolve();
    await page.locator('article[data-state="preparing"]').waitFor();
    assert.equal(asked.filter((kind) => kind === "generate").length, 1);
  });
});

test("the space bar presses the button and does not scroll the page", async () => {
  await lab.with({ width: 400, height: 300 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await generate(page).focus();
    const before = await page.evaluate(() => window.scrollY);
    await page.keyboard.press("Space");
    await page.getByRole("article").waitFor();
    assert.equal(product.generated.length, 1);
    await edit(page);
    assert.equal(await page.evaluate(() => window.scrollY), before);
  });
});

for (const [name, ended] of [
  ["New Take", saved],
  ["Try Again", { state: "failed", problem: { code: "generationFailed", message: "x" } }],
] as const) {
  test(`a click that meets ${name} where the stage has just turned asks for nothing, and a later one does`, async () => {
    const product = withTakes(lab.media, 1);
    const [job] = product.jobs;
    assert.ok(job !== undefined);
    product.jobs = [{ ...job, progress: { state: "running", requestId: "r" } }];
    const described = product.describe;
    product.describe = (one) =>
      one.progress.state === "failed"
        ? { state: "Failed", actions: [{ id: "tryAgain", label: name }] }
        : described(one);
    await lab.with({ product, shown: "job1" }, async ({ page, asked }) => {
      await page.locator('article[data-state="running"]').waitFor();
      await page.clock.install({ time: 0 });
      await page.clock.pauseAt(1000);
      product.setJobs([{ ...job, progress: ended }]);
      const button = page.locator("article").getByRole("button", { name });
      const press = async () => {
        const box = (await button.boundingBox()) ?? assert.fail("no button");
        await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      };
      const wishes = () => asked.filter((kind) => kind === "again" || kind === "act").length;
      await button.waitFor();
      await press();
      await page.clock.fastForward(turnPress - 1);
      await press();
      assert.equal(wishes(), 0);
      await page.clock.fastForward(1);
      await press();
      await eventually(page, async () => wishes() === 1);
    });
  });
}
