import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import type { JobActions } from "../../../src/ui/actions.ts";
import { job } from "../jobs/jobs.ts";
import { problemsWith } from "./hostile.ts";
import { type Played, playedParts } from "./played.ts";
import type { Stage } from "./vscode.ts";

let played: Played;
let stage: Stage;
before(async () => {
  played = await playedParts();
});
beforeEach(() => {
  stage = played.vscode.playAnew({});
});

/** The actions over one job, and what the engine is asked to do. */
function over(only: Job, now = () => only): { actions: JobActions; asked: string[] } {
  const asked: string[] = [];
  const note =
    (what: string) =>
    (id: string, fact?: unknown): void =>
      void asked.push(`${what} ${id}${typeof fact === "string" ? ` ${fact}` : ""}`);
  const jobs = Object.assign(Object.create(null), {
    get: now,
    stopWatching: note("stop"),
    retry: note("retry"),
    adopt: note("adopt"),
    drop: note("drop"),
    remove: note("remove"),
    sendAgain: note("send"),
  });
  const actions = new played.actions.JobActions(jobs, new played.settings.Settings(), async () => ({
    estimate: undefined,
    cap: null,
    acceptsUnknown: true,
  }));
  return { actions, asked };
}
const idsFor = (progress: Progress): string[] =>
  played.jobSentences.jobText(job("a", progress)).actions.map(({ id }) => id);
const labelOf = (progress: Progress, id: string) =>
  played.jobSentences.jobText(job("a", progress)).actions.find((action) => action.id === id)?.label;
const requestId = "r-1";
const onItsWay = [
  { state: "queued", requestId },
  { state: "running", requestId },
  { state: "downloading", requestId },
] as const satisfies readonly Progress[];

test("whatever is followed can be left alone, after a question that tells what it may cost and how it comes back", async () => {
  for (const progress of onItsWay) {
    assert.ok(idsFor(progress).includes("stopWatching"), progress.state);
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "stopWatching");
    assert.deepEqual(asked, [], "a question left unanswered changes nothing");
    const question = stage.messages.at(-1);
    assert.match(question?.message ?? "", /a-b-7/);
    assert.match(question?.detail ?? "", /may finish it and charge for it.*Resume Watching/);
    assert.deepEqual(question?.buttons, ["Stop Watching", "Keep Watching"]);
    stage.answers.push("Keep Watching");
    await actions.run("a", "stopWatching");
    assert.deepEqual(asked, []);
    stage.answers.push("Stop Watching");
    await actions.run("a", "stopWatching");
    assert.deepEqual(asked, ["stop a"]);
  }
});

test("what is not followed, or not sent, is not offered to be left alone", () => {
  const problem: Problem = { code: "noVideo" };
  for (const progress of [
    { state: "preparing" },
    { state: "waiting", reason: "turn" },
    { state: "submitting" },
    { state: "unclear", problem },
    { state: "needsAction", requestId, problem },
    { state: "saved", requestId, video: "/v", recipe: "/r" },
    { state: "failed", problem },
    { state: "cancelled" },
  ] as const) {
    assert.ok(!idsFor(progress).includes("stopWatching"), progress.state);
  }
});

test("a request that was given up is taken up again, unless RunComfy has said that it failed", async () => {
  for (const problem of problemsWith("x")) {
    const failed: Progress = { state: "failed", requestId, problem };
    const isOver = problem.code === "generationFailed";
    assert.equal(labelOf(failed, "takeUp"), isOver ? undefined : "Resume Watching", problem.code);
    assert.ok(!idsFor({ state: "failed", problem }).includes("takeUp"), problem.code);
  }
  const { actions, asked } = over(job("a", { state: "failed", requestId, problem: { code: "watchStopped" } }));
  await actions.run("a", "takeUp");
  assert.deepEqual(asked, ["retry a"]);
});

const named: Problem = { code: "submitUnclear", reason: "503", requestId: "paid-7" };
const nameless: Problem = { code: "submitUnclear", reason: "ECONNRESET" };
const noVideo: Problem = { code: "noVideo" };
/** What may be paid for without a video: what takes it further away, and the id that leads to it. */
const atStake: readonly (readonly [Progress, "drop" | "remove", string | undefined])[] = [
  [{ state: "unclear", problem: named }, "drop", "paid-7"],
  [{ state: "unclear", problem: nameless }, "drop", undefined],
  [{ state: "needsAction", requestId, problem: noVideo }, "drop", requestId],
  [{ state: "failed", problem: named }, "remove", "paid-7"],
  [{ state: "failed", problem: nameless }, "remove", undefined],
  [{ state: "failed", requestId, problem: { code: "watchStopped" } }, "remove", requestId],
  [{ state: "failed", requestId, problem: noVideo }, "remove", requestId],
];

test("what may be paid for is not left without a question that names its request, which can be copied first", async () => {
  for (const [progress, step, id] of atStake) {
    const what = `${step} ${JSON.stringify(progress)}`;
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", step);
    assert.deepEqual(asked, [], what);
    const question = stage.messages.at(-1);
    const yes = step === "drop" ? "Discard" : "Remove from List";
    assert.match(question?.message ?? "", /a-b-7/, what);
    // The first is the one that Enter presses: it gives nothing up.
    const first = id === undefined ? "Open RunComfy History" : "Copy Request ID";
    assert.deepEqual(question?.buttons, [first, yes, "Keep"], what);
    stage.answers.push(first);
    await actions.run("a", step);
    assert.deepEqual(asked, [], what);
    if (id !== undefined) {
      assert.ok(question?.detail?.includes(id), what);
      stage.answers.push("Copy Request ID");
      await actions.run("a", step);
      assert.equal(stage.clipboard.at(-1), id, what);
      assert.match(stage.messages.at(-1)?.detail ?? "", /copied to the clipboard/);
      assert.deepEqual(asked, [], "copied, but not decided");
    }
    stage.answers.push("Keep");
    await actions.run("a", step);
    assert.deepEqual(asked, [], what);
    stage.answers.push(yes);
    await actions.run("a", step);
    assert.deepEqual(asked, [`${step} a`], what);
  }
});

test("what is not paid for, or has its video, is removed without a question", async () => {
  for (const progress of [
    { state: "failed", problem: { code: "tokenMissing" } },
    { state: "failed", requestId, problem: { code: "generationFailed", message: "no" } },
    { state: "cancelled" },
    { state: "saved", requestId, video: "/v", recipe: "/r" },
  ] as const) {
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "remove");
    assert.deepEqual(asked, ["remove a"]);
  }
  assert.deepEqual(stage.messages, []);
});

test("a press while a question on the job is open is no second step", async () => {
  const answer = Promise.withResolvers<string>();
  stage.held = answer.promise;
  const { actions, asked } = over(job("a", { state: "unclear", problem: named }));
  const first = actions.run("a", "drop");
  const others = ["drop", "remove", "sendAgain", "stopWatching"].map((action) => actions.run("a", action));
  await Promise.all(others);
  assert.equal(stage.messages.length, 1);
  answer.resolve("Discard");
  await first;
  assert.deepEqual(asked, ["drop a"]);
});

test("an id that an answer brings while the question is open is asked about anew", async () => {
  const before = job("a", { state: "failed", problem: nameless });
  const after = job("a", { state: "failed", problem: named });
  const seen = [before, after, after];
  const { actions, asked } = over(before, () => seen.shift() ?? after);
  stage.answers.push("Remove from List", undefined);
  await actions.run("a", "remove");
  assert.match(stage.messages.at(-1)?.detail ?? "", /paid-7/);
  assert.equal(stage.messages.length, 2);
  assert.deepEqual(asked, []);
});

test("before a second payment the first request is named where it is known, and fetched instead on a word", async () => {
  for (const progress of [
    { state: "unclear", problem: named },
    { state: "failed", problem: named },
  ] as const) {
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "sendAgain");
    const question = stage.messages.at(-1);
    assert.match(question?.detail ?? "", /names request paid-7/);
    assert.doesNotMatch(question?.detail ?? "", /was lost/);
    assert.deepEqual(question?.buttons, ["Fetch First Video", "Send Again"]);
    stage.answers.push("Fetch First Video");
    await actions.run("a", "sendAgain");
    stage.answers.push("Send Again");
    await actions.run("a", "sendAgain");
    assert.deepEqual(asked, ["adopt a paid-7", "send a"]);
  }
});

test("before a second payment of a request that nobody can name, Enter leads to the history at RunComfy and sends nothing", async () => {
  const { actions, asked } = over(job("a", { state: "unclear", problem: nameless }));
  for (const [answer, sent] of [
    ["Open RunComfy History", []],
    ["Send Again", ["send a"]],
  ] as const) {
    stage.answers.push(answer);
    await actions.run("a", "sendAgain");
    assert.deepEqual(stage.messages.at(-1)?.buttons, ["Open RunComfy History", "Send Again"]);
    assert.deepEqual(asked, sent);
  }
});

test("what a finished video has cost is said where it is left, and not that it may cost", async () => {
  const problem = { code: "folderUnusable", path: "/v", reason: "full" } as const;
  const progress = { state: "failed", requestId, problem, cost: 0.253125 } as const;
  await over(job("a", progress)).actions.run("a", "remove");
  assert.match(stage.messages.at(-1)?.detail ?? "", /charged 0\.253125 USD/);
  assert.doesNotMatch(stage.messages.at(-1)?.detail ?? "", /may/);
});

test("a cancel that waits for a service that does not answer is told, with what it can cost until then", () => {
  const problem = { code: "unreachable", host: "x.example", reason: "ECONNREFUSED" } as const;
  for (const state of ["queued", "running"] as const) {
    const detail = (cancel: "asked" | undefined) =>
      played.jobSentences.jobText(job("a", { state, requestId, problem }, cancel && { cancel })).detail ?? "";
    assert.match(
      detail("asked"),
      /refused the connection.*won’t be sent again.*Your cancel request is sent as soon as possible/,
    );
    assert.doesNotMatch(detail(undefined), /cancel/);
  }
});

test("while a download goes on by itself, nothing is advised that its user cannot do", () => {
  for (const problem of [{ code: "videoExpired" }, { code: "notAVideo", reason: "truncated" }] as const) {
    const { detail, actions } = played.jobSentences.jobText(job("a", { state: "downloading", requestId, problem }));
    assert.match(detail ?? "", /Nothing is lost. This will be retried automatically/);
    assert.doesNotMatch(detail ?? "", /Retry|download it again/);
    assert.ok(!actions.some(({ id }) => id === "retry"));
  }
});

test("a request that a token was refused for offers another token first", () => {
  assert.deepEqual(idsFor({ state: "failed", problem: { code: "tokenRefused" } }).slice(0, 2), [
    "setToken",
    "sendAgain",
  ]);
});

test("where an answer named its request, entering that comes first and is told apart from looking it up", async () => {
  for (const [state, last] of [
    ["unclear", "drop"],
    ["failed", "remove"],
  ] as const) {
    assert.deepEqual(idsFor({ state, problem: named }), ["adopt", "openAccount", "copyRequestId", "sendAgain", last]);
    assert.deepEqual(idsFor({ state, problem: nameless }), ["openAccount", "adopt", "sendAgain", last]);
  }
  await over(job("a", { state: "unclear", problem: named })).actions.run("a", "adopt");
  assert.match(stage.inputBoxes.at(-1)?.prompt ?? "", /named in RunComfy’s answer/);
  await over(job("a", { state: "unclear", problem: nameless })).actions.run("a", "adopt");
  assert.match(stage.inputBoxes.at(-1)?.prompt ?? "", /from your RunComfy history/);
});

test("what its user has left is no failure, costs nothing that is known, and is first of all taken up again", () => {
  const left: readonly (readonly [Progress, string, string])[] = [
    [{ state: "failed", requestId, problem: { code: "watchStopped" } }, "No longer watched", "takeUp"],
    [{ state: "failed", requestId, problem: noVideo }, "Discarded", "takeUp"],
    [{ state: "failed", problem: nameless }, "Discarded", "openAccount"],
  ];
  for (const [progress, state, first] of left) {
    const text = played.jobSentences.jobText(job("a", progress));
    assert.equal(text.state, state);
    assert.equal(text.actions[0]?.id, first);
    assert.equal(played.jobSentences.costText(job("a", progress)), undefined);
  }
  const failed = job("a", { state: "failed", requestId, problem: { code: "generationFailed", message: "no" } });
  assert.equal(played.jobSentences.jobText(failed).state, "Failed");
});

test("a refusal after an answer that got lost is told with both, and offers what helps either", () => {
  const refused = {
    code: "dataUriRefused",
    status: 422,
    serviceCode: undefined,
    message: "no data: *please*",
  } as const;
  const problem: Problem = { code: "submitUnclear", reason: "an earlier request", refused };
  const text = played.jobSentences.jobText(job("a", { state: "failed", problem }), undefined, "put");
  assert.equal(text.state, "Failed");
  assert.match(
    text.detail ?? "",
    /^Sending again was refused: RunComfy rejected the request \(422\).* may still be paid for\.$/,
  );
  assert.deepEqual(
    text.actions.map(({ id }) => id),
    ["sendWithUpload", "openAccount", "adopt", "sendAgain", "remove"],
  );
});

test("what holds a followed request up is told in few words, with what helps", async () => {
  const cases: readonly (readonly [Problem, string, readonly string[]])[] = [
    [{ code: "tokenRefused" }, "API token rejected", ["setToken"]],
    [{ code: "tokenMissing" }, "No API token", ["setToken"]],
    [{ code: "notOurs" }, "API token of another account", ["setToken", "openAccount", "copyRequestId"]],
    [{ code: "requestUnknown" }, "Unknown to RunComfy", ["openAccount", "copyRequestId"]],
  ];
  for (const [problem, trouble, helps] of cases) {
    for (const progress of onItsWay) {
      const text = played.jobSentences.jobText(job("a", { ...progress, problem }));
      assert.equal(text.trouble, trouble);
      assert.deepEqual(text.actions.map(({ id }) => id).slice(0, helps.length), helps);
    }
  }
  await over(job("a", { state: "queued", requestId, problem: { code: "requestUnknown" } })).actions.run(
    "a",
    "copyRequestId",
  );
  assert.equal(stage.clipboard.at(-1), requestId);
});

test("what waits for a setting or a token leads to it", async () => {
  const problem: Problem = { code: "settingInvalid", setting: "wanFlf2v.s3.region", value: "1" };
  const waiting: Progress = { state: "waiting", reason: "setting", problem };
  assert.deepEqual(idsFor(waiting), ["openSettings", "cancel"]);
  assert.deepEqual(idsFor({ state: "waiting", reason: "token" }), ["setToken", "cancel"]);
  await over(job("a", waiting)).actions.run("a", "openSettings");
  assert.deepEqual(stage.commands.at(-1), {
    command: "workbench.action.openSettings",
    args: ["@id:wanFlf2v.s3.region"],
  });
});

test("an id that an unclear answer named stands in the box already, and in the sentence", async () => {
  for (const progress of [
    { state: "unclear", problem: named },
    { state: "failed", problem: named },
  ] as const) {
    stage.entered = "paid-7";
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "adopt");
    assert.equal(stage.inputBoxes.at(-1)?.value, "paid-7");
    assert.deepEqual(asked, ["adopt a paid-7"]);
    assert.match(played.jobSentences.jobText(job("a", progress)).detail ?? "", /names request paid-7.*may be paid/);
  }
  await over(job("a", { state: "unclear", problem: { code: "submitUnclear", reason: "ECONNRESET" } })).actions.run(
    "a",
    "adopt",
  );
  assert.equal(stage.inputBoxes.at(-1)?.value, undefined);
});

test("a video that drags on says since when it is watched, with the day where that is not today", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: new Date(2024, 1, 4, 14, 30) });
  const watched = (submittedAt: Date) =>
    played.jobSentences.jobText(job("a", { state: "running", requestId }, { submittedAt: submittedAt.getTime() }))
      .detail;
  assert.match(watched(new Date(2024, 1, 4, 14, 5)) ?? "", /^Watching since 2:05\sPM\.$/);
  assert.match(watched(new Date(2024, 1, 3, 14, 5)) ?? "", /^Watching since Feb 3, 2024, 2:05\sPM\.$/);
  assert.equal(watched(new Date(2024, 1, 4, 14, 25)), undefined);
});

test("words that hold no longer are not said: the place in a queue that is silent, and advice for what was given up", () => {
  const text = (progress: Progress) => played.jobSentences.jobText(job("a", progress));
  assert.equal(text({ state: "queued", requestId, position: 3 }).state, "In the queue, position 3");
  assert.equal(
    text({ state: "queued", requestId, position: 3, problem: { code: "tokenRefused" } }).state,
    "In the queue",
  );
  const broken: Problem = { code: "notAVideo", reason: "truncated" };
  assert.match(text({ state: "needsAction", requestId, problem: broken }).detail ?? "", /Retry the download/);
  const givenUp = text({ state: "failed", requestId, problem: broken }).detail ?? "";
  assert.match(givenUp, /^Incomplete video\. You discarded this video, .*Resume watching/);
  const setting: Problem = { code: "settingInvalid", setting: "wanFlf2v.s3.region", value: "1" };
  const waits = text({ state: "waiting", reason: "setting", problem: setting }).detail;
  assert.equal(waits, "The setting wanFlf2v.s3.region can’t be 1.");
});
