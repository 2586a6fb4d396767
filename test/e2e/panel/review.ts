import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { basename, join, relative } from "node:path";
import { after, test } from "node:test";
import type { Locator } from "playwright-core";
import { numberedVideo, readNumber } from "../../support/page/numbered.ts";
import { withMotion } from "../../support/vscode/browser.ts";
import { takeSize } from "../../support/vscode/choices.ts";
import { frameOfVideo, psnrOfImages } from "../../support/vscode/frames.ts";
import { explorerRow } from "../../support/vscode/workbench.ts";
import type { Ordered, PanelDesk } from "./desk.ts";
import { judge } from "./judge.ts";
import { framesIn } from "./pixels.ts";

const count = 81;

/** Looking at finished videos, by mouse and by the player's keys. */
export function reviewTests(desk: () => PanelDesk): void {
  let files: Server | undefined;
  /** The absolute path of the numbered video, as the extension saved it. */
  let numbered: string;
  let numberedOrder: Ordered;
  let numberedCard: Locator;
  let take: Ordered;
  after(() => files?.close());

  /** Waits until a player says that it shows a frame, counted from 1. */
  const says = (card: Locator, frame: number) =>
    card.locator(".frame-number", { hasText: `Frame ${frame} of ${count}` }).waitFor();

  /** As `says`, and looks whether the picture says the same. */
  const shows = async (card: Locator, frame: number) => {
    await says(card, frame);
    assert.equal(await card.locator("canvas").evaluate(readNumber), frame - 1, `frame ${frame} shows another one`);
  };

  /** Absolute path of a card's video. */
  const videoOf = async (card: Locator) => {
    const sentence = (await card.locator(".sentence").textContent()) ?? "";
    return join(desk().folder, sentence.replace("Saved as ", ""));
  };

  test("every key and button of the player leads to the frame that it says, as ffmpeg counts them", async () => {
    const { service, folder, page, panel } = desk();
    const original = await numberedVideo(folder, count, 16);
    files = createServer((_, response) => {
      response.setHeader("content-type", "video/mp4");
      createReadStream(original).pipe(response);
    });
    await new Promise<void>((listening) => files?.listen(0, "127.0.0.1", listening));
    const address = files.address();
    assert.ok(typeof address === "object" && address !== null);
    await desk().compose();
    await takeSize(panel, "1024 × 576 (16:9)");
    await desk().prompt.fill(
      "Locked-off camera. Night falls: the sun sinks, the moon rises and the lamp begins to turn.",
    );
    service.setFaults([{ on: "result", do: { videoUrl: `http://127.0.0.1:${address.port}/numbered.mp4` } }]);
    // A video that arrives before one's eyes plays by itself.
    await withMotion(page, async () => {
      numberedOrder = await desk().order();
      await desk().finish(numberedOrder);
      numberedCard = numberedOrder.card;
      await numberedCard.getByRole("group", { name: /^Video / }).scrollIntoViewIfNeeded();
      await numberedCard.getByRole("button", { name: "Pause" }).click();
    });
    service.setFaults([]);
    numbered = await videoOf(numberedCard);
    assert.equal(await framesIn(numbered), count);

    const screen = numberedCard.getByRole("group", { name: /^Video / });
    await screen.scrollIntoViewIfNeeded();
    const play = numberedCard.getByRole("button", { name: "Play", exact: true });
    await play.waitFor();
    await screen.focus();
    for (const [key, frame] of [
      ["Home", 1],
      ["ArrowRight", 2],
      [".", 3],
      [",", 2],
      ["Shift+ArrowRight", 12],
      ["ArrowLeft", 11],
      ["End", 81],
      ["ArrowRight", 81],
      ["ArrowLeft", 80],
    ] as const) {
      await page.keyboard.press(key);
      await shows(numberedCard, frame);
    }
    await numberedCard.getByRole("button", { name: "Next Frame" }).click();
    await shows(numberedCard, 81);
    await numberedCard.getByRole("slider", { name: "Frame" }).fill("33");
    await shows(numberedCard, 33);
    await numberedCard.getByText(/The video is 320 × 192 pixels instead of 1024 × 576/).waitFor();
  });

  test("it plays on and around, there and back, faster and slower, and down to its pixels", async () => {
    const { page } = desk();
    const screen = numberedCard.getByRole("group", { name: /^Video / });
    const pressed = (name: string) => numberedCard.getByRole("button", { name }).getAttribute("aria-pressed");
    await screen.focus();
    await page.keyboard.press("l");
    await numberedCard.locator('button[aria-label="Loop"][aria-pressed="false"]').waitFor();
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    assert.equal(await numberedCard.getByRole("combobox", { name: "Speed" }).inputValue(), "2×");
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+ArrowLeft");
    await shows(numberedCard, 71);
    await page.keyboard.press(" ");
    await shows(numberedCard, 81);
    await numberedCard.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.keyboard.press("p");
    await numberedCard.locator('button[aria-label="Play Forward and Back"][aria-pressed="true"]').waitFor();
    await page.keyboard.press("Shift+ArrowLeft");
    await shows(numberedCard, 71);
    await page.keyboard.press(" ");
    // Without loop, only the way back leads here.
    await numberedCard.locator(".frame-number", { hasText: /^Frame [1-6]\d of 81$/ }).waitFor();
    await page.keyboard.press(" ");
    await numberedCard.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.keyboard.press("z");
    await numberedCard.locator('button[aria-label="Actual Pixels"][aria-pressed="true"]').waitFor();
    const box = await numberedCard.locator("canvas").boundingBox();
    assert.deepEqual([box?.width, box?.height], [320, 192]);
    await page.keyboard.press("z");
    for (const key of ["p", "l", "[", "["]) await page.keyboard.press(key);
    await numberedCard.locator('button[aria-label="Loop"][aria-pressed="true"]').waitFor();
    assert.equal(await pressed("Play Forward and Back"), "false");
  });

  test("the frame shown is saved as PNG beside the video, and starts the next one", async () => {
    const { folder, page } = desk();
    await numberedCard.getByRole("group", { name: /^Video / }).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await shows(numberedCard, 11);
    await numberedCard.getByRole("button", { name: "Save Frame as PNG" }).click();
    const note = numberedCard.getByText(/^Frame 11 is saved as .*\.png\.$/);
    await note.waitFor();
    const path = /saved as (.*)\.$/.exec((await note.textContent()) ?? "")?.[1] ?? "";
    const likeness = await psnrOfImages(await readFile(join(folder, path)), await frameOfVideo(numbered, 10));
    assert.ok(likeness > 40, `${likeness} dB`);
    await page.keyboard.press("End");
    await numberedCard.getByRole("group", { name: /^Video / }).focus();
    await page.keyboard.press("End");
    await shows(numberedCard, 81);
    await numberedCard.getByRole("button", { name: "Continue from This Frame" }).click();
    const told = desk().panel.getByRole("alert");
    await told.getByText(/^Frame 81 is saved as .* and is now the start image\. The end image is still /).waitFor();
    await desk().side("start").getByText("320 × 192 (5:3)").waitFor();
  });

  test("the same settings with a new seed make a take, and two takes run in step", async () => {
    const { panel, page, service } = desk();
    const before = service.requests().at(-1);
    await desk().watch(numberedOrder);
    take = await desk().order(() => numberedCard.getByRole("button", { name: "New Take" }).click());
    const { "96_noise_seed": seed, ...same } = take.request.parameters;
    const { "96_noise_seed": earlier, ...expected } = before?.parameters ?? {};
    assert.notEqual(seed, earlier);
    assert.deepEqual(same, expected);
    await desk().finish(take);
    const choice = take.card.getByRole("combobox", { name: "Compare with another take" });
    await choice.scrollIntoViewIfNeeded();
    await choice.selectOption({ index: 0 });
    await take.card.getByRole("button", { name: "Compare Takes" }).click();
    const takes = panel.locator("flf-takes");
    await takes.getByText(`Frame 1 of ${count}`).first().waitFor();
    assert.equal(await takes.locator("canvas").count(), 2);
    await page.keyboard.press("End");
    await takes.locator(".frame-number", { hasText: `Frame ${count} of ${count}` }).waitFor();
    await takes.getByRole("button", { name: "Close Comparison" }).click();
    await takes.waitFor({ state: "detached" });
  });

  test("both ends are held against their images, by wipe and by difference, with figures that ffmpeg finds too", async () => {
    const { card, request } = take;
    const { page, service } = desk();
    await card.scrollIntoViewIfNeeded();
    await card.getByText("The first frame matches the start image.").waitFor();
    await card.getByText("The last frame matches the end image.").waitFor();
    const sent = service.uploads(request.requestId);
    const video = await videoOf(card);
    assert.ok(sent !== undefined);
    const figures = await card.locator(".ends .quiet").allTextContents();
    for (const [index, image, frame] of [
      [0, sent.start, 0],
      [1, sent.end, count - 1],
    ] as const) {
      const told = Number(/PSNR ([\d.]+) dB/.exec(figures[index] ?? "")?.[1]);
      const found = await psnrOfImages(image, await frameOfVideo(video, frame));
      assert.ok(told > 40 && Math.abs(told - found) < 6, `the panel says ${told} dB, ffmpeg ${found} dB`);
    }
    const against = card.getByRole("combobox", { name: "Compare with an image" });
    await against.selectOption("End Image: Wipe");
    await says(card, count);
    const divider = card.getByRole("slider", { name: "Divider between image and video" });
    await divider.focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await card.locator('[role="slider"][aria-valuetext="40% image"]').waitFor();
    const canvas = await card.locator("canvas").boundingBox();
    assert.ok(canvas !== null);
    await page.mouse.move(canvas.x + canvas.width * 0.4, canvas.y + canvas.height / 2);
    await page.mouse.down();
    await page.mouse.move(canvas.x + canvas.width * 0.7, canvas.y + canvas.height / 2, { steps: 3 });
    await page.mouse.up();
    await card.locator('[role="slider"][aria-valuetext="70% image"]').waitFor();
    await against.selectOption("Start Image: Difference");
    await says(card, 1);
    await card.getByText("Difference, amplified 8 times").waitFor();
    await card.getByRole("button", { name: "Compare Last Frame" }).click();
    await says(card, count);
    await against.selectOption("Video Only");
  });

  test("the finished panel is in reach of everybody", async () => {
    const { page, panel } = desk();
    await desk().open("images/lighthouse_start.png", "images/lighthouse_end.png");
    await panel.locator("#end.movable").focus();
    for (const key of ["+", "+", "+", "ArrowRight"]) await page.keyboard.press(key);
    await desk().watch(take);
    await take.card.getByRole("combobox", { name: "Compare with an image" }).selectOption("Start Image: Wipe");
    await says(take.card, 1);
    await take.card.getByRole("group", { name: /^Video / }).focus();
    await page.keyboard.press("End");
    await says(take.card, count);
    await judge(desk(), "finished");
  });

  test("its file is opened, revealed, copied by path and put into HTML and Markdown", async () => {
    const { card } = take;
    const { page, code, folder } = desk();
    const video = await videoOf(card);
    await card.getByRole("button", { name: "Copy Path" }).click();
    await page.waitForFunction(async (path) => (await navigator.clipboard.readText()) === path, video);
    await card.getByRole("button", { name: "Reveal in Explorer" }).click();
    await explorerRow(page, basename(video)).and(page.locator('[aria-selected="true"]')).waitFor();
    await code.command("wanFlf2v.openPanel");
    await card.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("tab", { name: basename(video) }).waitFor();
    await code.command("workbench.action.closeActiveEditor");
    for (const name of ["page.html", "notes.md"]) {
      await code.inHost(
        async (vscode, path) => {
          await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: vscode.ViewColumn.Two });
        },
        join(folder, name),
      );
      await code.command("wanFlf2v.openPanel");
      await card.getByRole("button", { name: "Insert into HTML or Markdown" }).click();
      await page.waitForFunction((wanted) => document.title.includes(wanted), name);
      const text = await code.inHost((vscode) => vscode.window.activeTextEditor?.document.getText() ?? "");
      assert.ok(text.includes(`<video src="${relative(folder, video)}"`), text);
      await code.command("workbench.action.revertAndCloseActiveEditor");
    }
    assert.ok((await stat(video)).isFile());
  });
}
