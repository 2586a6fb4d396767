import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { LightCommandId } from "../../../src/commands/ids.ts";
import { played, stage } from "./stage.ts";

let shown: number;
beforeEach(() => {
  shown = 0;
});

async function run(id: LightCommandId, ...args: unknown[]): Promise<unknown> {
  const log = Object.assign(Object.create(null), { show: () => shown++ });
  await played.light.lightCommands(log)[id](...args);
  return stage.commands.at(-1);
}

const opened = (query: unknown, command = "openSettings") => ({
  command: `workbench.action.${command}`,
  args: [query],
});

test("the log and the settings can be opened without the application", async () => {
  await run("showLog");
  assert.equal(shown, 1);
  assert.deepEqual(await run("openSettings"), opened("@ext:wan-flf2v.wan-flf2v"));
  // As the panel runs it for a setting that is not valid.
  assert.deepEqual(await run("openSettings", "panel", "wanFlf2v.fileName"), opened("@id:wanFlf2v.fileName"));
  assert.deepEqual(await run("setMonthlyCap"), opened("@id:wanFlf2v.monthlyCap"));
});

test("the settings of image hosting are those of the machine that the window works on", async () => {
  const query = { query: "@id:wanFlf2v.imageHosting,wanFlf2v.s3.*,wanFlf2v.put.*,wanFlf2v.deleteUploads" };
  assert.deepEqual(await run("openHostingSettings"), opened(query));
  played.vscode.env.remoteName = "ssh-remote";
  assert.deepEqual(await run("openHostingSettings"), opened(query, "openRemoteSettings"));
});
