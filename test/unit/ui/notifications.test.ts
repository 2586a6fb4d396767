import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import type { Notifications } from "../../../src/ui/notifications.ts";
import { job } from "../jobs/jobs.ts";
import { problemsWith } from "./hostile.ts";
import { PlayedJobs } from "./jobs.ts";
import { playAnew, played, stage } from "./stage.ts";

let open: Notifications[];
let faults: unknown[];
/** The job that the user looks at, and those that were brought up for them. */
let shown: string | undefined;
let reviewed: string[];
beforeEach(() => {
  open = [];
  faults = [];
  [shown, reviewed] = [undefined, []];
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 });
});
afterEach(() => {
  for (const each of open) each.dispose();
  mock.timers.reset();
});

/** A window that tells of these jobs. */
function watch(jobs: PlayedJobs): void {
  const report = (error: unknown) => faults.push(error);
  const studio = { isShown: (id: string) => id === shown, review: (id: string) => void reviewed.push(id) };
  open.push(new played.notifications.Notifications(jobs, studio, report));
}
const underWay = (id: string): Job => job(id, { state: "running", requestId: id });
const savedAs = (id: string): Job =>
  job(id, { state: "saved", requestId: id, video: `/v/${id}.mp4`, recipe: `/v/${id}.flf.json` });
const failed = (id: string): Job =>
  job(id, { state: "failed", requestId: id, problem: { code: "generationFailed", message: "No." } });
const ids = Array.from({ length: 40 }, (_, index) => `job${index}`);
const said = (): string[] => stage.messages.map(({ kind, message }) => `${kind}: ${message}`);
/** Lets time pass, and what comes of it take its course. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settled();
}
const settled = () => new Promise<void>((done) => setImmediate(done));

test("videos that end at once are one message", async () => {
  const jobs = new PlayedJobs(ids.map(underWay));
  watch(jobs);
  // Each is a change of its own, as the engine tells it.
  for (const index of ids.keys()) {
    jobs.set(ids.map((id, at) => (at <= index ? savedAs(id) : underWay(id))));
    await pass(20);
  }
  await pass(1000);
  assert.deepEqual(said(), ["info: 40 videos are ready."]);
});

test("videos that end one after the other are told together again after a while, and none is forgotten", async () => {
  const jobs = new PlayedJobs(ids.map(underWay));
  watch(jobs);
  for (const index of ids.keys()) {
    jobs.set(ids.map((id, at) => (at <= index ? savedAs(id) : underWay(id))));
    await pass(1000);
  }
  await pass(20_000);
  assert.ok(stage.messages.length <= 4, said().join("\n"));
  assert.deepEqual(jobs.claimed.toSorted(), ids.toSorted());
});

test("trouble is told apart from good news, with its reason, and does not wait for its turn", async () => {
  const jobs = new PlayedJobs(ids.map(underWay));
  watch(jobs);
  jobs.set([...ids.slice(0, 39).map(savedAs), ...ids.slice(39).map(underWay)]);
  await pass(1000);
  jobs.set([...ids.slice(0, 39).map(savedAs), ...ids.slice(39).map(failed)]);
  await pass(1000);
  assert.equal(said()[0], "info: 39 videos are ready.");
  assert.match(said()[1] ?? "", /^warning: .*RunComfy failed to render the video: No\.$/);
});

test("those that failed are counted apart, and the button leads to the list", async () => {
  const jobs = new PlayedJobs(ids.map(underWay));
  watch(jobs);
  stage.answers.push("Show", "Show");
  jobs.set([...ids.slice(2).map(savedAs), ...ids.slice(0, 2).map(failed)]);
  await pass(1000);
  assert.deepEqual(said().toSorted(), ["info: 38 videos are ready.", "warning: 2 videos failed or need attention."]);
  assert.deepEqual(
    stage.commands.map(({ command }) => command),
    ["wanFlf2v.showJobs", "wanFlf2v.showJobs"],
  );
});

test("one video is told by its prompt's first words and is shown in the studio, or in its folder", async () => {
  for (const [answer, shows, commands] of [
    ["Review", ["a"], []],
    ["Reveal in Explorer", [], ["revealFileInOS"]],
    [undefined, [], []],
  ] as const) {
    playAnew();
    reviewed = [];
    const jobs = new PlayedJobs([underWay("a")]);
    watch(jobs);
    stage.answers.push(answer);
    jobs.set([savedAs("a")]);
    await pass(1000);
    assert.deepEqual(said(), ["info: “a door opens” is ready."]);
    assert.deepEqual(stage.messages[0]?.buttons, ["Review", "Reveal in Explorer"]);
    assert.deepEqual(reviewed, shows);
    assert.deepEqual(
      stage.commands.map(({ command }) => command),
      commands,
    );
    open.pop()?.dispose();
  }
});

test("a message is withheld only where that very video is looked at, be it good news or bad", async () => {
  for (const end of [savedAs, failed]) {
    for (const [seen, messages] of [
      ["a", 0],
      ["b", 1],
      [undefined, 1],
    ] as const) {
      playAnew();
      shown = seen;
      const jobs = new PlayedJobs([underWay("a")]);
      watch(jobs);
      jobs.set([end("a")]);
      await pass(1000);
      assert.equal(stage.messages.length, messages, `${seen} ${end.name}`);
      open.pop()?.dispose();
    }
  }
});

test("the message about trouble offers what helps with it first", async () => {
  const jobs = new PlayedJobs([underWay("a")]);
  watch(jobs);
  stage.answers.push("Add Credit at RunComfy");
  jobs.set([job("a", { state: "failed", problem: { code: "noBalance" } })]);
  await pass(1000);
  assert.match(said()[0] ?? "", /^warning: “a door opens”: Your RunComfy balance is empty/);
  assert.deepEqual(stage.messages[0]?.buttons, ["Add Credit at RunComfy", "Show"]);
  assert.equal(stage.commands[0]?.command, "wanFlf2v.openAccount");
});

test("the next step of a job is offered with its message, but nothing that pays or gives up at one press", async () => {
  const buttons = async (progress: Progress): Promise<readonly string[]> => {
    playAnew();
    const jobs = new PlayedJobs([underWay("a")]);
    watch(jobs);
    jobs.set([job("a", progress)]);
    await pass(1000);
    open.pop()?.dispose();
    return stage.messages[0]?.buttons ?? [];
  };
  const requestId = "a";
  const full: Problem = { code: "folderUnusable", path: "/v", reason: "full" };
  assert.deepEqual(await buttons({ state: "needsAction", requestId, problem: full }), ["Choose Folder…", "Show"]);
  const large: Problem = { code: "videoTooLarge", limit: 1 };
  assert.deepEqual(await buttons({ state: "needsAction", requestId, problem: large }), [
    "Open Settings",
    "Retry",
    "Show",
  ]);
  assert.deepEqual(await buttons({ state: "failed", problem: { code: "tokenRefused" } }), [
    "Set API Token and Send Again…",
    "Show",
  ]);
  assert.deepEqual(await buttons({ state: "unclear", problem: { code: "submitUnclear", reason: "x" } }), [
    "Open RunComfy History",
    "Show",
  ]);
  const paying = ["Try Again", "Send Again", "Send with Image Upload", "Discard", "Remove from List"];
  for (const problem of problemsWith("x")) {
    for (const progress of [
      { state: "failed", problem },
      { state: "failed", requestId, problem },
    ] as const) {
      const offered = await buttons(progress);
      assert.ok(!offered.some((each) => paying.includes(each)), `${problem.code}: ${offered}`);
    }
  }
});

test("why a step offered by a message can't be done is told", async () => {
  using _ = played.vscode.commands.registerCommand("wanFlf2v.job.chooseFolder", () => {
    throw new Error("This video is no longer in the list.");
  });
  const jobs = new PlayedJobs([underWay("a")]);
  watch(jobs);
  stage.answers.push("Choose Folder…");
  jobs.set([
    job("a", { state: "needsAction", requestId: "a", problem: { code: "folderUnusable", path: "/v", reason: "full" } }),
  ]);
  await pass(1000);
  assert.equal(said().at(-1), "error: This video is no longer in the list.");
  assert.deepEqual(faults, []);
});

test("one video opens also where its job is gone from the list by then", async () => {
  const jobs = new PlayedJobs([underWay("a")]);
  watch(jobs);
  const answer = Promise.withResolvers<string>();
  stage.held = answer.promise;
  jobs.set([savedAs("a")]);
  await pass(1000);
  jobs.set([]);
  answer.resolve("Review");
  await settled();
  assert.deepEqual([faults, reviewed], [[], []]);
  assert.equal(stage.commands[0]?.command, "vscode.open");
});

test("several windows tell each end once", async () => {
  const jobs = new PlayedJobs(ids.map(underWay));
  watch(jobs);
  watch(jobs);
  jobs.set(ids.map(savedAs));
  await pass(1000);
  assert.equal(stage.messages.length, 1);
});

test("what the user sees, did or took back is no news", async () => {
  const jobs = new PlayedJobs([underWay("a"), underWay("b"), underWay("c"), underWay("d")]);
  watch(jobs);
  shown = "a";
  jobs.set([
    savedAs("a"),
    job("b", { state: "failed", requestId: "b", problem: { code: "watchStopped" } }),
    job("c", { state: "cancelled", requestId: "c" }),
    failed("d"),
  ]);
  jobs.set([savedAs("a"), underWay("d")]);
  await pass(1000);
  assert.deepEqual(said(), []);
});

test("a window that is closed while it gathers leaves the news to the others", async () => {
  const jobs = new PlayedJobs([underWay("a")]);
  watch(jobs);
  jobs.set([savedAs("a")]);
  open[0]?.dispose();
  await pass(60_000);
  assert.deepEqual(jobs.claimed, []);
});

test("what ended in the last second of a window is told by the next one, but not what its user did", async () => {
  const cancelled = job("c", { state: "cancelled" });
  const jobs = new PlayedJobs([savedAs("a"), failed("b"), cancelled, underWay("d")]);
  jobs.untoldIds = ["a", "c", "gone"];
  watch(jobs);
  await pass(60_000);
  assert.deepEqual(said(), ["info: “a door opens” is ready."]);
});

test("what only its user can help is told once until it is over, with what helps, and not over what shows it", async () => {
  const held = (id: string, problem: Problem): Job => job(id, { state: "running", requestId: id, problem });
  let isFocused = true;
  const jobs = new PlayedJobs([underWay("a"), underWay("b")]);
  const notice = new played.heldUpNotice.HeldUpNotice(
    jobs,
    () => isFocused,
    (id) => id === shown,
  );
  const refused: Problem = { code: "tokenRefused" };
  stage.answers.push("Set API Token…");
  jobs.set([held("a", refused), held("b", refused)]);
  jobs.set([held("a", refused), held("b", refused)]);
  await settled();
  assert.equal(said().length, 1);
  assert.match(said()[0] ?? "", /^warning: 2 videos need your attention: RunComfy rejected the API token/);
  assert.deepEqual(stage.messages[0]?.buttons, ["Set API Token…", "Show"]);
  assert.equal(stage.commands[0]?.command, "wanFlf2v.setToken");
  const locked = held("b", { code: "tokenStoreFails" });
  isFocused = false;
  jobs.set([underWay("a"), locked]);
  assert.equal(said().length, 1);
  [isFocused, shown] = [true, "b"];
  jobs.set([underWay("a"), locked]);
  assert.equal(said().length, 1);
  shown = "a";
  jobs.set([underWay("a"), held("b", { code: "tokenStoreFails" })]);
  assert.equal(said().length, 2);
  jobs.set([underWay("a"), held("b", { code: "requestUnknown" })]);
  jobs.set([
    job("a", { state: "waiting", reason: "setting" }),
    held("b", { code: "unreachable", host: "h", reason: "x" }),
  ]);
  assert.equal(said().length, 2, "what passes by itself is not told");
  shown = undefined;
  jobs.set([held("a", refused)]);
  assert.equal(said().length, 3);
  notice.dispose();
});
