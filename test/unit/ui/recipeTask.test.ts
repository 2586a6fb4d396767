import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import * as z from "zod";
import { root } from "../../../scripts/paths.ts";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { RenderOptions } from "../../../src/jobs/renderRecipe.ts";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { job, order } from "../jobs/jobs.ts";
import { PlayedJobs } from "./jobs.ts";
import { played, stage } from "./stage.ts";

class TaskJobs extends PlayedJobs {
  readonly cancelled: string[] = [];

  async cancel(id: string): Promise<void> {
    this.cancelled.push(id);
  }
}

let folder: string;
let jobs: TaskJobs;
let shown: ReturnType<typeof played.recipes.createRecipes>;
/** What rendering was asked for: names and takes. */
let rendered: string[];
/** What rendering a recipe fails with, and what it waits for. */
let failure: Error | undefined;
let gate: Promise<void>;
/** What the terminal shows, line by line, and the exit code. */
let lines: string[];
let ended: Promise<number>;
let terminal: InstanceType<typeof played.recipeTask.RecipeTask>;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "wan-task-")));
  stage.folders = [folder];
  [rendered, failure, gate, lines] = [[], undefined, Promise.resolve(), []];
  jobs = new TaskJobs([]);
  shown = played.recipes.createRecipes({
    jobs,
    imageSize: async () => ({ width: 720, height: 720 }),
    storage: undefined,
    report: (error) => assert.fail(String(error)),
    picker: { pick: async () => undefined },
    has: () => true,
  });
  for (const name of ["a", "b"]) await write(`images/${name}.png`, name);
});
afterEach(async () => {
  shown.dispose();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

const at = (name: string) => join(folder, name);
async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
  if (name.endsWith(".json") && !stage.found.includes(at(name))) stage.found.push(at(name));
}
const textOf = (more: object = {}) =>
  JSON.stringify({ start: "images/a.png", end: "images/b.png", prompt: "night falls", ...more }, null, 2);
const clip = { codec: "h264", width: 720, height: 720, frames: 81, fps: 16, duration: 5 };
const done = (name: string, sha256 = createHash("sha256").update(name).digest("hex")) => ({
  video: { file: `${name}-001.mp4`, sha256, ...clip },
  requestId: name,
  rendered: {
    model: modelId,
    start: {},
    end: {},
    prompt: "night falls",
    parameters: { seed: 1, resolution: "720x720 (1:1)" },
  },
});
/** A recipe that was rendered, with its video. */
async function writeDone(name: string): Promise<void> {
  await write(`${name}-001.mp4`, name);
  await write(`${name}.flf.json`, textOf(done(name)));
}
const jobOf = (name: string, progress?: Progress): Job => {
  const made = job(`job-${name}`, progress);
  return { ...made, order: { ...order, recipe: at(`${name}.flf.json`) } };
};
/** Lets something become of the job of a recipe. */
function become(name: string, progress: Progress): void {
  jobs.set([jobOf(name, progress), ...jobs.list().filter(({ id }) => id !== `job-${name}`)]);
}
const videoOf = (name: string) => ({
  state: "saved" as const,
  requestId: name,
  video: at(`${name}-001.mp4`),
  recipe: at(`${name}.flf.json`),
});

function start(definition: object): void {
  const build = new played.recipeBuild.RecipeBuild({
    index: shown.index,
    render: async (path: string, { takes }: RenderOptions) => {
      const name = path.slice(folder.length + 1, -".flf.json".length);
      rendered.push(takes === undefined ? name : `${name} x ${takes}`);
      await gate;
      if (failure !== undefined) throw failure;
      become(name, { state: "waiting", reason: "turn" });
      return { jobs: [`job-${name}`] };
    },
    budget: () => ({
      ...{ confirmAbove: null, cap: null, videoCaps: { day: null, month: null } },
      spend: () => ({ reported: 0, unreported: 0, expected: 0 }),
      videos: () => ({ day: 0, month: 0 }),
      price: async () => ({ kind: "unknown" }),
      lastPrice: () => ({ kind: "unknown" }),
    }),
    runTime: () => undefined,
    atOnce: () => 2,
    report: () => undefined,
  });
  const deps = { index: shown.index, build, jobs, report: (error: unknown) => assert.fail(String(error)) };
  terminal = new played.recipeTask.RecipeTask(deps, { type: "wanFlf2v", ...definition }, folder);
  terminal.onDidWrite((text) => {
    assert.ok(text.endsWith("\r\n"));
    lines.push(text.slice(0, -2));
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  terminal.onDidClose((code) => resolve(Number(code)));
  ended = promise;
  terminal.open();
}
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < 5000, lines.join("\n"));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a build renders what is not up to date, follows it, and succeeds if all is in the end", async () => {
  await writeDone("old");
  await write("new.flf.json", textOf());
  start({ glob: "**/*.flf.json" });
  await until(() => jobs.get("job-new") !== undefined);
  become("new", { state: "running", requestId: "new" });
  jobs.set(jobs.list());
  await writeDone("new");
  become("new", videoOf("new"));
  assert.equal(await ended, 0);
  assert.deepEqual(rendered, ["new"]);
  assert.deepEqual(lines, [
    "new: Waiting for its turn",
    "new: Rendering",
    "new: Saved · new-001.mp4",
    "2 of 2 recipes are up to date.",
  ]);
  assert.deepEqual(stage.messages, []);
});

test("each error stands at its place as the problem matcher reads it, and the others are rendered", async () => {
  await write("broken.flf.json", textOf({ parameters: { fps: 99 } }));
  await write("fails.flf.json", textOf());
  await write("gone.flf.json", textOf(done("gone")));
  start({});
  await until(() => jobs.get("job-fails") !== undefined);
  become("fails", { state: "failed", requestId: "f", problem: { code: "generationFailed", message: "no" } });
  assert.equal(await ended, 1);
  assert.deepEqual(rendered, ["fails"], "a video that is only missing is not paid for again unasked");
  assert.equal(lines[0], `${at("broken.flf.json")}(6,12): error: "parameters.fps" can’t be 99. Allowed: 12 to 24.`);
  assert.deepEqual(lines.slice(-3), [
    `${at("fails.flf.json")}(1,1): error: Not rendered`,
    `${at("gone.flf.json")}(1,1): error: Video missing · gone-001.mp4`,
    "0 of 3 recipes are up to date.",
  ]);
  const schema = z.object({
    contributes: z.object({ problemMatchers: z.tuple([z.object({ pattern: z.object({ regexp: z.string() }) })]) }),
  });
  const { contributes } = schema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const matcher = new RegExp(contributes.problemMatchers[0].pattern.regexp);
  assert.deepEqual(matcher.exec(lines[0] ?? "")?.slice(1, 5), [at("broken.flf.json"), "6", "12", "error"]);
  assert.equal(lines.filter((line) => matcher.test(line)).length, 3);
});

test("what keeps a recipe from being sent is said at the recipe", async () => {
  await write("new.flf.json", textOf());
  failure = new played.problem.ProblemError({ code: "tokenMissing" });
  start({ recipe: "new.flf.json" });
  assert.equal(await ended, 1);
  assert.match(lines[0] ?? "", /new\.flf\.json\(1,1\): error: .*token/);
  assert.equal(lines[1], "0 of 1 recipe is up to date.");
});

test("more takes are rendered also of what is up to date", async () => {
  await writeDone("hero");
  start({ recipe: at("hero.flf.json"), takes: 3 });
  await until(() => jobs.get("job-hero") !== undefined);
  become("hero", videoOf("hero"));
  assert.equal(await ended, 0);
  assert.deepEqual(rendered, ["hero x 3"]);
});

test("a recipe that is on its way already is followed, not sent again, and left alone when the task is stopped", async () => {
  await write("hero.flf.json", textOf());
  become("hero", { state: "waiting", reason: "turn" });
  start({ recipe: "hero.flf.json" });
  await until(() => lines.length > 0);
  terminal.close();
  assert.equal(await ended, 1);
  assert.deepEqual([rendered, jobs.cancelled], [[], []]);
});

test("closing the terminal stops what was not sent, also what is being prepared, and nothing else", async () => {
  for (const name of ["one", "two", "three", "four"]) await write(`${name}.flf.json`, textOf());
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  start({});
  await until(() => rendered.length === 2);
  terminal.handleInput("\u0003");
  assert.equal(await ended, 1);
  resolve();
  await until(() => jobs.cancelled.length === 2);
  assert.equal(rendered.length, 2, "the others were never begun");
  assert.equal(lines.at(-1), "Stopped. What was sent goes on.");

  rendered = [];
  jobs.set([]);
  jobs.cancelled.splice(0);
  await new Promise((next) => setTimeout(next, 50));
  start({ glob: "{one,two}.flf.json" });
  await until(() => jobs.list().length === 2);
  become("one", { state: "running", requestId: "one" });
  terminal.close();
  assert.equal(await ended, 1);
  assert.deepEqual(jobs.cancelled, ["job-two"]);
});

test("a video that waits for its user keeps the task waiting; one that was removed does not", async () => {
  await write("hero.flf.json", textOf());
  start({});
  await until(() => jobs.get("job-hero") !== undefined);
  become("hero", { state: "unclear", problem: { code: "submitUnclear", reason: "reset" } });
  await until(() => lines.length === 2);
  assert.match(lines[1] ?? "", /^hero: Submission unconfirmed: ./);
  jobs.set([]);
  assert.equal(await ended, 1);
  assert.equal(lines.at(-1), "0 of 1 recipe is up to date.");
});

test("a task that means nothing says so, and fails", async () => {
  await write("hero.flf.json", textOf());
  for (const [definition, words] of [
    [{ recipe: 7 }, /property recipe is invalid/],
    [{ takes: 99 }, /property takes is invalid/],
    [{ glob: "none/*.flf.json" }, /No recipes found/],
    [{ recipe: "none.flf.json" }, /none\.flf\.json\(1,1\): error: There is no such recipe/],
    [{ recipe: "../../x.flf.json" }, /error: There is no such recipe/],
  ] as const) {
    lines = [];
    start(definition);
    assert.equal(await ended, 1);
    assert.match(lines[0] ?? "", words);
  }
  assert.deepEqual(rendered, []);
});

test("each workspace folder with recipes has a task, and a user's own is run with what it says", async () => {
  await write("hero.flf.json", textOf());
  stage.folders = [folder, "/empty"];
  const opened: unknown[] = [];
  const provider = new played.taskProvider.TaskProvider(async (...args) => {
    opened.push(args);
    return assert.fail();
  });
  const [task, ...others] = await provider.provideTasks();
  assert.ok(task !== undefined && others.length === 0);
  assert.deepEqual(task.definition, { type: "wanFlf2v", glob: "**/*.flf.json" });
  assert.deepEqual([task.name, task.problemMatchers], ["Render Stale Recipes", "$wanFlf2v"]);
  const own = new played.vscode.Task(
    { type: "wanFlf2v", recipe: "a.flf.json" },
    2,
    "mine",
    "",
    new played.vscode.CustomExecution(async () => 1),
    "",
  );
  const resolved = provider.resolveTask(Object.assign(Object.create(null), own));
  assert.equal(resolved.definition, own.definition, "VS Code takes no other");
  const { execution } = resolved;
  assert.ok(execution instanceof played.vscode.CustomExecution);
  await execution.open({ recipe: "b" }).catch(() => undefined);
  assert.deepEqual(opened, [[{ recipe: "b" }, undefined]]);
});
