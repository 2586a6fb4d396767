// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Dav, startDav } from "../../support/servers/dav.ts";
import { jobReaches } from "../../support/vscode/job.ts";
import { whenFolderShows } from "../../support/vscode/waiting.ts";
import {
  inputBox,
  listedNotification,
  notification,
  quickPick,
  runCommand,
  screenshot,
} from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

/** Images on the user's own server, set up by settings and commands alone, with a service that takes addresses only. */
export function hostingTests(desk: () => Desk): void {
  let dav: Dav;
  before(async () => {
    dav = await startDav();
    const { service } = desk();
    service.changeSettings({ timing: { queueMs: 0, runMs: 0 }, dataUris: "refused" });
    await desk().configure("imageHosting", "put");
    await desk().configure("put.url", `${dav.url}/wan/\${name}`);
    await desk().configure("put.headers", { "x-kind": "picture" });
    await desk().clear();
  });
  after(async () => {
    desk().service.changeSettings({ dataUris: "accepted" });
    for (const name of ["imageHosting", "put.url", "put.headers"]) await desk().configure(name);
    await dav?.close();
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
    await desk().page.locator(".quick-input-widget:visible").getByText(asked).first().waitFor();
    await inputBox(desk().page, text);
  }

  test("without credentials the test of image hosting says what is wrong and offers to set them", async () => {
    const { code, page } = desk();
    await runCommand(page, "Wan FLF2V: Test Image Hosting");
    const told = await notification(page, "Image hosting doesn’t work yet.");
    assert.match((await told.textContent()) ?? "", /the credentials are wrong or don’t have write access/);
    await screenshot(page, code.version, "hosting-refused");
    await told.getByRole("button", { name: "Set Image Hosting Credentials…" }).click();
    await quickPick(page, "Username and password");
    await answer("Username", dav.user);
    await answer("Password", dav.password);
    const kept = await notification(page, "Credentials saved in VS Code’s secret storage");
    await kept.getByRole("button", { name: "Test Image Hosting" }).click();
    const works = await listedNotification(page, "Image hosting works");
    // It works for this machine, but the service could not read there.
    assert.match((await works.textContent()) ?? "", /But RunComfy can’t read images at 127\.0\.0\.1:\d+/);
    await screenshot(page, code.version, "hosting-works");
    assert.equal(await page.getByText("couldn’t be deleted").count(), 0);
    assert.deepEqual(await readdir(join(dav.files, "wan")), []);
  });

  test("a job's images are uploaded, read by the service, and gone when the video is saved", async () => {
    const { code, service } = desk();
    const sent = service.requests().length;
    const job = await jobReaches(code, await desk().generate(), "saved", "failed");
    assert.equal(job.state, "saved", job.message);
    assert.equal(service.requests().length, sent + 1);
    await nothingLeft();
    const puts = (await dav.accessLog()).filter((line) => line.includes('"PUT /wan/') && line.endsWith("201"));
    assert.equal(puts.length, 3, "the test picture and two images");
  });

  test("images that were refused inside the request are sent with upload when the user says so", async () => {
    const { code, page, service } = desk();
    const sent = service.requests().length;
    const id = await desk().generate({ hosting: "dataUri" });
    const failed = await jobReaches(code, id, "saved", "failed");
    assert.match(failed.message ?? "", /The images were embedded in the request/);
    assert.equal(service.requests().length, sent, "nothing was paid");
    await code.command("wanFlf2v.job.sendWithUpload", { id });
    const saved = await jobReaches(code, id, "saved", "unclear");
    assert.equal(saved.state, "saved", saved.message);
    assert.equal(service.requests().length, sent + 1);
    await nothingLeft();
    // Only a few messages are shown at once.
    await runCommand(page, "Notifications: Clear All Notifications");
    await runCommand(page, "Wan FLF2V: Show Leftover Uploads");
    await notification(page, "No leftover uploads.");
  });

  test("the settings of image hosting are shown together", async () => {
    const { code, page } = desk();
    await runCommand(page, "Wan FLF2V: Open Image Hosting Settings");
    await page.locator(".settings-editor").getByText("11 Settings Found").waitFor();
    await screenshot(page, code.version, "hosting-settings");
    // The newest VS Code shows its settings above the window until they are closed.
    await page.keyboard.press("Escape");
  });

  test("no secret is in the logs", async () => {
    const { code } = desk();
    const logs = await code.logs(/./);
    assert.ok(logs.includes("image hosting test: Image hosting works"));
    assert.doesNotMatch(logs, /Basic [A-Za-z0-9+/]{8}|wan\/[0-9a-f]{32}\.png/);
  });
}
