import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { JobView } from "../../../src/shared/messages/jobs.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { openTalk, type Talk } from "../../support/page/talk.ts";

let product: Talk["product"];
let posted: Talk["posted"];
let ask: Talk["ask"];
let ready: Talk["ready"];

beforeEach(() => {
  ({ product, posted, ask, ready } = openTalk());
});

test("all jobs on their way are shown, and the newest six that ended, newest first", async () => {
  const ended = Array.from({ length: 9 }, (_, index) =>
    product.job({ state: "cancelled" }, { id: `ended${index}`, createdAt: index }),
  );
  const active = product.job({ state: "preparing" }, { id: "old", createdAt: -1 });
  product.jobs = [...ended, active];
  const shown = (await ready()).jobs.map((job: JobView) => job.id);
  assert.deepEqual(shown, ["ended8", "ended7", "ended6", "ended5", "ended4", "ended3", "old"]);
});

test("jobs are told again only when something a user sees has changed", async () => {
  const job = product.job({ state: "queued", requestId: "r", position: 2 });
  product.jobs = [job];
  await ready();
  const told = posted.length;
  product.setJobs([{ ...job }]);
  assert.equal(posted.length, told);
  product.setJobs([{ ...job, progress: { state: "queued", requestId: "r", position: 1 } }]);
  assert.equal(posted.length, told + 1);
});

test("a saved job gives its video's bytes, another one none", async () => {
  product.jobs = [
    product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "saved" }),
    product.job({ state: "preparing" }, { id: "early" }),
  ];
  const message = await ask({ kind: "video", jobId: "saved" });
  assert.deepEqual(message?.kind === "answer" && message.value, { bytes: Uint8Array.of(1, 2, 3) });
  assert.equal((await ask({ kind: "video", jobId: "early" }))?.kind, "failure");
});

test("a job's own copies are given out, and nothing where there are none", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  product.copies = { start: "/copies/start.png" };
  const start = await ask({ kind: "input", jobId: "job1", side: "start" });
  assert.deepEqual(start?.kind === "answer" && start.value, { bytes: Uint8Array.of(1, 2, 3) });
  // What was sent had other bytes: the file has been changed since.
  const { order } = product.jobs[0] ?? assert.fail("no job");
  const image = order.start.kind === "file" ? { ...order.start, sha256: "0".repeat(64) } : assert.fail("no file");
  product.jobs = product.jobs.map((each) => ({ ...each, order: { ...order, start: image } }));
  const changed = await ask({ kind: "input", jobId: "job1", side: "start" });
  assert.deepEqual(changed?.kind === "answer" && changed.value, {});
  const end = await ask({ kind: "input", jobId: "job1", side: "end" });
  assert.deepEqual(end?.kind === "answer" && end.value, {});
  assert.equal((await ask({ kind: "input", jobId: "other", side: "end" }))?.kind, "failure");
});

test("figures are kept for the job, so that a page that comes back need not measure again", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  await ready();
  const measures = { width: 960, height: 536, frames: 81, start: { ssim: 0.9, psnr: 30 } };
  await ask({ kind: "measured", jobId: "job1", measures });
  const told = posted.findLast((message) => message.kind === "jobs");
  assert.deepEqual(told?.kind === "jobs" && told.jobs[0]?.measures, measures);
  assert.deepEqual((await ready()).jobs[0]?.measures, measures);
});

test("what its user has left stays in the panel, however many videos have ended since", async () => {
  const left = product.job(
    { state: "failed", requestId: "r-1", problem: { code: "watchStopped" } },
    { id: "left", createdAt: -1 },
  );
  const ended = Array.from({ length: 9 }, (_, index) =>
    product.job({ state: "cancelled" }, { id: `ended${index}`, createdAt: index }),
  );
  product.jobs = [...ended, left];
  const shown = (await ready()).jobs.map(({ id }) => id);
  assert.deepEqual(shown, ["ended8", "ended7", "ended6", "ended5", "ended4", "ended3", "left"]);
});

test("a job's time begins with its run, and ends where nothing goes on in it", async () => {
  const times = { createdAt: 1000, submittedAt: 2000 };
  const requestId = "r-1";
  product.jobs = [
    product.job({ state: "running", requestId }, { ...times, id: "a", runningAt: 3000 }),
    product.job({ state: "queued", requestId }, { ...times, id: "b" }),
    product.job({ state: "needsAction", requestId, problem: { code: "noVideo" } }, { ...times, id: "c" }),
    product.job({ state: "failed", requestId, problem: { code: "watchStopped" } }, { ...times, id: "d" }),
  ];
  const { jobs } = await ready();
  assert.deepEqual(
    new Map(jobs.map(({ id, since }) => [id, since])),
    new Map([
      ["a", 3000],
      ["b", 2000],
      ["c", undefined],
      ["d", undefined],
    ]),
  );
  assert.deepEqual(
    jobs.filter(({ isLeft }) => isLeft).map(({ id }) => id),
    ["d"],
  );
});

test("a setting that a job's actions depend on takes no job out of sight", async () => {
  const invalid = { code: "settingInvalid", setting: "wanFlf2v.imageHosting", value: '"ftp"' } as const;
  const other = openTalk({
    describe: () => {
      throw new ProblemError(invalid);
    },
    hosting: () => {
      throw new ProblemError(invalid);
    },
  });
  other.product.jobs = [other.product.job({ state: "failed", problem: { code: "tokenMissing" } })];
  const state = await other.ready();
  assert.equal(state.jobs.length, 1);
  assert.match(state.settings.trouble?.message ?? "", /imageHosting/);
});
