import assert from "node:assert/strict";
import { test } from "node:test";
import type { FoundToken } from "../../../src/host/token.ts";
import { played, stage } from "./stage.ts";

const token: FoundToken = { token: "t", source: "secret", name: "stored:1" };
const settled = () => new Promise<void>((done) => setImmediate(done));

test("the welcome view knows whether there is a token, also after it or the service has changed", async () => {
  let find = async (): Promise<FoundToken | undefined> => undefined;
  const listeners = new Set<() => void>();
  const emitter = {
    onDidChange: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const state = new played.tokenState.TokenState(() => find(), emitter, emitter);
  const change = async () => {
    for (const listener of listeners) listener();
    await settled();
    return stage.commands.at(-1);
  };
  const told = (hasToken: boolean) => ({ command: "setContext", args: ["wanFlf2v.hasToken", hasToken] });
  await settled();
  assert.deepEqual(stage.commands, [told(false)]);
  find = async () => token;
  assert.deepEqual(await change(), told(true));
  find = async () => undefined;
  assert.deepEqual(await change(), told(false));
  // One that cannot be read is no reason to ask for another.
  find = () => Promise.reject(new Error("locked"));
  assert.deepEqual(await change(), told(true));
  state.dispose();
  assert.equal(listeners.size, 0);
});
