import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { coverCrop } from "../../../src/shared/model/crop.ts";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { eachLook, excessWidth, violations } from "../../support/page/looks.ts";
import { themes } from "../../support/page/themes.ts";
import { choice, edit, fold, isFocused, takeSize, unfold } from "../../support/page/user.ts";

const shots = "test-results/panel";
let lab: PanelLab;

before(async () => {
  await mkdir(shots, { recursive: true });
  lab = await PanelLab.start();
});
after(() => lab.stop());

const region = (page: Page, side: "Start" | "End") => page.getByRole("region", { name: `${side} Image` });
const cropper = (page: Page, side: "Start" | "End") => page.getByRole("application", { name: `Crop: ${side} Image` });
const size = (page: Page, name: string) => page.getByRole("radio", { name });
const generate = async (page: Page) => {
  await fold(page);
  await page.getByRole("button", { name: "Generate Video" }).click();
};

/** The drawn crop in pixels of the image. */
const drawn = (page: Page, side: "Start" | "End") =>
  cropper(page, side)
    .locator("rect.kept")
    .evaluate((rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name))));

async function sent({ page, product }: OpenPanel) {
  const before = product.generated.length;
  await generate(page);
  await eventually(page, async () => product.generated.length > before);
  await edit(page);
  return product.generated.at(-1);
}

test("left alone, the size that fits best is shown, and sent in so many words", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    // 1600 × 1200 and 1920 × 1080: 3:2 keeps most of the worse one.
    await choice(page, "size").getByText("720 × 480 · best fit", { exact: true }).waitFor();
    await choice(page, "frames").getByText("81 frames", { exact: true }).waitFor();
    await unfold(page, "size");
    assert.equal(await size(page, "Best fit: 720 × 480 (3:2)").isChecked(), true);
    await region(page, "Start").getByText("1600 × 1200 (4:3)").waitFor();
    await region(page, "Start").getByText("Keeps 89%, cuts top and bottom").waitFor();
    await region(page, "End").getByText("Keeps 84%, cuts left and right").waitFor();
    assert.deepEqual((await sent(panel))?.parameters, { resolution: "720x480 (3:2)" });
  });
});

test("what had to be assumed of a picture's colors is said beside it", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    product.assumed = { assumed: "HDR: anything brighter than white is shown and sent as white." };
    await lab.fillIn(panel);
    await region(page, "Start").getByText("HDR: anything brighter than white").waitFor();
    await region(page, "End").getByText("HDR: anything brighter than white").waitFor();
  });
});

test("a resolution of the settings wins over the best fit, and the best fit is one press away", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    product.defaults = { resolution: "480x480 (1:1)" };
    await page.reload();
    await lab.fillIn(panel);
    await unfold(page, "size");
    assert.equal(await size(page, "From settings: 480 × 480 (1:1)").isChecked(), true);
    await page.getByRole("button", { name: "Use 720 × 480 (3:2) to crop less" }).click();
    assert.equal(await page.getByRole("radio", { name: "720 × 480 (3:2)", exact: true }).isChecked(), true);
    assert.deepEqual((await sent(panel))?.parameters, { resolution: "720x480 (3:2)" });
  });
});

test("the sizes are one choice for the keyboard, and the 540 ones say what comes back", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await unfold(page, "size");
    await size(page, "Best fit: 720 × 480 (3:2)").focus();
    for (const expected of ["1280 × 720 (16:9)", "1024 × 576 (16:9)", "960 × 540 (16:9)"]) {
      await page.keyboard.press("ArrowDown");
      assert.ok(await isFocused(page.getByRole("radio", { name: expected, exact: true })), expected);
      assert.ok(await page.getByRole("radio", { name: expected, exact: true }).isChecked(), expected);
    }
    await page.getByText("RunComfy will probably return 960 × 536.").waitFor();
    await size(page, "Best fit").check();
    await page.getByText("RunComfy will probably return").waitFor({ state: "hidden" });
    assert.deepEqual((await sent(panel))?.parameters, { resolution: "720x480 (3:2)" });
  });
});

test("the crop drawn is the rectangle that the worker cuts, wherever the mouse drags it", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await takeSize(page, "720 × 1280 (9:16)");
    await page.keyboard.press("Escape");
    const picture = await cropper(page, "End").locator("svg image").boundingBox();
    assert.ok(picture !== null);
    const start = { x: picture.x + picture.width / 2, y: picture.y + picture.height / 2 };
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(start.x + picture.width * 0.2, start.y, { steps: 5 });
    const dragged = await drawn(page, "End");
    const { rect } = coverCrop({ width: 1920, height: 1080 }, { width: 720, height: 1280 }, { x: 0.7, y: 0.5 });
    assert.ok(Math.abs((dragged[0] ?? 0) - rect.left) < 12, `${dragged} is not ${JSON.stringify(rect)}`);
    // To the edge and no farther, and back again from there at once.
    await page.mouse.move(start.x + picture.width * 3, start.y, { steps: 3 });
    const [left = 0, , width = 0] = await drawn(page, "End");
    assert.ok(Math.abs(left + width - 1920) < 0.01);
    await page.mouse.up();
    await page.mouse.move(start.x, start.y);
    assert.equal((await drawn(page, "End"))[0], left);
    // A press outside the crop brings it there.
    await page.mouse.click(picture.x + 4, start.y);
    assert.equal((await drawn(page, "End"))[0], 0);

    const order = await sent(panel);
    const plan = order?.plans?.end;
    assert.ok(plan?.mode === "crop");
    const told = coverCrop({ width: 1920, height: 1080 }, { width: 720, height: 1280 }, plan.focus, plan.zoom).rect;
    assert.deepEqual(await drawn(page, "End"), [told.left, told.top, told.width, told.height]);
    assert.deepEqual(order?.plans?.start, plan, "framed alike");
  });
});

test("the keyboard moves the crop by steps that always show, to the edge, back to the middle, and zooms", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await takeSize(page, "720 × 720 (1:1)");
    await cropper(page, "End").focus();
    const left = async () => (await drawn(page, "End"))[0] ?? Number.NaN;
    assert.equal(await left(), 420);
    await page.keyboard.press("ArrowRight");
    assert.ok(Math.abs((await left()) - 439.2) <= 1.5);
    await page.keyboard.press("Shift+ArrowRight");
    assert.ok(Math.abs((await left()) - 631.2) <= 1.5);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    assert.equal(await left(), 840);
    await page.keyboard.press("ArrowLeft");
    assert.ok(Math.abs((await left()) - 820.8) <= 1.5, "from the edge the first press is seen");
    await page
      .locator("[aria-live=polite]")
      .filter({ hasText: "Center at 71% from the left, 50% from the top; zoom 1×" })
      .waitFor();
    await page.keyboard.press("Home");
    assert.equal(await left(), 420);
    await page.keyboard.press("+");
    await region(page, "End").getByText("cuts all sides").waitFor();
    await page.keyboard.press("-");

    const slider = region(page, "End").getByRole("slider", { name: "Zoom" });
    await slider.focus();
    await page.keyboard.press("End");
    assert.equal(await slider.getAttribute("aria-valuetext"), "4.00×");
    await region(page, "End").getByText("Keeps 4%, cuts all sides").waitFor();
    assert.deepEqual((await sent(panel))?.plans?.start, { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 4 });
  });
});

test("each image can be framed on its own, whole on blur or on a color of its edge", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("checkbox", { name: "Use the same framing for both" }).first().uncheck();
    const of = (side: string) => page.getByRole("radiogroup", { name: `Framing: ${side} Image` });
    await of("Start").getByRole("radio", { name: "Fit with Blur" }).check();
    await of("End").getByRole("radio", { name: "Fit with Color" }).check();
    await region(page, "Start").getByText("Shown in full, fills 89% of the frame").waitFor();
    await region(page, "End").getByLabel("Color around the image").fill("#336699");
    const apart = await sent(panel);
    assert.deepEqual(apart?.plans, {
      start: { mode: "fit", fill: { kind: "blur" } },
      end: { mode: "fit", fill: { kind: "color", color: "#336699" } },
    });
    await region(page, "End").getByRole("button", { name: "Edge Color" }).click();
    const plan = (await sent(panel))?.plans?.end;
    assert.ok(plan?.mode === "fit" && plan.fill.kind === "color" && plan.fill.color !== "#336699");
    await page.getByRole("checkbox", { name: "Use the same framing for both" }).first().check();
    assert.deepEqual((await sent(panel))?.plans?.end, { mode: "fit", fill: { kind: "blur" } });
  });
});

test("the real pixels are shown when asked for, and follow the framing", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await page.getByRole("checkbox", { name: "Preview Final Crop" }).first().check();
    await page.getByRole("img", { name: "harbour-dawn.png, exactly as it will be sent" }).waitFor();
    await page.getByRole("img", { name: "harbour-night.png, exactly as it will be sent" }).waitFor();
    assert.equal(product.previews.length, 2);
    await page.getByRole("radio", { name: "Fit with Blur" }).first().check();
    await eventually(page, async () => product.previews.length === 4);
    assert.deepEqual(product.previews.at(-1)?.plan, { mode: "fit", fill: { kind: "blur" } });
    assert.deepEqual(product.previews.at(-1)?.size, { width: 720, height: 480 });
    await page.getByRole("checkbox", { name: "Preview Final Crop" }).first().uncheck();
    await region(page, "Start").locator("svg image").first().waitFor();
  });
});

test("one image can be used twice, and the page says that this loops", async () => {
  await lab.with({}, async (panel) => {
    const { page, session } = panel;
    session.patchDraft({ start: lab.media.start });
    await region(page, "End").getByRole("button", { name: "Use the Start Image Here Too (Loop)" }).click();
    await region(page, "End").getByText("harbour-dawn.png").waitFor();
    await page
      .getByText("Start and end look the same, so the video will loop. Say in the prompt what moves.")
      .waitFor();
    session.patchDraft({ end: lab.media.end });
    await page.getByText("Start and end look the same").waitFor({ state: "detached" });
  });
});

/** Gives the page a picture as a drop or a paste does. */
const give = (target: Locator, kind: "drop" | "paste", bytes: Buffer, type = "image/png") =>
  target.evaluate(
    (element, given) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(given.base64), (byte) => byte.charCodeAt(0));
      data.items.add(
        new File([content], given.kind === "drop" ? "from desktop.png" : "image.png", { type: given.type }),
      );
      const options = { bubbles: true, cancelable: true, composed: true };
      element.dispatchEvent(
        given.kind === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data }),
      );
    },
    { kind, base64: bytes.toString("base64"), type },
  );

test("a picture pasted or dropped from outside becomes a file, on the side that has the focus or the pointer", async () => {
  await lab.with({}, async ({ page, product }) => {
    const bytes = await readFile(lab.media.portrait);
    await give(region(page, "End").getByRole("button"), "paste", bytes);
    await region(page, "End").getByText("tower.png").waitFor();
    assert.deepEqual(product.kept[0], { name: "image.png", bytes });
    // Between the sides: the first that is empty.
    await give(page.getByRole("button", { name: "Swap Start and End Image" }), "paste", bytes);
    await region(page, "Start").getByText("tower.png").waitFor();
    await page.getByRole("button", { name: "Clear Start Image" }).click();
    await give(region(page, "Start"), "drop", bytes);
    await region(page, "Start").getByText("tower.png").waitFor();
    assert.equal(product.kept[2]?.name, "from desktop.png");
    await page.getByRole("button", { name: "Clear Start Image" }).click();
    await give(region(page, "Start"), "drop", Buffer.from("no picture"));
    await region(page, "Start").getByText("Something is wrong: notAnImage.").waitFor();
  });
});

test("an earlier pair comes back with its framing", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    const recent = page.getByRole("button", { name: "Recent Pairs" });
    await recent.click();
    await page.getByText("Image pairs from your videos appear here.").waitFor();
    await recent.click();
    const job = product.job({ state: "cancelled" });
    const plan = { mode: "fit", fill: { kind: "blur" } } as const;
    const { start, end } = job.order;
    assert.ok(start.kind === "file" && end.kind === "file");
    product.setJobs([{ ...job, order: { ...job.order, start: { ...start, plan }, end: { ...end, plan } } }]);
    await recent.click();
    await eventually(page, () => isFocused(page.getByRole("button", { name: "harbour-dawn.png → harbour-night.png" })));
    await page.keyboard.press("Escape");
    assert.ok(await isFocused(recent));
    await recent.click();
    await page.getByRole("button", { name: "harbour-dawn.png → harbour-night.png" }).click();
    await region(page, "End").getByText("harbour-night.png").waitFor();
    assert.equal(await page.getByRole("radio", { name: "Fit with Blur" }).first().isChecked(), true);
  });
});

test("the pair and its framing", async (t) => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("checkbox", { name: "Use the same framing for both" }).first().uncheck();
    await page
      .getByRole("radiogroup", { name: "Framing: End Image" })
      .getByRole("radio", { name: "Fit with Blur" })
      .click();
    await takeSize(page, "960 × 540 (16:9)");
    await page.getByRole("button", { name: "Recent Pairs" }).click();
    await cropper(page, "Start").focus();
    await page.keyboard.press("+");
    const looks = [
      { theme: themes.light, width: 800 },
      { theme: themes.dark, width: 1400 },
      { theme: themes.highContrast, width: 1400 },
      { theme: themes.highContrastLight, width: 320 },
    ];
    await eachLook(t, panel, looks, async ({ theme, width }) => {
      assert.deepEqual(await violations(panel), []);
      assert.equal(await excessWidth(panel), 0);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.max(height, 800) });
      await page.screenshot({ path: `${shots}/pair-${theme.name}-${width}.png`, fullPage: true });
    });
  });
});
