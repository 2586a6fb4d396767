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
let tree: ReturnType<typeof treeView>;
/** What there is to see of an image. */
let picture: (side: string) => Promise<{ bytes: Uint8Array; mime: string } | undefined>;
/** What VS Code was told to look at anew; undefined for all of it. */
let fired: (Row | Row[] | undefined)[];
const disposables: { dispose(): unknown }[] = [];
before(async () => {
  [played, defaults] = await Promise.all([playedParts(), defaultSettings()]);
});
beforeEach(() => {
  stage = played.vscode.playAnew(defaults);
  picture = async () => undefined;
});
afterEach(() => {
  mock.timers.reset();
  for (const each of disposables.splice(0)) each.dispose();
});

function show(list: readonly Job[]): void {
  jobs = new PlayedJobs(list);
  const settings = new played.settings.Settings();
  const describer = new played.describer.JobDescriber(jobs, settings);
  tree = treeView();
  view = new played.jobsView.JobsView(jobs, describer, settings, tree, (_, side) => picture(side));
  disposables.push(view, describer);
  fired = [];
  view.onDidChangeTreeData((row) => fired.push(row));
  drawAll();
}

/** Asks for every row, as VS Code does. Gives the words of the jobs' rows by id. */
function drawAll(): Map<string, string> {
  const rows = new Map<string, string>();
  for (const group of view.getChildren()) {
    for (const row of view.getChildren(group)) {
      const { label, description } = view.getTreeItem(row);
      rows.set("id" in row ? row.id : "more", "id" in row ? String(description) : String(label));
    }
  }
  return rows;
}

const running = (id: string, change: { word?: string } = {}): Job =>
  job(id, { state: "running", requestId: `r-${id}`, ...change }, { submittedAt: Date.now() });
/** Of no known pair: none is counted among the takes of the others. */
const ended = (index: number): Job =>
  saved(`ended${index}`, 1000 + index, { start: { kind: "unknown" }, end: { kind: "unknown" } });

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
function rowOf(id: string): { group: string; label: string; why: string; icon: string; spoken: string } {
  for (const group of view.getChildren()) {
    for (const row of view.getChildren(group)) {
      if ("id" in row && row.id === id && "group" in group) {
        const { label, description, iconPath, accessibilityInformation } = view.getTreeItem(row);
        const icon = typeof iconPath === "object" && "id" in iconPath ? iconPath.id : "";
        const spoken = accessibilityInformation?.label ?? "";
        return { group: group.group, label: String(label), why: String(description), icon, spoken };
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
    const { group, label, icon } = rowOf("a");
    assert.deepEqual({ group, label, icon }, { group: "left", label: "a door opens", icon: "eye-closed" });
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
      assert.ok(row.why.startsWith(words), row.why);
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
  assert.match(rowOf("a").why, /^Incomplete video/);
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
  assert.match(rowOf("a").why, /^Rendering · 3\d sec$/);
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

test("what runs and what needs attention are two facts, in status bar, badge and for screen readers", () => {
  const standing = (id: string) => job(id, { state: "unclear", problem: { code: "submitUnclear", reason: "x" } });
  const drawn = (place: string) => stage.drawn.filter((each) => each.place === place).map(({ text }) => text);
  const cases: readonly (readonly [readonly Job[], string, string])[] = [
    [
      [running("a"), running("b"), running("c"), standing("d"), standing("e")],
      "$(sync~spin) 3 rendering · $(warning) 2",
      "3 videos rendering, 2 videos need attention",
    ],
    [
      [running("a"), job("b"), standing("c")],
      "$(sync~spin) 2 in progress · $(warning) 1",
      "2 videos in progress, 1 video needs attention",
    ],
    [[running("a"), running("b")], "$(sync~spin) 2 rendering", "2 videos rendering"],
    [[standing("a"), standing("b")], "2 need attention", "2 videos need attention"],
  ];
  for (const [list, text, words] of cases) {
    show(list);
    stage.drawn.splice(0);
    disposables.push(new played.statusBar.StatusBar(jobs));
    assert.deepEqual(drawn("status bar"), [text]);
    assert.deepEqual(drawn("accessible name of status bar"), [words]);
    assert.deepEqual(tree.badge, { value: list.length, tooltip: words });
  }
  show(cases[0]?.[0] ?? []);
  stage.drawn.splice(0);
  disposables.push(new played.statusBar.StatusBar(jobs));
  assert.deepEqual(drawn("status bar tooltip"), [
    "Needs Attention:",
    ...Array(2).fill("a door opens: Submission unconfirmed"),
    "In Progress:",
    ...Array(3).fill("a door opens: Rendering"),
  ]);
});

test("a row says what its video shows, why it stands there, and which take it is", () => {
  const made = (id: string, prompt: string, progress: Progress) =>
    job(id, progress, { order: { ...order, prompt }, endedAt: Date.now() - 130_000 });
  const video = { state: "saved", requestId, video: "/v/a-b.mp4", recipe: "/r", cost: 0.253125 } as const;
  const long = "Night falls over the quiet bay while the lamp begins to turn";
  show([
    made("third", long, video),
    made("second", "", video),
    made("empty", "one", { state: "failed", problem: { code: "noBalance" } }),
    made("broken", "two", {
      state: "failed",
      requestId,
      cost: 0,
      problem: { code: "generationFailed", message: "CUDA out of memory" },
    }),
    made("host", "three", { state: "needsAction", requestId, problem: { code: "hostNotTrusted", host: "h.example" } }),
    made("token", "four", { state: "waiting", reason: "token" }),
    made("turn", "five", { state: "waiting", reason: "turn" }),
  ]);
  const { label, why, spoken } = rowOf("third");
  assert.equal(label, "Night falls over the quiet bay…");
  assert.equal(why, "Take 7 · 0.25 USD · 2 min. ago");
  assert.equal(spoken, "Night falls over the quiet bay…, Saved, Take 7 · 0.25 USD · 2 min. ago");
  assert.equal(rowOf("second").label, "a-b.mp4");
  assert.equal(rowOf("empty").why, "RunComfy balance is empty · 2 min. ago");
  assert.equal(rowOf("broken").why, "Rendering failed: CUDA out of memory · 0.00 USD · 2 min. ago");
  assert.equal(rowOf("host").why, "Unknown download host");
  assert.match(rowOf("host").spoken, /Needs attention/);
  assert.deepEqual([rowOf("token").why, rowOf("token").icon], ["Waiting for an API token", "warning"]);
  assert.match(rowOf("turn").why, /^Waiting \(4 at a time\)/);
  assert.equal(rowOf("turn").icon, "clockface");
});

test("the first action that a row names is its next step, and a press on the row shows it in the studio", () => {
  const first = (progress: Progress): string => {
    show([job("a", progress)]);
    const [row] = view.getChildren(view.getChildren()[0]);
    const item = row && view.getTreeItem(row);
    assert.equal(item?.command?.command, "wanFlf2v.job.review");
    assert.deepEqual(item?.command?.arguments, [{ id: "a" }]);
    return item?.contextValue?.split(" ").slice(0, 2).join(" ") ?? "";
  };
  assert.equal(first({ state: "saved", requestId, video: "/v.mp4", recipe: "/r" }), "job review");
  assert.equal(first({ state: "failed", problem: { code: "noBalance" } }), "job addCredit");
  assert.equal(first({ state: "failed", problem: { code: "tokenRefused" } }), "job setTokenAndSend");
  assert.equal(
    first({ state: "failed", requestId, problem: { code: "generationFailed", message: "" } }),
    "job tryAgain",
  );
  assert.equal(first({ state: "unclear", problem: { code: "submitUnclear", reason: "x" } }), "job openAccount");
  assert.equal(first({ state: "waiting", reason: "token" }), "job setToken");
  assert.equal(first({ state: "running", requestId }), "job copyRequestId");
});

test("ages of ended videos go on, once a minute and only where they are seen", () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  show([job("a", { state: "cancelled" }, { endedAt: Date.now() })]);
  assert.equal(rowOf("a").why, "Cancelled · just now");
  mock.timers.tick(59_000);
  assert.deepEqual(fired, []);
  mock.timers.tick(1000);
  assert.deepEqual(fired, [[{ id: "a" }]]);
  assert.equal(rowOf("a").why, "Cancelled · 1 min. ago");
});

async function tooltipOf(only: Job): Promise<string> {
  show([only]);
  const [row] = view.getChildren(view.getChildren()[0]);
  const item = row && (await view.resolveTreeItem(view.getTreeItem(row), row));
  const { tooltip } = item ?? {};
  return typeof tooltip === "object" ? tooltip.value : assert.fail("no tooltip");
}

test("the tooltip has the images, the whole prompt, the exact cost and what leads to the request", async () => {
  const prompt = "Night falls; ".repeat(20);
  const video = { state: "saved", requestId, video: "/v/a-b.mp4", recipe: "/r", cost: 0.253125 } as const;
  picture = async (side) => ({ bytes: Buffer.from(side), mime: "image/webp" });
  const text = await tooltipOf(job("a", video, { order: { ...order, prompt } }));
  assert.ok(
    text.startsWith(
      `![](data:image/webp;base64,${btoa("start")}|width=120) ![](data:image/webp;base64,${btoa("end")}|width=120)\n\nSaved\n\n`,
    ),
  );
  const words = text.replaceAll("\\", "");
  for (const each of [prompt.trim(), "a-b.mp4", "Cost: 0.253125 USD", "Request r-1", "Seed 7", "Folder /p/videos"]) {
    assert.ok(words.includes(each), each);
  }
});

test("an image that is missing, too large or late leaves the tooltip without it", async () => {
  const words = /^Cancelled/;
  const cancelled = job("a", { state: "cancelled" });
  picture = async () => Promise.reject(new Error("gone"));
  assert.match(await tooltipOf(cancelled), words);
  picture = async () => ({ bytes: new Uint8Array(100_000), mime: "image/webp" });
  assert.match(await tooltipOf(cancelled), words);
  mock.timers.enable({ apis: ["setTimeout"] });
  picture = () => new Promise(() => undefined);
  const late = tooltipOf(cancelled);
  mock.timers.tick(1000);
  assert.match(await late, words);
});

test("the commands for many videos are there while there is something for them", () => {
  const contexts = () =>
    Object.fromEntries(stage.commands.filter(({ command }) => command === "setContext").map(({ args }) => args));
  show([running("a")]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": false, "wanFlf2v.hasFinished": false });
  jobs.set([job("b"), running("a"), job("c", { state: "failed", requestId, problem: { code: "watchStopped" } })]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": true, "wanFlf2v.hasFinished": false });
  const told = stage.commands.length;
  jobs.set([job("d"), job("b"), running("a")]);
  assert.equal(stage.commands.length, told, "only a change is told");
  jobs.set([job("b", { state: "cancelled" }), running("a")]);
  assert.deepEqual(contexts(), { "wanFlf2v.hasWaiting": false, "wanFlf2v.hasFinished": true });
});
