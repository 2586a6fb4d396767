import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { sizeOf } from "../../../src/shared/model/parameters.ts";
import { takeSize } from "../../support/vscode/choices.ts";
import { whenFolderShows } from "../../support/vscode/waiting.ts";
import { notification } from "../../support/vscode/workbench.ts";
import { lanczos, psnr } from "../../unit/images/render.ts";
import { type Ordered, type PanelDesk, seen } from "./desk.ts";
import { judge } from "./judge.ts";
import { announced } from "./pair.ts";
import { pixelsOf } from "./pixels.ts";

/** From Generate to the end of a job, and what the panel says meanwhile. */
export function runningTests(desk: () => PanelDesk): void {
  const target = sizeOf({ resolution: "480x480 (1:1)" });
  let first: Ordered;

  test("what reaches the service is what was shown: the announced crop of both images, to the pixel", async () => {
    const { panel, page, service } = desk();
    await desk().side("start").getByRole("checkbox", { name: "Use the same framing for both" }).uncheck();
    await panel.locator("#start").focus();
    for (const key of ["Shift+ArrowLeft", "+", "+"]) await page.keyboard.press(key);
    await panel.locator("#end").focus();
    for (const key of ["Shift+ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    const rects = { start: await announced(desk(), "start"), end: await announced(desk(), "end") };
    assert.ok(rects.start.left < 190 && rects.end.top > 200, "both crops have been moved off their middle");
    first = await desk().order();
    const sent = service.uploads(first.request.requestId);
    assert.ok(sent !== undefined);
    for (const [side, name] of [
      ["start", "wide_start.png"],
      ["end", "tall_end.png"],
    ] as const) {
      const likeness = psnr(await pixelsOf(sent[side]), lanczos(seen(name), rects[side], target));
      assert.ok(likeness >= 45, `${side}: ${likeness} dB`);
    }
  });

  test("of several videos each comes to the stage with its state, its time and what can be done", async () => {
    const { panel, prompt, page, service } = desk();
    await desk().open("images/lighthouse_start.png", "images/lighthouse_end.png");
    await desk().side("end").getByText("1280 × 720 (16:9)").waitFor();
    await takeSize(panel, "1024 × 576 (16:9)");
    await judge(desk(), "filled");
    await prompt.press("End");
    await page.keyboard.type(", slowly");
    const second = await desk().order(() => page.keyboard.press("ControlOrMeta+Enter"));
    await second.card.getByText(/^In the queue, position \d+$/).waitFor();
    await second.card.locator(".prompt", { hasText: "Night falls; the lamp begins to turn, slowly" }).waitFor();
    const clock = second.card.getByRole("timer");
    const before = await clock.textContent();
    await second.card.getByText(before ?? "", { exact: true }).waitFor({ state: "detached" });
    await service.advance("in_progress", first.request.requestId);
    await desk().watch(first);
    await first.card.locator(".sentence", { hasText: "Rendering" }).waitFor();
    assert.equal(await first.card.getByRole("button", { name: /Cancel/ }).count(), 0, "what runs cannot be cancelled");
    await judge(desk(), "running");
    await desk().watch(second);
    await second.card.getByRole("button", { name: "Cancel", exact: true }).click();
    await second.card.getByText(/^RunComfy removed it from the queue\./).waitFor();
    await panel.locator('main > [role="status"]', { hasText: /: Cancelled/ }).waitFor({ state: "attached" });
    assert.equal(service.requests().at(-1)?.cancelled, true);
    await second.card.getByRole("button", { name: "Remove from List" }).click();
    await second.card.waitFor({ state: "detached" });
  });

  test("a run that failed says why, and can be changed and run again", async () => {
    const { service, prompt } = desk();
    service.setFaults([{ on: "submit", do: { failRun: { error: "The prompt was refused" } } }]);
    const failed = await desk().order();
    service.setFaults([]);
    await service.advance("completed", failed.request.requestId);
    await failed.card.getByText(/The prompt was refused/).waitFor();
    await judge(desk(), "failed");
    await desk().compose();
    await prompt.fill("something else");
    await desk().watch(failed);
    await failed.card.getByRole("button", { name: "Edit and Re-render…" }).click();
    await desk()
      .panel.getByText(/^The form now has the images, prompt, and settings of .*\.$/)
      .waitFor({ state: "attached" });
    assert.equal(await prompt.inputValue(), "Night falls; the lamp begins to turn, slowly");
    await desk().watch(failed);
    await failed.card.getByRole("button", { name: "Remove from List" }).click();
  });

  test("the panel may be closed meanwhile: the video is saved, and there when it is opened again", async () => {
    const { code, service, folder, panel, page } = desk();
    await code.command("workbench.action.closeActiveEditor");
    await service.advance("completed", first.request.requestId);
    await whenFolderShows(join(folder, "videos"), "the recipe of the video", async () =>
      (await readdir(join(folder, "videos"))).find((name) => name.endsWith(".flf.json")),
    );
    await notification(page, /is ready\.$/);
    await code.command("notifications.clearAll");
    await desk().open("images/lighthouse_start.png", "images/lighthouse_end.png");
    await desk().watch(first);
    await panel.getByText("The last frame matches the end image.").waitFor();
  });
}
