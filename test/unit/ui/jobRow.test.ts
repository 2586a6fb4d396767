import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import { job, order, saved } from "../jobs/jobs.ts";
import { PlayedJobs } from "./jobs.ts";
import { type Picture, ShownList } from "./shownList.ts";
import { played, stage } from "./stage.ts";

let shown: ShownList;
let picture: Picture;
const disposables: { dispose(): unknown }[] = [];
beforeEach(() => {
  picture = async () => undefined;
});
afterEach(() => {
  mock.timers.reset();
  for (const each of disposables.splice(0)) each.dispose();
});

function show(jobs: readonly Job[]): void {
  shown = new ShownList(jobs, picture);
  disposables.push(shown);
}

const running = (id: string, change: { word?: string } = {}): Job =>
  job(id, { state: "running", requestId: `r-${id}`, ...change }, { submittedAt: Date.now() });
/** Of no known pair: none is counted among the takes of the others. */
const ended = (index: number): Job =>
  saved(`ended${index}`, 1000 + index, { start: { kind: "unknown" }, end: { kind: "unknown" } });
const requestId = "r-1";

test("what its user has left has a group and an icon of its own, however many videos ended since", () => {
  const left: readonly Progress[] = [
    { state: "failed", requestId, problem: { code: "watchStopped" } },
    { state: "failed", requestId, problem: { code: "noVideo" } },
    { state: "failed", problem: { code: "submitUnclear", reason: "x" } },
  ];
  for (const progress of left) {
    show([...Array.from({ length: 250 }, (_, index) => ended(index)), job("a", progress)]);
    const { group, label, icon } = shown.rowOf("a");
    assert.deepEqual({ group, label, icon }, { group: "left", label: "a door opens", icon: "eye-closed" });
  }
  show([job("a", { state: "failed", requestId, problem: { code: "generationFailed", message: "no" } })]);
  assert.equal(shown.rowOf("a").group, "done");
  assert.equal(shown.rowOf("a").icon, "error");
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
      const row = shown.rowOf("a");
      assert.equal(row.group, group, problem.code);
      assert.equal(row.icon, "warning");
      assert.ok(row.why.startsWith(words), row.why);
      assert.match(row.spoken, /In the queue|Rendering|Saving/);
      const bar = new played.statusBar.StatusBar(shown.jobs);
      disposables.push(bar);
      assert.equal(stage.drawn.findLast(({ place }) => place === "status bar")?.text, words);
    }
  }
  for (const reason of ["token", "setting"] as const) {
    show([job("a", { state: "waiting", reason })]);
    const { group, icon } = shown.rowOf("a");
    assert.deepEqual({ group, icon }, { group: "standing", icon: "warning" }, reason);
  }
  show([job("a", { state: "needsAction", requestId, problem: { code: "notAVideo", reason: "truncated" } })]);
  assert.match(shown.rowOf("a").why, /^Incomplete video/);
});

test("rows whose names begin alike are told apart by their icon's color", () => {
  const colorOf = (progress: Progress): string | undefined => {
    show([job("a", progress)]);
    const [group] = shown.view.getChildren();
    const [row] = shown.view.getChildren(group);
    const icon = row && shown.view.getTreeItem(row).iconPath;
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
  assert.match(shown.rowOf("a").why, /^Rendering · 3\d sec$/);
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
      "$(loading~spin) 3 rendering · $(warning) 2",
      "3 videos rendering, 2 videos need attention",
    ],
    [
      [running("a"), job("b"), standing("c")],
      "$(loading~spin) 2 in progress · $(warning) 1",
      "2 videos in progress, 1 video needs attention",
    ],
    [[running("a"), running("b")], "$(loading~spin) 2 rendering", "2 videos rendering"],
    [[standing("a"), standing("b")], "2 need attention", "2 videos need attention"],
  ];
  for (const [list, text, words] of cases) {
    show(list);
    stage.drawn.splice(0);
    disposables.push(new played.statusBar.StatusBar(shown.jobs));
    assert.deepEqual(drawn("status bar"), [text]);
    assert.deepEqual(drawn("accessible name of status bar"), [words]);
    assert.deepEqual(shown.tree.badge, { value: list.length, tooltip: words });
  }
  show(cases[0]?.[0] ?? []);
  stage.drawn.splice(0);
  disposables.push(new played.statusBar.StatusBar(shown.jobs));
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
  const { label, why, spoken } = shown.rowOf("third");
  assert.equal(label, "Night falls over the quiet bay…");
  assert.equal(why, "Take 7 · 0.25 USD · 2 min. ago");
  assert.equal(spoken, "Night falls over the quiet bay…, Saved, Take 7 · 0.25 USD · 2 min. ago");
  assert.equal(shown.rowOf("second").label, "a-b");
  assert.equal(shown.rowOf("empty").why, "RunComfy balance is empty · 2 min. ago");
  assert.equal(shown.rowOf("broken").why, "Rendering failed: CUDA out of memory · 0.00 USD · 2 min. ago");
  assert.equal(shown.rowOf("host").why, "Unknown download host");
  assert.match(shown.rowOf("host").spoken, /Needs attention/);
  assert.deepEqual([shown.rowOf("token").why, shown.rowOf("token").icon], ["Waiting for an API token", "warning"]);
  assert.match(shown.rowOf("turn").why, /^Waiting \(4 at a time\)/);
  assert.equal(shown.rowOf("turn").icon, "clockface");
});

test("the first action that a row names is its next step, and a press on the row shows it in the studio", () => {
  const first = (progress: Progress): string => {
    show([job("a", progress)]);
    const [row] = shown.view.getChildren(shown.view.getChildren()[0]);
    const item = row && shown.view.getTreeItem(row);
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

async function tooltipOf(only: Job): Promise<string> {
  show([only]);
  const [row] = shown.view.getChildren(shown.view.getChildren()[0]);
  const item = row && (await shown.view.resolveTreeItem(shown.view.getTreeItem(row), row));
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
  for (const each of [prompt.trim(), "a-b", "Cost: 0.253125 USD", "Request r-1", "Seed 7", "Folder /p/videos"]) {
    assert.ok(words.includes(each), each);
  }
});

test("a recovered video's tooltip tells neither size nor seed: they aren't known", async () => {
  const { parameters: _, ...unknown } = { ...order, prompt: "" };
  picture = async () => undefined;
  const text = await tooltipOf(job("a", { state: "queued", requestId }, { order: unknown }));
  const words = text.replaceAll("\\", "");
  assert.match(words, /Request r-1\nFolder/);
  assert.doesNotMatch(words, /Seed|frames|×/);
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
