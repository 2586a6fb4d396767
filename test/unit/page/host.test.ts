import assert from "node:assert/strict";
import { test } from "node:test";
import { Host } from "../../../src/page/kit/host.ts";
import type { PageMessage } from "../../../src/shared/messages/panel.ts";

/** A page's line to the host, and what went over it. */
function line(): { readonly host: Host; readonly sent: PageMessage[] } {
  const sent: PageMessage[] = [];
  const vscode = {
    postMessage: (message: PageMessage) => void sent.push(message),
    getState: () => null,
    setState() {},
  };
  return { host: new Host(vscode, () => undefined), sent };
}

test("an answer that comes too late for its page is none to the page after it", async () => {
  const [before, after] = [line(), line()];
  void before.host.pick("start");
  const asked = after.host.pick("end");
  const [late, own] = [before.sent[0], after.sent[0]];
  assert.ok(late !== undefined && own !== undefined);
  after.host.receive({ kind: "answer", id: late.id, value: { path: "/project/start.png" } });
  after.host.receive({ kind: "answer", id: own.id, value: { path: "/project/end.png" } });
  assert.equal(await asked, "/project/end.png");
});
