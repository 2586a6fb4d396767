import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/model/problem.ts";
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
function over(only: Job): { actions: JobActions; asked: string[] } {
  const asked: string[] = [];
  const note =
    (what: string) =>
    (id: string, fact?: unknown): void =>
      void asked.push(`${what} ${id}${typeof fact === "string" ? ` ${fact}` : ""}`);
  const jobs = Object.assign(Object.create(null), {
    get: () => only,
    stopWatching: note("stop"),
    retry: note("retry"),
    adopt: note("adopt"),
  });
  const actions = new played.actions.JobActions(jobs, new played.settings.Settings(), async () => undefined);
  return { actions, asked };
}
const idsFor = (progress: Progress): string[] =>
  played.jobSentences.jobText(job("a", progress)).actions.map(({ id }) => id);
const labelOf = (progress: Progress, id: string) =>
  played.jobSentences.jobText(job("a", progress)).actions.find((action) => action.id === id)?.label;
const requestId = "r-1";
const onItsWay: readonly Progress[] = [
  { state: "queued", requestId },
  { state: "running", requestId },
  { state: "downloading", requestId },
];

test("whatever is followed can be left alone, after a question that tells what it may cost and how it comes back", async () => {
  for (const progress of onItsWay) {
    assert.ok(idsFor(progress).includes("stopWatching"), progress.state);
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "stopWatching");
    assert.deepEqual(asked, [], "a question left unanswered changes nothing");
    assert.match(stage.messages.at(-1)?.detail ?? "", /may finish the video and charge for it.*Take Up Again/);
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
    assert.equal(labelOf(failed, "takeUp"), isOver ? undefined : "Take Up Again", problem.code);
    assert.ok(!idsFor({ state: "failed", problem }).includes("takeUp"), problem.code);
  }
  const { actions, asked } = over(job("a", { state: "failed", requestId, problem: { code: "watchStopped" } }));
  await actions.run("a", "takeUp");
  assert.deepEqual(asked, ["retry a"]);
});

test("an id that an unclear answer named stands in the box already, and in the sentence", async () => {
  const named: Problem = { code: "submitUnclear", reason: "503", requestId: "paid-7" };
  for (const progress of [
    { state: "unclear", problem: named },
    { state: "failed", problem: named },
  ] as const) {
    stage.entered = "paid-7";
    const { actions, asked } = over(job("a", progress));
    await actions.run("a", "adopt");
    assert.equal(stage.inputBoxes.at(-1)?.value, "paid-7");
    assert.deepEqual(asked, ["adopt a paid-7"]);
    assert.match(played.jobSentences.jobText(job("a", progress)).detail ?? "", /names the request paid-7.*may be paid/);
  }
  await over(job("a", { state: "unclear", problem: { code: "submitUnclear", reason: "ECONNRESET" } })).actions.run(
    "a",
    "adopt",
  );
  assert.equal(stage.inputBoxes.at(-1)?.value, undefined);
});

test("a video in the making says since when it is watched, with the day where that is not today", () => {
  const watched = (submittedAt: number) =>
    played.jobSentences.jobText(job("a", { state: "running", requestId }, { submittedAt })).detail ?? "";
  const now = new Date();
  assert.match(watched(now.getTime()), /^Watched since \d{1,2}:\d\d\s[AP]M\.$/);
  assert.match(watched(new Date(2024, 1, 3, 14, 5).getTime()), /^Watched since Feb 3, 2024, 2:05\sPM\.$/);
});
