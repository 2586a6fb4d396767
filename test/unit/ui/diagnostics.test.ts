import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { job, order } from "../jobs/jobs.ts";
import { defaultSettings, type Played, playedParts } from "./played.ts";
import type { Stage } from "./vscode.ts";

let played: Played;
let defaults: Record<string, unknown>;
let stage: Stage;
before(async () => {
  played = await playedParts();
  defaults = defaultSettings();
});
beforeEach(() => {
  stage = played.vscode.playAnew(defaults);
});

/** What a report says, whatever the rest of the product may be. */
async function report(): Promise<string> {
  const settings = new played.settings.Settings();
  const jobs = [job("a", { state: "running", requestId: "r-1" }, { order: { ...order, prompt: "a secret plan" } })];
  const arguments_: unknown[] = [
    { extension: { packageJSON: { version: "1.2.3" } } },
    async () => ({ source: "secret", token: "token-secret" }),
    { list: () => jobs, uploads: { leftovers: () => [] } },
    played.settings.known(() => settings.service()),
  ];
  return Reflect.apply(played.diagnostics.diagnostics, undefined, arguments_);
}

test("a report says what is set, and never what it is set to where that may be a secret", async () => {
  for (const [settings, line] of [
    [{}, /API as by default, token from secret/],
    [{ "wanFlf2v.apiBaseUrl": "https://secret-host.example" }, /API set by the user/],
    [{ "wanFlf2v.apiBaseUrl": "https://me:secret@api.example" }, /API not valid/],
    [{ "wanFlf2v.apiBaseUrl": "https://api.example/v1?key=secret" }, /API not valid/],
    [{ "wanFlf2v.apiBaseUrl": { secret: 1 } }, /API not valid/],
    [{ "wanFlf2v.imageHosting": "https://me:secret@files.example" }, /Image hosting not valid/],
    [{ "wanFlf2v.imageHosting": "s3" }, /Image hosting s3/],
    [{ "http.proxy": "http://me:secret@proxy.example" }, /proxy set/],
  ] as const) {
    stage.settings = settings;
    const text = await report();
    assert.match(text, line);
    assert.match(text, /a running request r-1/);
    assert.doesNotMatch(text.replace("token from secret", ""), /secret|\/p\//);
  }
});
