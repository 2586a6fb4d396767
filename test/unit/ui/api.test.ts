import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { build } from "../../../api/example.ts";
import type { WanFlf2v } from "../../../api/wanFlf2v.d.ts";
import { root } from "../../../scripts/paths.ts";
import type { Progress } from "../../../src/jobs/job.ts";
import { job } from "../jobs/jobs.ts";
import { PlayedJobs } from "./jobs.ts";
import { played, stage } from "./stage.ts";

let api: WanFlf2v;
let jobs: PlayedJobs;
/** How often the application was loaded, and what it was asked for. */
let loads: number;
let asked: unknown[];
/** What rendering fails with. */
let failure: Error | undefined;

const uri = (path: string) => played.vscode.Uri.file(path);
const saved = (name: string): Progress => ({
  state: "saved",
  requestId: name,
  video: `/p/${name}-001.mp4`,
  recipe: `/p/${name}.flf.json`,
});

beforeEach(() => {
  [loads, asked, failure] = [0, [], undefined];
  jobs = new PlayedJobs([job("a"), job("b")]);
  const answer = async (name: string, args: unknown[], result: unknown) => {
    asked.push([name, ...args]);
    if (failure !== undefined) throw failure;
    return result;
  };
  const result = { jobs: ["a", "b"].map((id) => ({ recipe: `/p/${id}.flf.json`, id })), reused: [], failed: [] };
  const deps = {
    panel: { isHere: () => false },
    jobs,
    report: (error: unknown) => assert.fail(String(error)),
    recipes: {
      render: (...args: unknown[]) => answer("render", args, { jobs: ["a"] }),
      build: {
        list: (...args: unknown[]) =>
          answer("list", args, [{ recipe: "/p/a.flf.json", state: "stale", changed: ["end"] }]),
        renderStale: (...args: unknown[]) => answer("renderStale", args, result),
      },
    },
  };
  const commands = played.commands.createCommands(Object.assign(Object.create(null), deps));
  const changes = new played.vscode.EventEmitter<string>();
  played.jobChanges.followJobs(jobs, (id) => changes.fire(id));
  api = played.api.createApi(async () => {
    loads += 1;
    return { commands };
  }, changes.event);
});

test("the example renders what is stale without a question, and waits for its videos by the event", async () => {
  assert.deepEqual([api.apiVersion, loads], [1, 0], "nothing is loaded before it is needed");
  const videos = build(api);
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  jobs.set([job("a", saved("a")), job("b")]);
  jobs.set([job("a", saved("a")), job("b", { state: "failed", problem: { code: "noVideo" } })]);
  assert.deepEqual(await videos, ["/p/a-001.mp4"]);
  assert.deepEqual(asked, [["renderStale", undefined, false]]);
});

test("each call is the command with its arguments", async () => {
  assert.deepEqual(await api.renderRecipe(uri("/p/a.flf.json"), { takes: 2 }), ["a"]);
  assert.deepEqual(await api.renderRecipe(uri("/p/a.flf.json")), ["a"]);
  assert.equal((await api.planRecipes(uri("/p")))[0]?.state, "stale");
  await api.renderStale(uri("/p"));
  assert.deepEqual(asked, [
    ["render", "/p/a.flf.json", { takes: 2 }],
    ["render", "/p/a.flf.json", {}],
    ["list", "/p"],
    ["renderStale", "/p", true],
  ]);
  assert.equal((await api.getJob("a"))?.state, "waiting");
  assert.equal(await api.getJob("none"), undefined);
  stage.folders = [];
  await assert.rejects(api.createRecipes(uri("/p"), { as: "pairs" }), /isn’t in a folder of this workspace/);
});

test("what goes wrong is rejected in words, and never shown to the user", async () => {
  failure = new played.problem.ProblemError({ code: "tokenMissing" });
  for (const call of [
    () => api.renderRecipe(uri("/p/a.flf.json")),
    () => api.renderRecipe(uri("/p/a.flf.json"), { takes: 2 }),
    () => api.renderStale(),
    () => api.renderStale(uri("/p"), { confirm: false }),
  ]) {
    await assert.rejects(call, /token/);
  }
  await assert.rejects(api.renderRecipe(uri("/p/a.flf.json"), { takes: 99 }), /argument takes/);
  assert.deepEqual(stage.messages, []);
});

test("the event tells which jobs came, went, or have another state, and of no other change", () => {
  const told: string[] = [];
  api.onDidChangeJob((id) => told.push(id));
  jobs.set([job("c"), job("b"), job("a", saved("a"))]);
  assert.deepEqual(told.splice(0).sort(), ["a", "c"]);
  jobs.set([job("b", { state: "waiting", reason: "token" }), job("a", saved("a"))]);
  assert.deepEqual(told, ["c"]);
});

test("the README shows the example that is tested here", async () => {
  const [readme, example] = await Promise.all(
    ["README.md", "api/example.ts"].map((name) => readFile(join(root, name), "utf8")),
  );
  assert.ok(readme?.includes(`\`\`\`ts\n${example}\`\`\``));
});
