import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import type { Side } from "../../../src/shared/model/side.ts";
import { takeSize, unfold } from "../../support/vscode/choices.ts";
import { explorerRow, quickPick, runCommand, selectInExplorer } from "../../support/vscode/workbench.ts";
import type { PanelDesk } from "./desk.ts";
import { judge } from "./judge.ts";

const start = "lighthouse_start.png";
const end = "lighthouse_end.png";

/** Drags with the mouse from the left end of one thing to the middle of another. */
async function drag({ page }: PanelDesk, from: Locator, to: Locator): Promise<void> {
  const [source, target] = [await from.boundingBox(), await to.boundingBox()];
  assert.ok(source !== null && target !== null);
  await page.mouse.move(source.x + 40, source.y + source.height / 2);
  await page.mouse.down();
  await page.mouse.move(source.x + 60, source.y + source.height / 2, { steps: 3 });
  // With Shift, the workbench lets a drag through to a webview.
  await page.keyboard.down("Shift");
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  // The workbench learns from the next movement above itself that the drag has ended.
  await page.mouse.move(source.x + 40, source.y + source.height / 2, { steps: 2 });
}

/** What of an image is sent, as the panel draws it: in pixels of the image. */
export async function announced(
  desk: PanelDesk,
  side: Side,
): Promise<{ left: number; top: number; width: number; height: number }> {
  const kept = desk.side(side).locator("rect.kept");
  const number = async (name: string) => Number(await kept.getAttribute(name));
  return {
    ...{ left: await number("x"), top: await number("y") },
    ...{ width: await number("width"), height: await number("height") },
  };
}

/** Putting a pair together and framing it, by mouse. */
export function pairTests(desk: () => PanelDesk): void {
  test("the empty panel says what to do, and is in reach of everybody", async () => {
    await desk().code.command("wanFlf2v.openPanel");
    await desk().panel.getByRole("button", { name: "Choose Start Image…" }).waitFor();
    await desk().panel.getByText("The videos you generate appear here.").waitFor();
    await judge(desk(), "empty");
  });

  test("images come from the explorer by drag and drop: two find their sides by name, one stays where it is put", async () => {
    const { page, code } = desk();
    await code.command("workbench.view.explorer");
    await selectInExplorer(page, [`images/${end}`, `images/${start}`]);
    await code.command("wanFlf2v.openPanel");
    await drag(desk(), explorerRow(page, end), desk().panel.locator("#end"));
    await desk().side("start").getByText(start).waitFor();
    await desk().side("end").getByText(end).waitFor();
    await desk().side("end").getByText("1280 × 720 (16:9)").waitFor();
    await drag(desk(), explorerRow(page, "lighthouse-portrait_end.png"), desk().panel.locator("#start"));
    await desk().side("start").getByText("lighthouse-portrait_end.png").waitFor();
    await desk().side("end").getByText(end).waitFor();
  });

  test("images come from the desktop, from the clipboard and from the list of the project", async () => {
    const { page, folder, panel } = desk();
    const base64 = (await readFile(join(folder, "images", start))).toString("base64");
    await desk()
      .side("start")
      .evaluate((section, data) => {
        const dataTransfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], "from the desktop.png", { type: "image/png" }));
        for (const type of ["dragover", "drop"]) {
          const options = { dataTransfer, shiftKey: true, bubbles: true, cancelable: true };
          section.dispatchEvent(new DragEvent(type, options));
        }
      }, base64);
    await desk()
      .side("start")
      .getByText(/1280 × 720/)
      .waitFor();

    await desk().side("end").getByRole("button", { name: "Clear End Image" }).click();
    await page.evaluate(async (data) => {
      const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
    }, base64);
    await panel.locator("#end").focus();
    await page.keyboard.press("ControlOrMeta+v");
    await desk()
      .side("end")
      .getByText(/1280 × 720/)
      .waitFor();

    await desk().side("start").getByRole("button", { name: "Replace Start Image…" }).click();
    await quickPick(page, "lighthouse-portrait_start.png");
    await desk().side("start").getByText("lighthouse-portrait_start.png").waitFor();
  });

  test("a pair is swapped, and one image used twice, which is told to loop", async () => {
    await desk().open(`images/${start}`, `images/${end}`);
    const { panel } = desk();
    await panel.getByRole("button", { name: "Swap Start and End Image" }).click();
    await desk().side("start").getByText(end).waitFor();
    await panel.getByRole("button", { name: "Swap Start and End Image" }).click();
    await desk().side("start").getByText(start).waitFor();
    await panel.getByRole("button", { name: "Clear End Image" }).click();
    await panel.getByRole("button", { name: "Use the Start Image Here Too (Loop)" }).click();
    await panel
      .getByText("Start and end look the same, so the video will loop. Say in the prompt what moves.")
      .waitFor();
  });

  test("the crop is dragged, moved by keys and zoomed, together or apart, and its loss is told", async () => {
    const { page, panel } = desk();
    await desk().open("known/wide_start.png", "known/tall_end.png");
    await desk().side("end").getByText("520 × 800 (13:20)").waitFor();
    await takeSize(panel, "480 × 480 (1:1)");
    await desk().side("start").getByText("Keeps 56%, cuts left and right").waitFor();
    await desk().side("end").getByText("Keeps 65%, cuts top and bottom").waitFor();
    await unfold(panel, "size");
    await panel.getByRole("radio", { name: "960 × 540 (16:9)", exact: true }).check();
    await panel.getByText("RunComfy will probably return 960 × 536.").waitFor();
    await takeSize(panel, "480 × 480 (1:1)");

    const framing = desk().side("start").getByRole("toolbar");
    await framing.getByRole("checkbox", { name: "Use the same framing for both" }).uncheck();
    const picture = await panel.locator("#start svg").boundingBox();
    assert.ok(picture !== null);
    const middle = picture.y + picture.height / 2;
    await page.mouse.move(picture.x + picture.width / 2, middle);
    await page.mouse.down();
    await page.mouse.move(picture.x + 4, middle, { steps: 3 });
    await page.mouse.up();
    assert.equal((await announced(desk(), "start")).left, 0, "dragged out to the left, the crop stands at the edge");
    assert.equal(Math.round((await announced(desk(), "end")).top), 140, "framed apart, the other one stays");
    await panel.locator("#end").focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("+");
    await desk().side("end").getByText("zoom 1.05×").first().waitFor();
    const moved = await announced(desk(), "end");
    assert.ok(moved.top > 200 && moved.width < 500, JSON.stringify(moved));

    await framing.getByRole("checkbox", { name: "Use the same framing for both" }).check();
    await framing.getByRole("radio", { name: "Fit with Blur" }).check();
    await desk().side("start").getByText("Shown in full, fills 56% of the frame").waitFor();
    await framing.getByRole("radio", { name: "Fit with Color" }).check();
    await framing.getByRole("button", { name: "Edge Color" }).click();
    await framing.getByRole("checkbox", { name: "Preview Final Crop" }).check();
    await panel.getByRole("img", { name: "wide_start.png, exactly as it will be sent" }).waitFor();
    await framing.getByRole("checkbox", { name: "Preview Final Crop" }).uncheck();
    await framing.getByRole("radio", { name: "Crop", exact: true }).check();
    await framing.getByRole("slider", { name: /Zoom/ }).fill("1.5");
    await desk().side("start").getByText("Keeps 25%, cuts all sides").waitFor();
    await framing.getByRole("button", { name: "Reset Framing" }).click();
    await desk().side("start").getByText("Keeps 56%, cuts left and right").waitFor();
  });

  test("the palette opens the panel with what is in it", async () => {
    await runCommand(desk().page, "Wan FLF2V: Open Studio");
    await desk().side("start").getByText("wide_start.png").waitFor();
  });
}
