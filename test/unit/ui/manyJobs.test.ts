import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../../src/jobs/job.ts";
import { job, order } from "../jobs/jobs.ts";
import { PlayedJobs } from "./jobs.ts";
import { played, stage } from "./stage.ts";

const requestId = "r-1";
const waiting = (id: string): Job => job(id, { state: "waiting", reason: "turn" });
const saved = (id: string): Job => job(id, { state: "saved", requestId: id, video: `/v/${id}.mp4`, recipe: "/r" });
/** What must stay in the list: it is not over, or may be paid for. */
const staying: readonly Job[] = [
  job("left", { state: "failed", requestId, problem: { code: "watchStopped" } }),
  job("dropped", { state: "failed", problem: { code: "submitUnclear", reason: "x" } }),
  job("unclear", { state: "unclear", problem: { code: "submitUnclear", reason: "x" } }),
  job("running", { state: "running", requestId }),
];

/** Jobs that remember what was asked of them. */
class AskedJobs extends PlayedJobs {
  readonly asked: string[] = [];
  /** What is thrown at a cancel. */
  failure: Error | undefined;

  async removeFinished(ids: readonly string[]): Promise<void> {
    this.asked.push(`remove ${ids.join(" ")}`);
  }
  async cancel(id: string): Promise<void> {
    this.asked.push(`cancel ${id}`);
    if (this.failure !== undefined) throw this.failure;
  }
}

test("finished videos are cleared after a question that says what stays; nothing that may be paid for is", async () => {
  const failed = job("failed", { state: "failed", problem: { code: "noBalance" } });
  const jobs = new AskedJobs([...staying, waiting("w"), saved("a"), failed, job("c", { state: "cancelled" })]);
  await played.manyJobs.clearFinished(jobs);
  assert.deepEqual(jobs.asked, [], "a question left unanswered changes nothing");
  const [question] = stage.messages;
  assert.equal(question?.message, "Clear 3 finished videos from the list?");
  assert.match(question?.detail ?? "", /stay where they are\.\n.*may still charge for, stay in the list/);
  assert.deepEqual(question?.buttons, ["Clear"]);
  stage.answers.push("Clear");
  await played.manyJobs.clearFinished(jobs);
  assert.deepEqual(jobs.asked, ["remove a failed c"]);
});

test("what was never sent is cancelled after one question with the count", async () => {
  const resent = job("resent", { state: "waiting", reason: "turn" }, { order: { ...order, lost: [""] } });
  const jobs = new AskedJobs([...staying, waiting("b"), job("a", { state: "preparing" }), resent, saved("s")]);
  await played.manyJobs.cancelWaiting(jobs);
  assert.deepEqual(jobs.asked, []);
  assert.equal(stage.messages[0]?.message, "Cancel 2 videos that haven’t been sent?");
  assert.deepEqual(stage.messages[0]?.buttons, ["Cancel All Waiting", "Keep Waiting"]);
  stage.answers.push("Keep Waiting");
  await played.manyJobs.cancelWaiting(jobs);
  assert.deepEqual(jobs.asked, []);
  stage.answers.push("Cancel All Waiting");
  await played.manyJobs.cancelWaiting(jobs);
  assert.deepEqual(jobs.asked, ["cancel b", "cancel a"]);
});

test("one that is sent while the question is open is not asked to be cancelled", async () => {
  const jobs = new AskedJobs([waiting("b"), waiting("a")]);
  const answer = Promise.withResolvers<string>();
  stage.held = answer.promise;
  const done = played.manyJobs.cancelWaiting(jobs);
  jobs.set([job("b", { state: "queued", requestId }), waiting("a")]);
  answer.resolve("Cancel All Waiting");
  await done;
  assert.deepEqual(jobs.asked, ["cancel a"]);
});

test("a job that moves on just then keeps none of the others from being cancelled; any other failure is told", async () => {
  const jobs = new AskedJobs([waiting("b"), waiting("a")]);
  jobs.failure = new played.problem.ProblemError({ code: "notPossibleNow", state: "queued" });
  stage.answers.push("Cancel All Waiting", "Cancel All Waiting");
  await played.manyJobs.cancelWaiting(jobs);
  assert.deepEqual(jobs.asked, ["cancel b", "cancel a"]);
  jobs.failure = new played.problem.ProblemError({ code: "journalBusy" });
  await assert.rejects(async () => played.manyJobs.cancelWaiting(jobs), played.problem.ProblemError);
});

test("where there is nothing to clear or to cancel, no question is asked", async () => {
  const jobs = new AskedJobs([]);
  await played.manyJobs.clearFinished(jobs);
  await played.manyJobs.cancelWaiting(jobs);
  assert.deepEqual(stage.messages, []);
  assert.deepEqual(
    stage.drawn.map(({ text }) => text),
    ["There are no finished videos to clear.", "No video is waiting to be sent."],
  );
});
