// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { root } from "../../scripts/paths.ts";
import { type Dav, startDav } from "../servers/dav.ts";
import { type Service, startService } from "../service/service.ts";
import { closeBrowser } from "./harness/browser.ts";
import { jobReaches } from "./harness/job.ts";
import { startVsCode, type VsCode, versionUnderTest } from "./harness/vscode.ts";
import { whenFolderShows } from "./harness/waiting.ts";
import { inputBox, notification, quickPick, runCommand, screenshot } from "./harness/workbench.ts";

// Images on the user's own server, set up by settings and commands alone, with a service that takes addresses only.

const version = versionUnderTest();
let folder: string;
let dav: Dav;
let service: Service;
let code: VsCode;
let page: Page;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-upload-"));
  await cp(join(root, "test", "sample-project"), folder, { recursive: true });
  [dav, service] = await Promise.all([
    startDav(),
    startService({ timing: { queueMs: 0, runMs: 0 }, dataUris: "refused" }),
  ]);
  code = await startVsCode({
    version,
    folder,
    settings: {
      "wanFlf2v.apiBaseUrl": service.url,
      "wanFlf2v.imageHosting": "put",
      "wanFlf2v.put.url": `${dav.url}/wan/\${name}`,
      "wanFlf2v.put.headers": { "x-kind": "picture" },
    },
    env: { RUNCOMFY_TOKEN: service.token },
  });
  page = await code.open();
});

after(async () => {
  await code?.dispose();
  await closeBrowser();
  await service?.close();
  await dav?.close();
  await rm(folder, { recursive: true, force: true });
});

const begin = (more: object) =>
  code.command("wanFlf2v.generate", {
    start: join(folder, "images/lighthouse_start.png"),
    end: join(folder, "images/lighthouse_end.png"),
    prompt: "night falls",
    parameters: { resolution: "480x480 (1:1)" },
    ...more,
  });

/** Resolves once no image lies on the server any more. */
function nothingLeft(): Promise<true> {
  const place = join(dav.files, "wan");
  return whenFolderShows(place, "an empty folder", async () =>
    (await readdir(place)).length === 0 ? true : undefined,
  );
}

/** Waits for the input box that asks for this, and answers it. */
async function answer(asked: string, text: string): Promise<void> {
  await page.locator(".quick-input-widget:visible").getByText(asked).first().waitFor();
  await inputBox(page, text);
}

test("without credentials the test of image hosting says what is wrong and offers to set them", async () => {
  await runCommand(page, "Wan FLF2V: Test Image Hosting");
  const told = await notification(page, "Image hosting does not work yet.");
  assert.match((await told.textContent()) ?? "", /the credentials are wrong or may not write there/);
  await screenshot(page, version, "hosting-refused");
  await told.getByRole("button", { name: "Set Image Hosting Credentials…" }).click();
  await quickPick(page, "User name and password");
  await answer("User name", dav.user);
  await answer("Password", dav.password);
  const kept = await notification(page, "are kept in VS Code’s secret storage and sent there only");
  await kept.getByRole("button", { name: "Test Image Hosting" }).click();
  const works = await notification(page, "Image hosting works");
  // It works for this machine, but the service could not read there.
  assert.match((await works.textContent()) ?? "", /But RunComfy cannot read images at 127\.0\.0\.1:\d+/);
  await screenshot(page, version, "hosting-works");
  assert.equal(await page.getByText("could not be deleted").count(), 0);
  assert.deepEqual(await readdir(join(dav.files, "wan")), []);
});

test("a job's images are uploaded, read by the service, and gone when the video is saved", async () => {
  const job = await jobReaches(code, await begin({}), "saved", "failed");
  assert.equal(job.state, "saved", job.message);
  assert.equal(service.requests().length, 1);
  await nothingLeft();
  const puts = (await dav.accessLog()).filter((line) => line.includes('"PUT /wan/') && line.endsWith("201"));
  assert.equal(puts.length, 3, "the test picture and two images");
});

test("images that were refused inside the request are sent with upload when the user says so", async () => {
  const id = await begin({ hosting: "dataUri" });
  const failed = await jobReaches(code, id, "saved", "failed");
  assert.match(failed.message ?? "", /The images went inside the request/);
  assert.equal(service.requests().length, 1, "nothing was paid");
  await code.command("wanFlf2v.job.sendWithUpload", { id });
  const saved = await jobReaches(code, id, "saved", "unclear");
  assert.equal(saved.state, "saved", saved.message);
  assert.equal(service.requests().length, 2);
  await nothingLeft();
  // Only a few messages are shown at once.
  await runCommand(page, "Notifications: Clear All Notifications");
  await runCommand(page, "Wan FLF2V: Show Leftover Uploads");
  await notification(page, "No uploaded image was left behind.");
});

test("the settings of image hosting are shown together", async () => {
  await runCommand(page, "Wan FLF2V: Open Image Hosting Settings");
  await page.locator(".settings-editor").getByText("11 Settings Found").waitFor();
  await screenshot(page, version, "hosting-settings");
});

test("no secret is in the logs", async () => {
  const logs = await code.logs(/./);
  assert.ok(logs.includes("image hosting test: Image hosting works"));
  assert.doesNotMatch(logs, /Basic [A-Za-z0-9+/]{8}|wan\/[0-9a-f]{32}\.png/);
});
