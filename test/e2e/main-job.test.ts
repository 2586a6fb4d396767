import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { root } from "../../scripts/paths.ts";
import { oldestVsCode } from "../../scripts/setup/vscode.ts";
import { recipeSchema } from "../../src/model/recipe.ts";
import { verifyVideo } from "../../src/output/verify.ts";
import { type Service, startService } from "../service/service.ts";
import { closeBrowser, withMotion } from "./harness/browser.ts";
import { frameOfVideo, psnrOfImages } from "./harness/frames.ts";
import { jobReaches } from "./harness/job.ts";
import { doMainJob } from "./harness/main-job.ts";
import { startVsCode, type VsCode, versionUnderTest } from "./harness/vscode.ts";
import {
  contextMenu,
  inputBox,
  notification,
  panelFrame,
  quickPick,
  runCommand,
  screenshot,
  selectInExplorer,
} from "./harness/workbench.ts";

// The main job as users do it, and everything that can be wrong with what they give, in one real VS Code.

const version = versionUnderTest();
const start = "images/lighthouse_start.png";
const end = "images/lighthouse_end.png";

let folder: string;
let service: Service;
let code: VsCode;
let page: Page;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-main-"));
  await cp(join(root, "test", "sample-project"), folder, { recursive: true });
  await writeFile(join(folder, "empty.png"), "");
  await writeFile(join(folder, "notes.png"), "no picture at all, only a name that says so\n");
  const whole = await readFile(join(folder, end));
  await writeFile(join(folder, "torn.png"), whole.subarray(0, whole.byteLength / 2));
  service = await startService();
  code = await startVsCode({ version, folder, settings: { "wanFlf2v.apiBaseUrl": service.url } });
  page = await code.open();
});

after(async () => {
  await code?.dispose();
  await closeBrowser();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Calls `wanFlf2v.generate` as another extension would. */
function generate(argument: Record<string, unknown>): Promise<unknown> {
  const draft = { start, end, prompt: "night falls", parameters: { resolution: "480x480 (1:1)" } };
  return code.command("wanFlf2v.generate", { ...draft, ...argument });
}

const panel = () => panelFrame(page);
const alert = (text: string | RegExp) => panel().getByText(text).first().waitFor();

test("without a token, Generate says so in the panel and sends nothing", async () => {
  const row = await selectInExplorer(page, [start, end]);
  await contextMenu(row, "Create Video from Start and End Images…");
  await panel().getByRole("textbox", { name: "Prompt" }).fill("night falls");
  await panel()
    .getByRole("button", { name: /^Generate/ })
    .click();
  await alert("An API token of RunComfy is needed. Nothing was sent.");
  await screenshot(page, version, "no-token");
  assert.equal(service.ledger.exchanges.length, 0);
});

test("the token is asked for where it is missed, and kept in the secret storage", async () => {
  await panel().getByRole("button", { name: "Set API Token…" }).click();
  await inputBox(page, "a token with spaces");
  await page.getByText("A token is one word").first().waitFor();
  await inputBox(page, service.token);
  await notification(page, "The API token is valid and kept in VS Code’s secret storage. Balance: 100.00 USD.");
});

test("two images selected in the explorer become a video and a recipe", async () => {
  const made = await withMotion(page, async () => {
    const job = await doMainJob(page, { folder, start, end, prompt: "Night falls; the lamp begins to turn" });
    await panel().getByRole("button", { name: "Pause" }).waitFor();
    return job;
  });
  await screenshot(page, version, "main-job");
  const facts = await verifyVideo(made.video);
  assert.deepEqual(
    { width: facts.width, height: facts.height, frames: facts.frames, fps: facts.fps, codec: facts.codec },
    { width: 1280, height: 720, frames: 81, fps: 16, codec: "avc" },
  );

  const recipe = recipeSchema.parse(JSON.parse(await readFile(made.recipe, "utf8")));
  assert.equal(recipe.prompt, "Night falls; the lamp begins to turn");
  assert.equal(recipe.start.path, `../${start}`);
  assert.equal(recipe.end.path, `../${end}`);
  assert.deepEqual(Object.keys(recipe.parameters).sort(), ["resolution", "seed"]);

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
  assert.ok((await psnrOfImages(sent.end, await frameOfVideo(made.video, 80))) > 35, "the last frame is the end image");
});

/** Names in the video folder that are neither a video nor a recipe. */
async function leftovers(): Promise<string[]> {
  return (await readdir(join(folder, "videos"))).filter((name) => !/\.(mp4|flf\.json)$/.test(name));
}

test("pair, prompt and finished video are back after the window was reloaded", async () => {
  await code.reload(page);
  const saved = panel().locator('article[data-state="saved"]').first();
  await saved.scrollIntoViewIfNeeded();
  await saved
    .getByText(/^Frame \d+ of 81$/)
    .first()
    .waitFor();
  assert.equal(
    await panel().getByRole("textbox", { name: "Prompt" }).inputValue(),
    "Night falls; the lamp begins to turn",
  );
  await panel().getByText("lighthouse_start.png").first().waitFor();
  await panel().getByText("lighthouse_end.png").first().waitFor();
});

test("the pair is swapped in one click", async () => {
  const region = panel().getByRole("region", { name: "Start Image" });
  await panel().getByRole("button", { name: /Swap/ }).click();
  await region.getByText("lighthouse_end.png").waitFor();
  await panel().getByRole("button", { name: /Swap/ }).click();
  await region.getByText("lighthouse_start.png").waitFor();
});

test("the palette asks for both images", async () => {
  await runCommand(page, "Wan FLF2V: Create Video from Start and End Images…");
  await page.getByText("Choose the Start Image").waitFor();
  await screenshot(page, version, "picker");
  await quickPick(page, "lighthouse_start.png");
  await page.getByText("Choose the End Image").waitFor();
  await quickPick(page, "lighthouse_end.png");
  await panel().getByRole("region", { name: "End Image" }).getByText("lighthouse_end.png").waitFor();
});

test("one image is selected as start, the other makes the video with it", async () => {
  await contextMenu(await selectInExplorer(page, [end]), "Select as Start Image");
  await contextMenu(await selectInExplorer(page, [start]), "Create Video with Selected Start Image");
  await panel().getByRole("region", { name: "Start Image" }).getByText("lighthouse_end.png").waitFor();
  await panel().getByRole("region", { name: "End Image" }).getByText("lighthouse_start.png").waitFor();
});

test("another extension gets a job's id without any dialog, and its video by that id", async () => {
  const id = await generate({
    parameters: { resolution: "480x480 (1:1)", fps: 24, seed: 7 },
    outputFolder: join(folder, "clips"),
  });
  const { video = "", recipe, requestId } = await jobReaches(code, id, "saved");
  const facts = await verifyVideo(video);
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

// What users do wrong, or what is wrong around them, is told by our own code: looking at it in one VS Code is enough.
if (version === oldestVsCode) {
  test("an empty prompt and a value out of range are told at their fields, and nothing is sent", async () => {
    const sent = service.ledger.requests.length;
    await panel().getByRole("textbox", { name: "Prompt" }).fill("");
    const fps = panel().getByRole("textbox", { name: /Frames per Second/ });
    await fps.fill("60");
    await fps.blur();
    await panel()
      .getByRole("button", { name: /^Generate/ })
      .click();
    assert.equal(await fps.getAttribute("aria-invalid"), "true");
    assert.equal(await panel().getByRole("textbox", { name: "Prompt" }).getAttribute("aria-invalid"), "true");
    await screenshot(page, version, "errors");
    assert.equal(service.ledger.requests.length, sent);
    await fps.fill("");
    await panel().getByRole("textbox", { name: "Prompt" }).fill("night falls");
  });

  test("an image that is none is told at its place", async () => {
    await code.inHost(
      (vscode, paths) => {
        const uris = paths.map((path) => vscode.Uri.file(path));
        return vscode.commands.executeCommand("wanFlf2v.generate", uris[0], uris);
      },
      [join(folder, "notes.png"), join(folder, "torn.png")],
    );
    await alert(/notes\.png is not an image/);
    await alert(/torn\.png is damaged/);
    await screenshot(page, version, "bad-images");
  });

  test("what is wrong is told in one sentence, makes no job and costs nothing", async () => {
    const sent = service.ledger.requests.length;
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ start: "no-such.png" }, /no-such\.png is not there any more/],
      [{ start: "empty.png" }, /empty\.png is an empty file/],
      [{ end: "notes.png" }, /notes\.png is not an image/],
      [{ end: "torn.png" }, /torn\.png is damaged/],
      [{ end: "images" }, /images is not an image/],
      [{ prompt: "   " }, /Write a prompt/],
      [{ parameters: { steps: 4 } }, /Steps cannot be 4\. Possible: 6–20/],
      [{ parameters: { length: 100 } }, /Number of Frames cannot be 100\. Possible: 81, 141/],
      [{ parameters: { cfg: 2.5 } }, /Guidance Scale cannot be 2\.5/],
      [{ parameters: { negative_prompt: "x" } }, /has no parameter negative_prompt/],
      [{ outputFolder: join(folder, "README.md") }, /is not a folder/],
      [{ start: undefined }, /The argument start is missing/],
    ];
    for (const [argument, sentence] of cases) {
      await assert.rejects(generate(argument), sentence);
    }
    assert.equal(service.ledger.requests.length, sent);
  });

  test("no balance and a refused token are told with what to do, and nothing is charged", async () => {
    service.setFaults([
      { on: "submit", do: { respond: { status: 400, json: { error_code: 400002, error_message: "no balance" } } } },
    ]);
    const poor = await generate({});
    assert.match((await jobReaches(code, poor, "failed")).message ?? "", /no balance left\. Nothing was paid/);
    service.setFaults([
      { on: "submit", do: { respond: { status: 400, json: { error_code: 400004, error_message: "revoked" } } } },
    ]);
    const revoked = await generate({});
    assert.match((await jobReaches(code, revoked, "failed")).message ?? "", /refused the API token/);
    service.setFaults([]);
  });

  test("an unreachable service leaves the job waiting, and it is sent when the service is back", async () => {
    const port = Number(new URL(service.url).port);
    const { token } = service;
    await service.close();
    const id = await generate({ prompt: "sent later" });
    await runCommand(page, "Wan FLF2V: Show Jobs");
    await page.getByRole("treeitem", { name: /RunComfy cannot be reached/ }).waitFor();
    await screenshot(page, version, "waiting");
    service = await startService({ port, token });
    const { video } = await jobReaches(code, id, "saved");
    assert.ok(video !== undefined);
    assert.equal(service.ledger.requests.length, 1);
  });

  test("a wrong setting is named with its value, and nothing is sent", async () => {
    const sent = service.ledger.requests.length;
    const configure = (value: string | undefined) =>
      code.inHost(
        (vscode, name) => vscode.workspace.getConfiguration("wanFlf2v").update("fileName", name, true),
        value,
      );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder syntax of the setting
    await configure("${hero}");
    await assert.rejects(generate({}), /The setting wanFlf2v\.fileName cannot be "\$\{hero\}"/);
    await configure(undefined);
    assert.equal(service.ledger.requests.length, sent);
  });

  test("without an open folder, Generate says what to do and sends nothing", async () => {
    const sent = service.ledger.requests.length;
    const empty = await page.context().newPage();
    await code.untilHostRuns(() => empty.goto(`${new URL(code.url).origin}/?ew=true`));
    await assert.rejects(
      generate({ start: join(folder, start), end: join(folder, end) }),
      /No folder is open that the video could be saved in/,
    );
    await empty.close();
    assert.equal(service.ledger.requests.length, sent);
  });
}

test("the log names every exchange and never the token, an image or a result's address", async () => {
  const log = await code.logs(/Wan FLF2V\.log$/);
  assert.match(log, /POST \/v1\/models\/community\/wan-2-2\/fun-inpaint 200 \d+ ms/);
  assert.match(log, /GET 127\.0\.0\.1:\d+ 200 \d+ ms/);
  assert.ok(!log.includes(service.token));
  assert.ok(!/data:image|\/outputs\//.test(log));
});
