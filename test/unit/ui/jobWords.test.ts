import assert from "node:assert/strict";
import { test } from "node:test";
import { openedPrefix } from "../../../src/jobs/facts.ts";
import type { Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import { job } from "../jobs/jobs.ts";
import { problemsWith } from "./hostile.ts";
import { played } from "./stage.ts";

const requestId = "r-1";
const idsFor = (progress: Progress): string[] =>
  played.jobSentences.jobText(job("a", progress)).actions.map(({ id }) => id);
const onItsWay = [
  { state: "queued", requestId },
  { state: "running", requestId },
  { state: "downloading", requestId },
] as const satisfies readonly Progress[];
const nameless: Problem = { code: "submitUnclear", reason: "ECONNRESET" };
const noVideo: Problem = { code: "noVideo" };
const renderFailed: Progress = {
  state: "failed",
  requestId,
  problem: { code: "generationFailed", message: "CUDA out of memory" },
};

test("a cost is said to the cent, and exactly where that is asked for", () => {
  const { costText } = played.jobSentences;
  const progress = { state: "saved", requestId, video: "/v", recipe: "/r" } as const;
  const video = job("a", { ...progress, cost: 0.253125 });
  assert.equal(costText(video), "Cost: 0.25 USD");
  assert.equal(costText(video, String), "Cost: 0.253125 USD");
  assert.equal(costText(job("a", progress)), "Cost not reported");
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

test("an empty balance leads to the page where credit is added first, also after an answer that got lost", () => {
  assert.deepEqual(idsFor({ state: "failed", problem: { code: "noBalance" } }), ["addCredit", "sendAgain", "remove"]);
  const refused = { code: "noBalance" } as const;
  const after: Progress = { state: "failed", problem: { code: "submitUnclear", reason: "x", refused } };
  assert.deepEqual(idsFor(after), ["addCredit", "openAccount", "adopt", "sendAgain", "remove"]);
});

test("a video that is rendered says why it can't be cancelled, and everything sent offers its request's id", () => {
  const detail = (cancel?: "asked" | "tooLate") =>
    played.jobSentences.jobText(
      job("a", { state: "running", requestId }, { ...(cancel && { cancel }), submittedAt: Date.now() }),
    ).detail;
  assert.equal(detail(), "RunComfy can cancel a video only while it’s in the queue.");
  assert.equal(detail("asked"), "Asking RunComfy to cancel.");
  assert.match(detail("tooLate") ?? "", /^Too late to cancel/);
  assert.doesNotMatch(detail("tooLate") ?? "", /only while/);
  for (const progress of onItsWay) {
    const ids = idsFor(progress);
    assert.deepEqual(ids.slice(-3), ["copyRequestId", "openAccount", "stopWatching"]);
    assert.equal(ids.at(-1), "stopWatching");
  }
});

test("a cancel says in its hint what it can still save", () => {
  const cancelOf = (progress: Progress) =>
    played.jobSentences.jobText(job("a", progress)).actions.find(({ id }) => id === "cancel");
  assert.deepEqual(cancelOf({ state: "waiting", reason: "turn" }), {
    ...{ id: "cancel", label: "Cancel", hint: "Nothing sent yet" },
  });
  assert.deepEqual(cancelOf({ state: "queued", requestId }), { id: "cancel", label: "Cancel", hint: "Still queued" });
});

test("why a video waits or failed is said in a few words, and how many are rendered at once", () => {
  const text = (progress: Progress) => played.jobSentences.jobText(job("a", progress), { atOnce: 4 });
  assert.equal(text({ state: "waiting", reason: "turn" }).state, "Waiting (4 at a time)");
  assert.equal(text({ state: "waiting", reason: "unreachable" }).reason, "RunComfy can’t be reached");
  assert.equal(text(renderFailed).reason, "Rendering failed: CUDA out of memory");
  assert.equal(text({ state: "failed", problem: { code: "noBalance" } }).reason, "RunComfy balance is empty");
  assert.equal(text({ state: "failed", requestId, problem: { code: "watchStopped" } }).reason, undefined);
  for (const problem of problemsWith("[x](command:y)")) {
    const { reason = "" } = text({ state: "failed", problem });
    assert.ok(reason.length < 120, reason);
  }
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
  const text = played.jobSentences.jobText(job("a", { state: "failed", problem }), { uploader: "put" });
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

test("a video that drags on says since when it is watched, with the day where that is not today", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: new Date(2024, 1, 4, 14, 30) });
  const watched = (submittedAt: Date) =>
    played.jobSentences.jobText(job("a", { state: "running", requestId }, { submittedAt: submittedAt.getTime() }))
      .detail;
  assert.match(watched(new Date(2024, 1, 4, 14, 5)) ?? "", / Watching since 2:05\sPM\.$/);
  assert.match(watched(new Date(2024, 1, 3, 14, 5)) ?? "", / Watching since Feb 3, 2024, 2:05\sPM\.$/);
  assert.doesNotMatch(watched(new Date(2024, 1, 4, 14, 25)) ?? "", /Watching/);
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

test("without a token the message leads to setting one, and where nothing was sent also to getting one", () => {
  const labels = (sent: boolean) =>
    played.problemSentences.problemText({ code: "tokenMissing" }, sent).actions?.map(({ label }) => label);
  assert.deepEqual(labels(false), ["Set API Token…", "Get a Token"]);
  assert.deepEqual(labels(true), ["Set API Token…"]);
});

test("a video that was opened from its file can be taken off the list, one of the journal stays", () => {
  const progress: Progress = { state: "saved", requestId, video: "/p/v.mp4", recipe: "" };
  const offers = (id: string) =>
    played.jobSentences.jobText(job(id, progress)).actions.some((each) => each.id === "remove");
  assert.deepEqual([offers(`${openedPrefix}1`), offers("a")], [true, false]);
});
