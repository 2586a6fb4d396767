/** The page in another language: every text that is the product's own is translated, wherever it is shown. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { resolutions } from "../../../src/shared/model/parameters.ts";
import { presetIds } from "../../../src/shared/model/presets.ts";
import { chips, starters } from "../../../src/shared/prompt/prompting.ts";
import { makeCopies } from "../../support/page/fixtures.ts";
import { type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { unfold } from "../../support/page/user.ts";

let lab: PanelLab;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-translated-"));
  lab = await PanelLab.start();
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

/** What is no text of the page's in this panel: of the user, of the host, of the model, or no word at all. */
const foreign: readonly (string | RegExp)[] = [
  ...Object.values(starters),
  ...Object.values(chips).flatMap((group) => Object.values(group)),
  ...resolutions,
  /^[“]?(harbour|tower|\/|The sun sinks|Locked-off camera|Cost: 0)/,
  // A number, a ratio, a time.
  /^[\d:,.×%\s]+$/,
];

test("no text of the page is left in English, whatever it shows", async () => {
  const product = new PlayedProduct(lab.media);
  product.typical = 80_000;
  product.price = { kind: "known", usd: 0.05, unit: "second" };
  product.copies = await makeCopies(lab.media, folder);
  const described = product.describe;
  product.describe = (job) => {
    const { state, actions } = described(job);
    return { state: `‹${state}›`, actions: actions.map(({ id, label }) => ({ id, label: `‹${label}›` })) };
  };
  product.problemText = ({ code }) => ({ message: `‹${code}›` });
  product.jobs = [
    product.job(
      { state: "saved", requestId: "r1", video: "/project/videos/harbour.mp4", cost: 0.2531, recipe: "" },
      { id: "job1" },
    ),
    product.job(
      { state: "saved", requestId: "r2", video: "/project/videos/harbour-2.mp4", cost: 0.2531, recipe: "" },
      { id: "job2" },
    ),
    product.job({ state: "running", requestId: "r3" }, { id: "job3" }),
  ];
  await lab.with({ product, translated: true, height: 3000 }, async (panel) => {
    const { page } = panel;
    const isWhole = async (what: string) => assert.deepEqual(await untranslated(panel), [], what);
    const press = async (name: string) => {
      await page.getByRole("button", { name, exact: true }).first().click();
      await page.evaluate(() => new Promise(requestAnimationFrame));
    };
    await isWhole("empty, with videos");
    await press("‹Generate Video›");
    await isWhole("what is missing");
    for (const menu of ["‹Starters›", "‹Camera›", "‹Pace›", "‹Strength›", "‹Recent›"]) {
      await press(menu);
      await isWhole(menu);
      await page.keyboard.press("Escape");
    }
    await unfold(page, "preset");
    for (const preset of presetIds) {
      await page.locator(`#preset-${preset}`).click();
      await isWhole(preset);
    }
    await unfold(page, "rate");
    await page.locator("#fps").fill("99");
    await unfold(page, "seed");
    await page.locator("#seed").fill("7.5");
    await page.locator("#shift").evaluate((field: HTMLInputElement) => {
      field.value = "much";
      field.dispatchEvent(new Event("input"));
    });
    await isWhole("flawed");
    await page.locator("#seed").fill("7");
    await unfold(page, "rate");
    await page.locator("#fps").fill("");
    await page.keyboard.press("Escape");
    await lab.fillIn(panel);
    await isWhole("filled in");
    for (const prompt of ["no people, a {subject}", "Slow dolly-in, then pan left.", "word ".repeat(120)]) {
      await page.locator("#prompt").fill(prompt);
      await page.locator("#prompt").blur();
      await isWhole(prompt);
    }
    for (const framing of ["‹Fit with Blur›", "‹Fit with Color›", "‹Crop›"]) {
      await page.getByRole("radio", { name: framing, exact: true }).first().click();
      await isWhole(framing);
    }
    await page.locator("#start").press("ArrowLeft");
    await isWhole("a moved crop");
    await page.getByRole("checkbox", { name: "‹Use the same framing for both›" }).first().click();
    await page.getByRole("checkbox", { name: "‹Preview Final Crop›" }).first().click();
    await press("‹Recent Pairs›");
    await isWhole("framed apart");
    await page.keyboard.press("Escape");
    await press("‹Start Over›");
    await isWhole("started anew");
    panel.session.showJob("job3");
    await page.locator('article[data-state="running"]').waitFor();
    await isWhole("a run");
    panel.session.showJob("job2");
    await page.locator("[data-verdict]").first().waitFor();
    await isWhole("measured");
    await page.locator("select.against").first().selectOption({ index: 1 });
    await isWhole("against an image");
    await press("‹Save Frame as PNG›");
    await page.getByRole("button", { name: "‹Compare Takes›" }).first().click();
    await page.locator("flf-takes .transport").waitFor();
    await isWhole("takes side by side");
  });
});

/** The texts of the page that are neither marked nor foreign, with the places where they are shown. */
async function untranslated({ page }: OpenPanel): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const found: { text: string; place: string }[] = [];
    const walk = (root: Element | ShadowRoot): void => {
      for (const node of root.childNodes) {
        if (node instanceof Text) {
          found.push({ text: node.data, place: root instanceof Element ? root.localName : "shadow" });
        } else if (node instanceof Element && node.localName !== "style" && node.localName !== "script") {
          for (const name of [
            "aria-label",
            "aria-valuetext",
            "aria-description",
            "title",
            "placeholder",
            "alt",
            "label",
          ]) {
            found.push({ text: node.getAttribute(name) ?? "", place: `${node.localName}[${name}]` });
          }
          walk(node);
          if (node.shadowRoot !== null) {
            walk(node.shadowRoot);
          }
        }
      }
    };
    walk(document.body);
    return found;
  });
  return shown
    .map(({ text, place }) => ({ text: text.trim(), place }))
    .filter(({ text }) => text !== "" && !/^‹.*›$/s.test(text) && !isForeign(text))
    .map(({ text, place }) => `${place}: ${text}`);
}

function isForeign(text: string): boolean {
  return foreign.some((each) => (typeof each === "string" ? each === text : each.test(text)));
}
