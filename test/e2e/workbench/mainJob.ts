import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { readFacts } from "../../../src/output/verify.ts";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { withMotion } from "../../support/vscode/browser.ts";
import { frameOfVideo, psnrOfImages } from "../../support/vscode/frames.ts";
import { jobReaches } from "../../support/vscode/job.ts";
import { doMainJob } from "../../support/vscode/mainJob.ts";
import {
  contextMenu,
  inputBox,
  panelFrame,
  quickPick,
  runCommand,
  screenshot,
  selectInExplorer,
  showingPanel,
} from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

const start = "images/lighthouse_start.png";
const end = "images/lighthouse_end.png";

/** The main job as users do it, from the first look on: no video has been made yet, and no token is known. */
export function mainJobTests(desk: () => Desk): void {
  const panel = () => panelFrame(desk().page);
  before(() => desk().service.reset());

  test("without a token, Generate asks for one, and who gives none sends nothing", async () => {
    const { code, page, service } = desk();
    const row = await selectInExplorer(page, [start, end]);
    await showingPanel(page, () => contextMenu(row, "Create Video from Start and End Images…"));
    await panel().getByRole("textbox", { name: "Prompt" }).fill("night falls");
    await panel().getByRole("button", { name: "Set API Token and Generate…" }).click();
    await page.locator(".quick-input-widget:visible input").first().waitFor();
    await page.keyboard.press("Escape");
    await panel().getByRole("button", { name: "Set API Token and Generate…" }).waitFor();
    assert.equal(await panel().locator(".notice").count(), 0);
    await screenshot(page, code.version, "no-token");
    assert.equal(service.ledger.exchanges.length, 0);
  });

  test("the token is asked for where it is missed, and kept in the secret storage", async () => {
    const { code, page, service } = desk();
    await panel().getByRole("button", { name: "Set an API token to see the price" }).click();
    await inputBox(page, "a token with spaces");
    await page.getByText("A token is a single word").first().waitFor();
    await inputBox(page, service.token);
    const news = "Token saved. Balance: 100.00 USD";
    const told = panel().getByRole("alert").getByText(news);
    await told.waitFor();
    await panel()
      .getByRole("button", { name: /^Generate/ })
      .and(panel().locator(":focus"))
      .waitFor();
    assert.ok(await told.evaluate((text) => text.getBoundingClientRect().top >= 0), "what is told is in sight");
    await screenshot(page, code.version, "token-kept");
  });

  test("two images selected in the explorer become a video and a recipe", async () => {
    const { code, folder, page, service } = desk();
    const made = await withMotion(page, async () => {
      const job = await doMainJob(page, { folder, start, end, prompt: "Night falls; the lamp begins to turn" });
      await panel().getByRole("button", { name: "Pause" }).waitFor();
      return job;
    });
    await screenshot(page, code.version, "main-job");
    const facts = readFacts(made.video);
    assert.deepEqual(
      { width: facts.width, height: facts.height, frames: facts.frames, fps: facts.fps, codec: facts.codec },
      { width: 1280, height: 720, frames: 81, fps: 16, codec: "avc" },
    );

    const recipe = recipeSchema.parse(JSON.parse(await readFile(made.recipe, "utf8")));
    assert.equal(recipe.prompt, "Night falls; the lamp begins to turn");
    assert.equal(recipe.start.path, `../${start}`);
    assert.equal(recipe.end.path, `../${end}`);
    assert.deepEqual(Object.keys(recipe.parameters ?? {}).sort(), ["resolution", "seed"]);

    const { requests, tokenLeaks } = service.ledger;
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.requestId, recipe.requestId);
    assert.deepEqual(tokenLeaks, []);
    assert.ok(!(await readFile(made.recipe, "utf8")).includes(service.token));
    assert.deepEqual(await leftovers(), []);

    const sent = service.uploads(recipe.requestId);
    assert.ok(sent !== undefined);
    assert.ok(
      (await psnrOfImages(sent.start, await frameOfVideo(made.video, 0))) > 35,
      "the first frame is the start image",
    );
    assert.ok(
      (await psnrOfImages(sent.end, await frameOfVideo(made.video, 80))) > 35,
      "the last frame is the end image",
    );
  });

  /** Names in the video folder that are neither a video nor a recipe. */
  async function leftovers(): Promise<string[]> {
    return (await readdir(join(desk().folder, "videos"))).filter((name) => !/\.(mp4|flf\.json)$/.test(name));
  }

  test("a recipe of another clone opens its video on the stage, and can be edited and rendered again", async () => {
    const { code, folder, page } = desk();
    const [video] = (await readdir(join(folder, "videos"))).filter((name) => name.endsWith(".mp4"));
    assert.ok(video !== undefined);
    const shared = join(folder, "shared");
    await mkdir(shared);
    for (const ending of [".mp4", ".flf.json"]) {
      await copyFile(join(folder, "videos", video.replace(".mp4", ending)), join(shared, `dusk${ending}`));
    }
    const row = await selectInExplorer(page, ["shared/dusk.flf.json"]);
    await showingPanel(page, () => contextMenu(row, "Open Video in Studio"));
    const stage = panel().getByRole("article", { name: "dusk", exact: true });
    await stage
      .getByText(/^Frame \d+ of 81$/)
      .first()
      .waitFor();
    await screenshot(page, code.version, "recipe-opened");
    await stage.getByRole("button", { name: "Edit and Re-render…" }).click();
    await panel().getByRole("region", { name: "Start Image" }).getByText("lighthouse_start.png").waitFor();
    const prompt = panel().getByRole("textbox", { name: "Prompt" });
    assert.equal(await prompt.inputValue(), "Night falls; the lamp begins to turn");
    await rm(shared, { recursive: true });
  });

  test("the pair is swapped in one click", async () => {
    const region = panel().getByRole("region", { name: "Start Image" });
    await panel().getByRole("button", { name: /Swap/ }).click();
    await region.getByText("lighthouse_end.png").waitFor();
    await panel().getByRole("button", { name: /Swap/ }).click();
    await region.getByText("lighthouse_start.png").waitFor();
  });

  test("the palette asks for both images", async () => {
    const { code, page } = desk();
    await runCommand(page, "Wan FLF2V: Create Video from Start and End Images…");
    await page.getByText("Choose the Start Image").waitFor();
    await screenshot(page, code.version, "picker");
    await quickPick(page, "lighthouse_start.png");
    await page.getByText("Choose the End Image").waitFor();
    await quickPick(page, "lighthouse_end.png");
    await panel().getByRole("region", { name: "End Image" }).getByText("lighthouse_end.png").waitFor();
  });

  test("one image is used as start, the other as end", async () => {
    const { page } = desk();
    await contextMenu(await selectInExplorer(page, [end]), "Use as Video Start Image");
    // Before that, the studio may still come to the front, and the next file's editor goes behind it.
    await panel().getByRole("region", { name: "Start Image" }).getByText("lighthouse_end.png").waitFor();
    await contextMenu(await selectInExplorer(page, [start]), "Use as Video End Image");
    await panel().getByRole("region", { name: "End Image" }).getByText("lighthouse_start.png").waitFor();
  });

  test("another extension gets a job's id without any dialog, and its video by that id", async () => {
    const { code, folder, service } = desk();
    const id = await desk().generate({
      start,
      end,
      parameters: { resolution: "480x480 (1:1)", fps: 24, seed: 24 },
      outputFolder: join(folder, "clips"),
    });
    const { video = "", recipe, requestId } = await jobReaches(code, id, "saved");
    const facts = readFacts(video);
    assert.equal(facts.fps, 24);
    assert.equal(facts.width, 480);
    assert.equal(recipe, video.replace(/\.mp4$/, ".flf.json"));
    const body = service.ledger.requests.find((request) => request.requestId === requestId)?.parameters;
    assert.deepEqual(Object.keys(body ?? {}).sort(), [
      "110_image",
      "111_widthx111_height",
      "112_image",
      "159_frame_rate",
      "96_noise_seed",
      "99_text",
    ]);
  });

  test("the log names every exchange and never the token, an image or a result's address", async () => {
    const { code, service } = desk();
    const log = await code.logs(/Wan FLF2V\.log$/);
    assert.match(log, /POST \/v1\/models\/community\/wan-2-2\/fun-inpaint 200 \d+ ms/);
    assert.match(log, /GET 127\.0\.0\.1:\d+ 200 \d+ ms/);
    assert.ok(!log.includes(service.token));
    assert.ok(!/data:image|\/outputs\//.test(log));
  });
}
