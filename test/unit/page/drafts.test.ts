/** What goes wrong between the page's user, its draft and late answers, in the real page. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { OpenPanel } from "../../support/page/harness.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct, shaOf } from "../../support/page/product.ts";
import {
  choice,
  drop,
  gate,
  generate,
  paste,
  prompt,
  putOnStage,
  region,
  sent,
  settled,
  unfold,
  words,
  zoomed,
} from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("a loop is sent as one: both ends are framed alike, whichever way the image comes to both", async () => {
  const { start, end } = lab.media;
  const ways: Record<string, (panel: OpenPanel) => Promise<void>> = {
    "the loop link": async ({ page }) => {
      await unfold(page, "preset");
      await page.getByRole("button", { name: "Loop", exact: true }).first().click();
      await page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).click();
    },
    "use it here too": async ({ page }) => {
      await page.getByRole("button", { name: "Clear End Image" }).click();
      await page.getByRole("button", { name: "Use the Start Image Here Too (Loop)" }).click();
    },
    picking: async ({ page, product }) => {
      product.picked = start;
      await page.getByRole("button", { name: "Replace End Image…" }).click();
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    await lab.with({}, async (panel) => {
      panel.session.patchDraft({ start, end, prompt: words, plans: { start: zoomed }, separate: true });
      await panel.page.locator("svg image").nth(1).waitFor();
      await way(panel);
      await region(panel.page, "End").getByText("harbour-dawn.png").waitFor();
      const order = await sent(panel);
      assert.deepEqual(order?.plans, { start: zoomed, end: zoomed }, name);
    });
  }
});

/** A panel with a pair whose end image is still being read, until the test lets it be. */
async function whileReading(work: (panel: OpenPanel, read: () => void) => Promise<void>): Promise<void> {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.portrait, reading.promise);
  await lab.with({ product }, async (panel) => {
    const { page, session } = panel;
    session.patchDraft({ start: lab.media.start, end: lab.media.portrait, prompt: words });
    await region(page, "Start").locator("svg image").first().waitFor();
    await work(panel, reading.resolve);
  });
}

test("a choice for both images and the size that fits wait for the picture that is on its way", async () => {
  await whileReading(async ({ page, product }, read) => {
    await page.getByRole("radio", { name: "Fit with Color" }).first().check();
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Starting…" }).waitFor();
    assert.equal(product.generated.length, 0);
    read();
    await eventually(page, async () => product.generated.length === 1);
    const [order] = product.generated;
    assert.deepEqual(order?.parameters, { resolution: "720x720 (1:1)" });
    const [one, other] = [order?.plans?.start, order?.plans?.end];
    assert.ok(one?.mode === "fit" && one.fill.kind === "color" && other?.mode === "fit" && other.fill.kind === "color");
    assert.notEqual(one.fill.color, other.fill.color, "each has the color of its own edge");
    assert.deepEqual(order?.seen, { start: shaOf(lab.media.start), end: shaOf(lab.media.portrait) });
  });
});

test("the preset that wants the smallest size of the pair's shape waits for the pair", async () => {
  await whileReading(async ({ page }, read) => {
    await unfold(page, "preset");
    await page.getByRole("button", { name: "Draft", exact: true }).click();
    read();
    await unfold(page, "size");
    await eventually(page, () => page.getByRole("radio", { name: "480 × 480 (1:1)", exact: true }).isChecked());
  });
});

test("nothing is sent of a pair that was changed while Generate waited for it", async () => {
  await whileReading(async ({ page, product, session }, read) => {
    await generate(page).click();
    session.patchDraft({ end: lab.media.end });
    read();
    await page.getByRole("alert").getByText("An image changed in the meantime, so nothing was sent").waitFor();
    assert.equal(product.generated.length, 0);
  });
});

test("what is typed after the press is not sent", async () => {
  await whileReading(async ({ page, product }, read) => {
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Then");
    read();
    await eventually(page, async () => product.generated.length === 1);
    assert.equal(product.generated[0]?.prompt, words);
  });
});

test("an answer for an image counts only while nothing newer has happened to it", async () => {
  const bytes = await readFile(lab.media.portrait);
  const { start, end } = lab.media;
  const late: Record<string, (panel: OpenPanel, held: Promise<void>) => Promise<void>> = {
    paste: async ({ page, product }, held) => {
      product.keepGate = held;
      await paste(region(page, "Start"), bytes);
    },
    "drop from outside": async ({ page, product }, held) => {
      product.keepGate = held;
      await drop(page, "Start", { files: [bytes] });
    },
  };
  for (const [name, ask] of Object.entries(late)) {
    await lab.with({}, async (panel) => {
      const { page, session, product, asked } = panel;
      const held = gate();
      await ask(panel, held.promise);
      await eventually(page, async () => asked.includes("keep"));
      session.patchDraft({ start, end, prompt: words, plans: { start: zoomed, end: zoomed } });
      await page.locator("svg image").nth(1).waitFor();
      held.resolve();
      await eventually(page, async () => product.kept.length === 1);
      await settled(page);
      const order = await sent(panel);
      assert.deepEqual(order?.start, { kind: "file", path: start }, name);
      assert.deepEqual(order?.plans?.start, zoomed, name);
    });
  }
});

test("an older price does not take a newer one's place", async () => {
  const product = new PlayedProduct(lab.media);
  const older = gate();
  product.priceGate = older.promise;
  product.price = { kind: "noToken" };
  await lab.with({ product }, async ({ page, asked }) => {
    await eventually(page, async () => asked.includes("price"));
    product.priceGate = Promise.resolve();
    product.price = { kind: "known", usd: 0.05, unit: "second" };
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.getByText("0.05 USD per second").waitFor();
    product.price = { kind: "noToken" };
    older.resolve();
    await settled(page);
    await settled(page);
    await page.getByText("0.05 USD per second").waitFor();
  });
});

test("a wrong setting is named above a page that works, and goes by itself when it is mended", async () => {
  const product = new PlayedProduct(lab.media);
  product.settingProblem = { code: "settingInvalid", setting: "wanFlf2v.defaults.framesPerSecond", value: "60" };
  await lab.with({ product }, async ({ page, product }) => {
    const alert = page.getByRole("alert").filter({ hasText: "wanFlf2v.defaults.framesPerSecond" });
    await alert.getByRole("button", { name: "Open Settings" }).click();
    await eventually(
      page,
      async () => product.commands[0] === "wanFlf2v.openSettings wanFlf2v.defaults.framesPerSecond",
    );
    await choice(page, "rate").getByText("16 fps · 5.06 sec").waitFor();
    product.setDefaults({ fps: 24 });
    await alert.waitFor({ state: "hidden" });
    await choice(page, "rate").getByText("24 fps · 3.38 sec").waitFor();
  });
});

test("a page that cannot be begun says why, and begins as soon as it can", async () => {
  const product = new PlayedProduct(lab.media);
  const { jobs } = product;
  Object.defineProperty(product, "jobs", {
    configurable: true,
    get() {
      throw new Error("locked");
    },
  });
  await lab.with({ product }, async ({ page }) => {
    await page.clock.install();
    await page.reload();
    await page.getByRole("alert").getByText("Something unexpected went wrong.").waitFor();
    Object.defineProperty(product, "jobs", { configurable: true, value: jobs });
    await page.clock.fastForward(3000);
    await prompt(page).waitFor();
    product.faults.length = 0;
  });
});

test("the draft outlives its panel's tab: the next panel begins with it, field by field what can be read", async () => {
  const product = new PlayedProduct(lab.media);
  await lab.with({ product }, async (panel) => {
    await lab.fillIn(panel);
    await prompt(panel.page).fill("typed last");
    await eventually(panel.page, async () => JSON.stringify(product.keptDraft ?? "").includes("typed last"));
  });
  await lab.with({ product }, async ({ page }) => {
    await region(page, "End").getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "typed last");
    await page.getByRole("button", { name: "Start Over" }).click();
    await page.getByRole("button", { name: "Choose Start Image…" }).waitFor();
    assert.equal(await prompt(page).inputValue(), "");
    await page.getByRole("button", { name: "Restore My Draft" }).click();
    await region(page, "End").getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "typed last");
  });
});

test("Edit and Re-render… takes no unsent prompt away: it can be gone back to, also after a look at another tab", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "cancelled" })];
  await lab.with({ product }, async ({ page }) => {
    await prompt(page).fill("my own words");
    await putOnStage(page, "job1");
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    await eventually(page, async () => (await prompt(page).inputValue()).startsWith("Locked-off camera."));
    await page.reload();
    await page.getByRole("button", { name: "Restore My Draft" }).click();
    assert.equal(await prompt(page).inputValue(), "my own words");
    assert.equal(await page.getByRole("button", { name: "Restore My Draft" }).count(), 0);
  });
});

test("Edit and Re-render… says of a picture that it is not the one the video was made of", async () => {
  const product = new PlayedProduct(lab.media);
  const made = product.job({ state: "cancelled" });
  const { end } = made.order;
  assert.ok(end.kind === "file");
  product.jobs = [{ ...made, order: { ...made.order, end: { ...end, sourceSha256: "0" } } }];
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    await region(page, "End").getByText("harbour-night.png has changed since this video was made").waitFor();
    assert.equal(await region(page, "Start").getByText("has changed since this video was made").count(), 0);
  });
});
