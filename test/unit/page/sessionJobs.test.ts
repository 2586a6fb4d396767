import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openedPrefix } from "../../../src/jobs/facts.ts";
import type { JobView } from "../../../src/shared/messages/jobs.ts";
import { requests } from "../../../src/shared/messages/registry.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { openTalk, type Talk } from "../../support/page/talk.ts";

let product: Talk["product"];
let posted: Talk["posted"];
let ask: Talk["ask"];
let ready: Talk["ready"];

beforeEach(() => {
  ({ product, posted, ask, ready } = openTalk());
});

test("all jobs are shown, newest first, however many have ended", async () => {
  const ended = Array.from({ length: 9 }, (_, index) =>
    product.job({ state: "cancelled" }, { id: `ended${index}`, createdAt: index }),
  );
  const active = product.job({ state: "preparing" }, { id: "old", createdAt: -1 });
  product.jobs = [...ended, active];
  const shown = (await ready()).jobs.map((job: JobView) => job.id);
  assert.deepEqual(shown, [...ended.map(({ id }) => id).reverse(), "old"]);
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
  product.setJobs([{ ...job, progress: { state: "queued", requestId: "r", position: 1 } }]);
  assert.equal(posted.length, told + 1);
});

test("only the jobs that look different are told, and those that left the list", async () => {
  const [a, b, c] = ["a", "b", "c"].map((id, index) =>
    product.job({ state: "waiting", reason: "turn" }, { id, createdAt: index }),
  );
  assert.ok(a && b && c);
  product.jobs = [a, b, c];
  await ready();
  const d = product.job({ state: "preparing" }, { id: "d", createdAt: c.createdAt + 1 });
  product.setJobs([{ ...a, progress: { state: "cancelled" } }, b, d]);
  const told = posted.at(-1);
  assert.ok(told?.kind === "jobs");
  assert.deepEqual(
    told.changed.map(({ id, state }) => [id, state]),
    [
      ["d", "preparing"],
      ["a", "cancelled"],
    ],
  );
  assert.deepEqual(told.removed, ["c"]);
});

test("a job is put into words again when it or the settings change, or while its words depend on the time", async () => {
  const saved = product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "saved" });
  const running = product.job({ state: "running", requestId: "r" }, { id: "running" });
  const described: string[] = [];
  let sentence = "now";
  product.describe = ({ id }) => {
    described.push(id);
    return { state: sentence, actions: [] };
  };
  product.jobs = [saved, running];
  await ready();
  described.length = 0;
  sentence = "a minute later";
  product.setJobs([saved, running]);
  assert.deepEqual(described, ["running"]);
  const [told] = posted.slice(-1);
  assert.deepEqual(told?.kind === "jobs" && told.changed.map(({ id }) => id), ["running"]);
  described.length = 0;
  product.setDefaults({ fps: 24 });
  assert.deepEqual(described.sort(), ["running", "saved"]);
});

test("a video has the number of the take in its name, or else that of its age among its pair's", async () => {
  const of = (id: string, name: string, aroundTake?: readonly string[], state: "saved" | "preparing" = "preparing") => {
    const job = product.job(
      state === "saved" ? { state, requestId: "r", video: `/project/${name}.mp4`, recipe: "" } : { state },
      { id, createdAt: Number(id) },
    );
    return { ...job, order: { ...job.order, name: state === "saved" ? "x-001" : name, aroundTake } };
  };
  const seeded = `night-${product.job({ state: "preparing" }).order.parameters?.seed}`;
  const unknown = {
    ...of("6", "lost-001"),
    order: { ...of("6", "lost-001").order, end: { kind: "unknown" as const } },
  };
  product.jobs = [
    of("1", "2026-11-26"),
    of("2", seeded),
    of("3", "x-017", ["x-", ""]),
    of("4", "x-042", ["x-", ""], "saved"),
    of("5", "x"),
    unknown,
  ];
  const { jobs } = await ready();
  assert.deepEqual(
    jobs.map(({ id, take }) => [id, take]),
    [
      ["6", undefined],
      ["5", 5],
      ["4", 42],
      ["3", 17],
      ["2", 2],
      ["1", 1],
    ],
  );
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
  assert.deepEqual(told?.kind === "jobs" && told.changed[0]?.measures, measures);
  assert.deepEqual((await ready()).jobs[0]?.measures, measures);
});

test("a job's time begins with its run, and ends where nothing goes on in it", async () => {
  const times = { createdAt: 1000, submittedAt: 2000 };
  const requestId = "r-1";
  product.jobs = [
    product.job({ state: "running", requestId }, { ...times, id: "a", runningAt: 3000 }),
    product.job({ state: "queued", requestId }, { ...times, id: "b" }),
    product.job({ state: "needsAction", requestId, problem: { code: "noVideo" } }, { ...times, id: "c" }),
    product.job({ state: "failed", requestId, problem: { code: "watchStopped" } }, { ...times, id: "d" }),
    product.job({ state: "waiting", reason: "token" }, { ...times, id: "e" }),
  ];
  const { jobs } = await ready();
  assert.deepEqual(
    new Map(jobs.map(({ id, since }) => [id, since])),
    new Map([
      ["a", 3000],
      ["b", 2000],
      ["c", undefined],
      ["d", undefined],
      ["e", 2000],
    ]),
  );
  assert.deepEqual(
    jobs.map(({ sign }) => sign),
    ["running", "queued", "needsAction", "left", "heldUp"],
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

test("thousands of jobs cost little, and a change of one only that one", async (t) => {
  const many = Array.from({ length: 3000 }, (_, index) =>
    product.job(
      { state: "saved", requestId: "r", video: `/project/v-${index}.mp4`, recipe: "", cost: 0.253125 },
      { id: `job${index}`, createdAt: index },
    ),
  );
  product.jobs = many;
  const began = performance.now();
  const message = await ask({ kind: "ready" });
  const made = performance.now();
  assert.ok(message?.kind === "answer");
  const { jobs } = requests.ready.answer.parse(message.value);
  const parsed = performance.now();
  assert.equal(jobs.length, 3000);
  const [first, ...others] = many;
  assert.ok(first);
  product.setJobs([{ ...first, progress: { state: "cancelled" } }, ...others]);
  const told = performance.now();
  const last = posted.at(-1);
  assert.deepEqual(last?.kind === "jobs" && last.changed.map(({ id }) => id), [first.id]);
  const times = { views: made - began, parse: parsed - made, change: told - parsed };
  t.diagnostic(
    Object.entries(times)
      .map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`)
      .join(", "),
  );
  // Generous, because other work may share the processor.
  assert.ok(times.views < 1500 && times.parse < 1000 && times.change < 300);
});

test("the page offers to clear and to cancel only what the commands would find, and ages count from the end", async () => {
  const file = { state: "saved", requestId: "r", video: "/p/v.mp4", recipe: "" } as const;
  const base = product.job(file);
  product.jobs = [
    product.job(file, { id: "saved", endedAt: 9, createdAt: 6 }),
    product.job(file, { id: `${openedPrefix}1`, createdAt: 5 }),
    product.job({ state: "waiting", reason: "turn" }, { id: "unsent", createdAt: 4 }),
    product.job(
      { state: "waiting", reason: "turn" },
      { id: "lost", createdAt: 3, order: { ...base.order, lost: ["r"] } },
    ),
  ];
  assert.deepEqual(
    (await ready()).jobs.map(({ id, isFinished, isUnsent, agedFrom }) => [id, isFinished, isUnsent, agedFrom]),
    [
      ["saved", true, false, 9],
      [`${openedPrefix}1`, false, false, 5],
      ["unsent", false, true, 4],
      ["lost", false, false, 3],
    ],
  );
});
