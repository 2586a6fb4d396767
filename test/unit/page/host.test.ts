import assert from "node:assert/strict";
import { test } from "node:test";
import { Host } from "../../../src/page/kit/host.ts";
import { pick, recentPairs } from "../../../src/shared/messages/pair.ts";
import type { PageMessage } from "../../../src/shared/messages/registry.ts";

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
  void before.host.ask(pick, { side: "start" });
  const asked = after.host.ask(pick, { side: "end" });
  const [late, own] = [before.sent[0], after.sent[0]];
  assert.ok(late !== undefined && own !== undefined);
  after.host.receive({ kind: "answer", id: late.id, value: { path: "/project/start.png" } });
  after.host.receive({ kind: "answer", id: own.id, value: { path: "/project/end.png" } });
  assert.equal((await asked).path, "/project/end.png");
});

test("an answer that is none to its request is refused", async () => {
  const { host, sent } = line();
  const asked = host.ask(recentPairs, {});
  host.receive({ kind: "answer", id: sent[0]?.id, value: { path: "/project/start.png" } });
  await assert.rejects(asked, { name: "ZodError" });
});

test("a request that is not granted says why", async () => {
  const { host, sent } = line();
  const asked = host.ask(recentPairs, {});
  host.receive({ kind: "failure", id: sent[0]?.id, problem: { message: "No.", field: "end" } });
  await assert.rejects(asked, { name: "RequestError", problem: { message: "No.", field: "end" } });
});

test("what the host cannot have said is refused", () => {
  const { host } = line();
  assert.throws(() => host.receive({ kind: "draft", patch: { start: 1 } }), { name: "ZodError" });
  assert.throws(() => host.receive({ kind: "failure", id: 1 }), { name: "ZodError" });
});
