// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of the settings are written like this
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import { job } from "../jobs/jobs.ts";
import { defaultSettings } from "./played.ts";
import { played, stage } from "./stage.ts";

// What a job's sentences say about money and what to do, and the actions that they go with.

const requestId = "r-1";
const textOf = (progress: Progress, changes: Partial<Job> = {}) =>
  played.jobSentences.jobText(job("a", progress, changes));

/** The actions over one job, and what the engine is asked to do. */
function over(only: Job) {
  const asked: string[] = [];
  const note = (what: string) => (id: string, fact?: unknown) =>
    void asked.push(`${what} ${id}${typeof fact === "string" ? ` ${fact}` : ""}`);
  const jobs = Object.assign(Object.create(null), {
    ...{ get: () => only, adopt: note("adopt"), sendAgain: note("send"), drop: note("drop") },
  });
  const payment = { estimate: undefined, cap: null, videoCaps: { day: null, month: null }, acceptsUnknown: true };
  const actions = new played.actions.JobActions(jobs, {
    ...{ settings: new played.settings.Settings(), askPayment: async () => payment },
    ...{ makeAgain: async () => assert.fail("nothing is made again"), review: note("review") },
    openRecipe: () => assert.fail("no recipe is opened"),
    useTake: () => assert.fail("no take is used"),
    opened: { get: () => undefined, close: () => undefined },
  });
  return { actions, asked };
}

test("an id that was typed and is denied can be entered anew, also after it is no longer watched", async () => {
  const lost = { code: "submitUnclear", reason: "ECONNRESET" } as const;
  const made = { ...job("a").order, unconfirmed: { typed: requestId, problem: lost } };
  for (const progress of [
    { state: "queued", requestId, problem: { code: "requestUnknown" } },
    { state: "failed", requestId, problem: { code: "watchStopped", denied: true } },
  ] as const) {
    const denied = job("a", progress, { order: made });
    const { detail, actions: offered } = played.jobSentences.jobText(denied);
    assert.match(
      detail ?? "",
      /^RunComfy doesn’t know the request ID r-1\. If you mistyped it, enter it again\. .*answer was lost \(ECONNRESET\)/,
    );
    assert.deepEqual(
      ["adopt", "sendAgain"].filter((id) => !offered.some((each) => each.id === id)),
      [],
    );
    stage.entered = "r-2";
    const { actions, asked } = over(denied);
    await actions.run("a", "adopt");
    assert.equal(stage.inputBoxes.at(-1)?.value, undefined);
    assert.deepEqual(asked.splice(0), ["adopt a r-2"]);
    await actions.run("a", "sendAgain");
    assert.deepEqual(asked, [], "it may cost twice, so it is asked first");
    assert.match(stage.messages.at(-1)?.detail ?? "", /charges you a second time/);
  }
  // Nobody typed this one.
  const named = played.jobSentences.jobText(
    job("a", { state: "queued", requestId, problem: { code: "requestUnknown" } }),
  );
  assert.doesNotMatch(named.detail ?? "", /mistyped/);
  assert.ok(!named.actions.some(({ id }) => id === "adopt"));
});

test("a video that waits for the service says whether anything was sent before", () => {
  const waiting: Progress = { state: "waiting", reason: "unreachable" };
  assert.equal(
    textOf(waiting).state,
    "RunComfy can’t be reached. Nothing was sent or charged. The video will be sent as soon as RunComfy responds.",
  );
  const again = textOf(waiting, { order: { ...job("a").order, lost: [""] } }).state;
  assert.doesNotMatch(again, /Nothing was sent/);
});

test("a finished video that isn't saved is probably paid for, and its question says so", async () => {
  const problem: Problem = { code: "hostNotTrusted", host: "x.example" };
  const standing: Progress = { state: "needsAction", requestId, problem };
  assert.match(
    textOf(standing).detail ?? "",
    /so it wasn’t downloaded yet\. It is paid for\. If you trust x\.example, download it at no extra cost\.$/,
  );
  await over(job("a", standing)).actions.run("a", "drop");
  assert.match(stage.messages.at(-1)?.detail ?? "", /^RunComfy finished this video and has probably charged for it\./);
  assert.match(textOf({ state: "failed", requestId, problem }).detail ?? "", /RunComfy has probably charged for/);
  await over(job("a", { state: "needsAction", requestId, problem: { code: "notOurs" } })).actions.run("a", "drop");
  assert.match(stage.messages.at(-1)?.detail ?? "", /^RunComfy may have charged/);
});

test("embedded images are told as a reason only where they can be it, with what helps", () => {
  const failed = (message: string) => {
    const { detail = "", actions } = textOf({
      ...{ state: "failed", requestId, problem: { code: "generationFailed", message } },
    });
    return [/try uploading them instead/.test(detail), actions.some(({ id }) => id === "setUpUpload")];
  };
  for (const message of ["", "could not load image", "invalid input url", "Failed to decode base64"]) {
    assert.deepEqual(failed(message), [true, true], message);
  }
  for (const message of ["CUDA out of memory", "the worker was preempted", "NSFW content detected"]) {
    assert.deepEqual(failed(message), [false, false], message);
  }
});

test("a setting's problem quotes the value and names what is allowed", () => {
  const told = (key: string, value: unknown) => {
    stage.settings = { ...defaultSettings(), [`wanFlf2v.${key}`]: value };
    const [problem] = new played.settings.Settings().problems();
    return problem === undefined ? "" : played.problemSentences.problemText(problem).message;
  };
  assert.match(
    told("fileName", "a-${nope}"),
    /^wanFlf2v\.fileName can’t contain \$\{nope\}\. Nothing was sent\. Supported: \$\{pair\}, \$\{take\}, \$\{start\}, .*\$\{prompt\}\.$/,
  );
  assert.match(told("imageHosting", "ftp"), /can’t be “ftp”\. Allowed: auto, dataUri, s3, put\. Nothing was sent\./);
  assert.match(told("jobsAtOnce", 0), /can’t be 0\. Allowed: 1–50\. Nothing was sent\./);
  assert.match(told("defaults.steps", 4), /can’t be 4\. Allowed: 6–20\. Nothing was sent\./);
});
