import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fold, unfold } from "../../support/vscode/choices.ts";
import { jobReaches } from "../../support/vscode/job.ts";
import { openPair } from "../../support/vscode/mainJob.ts";
import { panelFrame, screenshot, showJobs } from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

const end = "images/lighthouse_end.png";

/** Everything that can be wrong with what users give, and around them, once a token is known. */
export function badInputTests(desk: () => Desk): void {
  const panel = () => panelFrame(desk().page);
  const alert = (text: RegExp) => panel().getByText(text).first().waitFor();

  before(async () => {
    const { folder } = desk();
    await writeFile(join(folder, "empty.png"), "");
    await writeFile(join(folder, "notes.png"), "no picture at all, only a name that says so\n");
    const whole = await readFile(join(folder, end));
    await writeFile(join(folder, "torn.png"), whole.subarray(0, whole.byteLength / 2));
  });

  test("an empty prompt and a value out of range are told at their fields, and nothing is sent", async () => {
    const { code, page, service } = desk();
    const sent = service.ledger.requests.length;
    await panel().getByRole("textbox", { name: "Prompt" }).fill("");
    const fps = panel().locator("#fps");
    await unfold(panel(), "rate");
    await fps.fill("60");
    await fold(panel());
    await panel()
      .getByRole("button", { name: /^Generate/ })
      .click();
    assert.equal(await fps.getAttribute("aria-invalid"), "true");
    assert.equal(await panel().getByRole("textbox", { name: "Prompt" }).getAttribute("aria-invalid"), "true");
    await screenshot(page, code.version, "errors");
    assert.equal(service.ledger.requests.length, sent);
    await unfold(panel(), "rate");
    await fps.fill("");
    await fold(panel());
    await panel().getByRole("textbox", { name: "Prompt" }).fill("night falls");
  });

  test("an image that is none is told at its place", async () => {
    const { code, folder, page } = desk();
    await openPair(code, page, [join(folder, "notes.png"), join(folder, "torn.png")]);
    await alert(/notes\.png is not an image/);
    await alert(/torn\.png is damaged/);
    await screenshot(page, code.version, "bad-images");
  });

  test("what is wrong is told in one sentence, makes no job and costs nothing", async () => {
    const { folder, service } = desk();
    const sent = service.ledger.requests.length;
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ start: "no-such.png" }, /no-such\.png no longer exists/],
      [{ start: "empty.png" }, /empty\.png is an empty file/],
      [{ end: "notes.png" }, /notes\.png is not an image/],
      [{ end: "torn.png" }, /torn\.png is damaged/],
      [{ end: "images" }, /images is not an image/],
      [{ prompt: "   " }, /Write a prompt/],
      [{ parameters: { steps: 4 } }, /Steps can’t be 4\. Allowed: 6–20/],
      [{ parameters: { length: 100 } }, /Number of Frames can’t be 100\. Allowed: 81, 141/],
      [{ parameters: { cfg: 2.5 } }, /Guidance Scale can’t be 2\.5/],
      [{ parameters: { negative_prompt: "x" } }, /has no parameter negative_prompt/],
      [{ outputFolder: join(folder, "README.md") }, /is not a folder/],
      [{ start: undefined }, /The argument start is missing/],
    ];
    for (const [argument, sentence] of cases) {
      await assert.rejects(desk().generate(argument), sentence);
    }
    assert.equal(service.ledger.requests.length, sent);
  });

  test("no balance and a refused token are told with what to do, and nothing is charged", async () => {
    const { code, service } = desk();
    service.setFaults([
      { on: "submit", do: { respond: { status: 400, json: { error_code: 400002, error_message: "no balance" } } } },
    ]);
    const poor = await desk().generate();
    assert.match((await jobReaches(code, poor, "failed")).message ?? "", /balance is empty\. Nothing was charged/);
    service.setFaults([
      { on: "submit", do: { respond: { status: 400, json: { error_code: 400004, error_message: "revoked" } } } },
    ]);
    const revoked = await desk().generate();
    assert.match((await jobReaches(code, revoked, "failed")).message ?? "", /rejected the API token/);
    service.setFaults([]);
  });

  test("an unreachable service leaves the job waiting, and it is sent when the service is back", async () => {
    const { code, page, service } = desk();
    await service.close();
    const id = await desk().generate({ prompt: "sent later" });
    await showJobs(page);
    await page.getByRole("treeitem", { name: /RunComfy can’t be reached/ }).waitFor();
    await screenshot(page, code.version, "waiting");
    await desk().restartService();
    const { video } = await jobReaches(code, id, "saved");
    assert.ok(video !== undefined);
    assert.equal(desk().service.requests().length, 1);
  });

  test("a wrong setting is named with its value, and nothing is sent", async () => {
    const { service } = desk();
    const sent = service.ledger.requests.length;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder syntax of the setting
    await desk().configure("fileName", "${hero}");
    await assert.rejects(desk().generate(), /wanFlf2v\.fileName can’t contain \$\{hero\}\. Nothing was sent/);
    await desk().configure("fileName");
    assert.equal(service.ledger.requests.length, sent);
  });

  test("without an open folder, Generate says what to do and sends nothing", async () => {
    const { code, page, service } = desk();
    const sent = service.ledger.requests.length;
    const empty = await page.context().newPage();
    await code.untilHostRuns(() => empty.goto(`${new URL(code.url).origin}/?ew=true`));
    await assert.rejects(desk().generate(), /There is no open folder to save the video in/);
    await empty.close();
    assert.equal(service.ledger.requests.length, sent);
  });
}
