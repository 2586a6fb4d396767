import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import type { JobActions } from "../../../src/ui/actions.ts";
import { job } from "../jobs/jobs.ts";
import { problemsWith } from "./hostile.ts";
import { played, stage } from "./stage.ts";

/** What making another video waits for, and what it fails with. */
let settle: Promise<void>;
let refusal: Problem | undefined;
beforeEach(() => {
  [settle, refusal] = [Promise.resolve(), undefined];
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
  const actions = new played.actions.JobActions(jobs, {
    settings: new played.settings.Settings(),
    askPayment: async () => ({
      estimate: undefined,
      cap: null,
      videoCaps: { day: null, month: null },
      acceptsUnknown: true,
    }),
    makeAgain: async (made) => {
      asked.push(`make ${made.id}`);
      await settle;
      if (refusal !== undefined) throw new played.problem.ProblemError(refusal);
      return "another";
    },
    review: note("review"),
    openRecipe: async (path) => void asked.push(`recipe ${path}`),
    useTake: async (path, request) => void asked.push(`use ${path} ${request}`),
    opened: { get: (id) => (only.id.startsWith("file-") && id === only.id ? only : undefined), close: note("close") },
  });
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

test("a video that was opened from its file leaves the list by being closed, with no question and no row to remove", async () => {
  const { actions, asked } = over(
    job("file-1", { state: "saved", requestId: "", video: "/v.mp4", recipe: "/v.flf.json" }),
  );
  await actions.run("file-1", "remove");
  assert.deepEqual(asked, ["close file-1"]);
  assert.deepEqual(stage.messages, []);
});

test("the recipe of a saved video is looked for by its video where it is no longer in its place", async () => {
  const saved = { state: "saved", requestId, video: "/v.mp4" } as const;
  for (const [recipe, path] of [
    ["/gone.flf.json", "/v.mp4"],
    [import.meta.filename, import.meta.filename],
  ] as const) {
    const { actions, asked } = over(job("a", { ...saved, recipe }));
    await actions.run("a", "openRecipe");
    assert.deepEqual(asked, [`recipe ${path}`]);
  }
});

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
  const others = (["drop", "remove", "sendAgain", "stopWatching"] as const).map((action) => actions.run("a", action));
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

test("a request that a token was refused for asks for another token and goes on with it, if one is entered", async () => {
  const refused: Progress = { state: "failed", problem: { code: "tokenRefused" } };
  assert.deepEqual(idsFor(refused).slice(0, 2), ["setTokenAndSend", "sendAgain"]);
  let said: string | undefined;
  using _ = played.vscode.commands.registerCommand("wanFlf2v.setToken", () => said);
  const { actions, asked } = over(job("a", refused));
  await actions.run("a", "setTokenAndSend");
  assert.deepEqual(asked, [], "no token, no request");
  said = "Token saved.";
  await actions.run("a", "setTokenAndSend");
  assert.deepEqual(asked, ["send a"]);
  assert.deepEqual(
    stage.messages.map(({ message }) => message),
    ["Token saved."],
  );
});

test("after a token was entered, what may be paid for by then is sent only by a user who is asked", async () => {
  const refused = job("a", { state: "failed", problem: { code: "tokenRefused" } });
  const seen = [refused, job("a", { state: "failed", problem: nameless })];
  using _ = played.vscode.commands.registerCommand("wanFlf2v.setToken", () => "Token saved.");
  const { actions, asked } = over(refused, () => seen.shift() ?? refused);
  await actions.run("a", "setTokenAndSend");
  assert.match(stage.messages.at(-1)?.detail ?? "", /charges you a second time/);
  assert.deepEqual(asked, []);
});

const renderFailed: Progress = {
  state: "failed",
  requestId,
  problem: { code: "generationFailed", message: "CUDA out of memory" },
};

test("what RunComfy failed to render is tried again by a new video; a double press makes one", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  assert.deepEqual(idsFor(renderFailed), ["tryAgain", "openAccount", "copyRequestId", "remove"]);
  const { actions, asked } = over(job("a", renderFailed));
  const making = Promise.withResolvers<void>();
  settle = making.promise;
  const presses = [actions.run("a", "tryAgain"), actions.run("a", "tryAgain")];
  making.resolve();
  await Promise.all(presses);
  await actions.run("a", "tryAgain");
  // Each press leads to the one new video, so that the next one finds no button to try again.
  assert.deepEqual(asked, ["make a", ...Array(3).fill("review another")]);
});

test("an image that has changed since is said, and leads to the studio: nothing else is rendered unseen", async () => {
  const { actions, asked } = over(job("a", renderFailed));
  refusal = { code: "imageChanged", path: "/p/door.png" };
  stage.answers.push("Open Studio");
  await actions.run("a", "tryAgain");
  assert.match(stage.messages[0]?.message ?? "", /^door\.png has changed since.*nothing was sent/);
  assert.deepEqual(asked, ["make a", "review a"]);
  refusal = { code: "capReached", cap: 1, spent: 1 };
  await assert.rejects(actions.run("a", "tryAgain"), played.problem.ProblemError);
});

test("only what RunComfy failed to render, of known images, is tried again", async () => {
  const recovered = job("a", renderFailed, {
    order: { ...job("a").order, start: { kind: "unknown" }, end: { kind: "unknown" } },
  });
  assert.ok(!played.jobSentences.jobText(recovered).actions.some(({ id }) => id === "tryAgain"));
  for (const progress of [
    ...onItsWay,
    { state: "unclear", problem: nameless },
    { state: "failed", problem: nameless },
    { state: "failed", requestId, problem: { code: "watchStopped" } },
    { state: "failed", problem: { code: "noBalance" } },
    { state: "saved", requestId, video: "/v", recipe: "/r" },
    { state: "cancelled" },
  ] as const) {
    assert.ok(!idsFor(progress).includes("tryAgain"), progress.state);
    if (progress.state === "running") {
      const { actions, asked } = over(job("a", progress));
      await assert.rejects(actions.run("a", "tryAgain"), played.problem.ProblemError);
      assert.deepEqual(asked, []);
    }
  }
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
