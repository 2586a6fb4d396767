import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Page } from "playwright-core";
import * as z from "zod";
import { readFacts } from "../../../src/output/verify.ts";
import { jobReaches } from "../../support/vscode/job.ts";
import { whenFolderShows } from "../../support/vscode/waiting.ts";
import {
  contextMenu,
  inputBox,
  notification,
  runCommand,
  screenshot,
  showJobs,
} from "../../support/vscode/workbench.ts";
import { type Desk, sampleProject } from "./desk.ts";

/** What happens to a job when windows crash, double and move on, and what its list tells. */
export function jobTests(desk: () => Desk): void {
  let elsewhere: string;
  let second: Page;
  /** Id of the job that `begin` made last. */
  let newestJob: unknown;
  before(async () => {
    elsewhere = await sampleProject();
    // Runs are moved on by hand: each test decides when the service is done.
    desk().service.changeSettings({ timing: { queueMs: null, runMs: null } });
    await desk().clear();
  });
  after(() => rm(elsewhere, { recursive: true, force: true }));

  /** Starts a job in the newest window and waits until the service has it. Gives its request id. */
  async function begin(seed: number): Promise<string> {
    const { code, folder, service } = desk();
    newestJob = await desk().generate({
      prompt: `night falls ${seed}`,
      parameters: { resolution: "480x480 (1:1)", seed },
      outputFolder: join(folder, `videos-${seed}`),
    });
    await jobReaches(code, newestJob, "queued", "unclear");
    const request = service.ledger.requests.find((each) => each.parameters["96_noise_seed"] === seed);
    assert.ok(request !== undefined);
    return request.requestId;
  }

  /** The one video of a job, once it is whole and has its recipe. */
  async function arrives(seed: number): Promise<string> {
    const target = join(desk().folder, `videos-${seed}`);
    const video = await whenFolderShows(target, "the video and its recipe", async () => {
      const names = await readdir(target);
      const found = names.find((each) => each.endsWith(".mp4"));
      return found !== undefined && names.includes(found.replace(".mp4", ".flf.json"))
        ? join(target, found)
        : undefined;
    });
    assert.equal(readFacts(video).frames, 81);
    return video;
  }

  function paid(seed: number): number {
    return desk().service.ledger.requests.filter((each) => each.parameters["96_noise_seed"] === seed).length;
  }

  test("the video arrives although the extension host was killed while it ran", async () => {
    const { code, page, service } = desk();
    const requestId = await begin(1);
    await service.advance("in_progress", requestId);
    await code.killExtensionHosts();
    await service.advance("completed", requestId);
    await code.reload(page);
    await arrives(1);
    assert.equal(paid(1), 1);
  });

  test("a window that is reloaded while a paid request is on its way loses neither the request nor its id", async () => {
    const { code, folder, page, service } = desk();
    service.setFaults([{ on: "submit", do: { delayMs: 2000 } }]);
    const earlier = service.ledger.exchanges.length;
    const id = await desk().generate({
      parameters: { resolution: "480x480 (1:1)", seed: 8 },
      outputFolder: join(folder, "videos-8"),
    });
    while (!service.ledger.exchanges.slice(earlier).some(({ call }) => call === "submit")) {
      await setImmediate();
    }
    await code.reload(page);
    service.setFaults([]);
    const { state, requestId } = await jobReaches(code, id, "queued", "running", "unclear");
    assert.notEqual(state, "unclear");
    assert.equal(paid(8), 1);
    await service.advance("completed", requestId);
    await arrives(8);
  });

  test("two windows on one folder: one submit, one file, one message", async () => {
    const { code, page, service } = desk();
    second = await code.open();
    const requestId = await begin(2);
    await service.advance("completed", requestId);
    await arrives(2);
    const told = page
      .getByText(/night falls 2” is ready\./)
      .or(page.getByRole("dialog").getByText(/night falls 2” is ready/));
    const toldThere = second.getByText(/night falls 2” is ready\./);
    await Promise.any([told.first().waitFor(), toldThere.first().waitFor()]);
    const counts = [await told.count(), await toldThere.count()].filter((count) => count > 0);
    assert.equal(counts.length, 1, "one window tells it");
    assert.equal(paid(2), 1);
    assert.equal(service.ledger.downloads.filter((each) => each.requestId === requestId).length, 1);
  });

  test("the video arrives in its folder although the window has moved to another one", async () => {
    const { code, page, service } = desk();
    const requestId = await begin(3);
    const third = await code.open(elsewhere);
    await page.close();
    await second.close();
    desk().page = third;
    await service.advance("completed", requestId);
    await arrives(3);
    assert.equal(paid(3), 1);
  });

  test("the list shows where each job stands, and cancels one that is still queued", async () => {
    const { code, page, service } = desk();
    const requestId = await begin(4);
    await showJobs(page);
    const row = page.getByRole("treeitem", { name: /^night falls 4, In the queue/ });
    await row.waitFor();
    await page.getByRole("treeitem", { name: /In Progress/ }).waitFor();
    await screenshot(page, code.version, "jobs");
    // The command behind the row's button: a row that changes every second is no steady target for a menu.
    await code.command("wanFlf2v.job.cancel", { id: newestJob });
    await page.getByRole("treeitem", { name: /Cancelled/ }).waitFor();
    assert.equal(service.ledger.requests.find((each) => each.requestId === requestId)?.cancelled, true);
  });

  test("an answer that got lost is unclear until the user enters the request's id", async () => {
    const { code, page, service } = desk();
    service.setFaults([{ on: "submit", do: { resetAfterAccept: true } }]);
    const requestId = await begin(5);
    service.setFaults([]);
    const row = page.getByRole("treeitem", { name: /Submission unconfirmed/ });
    await row.waitFor();
    await screenshot(page, code.version, "unclear");
    await contextMenu(row, "I Have the Request ID…");
    await inputBox(page, requestId);
    await service.advance("completed", requestId);
    await arrives(5);
    assert.equal(paid(5), 1);
  });

  test("a request whose id is known is recovered without any earlier job", async () => {
    const { page, service } = desk();
    const answer = await fetch(`${service.url}/v1/models/community/wan-2-2/fun-inpaint`, {
      method: "POST",
      headers: { Authorization: `Bearer ${service.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        "110_image": "Runcomfy_1272_2.png",
        "112_image": "Runcomfy_1272_1.png",
        "99_text": "made elsewhere",
        "96_noise_seed": 6,
      }),
    });
    const { request_id: requestId } = z.object({ request_id: z.string() }).parse(await answer.json());
    const folders = await readdir(elsewhere);
    assert.ok(!folders.includes("videos"));
    await runCommand(page, "Wan FLF2V: Recover Video from Request ID…");
    await inputBox(page, "not an id!");
    await page.getByText("Use only letters, digits, “-” and “_”.").waitFor();
    await inputBox(page, requestId);
    await service.advance("completed", requestId);
    await whenFolderShows(join(elsewhere, "videos"), "the recovered video", async () =>
      (await readdir(join(elsewhere, "videos"))).find((name) => name === `recovered-${requestId}.flf.json`),
    );
    assert.equal(paid(6), 1);
  });

  test("a video on a foreign host is not downloaded, and needs the user", async () => {
    const { code, page, service } = desk();
    service.setFaults([{ on: "result", do: { videoUrl: "https://files.example.org/video.mp4" } }]);
    const requestId = await begin(7);
    await service.advance("completed", requestId);
    const row = page.getByRole("treeitem", { name: /Needs attention/ });
    await row.waitFor();
    await notification(page, /files\.example\.org, which isn’t a known RunComfy host/);
    await screenshot(page, code.version, "needs-you");
    await contextMenu(row, "Discard");
    const question = page.getByRole("dialog", { name: /^.*Discard .*\?/ });
    await question.getByText(requestId).waitFor();
    await screenshot(page, code.version, "drop");
    await question.getByRole("button", { name: "Discard", exact: true }).click();
    await row.waitFor({ state: "detached" });
    service.setFaults([]);
  });

  test("the diagnostics tell states and versions, and neither token nor prompt", async () => {
    const { code, folder, page, service } = desk();
    await runCommand(page, "Wan FLF2V: Copy Diagnostics");
    await notification(page, /Diagnostics copied to the clipboard/);
    const text = await code.inHost((vscode) => vscode.env.clipboard.readText());
    assert.match(text, /^wan-flf2v \d/);
    assert.match(text, /token from secret/);
    assert.ok(!text.includes(service.token) && !text.includes("night falls") && !text.includes(folder));
  });
}
