import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Panel } from "../../../src/ui/panel/panel.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { played, stage } from "./stage.ts";
import type { WebviewPanel } from "./vscode.ts";

let folder: string;
let product: PlayedProduct;
let panel: Panel;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-panel-"));
});
after(() => rm(folder, { recursive: true }));
beforeEach(() => {
  product = new PlayedProduct({ start: "/p/a.png", end: "/p/b.png", portrait: "/p/c.png", video: "/p/v.mp4" });
  panel = new played.panel.Panel(played.vscode.Uri.file("/extension"), product.deps);
});

/** A tab of an earlier session, as VS Code hands it over when it is looked at. */
function revive(): WebviewPanel {
  const tab = new played.vscode.WebviewPanel();
  Reflect.apply(panel.restore, panel, [tab]);
  return tab;
}

/** What a page's request is answered with. */
async function answered(tab: WebviewPanel, request: object): Promise<unknown> {
  const told = tab.posted.length;
  tab.say({ id: told + 1, request });
  for (let turns = 0; tab.posted.length === told && turns < 1000; turns += 1) {
    await new Promise<void>((done) => setImmediate(done));
  }
  return tab.posted.at(-1);
}

test("a job is shown in the panel, which is opened for it, kept while it is hidden, and comes to the front", async () => {
  panel.showJob("job1");
  const [tab] = stage.panels;
  assert.ok(tab !== undefined);
  assert.equal(tab.options.retainContextWhenHidden, true);
  const ready = JSON.stringify(await answered(tab, { kind: "ready" }));
  assert.match(ready, /"shown":"job1"/);
  panel.showJob("job2");
  assert.deepEqual(tab.posted.at(-1), { kind: "show", jobId: "job2" });
  assert.deepEqual([stage.panels.length, tab.revealed], [1, 1]);
});

test("a tab of an earlier session that is looked at late goes, and the panel in use comes to the front with its draft", () => {
  panel.show({ start: "/p/a.png" });
  const [inUse] = stage.panels;
  const old = revive();
  assert.deepEqual([inUse?.isGone, inUse?.revealed, old.isGone], [false, 1, true]);
  assert.ok(panel.isVisible);
  // What commands do still reaches the panel in use.
  panel.show({ end: "/p/b.png" });
  assert.equal(stage.panels.length, 1);
  assert.equal(inUse?.revealed, 2);
});

test("a tab of an earlier session is the panel where there is no other one, and a third goes as well", () => {
  const old = revive();
  assert.equal(old.isGone, false);
  assert.notEqual(old.webview.html, "");
  assert.equal(revive().isGone, true);
  assert.equal(old.isGone, false);
  old.dispose();
  assert.equal(revive().isGone, false);
});

test("a dropped file of another machine says so, one of the window's machine is taken", async () => {
  played.vscode.env.remoteName = "ssh-remote";
  stage.machine = "ssh-remote+Film.example";
  panel.show();
  const [tab] = stage.panels;
  assert.ok(tab !== undefined);
  product.problemText = played.problemSentences.problemText;
  const drop = (uri: string) => answered(tab, { kind: "drop", uris: [uri] });
  assert.deepEqual(await drop("vscode-remote://ssh-remote%2Bfilm.example/p/a.png"), {
    kind: "answer",
    id: 1,
    value: { paths: ["/p/a.png"], others: 0 },
  });
  for (const uri of [
    "vscode-remote://ssh-remote%2Bother.example/p/a.png",
    "vscode-remote://ssh-remote%2Bfilm-example/p/a.png",
    "vscode-remote://ssh-remote%2Bfilm.example2/p/a.png",
    "vscode-remote://wsl%2BUbuntu/p/a.png",
    "file:///p/a.png",
  ]) {
    const answer = JSON.stringify(await drop(uri));
    assert.match(answer, /a\.png is on another computer\. Copy it to this one/, uri);
  }
});

test("a video that is too large to be shown is not read", async () => {
  const video = join(folder, "large.mp4");
  await writeFile(video, "");
  await truncate(video, 3 * 1024 ** 3);
  product.jobs = [product.job({ state: "saved", requestId: "r", video, recipe: "" }, { id: "large" })];
  product.problemText = played.problemSentences.problemText;
  panel.show();
  const [tab] = stage.panels;
  assert.ok(tab !== undefined);
  const answer = JSON.stringify(await answered(tab, { kind: "video", jobId: "large" }));
  assert.match(answer, /large\.mp4 is larger than 1,024 MB/);
});
