import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { type ChoiceName, choice } from "../../support/vscode/choices.ts";
import { quickPickByKey, runCommand, showingPanel } from "../../support/vscode/workbench.ts";
import type { PanelDesk } from "./desk.ts";

/** More stops of Tab than the panel has. */
const most = 120;

/** The whole way from an empty panel to a saved frame, without a mouse. */
export function keyboardTests(desk: () => PanelDesk): void {
  /** Presses Tab until something has the focus, or anything inside it. */
  const tabTo = async (target: Locator) => {
    const { page } = desk();
    for (let stops = 0; stops < most; stops++) {
      if (await target.evaluate((element) => element.contains(document.activeElement))) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not lead to ${target}`);
  };

  test("the keyboard alone makes a video and looks at it", async () => {
    const { page, panel, code, prompt } = desk();
    await code.command("workbench.action.closeAllEditors");
    await showingPanel(page, () => runCommand(page, "Wan FLF2V: Open Studio"));
    // The panel comes back with the last draft.
    await tabTo(panel.getByRole("button", { name: "Start Over" }));
    await page.keyboard.press("Enter");
    for (const [side, name] of [
      ["start", "lighthouse_start.png"],
      ["end", "lighthouse_end.png"],
    ] as const) {
      await panel.locator(`#${side}.tile`).waitFor();
      await tabTo(panel.locator(`#${side}`));
      await page.keyboard.press("Enter");
      await quickPickByKey(page, name);
      await desk().side(side).getByText(name).waitFor();
    }
    await panel.locator("#end.movable").waitFor();
    await tabTo(panel.locator("#end"));
    for (const key of ["+", "ArrowRight"]) await page.keyboard.press(key);
    await desk().side("end").getByText("zoom 1.05×").first().waitFor({ state: "attached" });
    const alike = desk().side("end").getByRole("checkbox", { name: "Use the same framing for both" });
    await tabTo(desk().side("end").getByRole("toolbar"));
    for (const key of ["End", "ArrowLeft"]) await page.keyboard.press(key);
    await alike.and(panel.locator(":focus")).waitFor();
    await page.keyboard.press("Space");

    await tabTo(prompt);
    await page.keyboard.type("Night falls");
    await tabTo(panel.getByRole("button", { name: "Camera" }));
    await page.keyboard.press("ArrowDown");
    await panel.locator("#chips-camera-menu [role=menuitem]:focus").waitFor();
    await page.keyboard.press("Enter");
    await panel.getByText(/^[3-9] words/).waitFor();
    const open = async (name: ChoiceName, place: string) => {
      await tabTo(choice(panel, name));
      await page.keyboard.press("Enter");
      await panel.locator(`${place}:focus`).waitFor();
    };
    await open("size", "#resolution input");
    for (let steps = 0; steps < 6; steps++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await open("preset", "[id^=preset-]");
    for (const key of ["Home", "ArrowRight", "ArrowRight", "Enter", "Escape"]) await page.keyboard.press(key);
    await choice(panel, "rate").getByText("24 fps · 3.38 sec").waitFor();
    await open("rate", "#fps");
    for (const key of ["Home", "Shift+End"]) await page.keyboard.press(key);
    await page.keyboard.type("12");
    await page.keyboard.press("Enter");
    await choice(panel, "rate").getByText("12 fps · 6.75 sec").waitFor();

    const order = await desk().order(() => page.keyboard.press("ControlOrMeta+Enter"));
    assert.equal(order.request.parameters["159_frame_rate"], 12);
    await desk().finish(order);
    await tabTo(order.card.locator(".screen"));
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await order.card.getByText("Frame 3 of 81").first().waitFor();
    await tabTo(order.card.getByRole("button", { name: "Save Frame as PNG" }));
    await page.keyboard.press("Enter");
    await order.card.getByText(/^Frame 3 is saved as /).waitFor();
    await tabTo(order.card.getByRole("button", { name: "Edit and Re-render…" }));
    await page.keyboard.press("Enter");
    await panel.locator("#prompt:focus").waitFor();
  });
}
