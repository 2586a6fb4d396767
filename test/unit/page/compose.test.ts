/** Composing a video: the pair, the prompt and the row of choices, as they lie and as they are reached. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { enlargedText, isBlown, isCut } from "../../../src/page/pair/captions.ts";
import { centerCrop } from "../../../src/shared/model/plan.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { excessWidth } from "../../support/page/looks.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { choice, fold, isFocused, prompt, region, settled, takeSize, unfold } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const choices = ["size", "frames", "rate", "seed", "preset", "advanced"] as const;
const frame = (page: Page, side: "start" | "end") => page.locator(`#${side}`);

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  assert.ok(box !== null);
  return { ...box, bottom: box.y + box.height, right: box.x + box.width };
}

test("pair, prompt, choices, price and Generate are in view together, for every shape of video", async () => {
  const product = new PlayedProduct(lab.media);
  product.typical = 80_000;
  product.price = { kind: "known", usd: 0.05, unit: "second" };
  product.folder = "/project/videos";
  await lab.with({ product, width: 786, height: 772 }, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    await page.getByText("Usually about").waitFor();
    for (const resolution of [
      "1280x720 (16:9)",
      "720x480 (3:2)",
      "720x720 (1:1)",
      "480x720 (2:3)",
      "720x1280 (9:16)",
    ]) {
      session.patchDraft({ parameters: { resolution } });
      await settled(page);
      for (const part of [
        "#start",
        "#end",
        ".image.end > .caption",
        ".prompt-box",
        ".choices",
        ".summary",
        "flf-generate > vscode-button",
      ]) {
        const { y, bottom, x, right } = await boxOf(page.locator(part));
        assert.ok(y >= 0 && bottom <= 772 && x >= 0 && right <= 786, `${part} of ${resolution} ends at ${bottom}`);
      }
    }
    assert.equal(await page.evaluate(() => window.scrollY), 0);
  });
});

test("the frames have the shape of the video, side by side at every width", async () => {
  await lab.with({ height: 800 }, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    for (const [resolution, ratio] of [
      ["1280x720 (16:9)", 16 / 9],
      ["720x1280 (9:16)", 9 / 16],
    ] as const) {
      session.patchDraft({ parameters: { resolution } });
      for (const width of [320, 520, 786, 1300, 1900]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        const [start, end] = [await boxOf(frame(page, "start")), await boxOf(frame(page, "end"))];
        assert.ok(Math.abs(start.width / start.height - ratio) < 0.03, `${start.width} × ${start.height} at ${width}`);
        assert.deepEqual([end.width, end.height, end.y], [start.width, start.height, start.y]);
        assert.ok(end.x > start.right && start.width >= 60);
        const swap = await boxOf(page.locator(".swap"));
        assert.ok(Math.abs(swap.y + swap.height / 2 - (start.y + start.height / 2)) < 2, "level with the middle");
      }
    }
  });
});

test("nothing sticks out at 320 px, whatever is open", async () => {
  await lab.with({ width: 320, height: 700 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    for (const name of choices) {
      const popover = await unfold(page, name);
      await eventually(page, async () => {
        const { x, right, y, bottom } = await boxOf(popover);
        return x >= 0 && right <= 320 && y >= 0 && bottom <= 700;
      });
      assert.equal(await excessWidth(panel), 0, name);
    }
    await fold(page);
    await frame(page, "end").hover();
    await frame(page, "end").focus();
    await page.keyboard.press("Tab");
    assert.equal(await excessWidth(panel), 0, "framing");
  });
});

test("framing is quiet while nothing is cut, comes with pointer and focus, stays where something is cut, and moves nothing", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await takeSize(page, "1280 × 720 (16:9)");
    await fold(page);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.mouse.move(0, 0);
    const shown = (side: "start" | "end") =>
      page
        .locator(`.image.${side} flf-framing`)
        .evaluate((element) =>
          Promise.all(element.getAnimations().map((each) => each.finished)).then(
            () => getComputedStyle(element).opacity === "1",
          ),
        );
    const prompts = async () => (await boxOf(page.locator(".prompt-box"))).y;
    const before = await prompts();
    assert.deepEqual([await shown("start"), await shown("end")], [true, false], "only the start is cut");
    await frame(page, "end").hover();
    assert.ok(await shown("end"));
    await page.mouse.move(0, 0);
    assert.ok(!(await shown("end")));
    await frame(page, "end").focus();
    assert.ok(await shown("end"));
    assert.equal(await prompts(), before);
  });
});

test("the framing of an image is one stop of Tab whose tools the arrow keys reach", async () => {
  await lab.with({ width: 900, height: 772 }, async (panel) => {
    const { page } = panel;
    await page.setViewportSize({ width: 786, height: 772 });
    await lab.fillIn(panel);
    const tools = page.getByRole("toolbar", { name: "Framing: End Image" });
    const tool = (role: "radio" | "slider" | "checkbox" | "button", name: string) => tools.getByRole(role, { name });
    assert.equal(await tools.locator("[tabindex='0']").count(), 1);
    await tool("radio", "Crop").focus();
    await page.keyboard.press("ArrowRight");
    assert.ok(await isFocused(tool("radio", "Fit with Blur")));
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.ok(await isFocused(tool("checkbox", "Preview Final Crop")), "around the end");
    await page.keyboard.press("Home");
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press("ArrowRight");
    assert.ok(await isFocused(tool("slider", "Zoom")));
    await page.keyboard.press("ArrowUp");
    assert.equal(await tool("slider", "Zoom").getAttribute("aria-valuetext"), "1.05×");
    await page.keyboard.press("ArrowRight");
    assert.ok(await isFocused(tool("button", "Reset Framing")));
    await page.keyboard.press("Enter");
    assert.equal(await tool("slider", "Zoom").getAttribute("aria-valuetext"), "1.00×");
    await page.keyboard.press("Tab");
    assert.ok(!(await tools.evaluate((element) => element.contains(document.activeElement))));
    await page.keyboard.press("Shift+Tab");
    assert.ok(await tools.evaluate((element) => element.contains(document.activeElement)));
    await tool("radio", "Fit with Color").click();
    assert.ok(await tool("radio", "Fit with Color").isChecked());
  });
});

test("a choice opens by Enter, is closed by Escape, Enter and a press elsewhere, and gives the focus back", async () => {
  await lab.with({ width: 786, height: 772 }, async ({ page }) => {
    for (const name of choices) {
      await choice(page, name).focus();
      await page.keyboard.press("Enter");
      const popover = page.locator(`#choice-${name}-popover`);
      await popover.waitFor();
      await eventually(page, () => popover.evaluate((element) => element.contains(document.activeElement)));
      assert.equal(await choice(page, name).getAttribute("aria-expanded"), "true");
      await page.keyboard.press("Escape");
      await popover.waitFor({ state: "hidden" });
      await eventually(page, () => isFocused(choice(page, name)));
    }
    await unfold(page, "rate");
    await page.locator("#fps").fill("20");
    await page.keyboard.press("Enter");
    await eventually(page, () => isFocused(choice(page, "rate")));
    await choice(page, "rate").getByText("20 fps · 4.05 sec", { exact: true }).waitFor();
    await unfold(page, "rate");
    await prompt(page).click();
    await page.locator("#fps").waitFor({ state: "hidden" });
    await unfold(page, "seed");
    for (let stops = 0; stops < 6; stops++) await page.keyboard.press("Tab");
    await page.locator("#seed").waitFor({ state: "hidden" });
  });
});

test("a wrong value is said at its choice, and Generate opens the choice and goes to the field", async () => {
  await lab.with({ width: 786, height: 772 }, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    for (const [name, field, text] of [
      ["rate", "fps", "99"],
      ["seed", "seed", "x"],
      ["advanced", "cfg", "9"],
      ["frames", "length", "80"],
      ["size", "resolution", "1x1"],
    ] as const) {
      session.patchDraft({ parameters: { [field]: text } });
      await page.locator(`#choice-${name}[data-invalid]`).waitFor();
      const message = await page.locator(`#${field}-message`).textContent();
      assert.equal(await choice(page, name).getAttribute("aria-description"), message?.trim());
      assert.equal(await page.locator(".choice[data-invalid]").count(), 1);
      if (name !== "advanced") await choice(page, name).getByText(text).waitFor();
      await prompt(page).press("Control+Enter");
      await eventually(page, () => isFocused(page.locator(`#${field}`)));
      await page.locator(`#${field}-message`).waitFor();
      await page.keyboard.press("Escape");
      await eventually(page, () => isFocused(choice(page, name)));
    }
  });
});

test("arrow keys choose in a list that is closed, and Enter opens it", async () => {
  await lab.with({ width: 786, height: 772 }, async ({ page }) => {
    await unfold(page, "advanced");
    const list = page.getByRole("combobox", { name: "Image Hosting" });
    await list.focus();
    const value = () => list.evaluate((select: HTMLSelectElement) => select.value);
    await page.keyboard.press("ArrowUp");
    assert.equal(await value(), "", "there is none before the first");
    for (const expected of ["dataUri", "s3", "put", "put"]) {
      await page.keyboard.press("ArrowDown");
      assert.equal(await value(), expected);
      assert.equal(await list.evaluate((select) => select.matches(":open")), false);
    }
    await page.keyboard.press("Enter");
    assert.equal(await list.evaluate((select) => select.matches(":open")), true);
    await page.keyboard.press("Escape");
    await page.locator("#hosting").waitFor();
  });
});

test("an image that is enlarged much is a warning, from twice on", () => {
  const [small, target] = [
    { width: 640, height: 360 },
    { width: 1280, height: 720 },
  ];
  assert.equal(isBlown(small, target, centerCrop), true);
  assert.equal(enlargedText(small, target, centerCrop), "Enlarged 2×, so it will look soft");
  const larger = { width: 660, height: 372 };
  assert.equal(isBlown(larger, target, centerCrop), false);
  assert.equal(enlargedText(larger, target, centerCrop), "Enlarged 1.9×");
  assert.equal(isCut(small, target, centerCrop), false);
  assert.equal(isCut(small, { width: 720, height: 720 }, centerCrop), true);
  assert.equal(isCut(small, { width: 720, height: 720 }, { mode: "fit", fill: { kind: "blur" } }), false);
});

test("a long name keeps both its ends", async () => {
  await lab.with({ width: 320, height: 700 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.evaluate(() => document.querySelector<HTMLElement>("flf-pair")?.style.setProperty("font-size", "20px"));
    const name = region(page, "End").locator(".both-ends");
    assert.equal((await name.textContent())?.trim(), "harbour-night.png");
    const [whole, tail] = [await boxOf(name), await boxOf(name.locator(".tail"))];
    assert.ok(Math.abs(tail.right - whole.right) < 1, "the end is not cut");
    const head = name.locator(".head");
    assert.ok(await head.evaluate((element) => element.scrollWidth > element.clientWidth), "the middle is");
    assert.match((await region(page, "End").locator(".caption").getAttribute("title")) ?? "", /harbour-night\.png$/);
  });
});

test("recent pairs show their pictures", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "cancelled" })];
  await lab.with({ product }, async ({ page }) => {
    await page.getByRole("button", { name: "Recent Pairs" }).click();
    await page.locator("#recent-pairs img").nth(1).waitFor();
    assert.equal(await page.locator("#recent-pairs img").count(), 2);
  });
});
