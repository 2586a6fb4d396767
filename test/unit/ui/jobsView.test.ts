// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of the settings are written like this
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import { job, saved } from "../jobs/jobs.ts";
import { ShownList } from "./shownList.ts";
import { played, stage } from "./stage.ts";

let shown: ShownList;
const disposables: { dispose(): unknown }[] = [];
afterEach(() => {
  mock.timers.reset();
  for (const each of disposables.splice(0)) each.dispose();
});

function show(jobs: readonly Job[]): void {
  shown = new ShownList(jobs);
  disposables.push(shown);
}

const running = (id: string, change: { word?: string } = {}): Job =>
  job(id, { state: "running", requestId: `r-${id}`, ...change }, { submittedAt: Date.now() });
/** Of no known pair: none is counted among the takes of the others. */
const ended = (index: number): Job =>
  saved(`ended${index}`, 1000 + index, { start: { kind: "unknown" }, end: { kind: "unknown" } });

test("a change gathers once what all rows hang on, however many there are", () => {
  show([running("a"), ...Array.from({ length: 500 }, (_, index) => ended(index))]);
  for (const count of [1, 2, 3]) {
    const before = { lists: shown.jobs.lists, read: stage.settingsRead };
    shown.jobs.set([running("a", { word: `w${count}` }), ...shown.jobs.list().slice(1)]);
    shown.drawAll();
    // The list itself, the run times that the words hang on, and the test's own look.
    assert.equal(shown.jobs.lists - before.lists, 3);
    assert.ok(stage.settingsRead - before.read <= 4, `${stage.settingsRead - before.read} settings were read`);
  }
});

test("the work of a change grows with the rows in sight, not with their square", () => {
  const looks = (count: number): number => {
    let reads = 0;
    const counted = Array.from({ length: count }, (_, index) => {
      const each = running(`open${index}`);
      return {
        ...each,
        get order() {
          reads += 1;
          return each.order;
        },
      };
    });
    show(counted);
    reads = 0;
    shown.jobs.set([...counted]);
    shown.drawAll();
    return reads;
  };
  const [few, many] = [looks(50), looks(500)];
  assert.ok(many < few * 15, `${few} looks at 50 jobs, ${many} at 500`);
});

test("only rows that would look different are asked for again", () => {
  const list = [running("a"), running("b"), running("c"), ended(1)];
  show(list);
  shown.jobs.set([...list]);
  assert.deepEqual(shown.fired, []);
  shown.jobs.set([list[0] ?? running("a"), running("b", { word: "resting" }), ...list.slice(2)]);
  assert.deepEqual(shown.fired, [[{ id: "b" }]]);
  assert.match(shown.drawAll().get("b") ?? "", /resting/);
  shown.fired = [];
  shown.jobs.set(shown.jobs.list());
  assert.deepEqual(shown.fired, []);
});

test("a job that comes, goes or moves on brings up the groups that it concerns, and nothing else", () => {
  const list = [running("a"), ended(1), ended(2)];
  show(list);
  shown.jobs.set([running("b"), ...list]);
  assert.deepEqual(shown.fired.splice(0), [[{ group: "active" }]]);
  shown.jobs.set([running("b"), job("a", { state: "cancelled" }), ended(1), ended(2)]);
  assert.deepEqual(shown.fired.splice(0), [[{ group: "active" }, { group: "done" }]]);
  shown.jobs.set([job("b", { state: "unclear", problem: { code: "submitUnclear", reason: "x" } }), ended(1)]);
  assert.deepEqual(shown.fired.splice(0), [undefined]);
  assert.deepEqual(
    shown.view.getChildren().map((row) => ("group" in row ? row.group : row)),
    ["standing", "done"],
  );
});

const requestId = "r-1";
test("jobs that ended are shown by the page, and more of them on demand", async () => {
  show(Array.from({ length: 250 }, (_, index) => ended(index)));
  const [done] = shown.view.getChildren();
  assert.equal(shown.drawAll().size, 101);
  assert.equal(shown.drawAll().get("more"), "Show More (150)");
  const more = shown.view.getChildren(done).at(-1);
  assert.ok(more !== undefined);
  assert.deepEqual(shown.view.getParent(more), { group: "done" });
  const { command } = shown.view.getTreeItem(more);
  await played.vscode.commands.executeCommand(command?.command ?? "");
  assert.deepEqual(shown.fired, [{ group: "done" }]);
  assert.equal(shown.drawAll().get("more"), "Show More (50)");
  // One goes that is out of sight: the count alone is another.
  shown.fired = [];
  shown.jobs.set(shown.jobs.list().slice(0, -1));
  assert.deepEqual(shown.fired, [[{ more: true }]]);
  assert.equal(shown.drawAll().get("more"), "Show More (49)");
  await played.vscode.commands.executeCommand(command?.command ?? "");
  assert.equal(shown.drawAll().size, 249);
  assert.equal(shown.drawAll().get("more"), undefined);
});

test("elapsed times go on, of the rows whose time has changed", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const young = running("young");
  const old = { ...running("old"), submittedAt: Date.now() - 2 * 3_600_000 };
  show([young, old]);
  mock.timers.tick(1000);
  assert.deepEqual(shown.fired.splice(0), [[{ id: "young" }]]);
  shown.drawAll();
  mock.timers.tick(59_000);
  assert.ok(shown.fired.some((rows) => Array.isArray(rows) && rows.some((row) => "id" in row && row.id === "old")));
});

test("many rows under way are brought up less often", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  show(Array.from({ length: 1000 }, (_, index) => running(`open${index}`)));
  mock.timers.tick(9000);
  assert.deepEqual(shown.fired, []);
  mock.timers.tick(1000);
  assert.equal(shown.fired.length, 1);
});

test("no setting keeps a row from being drawn, and a mended one counts at once", () => {
  const refused: Progress = { state: "failed", problem: { code: "imagesTooLarge", limit: 1_000_000 } };
  const wrong = Object.fromEntries(Object.keys(stage.defaults).map((name) => [name, { wrong: true }]));
  stage.settings = wrong;
  show([running("a"), job("refused", refused)]);
  assert.equal(shown.drawAll().size, 2);
  const actions = () => {
    const row = shown.view.getChildren(shown.view.getChildren()[1])[0];
    return row === undefined ? "" : String(shown.view.getTreeItem(row).contextValue);
  };
  assert.match(actions(), /setUpUpload/);
  shown.fired = [];
  stage.set({ "wanFlf2v.imageHosting": "put", "wanFlf2v.put.url": "https://files.example/${name}" });
  assert.deepEqual(shown.fired, [[{ id: "refused" }]]);
  assert.match(actions(), /sendWithUpload/);
});

test("ages of ended videos go on, once a minute and only where they are seen", () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  show([job("a", { state: "cancelled" }, { endedAt: Date.now() })]);
  assert.equal(shown.rowOf("a").why, "Cancelled · just now");
  mock.timers.tick(59_000);
  assert.deepEqual(shown.fired, []);
  mock.timers.tick(1000);
  assert.deepEqual(shown.fired, [[{ id: "a" }]]);
  assert.equal(shown.rowOf("a").why, "Cancelled · 1 min. ago");
});

test("the commands for many videos are there while there is something for them", () => {
  const contexts = () =>
    Object.fromEntries(stage.commands.filter(({ command }) => command === "setContext").map(({ args }) => args));
  show([running("a")]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": false, "wanFlf2v.hasFinished": false });
  shown.jobs.set([job("b"), running("a"), job("c", { state: "failed", requestId, problem: { code: "watchStopped" } })]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": true, "wanFlf2v.hasFinished": false });
  const told = stage.commands.length;
  shown.jobs.set([job("d"), job("b"), running("a")]);
  assert.equal(stage.commands.length, told, "only a change is told");
  shown.jobs.set([job("b", { state: "cancelled" }), running("a")]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": false, "wanFlf2v.hasFinished": true });
});
