// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of the settings are written like this
import assert from "node:assert/strict";
import { afterEach, before, beforeEach, mock, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import type { JobsView, Row } from "../../../src/ui/jobsView.ts";
import { job, order, saved } from "../jobs/jobs.ts";
import { PlayedJobs, treeView } from "./jobs.ts";
import { defaultSettings, type Played, playedParts } from "./played.ts";
import type { Stage } from "./vscode.ts";

let played: Played;
let defaults: Record<string, unknown>;
let stage: Stage;
let jobs: PlayedJobs;
let view: JobsView;
/** What VS Code was told to look at anew; undefined for all of it. */
let fired: (Row | Row[] | undefined)[];
const disposables: { dispose(): unknown }[] = [];
before(async () => {
  [played, defaults] = await Promise.all([playedParts(), defaultSettings()]);
});
beforeEach(() => {
  stage = played.vscode.playAnew(defaults);
});
afterEach(() => {
  mock.timers.reset();
  for (const each of disposables.splice(0)) each.dispose();
});

function show(list: readonly Job[]): void {
  jobs = new PlayedJobs(list);
  const settings = new played.settings.Settings();
  const describer = new played.describer.JobDescriber(jobs, settings);
  view = new played.jobsView.JobsView(jobs, describer, settings, treeView());
  disposables.push(view, describer);
  fired = [];
  view.onDidChangeTreeData((row) => fired.push(row));
  drawAll();
}

/** Asks for every row, as VS Code does. Gives the labels of the jobs' rows by id. */
function drawAll(): Map<string, string> {
  const labels = new Map<string, string>();
  for (const group of view.getChildren()) {
    for (const row of view.getChildren(group)) {
      labels.set("id" in row ? row.id : "more", String(view.getTreeItem(row).label));
    }
  }
  return labels;
}

const running = (id: string, change: { word?: string } = {}): Job =>
  job(id, { state: "running", requestId: `r-${id}`, ...change }, { submittedAt: Date.now() });
const ended = (index: number): Job => saved(`ended${index}`, 1000 + index);

test("a change gathers once what all rows hang on, however many there are", () => {
  show([running("a"), ...Array.from({ length: 500 }, (_, index) => ended(index))]);
  for (const count of [1, 2, 3]) {
    const before = { lists: jobs.lists, read: stage.settingsRead };
    jobs.set([running("a", { word: `w${count}` }), ...jobs.list().slice(1)]);
    drawAll();
    // The list itself, the run times that the words hang on, and the test's own look.
    assert.equal(jobs.lists - before.lists, 3);
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
    jobs.set([...counted]);
    drawAll();
    return reads;
  };
  const [few, many] = [looks(50), looks(500)];
  assert.ok(many < few * 15, `${few} looks at 50 jobs, ${many} at 500`);
});

test("only rows that would look different are asked for again", () => {
  const list = [running("a"), running("b"), running("c"), ended(1)];
  show(list);
  jobs.set([...list]);
  assert.deepEqual(fired, []);
  jobs.set([list[0] ?? running("a"), running("b", { word: "resting" }), ...list.slice(2)]);
  assert.deepEqual(fired, [[{ id: "b" }]]);
  assert.match(drawAll().get("b") ?? "", /resting/);
  fired = [];
  jobs.set(jobs.list());
  assert.deepEqual(fired, []);
});

test("a job that comes, goes or moves on brings up the groups that it concerns, and nothing else", () => {
  const list = [running("a"), ended(1), ended(2)];
  show(list);
  jobs.set([running("b"), ...list]);
  assert.deepEqual(fired.splice(0), [[{ group: "active" }]]);
  jobs.set([running("b"), job("a", { state: "cancelled" }), ended(1), ended(2)]);
  assert.deepEqual(fired.splice(0), [[{ group: "active" }, { group: "done" }]]);
  jobs.set([job("b", { state: "unclear", problem: { code: "submitUnclear", reason: "x" } }), ended(1)]);
  assert.deepEqual(fired.splice(0), [undefined]);
  assert.deepEqual(
    view.getChildren().map((row) => ("group" in row ? row.group : row)),
    ["standing", "done"],
  );
});

const requestId = "r-1";
/** What VS Code is given for a job's row: its group, and the row itself. */
function rowOf(id: string): { group: string; label: string; icon: string; spoken: string } {
  for (const group of view.getChildren()) {
    for (const row of view.getChildren(group)) {
      if ("id" in row && row.id === id && "group" in group) {
        const { label, iconPath, accessibilityInformation } = view.getTreeItem(row);
        const icon = typeof iconPath === "object" && "id" in iconPath ? iconPath.id : "";
        return { group: group.group, label: String(label), icon, spoken: accessibilityInformation?.label ?? "" };
      }
    }
  }
  return assert.fail(`${id} has no row`);
}

test("what its user has left has a group and an icon of its own, however many videos ended since", () => {
  const left: readonly Progress[] = [
    { state: "failed", requestId, problem: { code: "watchStopped" } },
    { state: "failed", requestId, problem: { code: "noVideo" } },
    { state: "failed", problem: { code: "submitUnclear", reason: "x" } },
  ];
  for (const progress of left) {
    show([...Array.from({ length: 250 }, (_, index) => ended(index)), job("a", progress)]);
    assert.deepEqual({ ...rowOf("a"), spoken: "" }, { group: "left", label: "a-b-7", icon: "eye-closed", spoken: "" });
  }
  show([job("a", { state: "failed", requestId, problem: { code: "generationFailed", message: "no" } })]);
  assert.equal(rowOf("a").group, "done");
  assert.equal(rowOf("a").icon, "error");
});

test("what holds a video up shows in its row and in the status bar; what only its user can end needs them", () => {
  const cases: readonly (readonly [Problem, string, string])[] = [
    [{ code: "tokenRefused" }, "standing", "API token rejected"],
    [{ code: "tokenMissing" }, "standing", "No API token"],
    [{ code: "tokenStoreFails" }, "standing", "Secret storage can’t be read"],
    [{ code: "notOurs" }, "standing", "API token of another account"],
    [{ code: "requestUnknown" }, "active", "Unknown to RunComfy"],
    [{ code: "serviceTrouble", reason: "x" }, "active", "Unusable answer from RunComfy"],
  ];
  for (const [problem, group, words] of cases) {
    for (const progress of [
      { state: "queued", requestId, problem },
      { state: "running", requestId, problem },
      { state: "downloading", requestId, problem },
    ] as const) {
      show([job("a", progress, { submittedAt: Date.now() })]);
      const row = rowOf("a");
      assert.equal(row.group, group, problem.code);
      assert.equal(row.icon, "warning");
      assert.ok(row.label.startsWith(words), row.label);
      assert.match(row.spoken, /In the queue|Rendering|Saving/);
      const bar = new played.statusBar.StatusBar(jobs);
      disposables.push(bar);
      assert.equal(stage.drawn.findLast(({ place }) => place === "status bar")?.text, words);
    }
  }
  for (const reason of ["token", "setting"] as const) {
    show([job("a", { state: "waiting", reason })]);
    assert.equal(rowOf("a").group, "standing", reason);
  }
  show([job("a", { state: "needsAction", requestId, problem: { code: "notAVideo", reason: "truncated" } })]);
  assert.match(rowOf("a").label, /^Incomplete video/);
});

test("a recovered video's row tells neither size nor seed: they aren't known", () => {
  const { parameters: _, ...unknown } = { ...order, prompt: "" };
  show([job("a", { state: "queued", requestId }, { order: unknown })]);
  const [group] = view.getChildren();
  const [row] = view.getChildren(group);
  const tooltip = String(row && view.getTreeItem(row).tooltip);
  assert.match(tooltip, /Request r-1\nFolder/);
  assert.doesNotMatch(tooltip, /Seed|frames|×/);
});

test("rows whose names begin alike are told apart by their icon's color", () => {
  const colorOf = (progress: Progress): string | undefined => {
    show([job("a", progress)]);
    const [group] = view.getChildren();
    const [row] = view.getChildren(group);
    const icon = row && view.getTreeItem(row).iconPath;
    return typeof icon === "object" && "color" in icon ? icon.color?.id : undefined;
  };
  assert.equal(colorOf({ state: "saved", requestId, video: "/v.mp4", recipe: "/v.json" }), "testing.iconPassed");
  const message = "no";
  assert.equal(
    colorOf({ state: "failed", requestId, problem: { code: "generationFailed", message } }),
    "list.errorForeground",
  );
  assert.equal(colorOf({ state: "failed", requestId, problem: { code: "watchStopped" } }), undefined);
  assert.equal(
    colorOf({ state: "unclear", problem: { code: "submitUnclear", reason: "x" } }),
    "list.warningForeground",
  );
  assert.equal(colorOf({ state: "queued", requestId, problem: { code: "tokenRefused" } }), "list.warningForeground");
  assert.equal(colorOf({ state: "queued", requestId }), undefined);
});

test("a row's elapsed time begins where the panel's does", () => {
  const now = Date.now();
  show([job("a", { state: "running", requestId }, { submittedAt: now - 70_000, runningAt: now - 30_000 })]);
  assert.match(rowOf("a").label, /^Rendering · 3\d sec$/);
});

test("jobs that ended are shown by the page, and more of them on demand", async () => {
  show(Array.from({ length: 250 }, (_, index) => ended(index)));
  const [done] = view.getChildren();
  assert.equal(drawAll().size, 101);
  assert.equal(drawAll().get("more"), "Show More (150)");
  const more = view.getChildren(done).at(-1);
  assert.ok(more !== undefined);
  assert.deepEqual(view.getParent(more), { group: "done" });
  const { command } = view.getTreeItem(more);
  await played.vscode.commands.executeCommand(command?.command ?? "");
  assert.deepEqual(fired, [{ group: "done" }]);
  assert.equal(drawAll().get("more"), "Show More (50)");
  // One goes that is out of sight: the count alone is another.
  fired = [];
  jobs.set(jobs.list().slice(0, -1));
  assert.deepEqual(fired, [[{ more: true }]]);
  assert.equal(drawAll().get("more"), "Show More (49)");
  await played.vscode.commands.executeCommand(command?.command ?? "");
  assert.equal(drawAll().size, 249);
  assert.equal(drawAll().get("more"), undefined);
});

test("elapsed times go on, of the rows whose time has changed", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const young = running("young");
  const old = { ...running("old"), submittedAt: Date.now() - 2 * 3_600_000 };
  show([young, old]);
  mock.timers.tick(1000);
  assert.deepEqual(fired.splice(0), [[{ id: "young" }]]);
  drawAll();
  mock.timers.tick(59_000);
  assert.ok(fired.some((rows) => Array.isArray(rows) && rows.some((row) => "id" in row && row.id === "old")));
});

test("many rows under way are brought up less often", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  show(Array.from({ length: 1000 }, (_, index) => running(`open${index}`)));
  mock.timers.tick(9000);
  assert.deepEqual(fired, []);
  mock.timers.tick(1000);
  assert.equal(fired.length, 1);
});

test("no setting keeps a row from being drawn, and a mended one counts at once", () => {
  const refused: Progress = { state: "failed", problem: { code: "imagesTooLarge", limit: 1_000_000 } };
  const wrong = Object.fromEntries(Object.keys(defaults).map((name) => [name, { wrong: true }]));
  stage.settings = wrong;
  show([running("a"), job("refused", refused)]);
  assert.equal(drawAll().size, 2);
  const actions = () => {
    const row = view.getChildren(view.getChildren()[1])[0];
    return row === undefined ? "" : String(view.getTreeItem(row).contextValue);
  };
  assert.match(actions(), /setUpUpload/);
  fired = [];
  stage.set({ "wanFlf2v.imageHosting": "put", "wanFlf2v.put.url": "https://files.example/${name}" });
  assert.deepEqual(fired, [[{ id: "refused" }]]);
  assert.match(actions(), /sendWithUpload/);
});

test("the tooltip of the status bar names ten videos and counts the rest", () => {
  const bar = new played.statusBar.StatusBar(
    new PlayedJobs(
      Array.from({ length: 1000 }, (_, index) =>
        job(`${index}`, undefined, { order: { ...order, name: `v${index}` } }),
      ),
    ),
  );
  disposables.push(bar);
  const lines = stage.drawn.filter(({ place }) => place === "status bar tooltip").map(({ text }) => text);
  assert.equal(lines.length, 11);
  assert.equal(lines[10], "and 990 more");
});
