import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { answerSchemas, type HostMessage, type JobView, type PanelState } from "../../../src/shared/messages/panel.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { unexpectedText } from "../../../src/shared/texts.ts";
import { PanelSession } from "../../../src/ui/panel/session.ts";
import { PlayedProduct, shaOf } from "./product.ts";

const media = { start: "/p/a.png", end: "/p/b.png", portrait: "/p/c.png", video: "/p/v.mp4" };
let product: PlayedProduct;
let session: PanelSession;
let posted: HostMessage[];
let id = 0;

beforeEach(() => {
  posted = [];
  product = new PlayedProduct(media);
  session = new PanelSession(product.deps, {
    post: (message) => posted.push(message),
    readFile: async () => Uint8Array.of(1, 2, 3),
    runCommand: async (command, setting) => product.run(command, setting),
    pathOf: (uri) => {
      if (!uri.startsWith("file://")) {
        throw new ProblemError({ code: "notAFile", name: uri, reason: "web" });
      }
      return uri.slice(7);
    },
    relativePath: (path) => path.replace("/project/", ""),
    notify: (problem, kind) => product.notified.push({ kind, problem }),
  });
});

/** Sends a request as the page does, and gives what came back for it. */
async function ask(request: object): Promise<HostMessage | undefined> {
  const mine = ++id;
  await session.receive({ id: mine, request });
  return posted.find((message) => "id" in message && message.id === mine);
}

async function ready(): Promise<PanelState> {
  const message = await ask({ kind: "ready" });
  return answerSchemas.ready.parse(message?.kind === "answer" ? message.value : undefined);
}

const order = { kind: "generate", start: media.start, end: media.end, prompt: "p", parameters: { fps: 24 } };

test("nothing is told before the page is there; what was put into the draft meanwhile comes with the state, once", async () => {
  session.patchDraft({ start: "/one.png" });
  session.patchDraft({ start: "/two.png", end: "/three.png" });
  product.setJobs([product.job({ state: "preparing" })]);
  assert.deepEqual(posted, []);
  const state = await ready();
  assert.deepEqual(state.patches, [{ start: "/one.png" }, { start: "/two.png", end: "/three.png" }]);
  assert.equal(state.jobs.length, 1);
  assert.deepEqual((await ready()).patches, []);
  session.patchDraft({ prompt: "now" });
  assert.deepEqual(posted.at(-1), { kind: "draft", patch: { prompt: "now" } });
});

test("a hidden page is told nothing until it is back", async () => {
  await ready();
  session.pageGone();
  const told = posted.length;
  product.setJobs([product.job({ state: "preparing" })]);
  session.patchDraft({ prompt: "later" });
  assert.equal(posted.length, told);
  assert.deepEqual((await ready()).patches, [{ prompt: "later" }]);
});

test("a second order while the first is under way makes no second job", async () => {
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const both = [ask(order), ask(order)];
  gate.resolve();
  const [first, second] = await Promise.all(both);
  assert.equal(product.generated.length, 1);
  assert.deepEqual(first?.kind === "answer" && first.value, second?.kind === "answer" && second.value);
  await ask(order);
  assert.equal(product.generated.length, 2);
});

test("an order reaches the product as files, framing, prompt and values", async () => {
  const plans = { end: { mode: "fit", fill: { kind: "blur" } } } as const;
  const seen = { start: "a".repeat(64), end: "b".repeat(64) };
  await ask({ ...order, plans, hosting: "s3", seen });
  assert.deepEqual(product.generated, [
    {
      start: { kind: "file", path: media.start },
      end: { kind: "file", path: media.end },
      prompt: "p",
      parameters: { fps: 24 },
      plans,
      hosting: "s3",
      seen,
    },
  ]);
});

test("a problem with an image file is put to its side", async () => {
  product.refusal = { code: "imageMissing", path: media.end };
  const message = await ask(order);
  assert.equal(message?.kind === "failure" && message.problem.field, "end");
});

test("a fault of ours is reported, and the page gets a sentence without its inside", async () => {
  const broken = new PanelSession(
    { ...product.deps, generate: async () => Promise.reject(new Error("secret detail")) },
    {
      post: (message) => posted.push(message),
      readFile: async () => new Uint8Array(),
      runCommand: async () => undefined,
      pathOf: (uri) => uri,
      relativePath: (path) => path,
      notify: () => undefined,
    },
  );
  await broken.receive({ id: 1, request: order });
  assert.deepEqual(posted.at(-1), { kind: "failure", id: 1, problem: { message: unexpectedText() } });
  assert.equal(String(product.faults[0]), "Error: secret detail");
});

test("only commands that a problem offered can be run from the page", async () => {
  assert.equal((await ask({ kind: "command", command: "workbench.action.quit" }))?.kind, "failure");
  product.refusal = { code: "tokenMissing" };
  await ask(order);
  assert.equal((await ask({ kind: "command", command: "wanFlf2v.setToken" }))?.kind, "answer");
  assert.deepEqual(product.commands, ["wanFlf2v.setToken"]);
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

test("what is no message is reported, and a closed panel stays silent", async () => {
  await session.receive({ hello: 1 });
  assert.equal(product.faults.length, 1);
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const answer = ask(order);
  session.dispose();
  gate.resolve();
  assert.equal(await answer, undefined);
  product.setJobs([]);
  assert.deepEqual(posted, []);
});

test("a job's own copies are given out, and nothing where there are none", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  product.copies = { start: "/copies/start.png" };
  const start = await ask({ kind: "input", jobId: "job1", side: "start" });
  assert.deepEqual(start?.kind === "answer" && start.value, { bytes: Uint8Array.of(1, 2, 3) });
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
  assert.deepEqual(told?.kind === "jobs" && told.jobs[0]?.review.measures, measures);
  assert.deepEqual((await ready()).jobs[0]?.review.measures, measures);
});

test("the same settings again: pair, framing, prompt and size as they were, without the seed, one at a time", async () => {
  const plan = { mode: "crop", focus: { x: 0.2, y: 0.5 }, zoom: 1 } as const;
  const job = product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" });
  const start = { kind: "file", path: media.start, sourceSha256: "0", plan } as const;
  product.jobs = [{ ...job, order: { ...job.order, start, hosting: "put", parameters: { seed: 7, fps: 24 } } }];
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const both = [ask({ kind: "again", jobId: "job1" }), ask({ kind: "again", jobId: "job1" })];
  gate.resolve();
  await Promise.all(both);
  assert.deepEqual(product.generated, [
    {
      start: { kind: "file", path: media.start },
      end: { kind: "file", path: media.end },
      prompt: job.order.prompt,
      parameters: { fps: 24, resolution: "720x1280 (9:16)" },
      plans: { start: plan },
      hosting: "put",
      seen: { start: "0", end: shaOf(media.end) },
    },
  ]);
});

test("changing a job starts from all that it was made of, except the seed", async () => {
  const job = product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" });
  const url = { kind: "url", url: "https://pictures.test/end.png" } as const;
  product.jobs = [
    { ...job, order: { ...job.order, end: url, parameters: { seed: 7, cfg: 1.5, resolution: "480x480 (1:1)" } } },
    { ...job, id: "recovered", order: { ...job.order, start: { kind: "unknown" }, end: { kind: "unknown" } } },
  ];
  await ready();
  await ask({ kind: "reuse", jobId: "job1" });
  const told = posted.findLast((message) => message.kind === "draft");
  assert.ok(told?.kind === "draft");
  const { start, end, prompt, parameters } = told.patch;
  assert.deepEqual([start, end, prompt], [media.start, undefined, job.order.prompt]);
  assert.ok("end" in told.patch);
  assert.deepEqual(parameters, { cfg: "1.5", resolution: "480x480 (1:1)" });
  assert.equal((await ask({ kind: "reuse", jobId: "recovered" }))?.kind, "failure");
  assert.equal((await ask({ kind: "again", jobId: "recovered" }))?.kind, "failure");
});

test("earlier prompts are told once each, newest first; time and price as the product knows them", async () => {
  const job = (prompt: string, createdAt: number) => {
    const made = product.job({ state: "cancelled" }, { id: `job${createdAt}`, createdAt });
    return { ...made, order: { ...made.order, prompt } };
  };
  product.jobs = [job("old", 1), job("new", 3), job("old", 2)];
  const value = async (request: object) => {
    const message = await ask(request);
    return message?.kind === "answer" ? message.value : undefined;
  };
  assert.deepEqual(await value({ kind: "prompts" }), { prompts: ["new", "old"] });
  assert.deepEqual(await value({ kind: "runTime", parameters: {} }), { typical: undefined });
  product.typical = 5000;
  assert.deepEqual(await value({ kind: "runTime", parameters: { length: 141 } }), { typical: 5000 });
  assert.deepEqual(product.estimated, [{}, { length: 141 }]);
  product.price = { kind: "known", usd: 1, unit: "output" };
  assert.deepEqual(await value({ kind: "price" }), product.price);
});

test("a user who thinks better of the price makes no job, and may order again", async () => {
  product.declined = true;
  assert.deepEqual(await ask(order), { kind: "answer", id, value: { jobId: undefined } });
  product.declined = false;
  const message = await ask(order);
  assert.ok(message?.kind === "answer" && answerSchemas.generate.parse(message.value).jobId !== undefined);
});

test("another order while one is under way is made too; the same wish is not", async () => {
  product.jobs = [
    product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "job1" }),
    product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "job2" }),
  ];
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const wishes = [
    { ...order, prompt: "one" },
    { ...order, prompt: "two" },
    { kind: "again", jobId: "job1" },
    { kind: "again", jobId: "job2" },
  ];
  const answers = [...wishes, ...wishes].map(ask);
  gate.resolve();
  const ids = (await Promise.all(answers)).map((answer) =>
    answer?.kind === "answer" ? answerSchemas.generate.parse(answer.value).jobId : undefined,
  );
  const { prompt } = product.jobs[0]?.order ?? {};
  assert.deepEqual(
    product.generated.map((made) => made.prompt),
    ["one", "two", prompt, prompt],
  );
  assert.equal(new Set(ids).size, 4);
  assert.deepEqual(ids.slice(0, 4), ids.slice(4));
});

test("an order that never ends keeps no other one from being made", async () => {
  const { promise } = Promise.withResolvers<void>();
  product.generateGate = promise;
  void ask({ ...order, prompt: "of a share that is away" });
  await setImmediate();
  assert.equal(product.generated.length, 1);
  product.generateGate = Promise.resolve();
  assert.equal((await ask({ ...order, prompt: "next" }))?.kind, "answer");
});

test("an order that is refused keeps no other one from being made", async () => {
  product.refusal = { code: "tokenMissing" };
  const refused = ask({ ...order, prompt: "one" });
  const other = ask({ ...order, prompt: "two" });
  assert.equal((await refused)?.kind, "failure");
  product.refusal = undefined;
  await other;
  assert.equal((await ask({ ...order, prompt: "two" }))?.kind, "answer");
});

test("what a page that is gone was to be told is told in a notification, once, with what helps", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  const ways = [order, { kind: "again", jobId: "job1" }, { kind: "act", jobId: "job1", action: "broken" }];
  for (const leave of [() => session.pageGone(), () => void ready(), () => session.dispose()]) {
    for (const request of ways) {
      await ask({ kind: "ready" });
      product.notified.length = 0;
      const gate = Promise.withResolvers<void>();
      product.generateGate = gate.promise;
      product.refusal = { code: "tokenMissing" };
      const answered = ask(request);
      leave();
      gate.resolve();
      assert.equal(await answered, undefined, request.kind);
      assert.deepEqual(
        product.notified.map(({ kind, problem }) => [kind, problem.message !== ""]),
        [["problem", true]],
        request.kind,
      );
    }
  }
});

test("a page that is there is told itself, and what only a page needs is no notification", async () => {
  await ready();
  product.refusal = { code: "tokenMissing" };
  assert.equal((await ask(order))?.kind, "failure");
  product.imageProblems.set(media.start, { code: "imageMissing", path: media.start });
  const asked = ask({ kind: "image", path: media.start });
  session.pageGone();
  await asked;
  assert.deepEqual(product.notified, []);
});

test("what a command says, a picked image and a problem reach their user while no page is there", async () => {
  await ready();
  product.refusal = { code: "tokenMissing" };
  await ask(order);
  product.said = "The API token is valid.";
  product.picked = "/p/picked.png";
  const asked = [ask({ kind: "command", command: "wanFlf2v.setToken" }), ask({ kind: "pick", side: "end" })];
  session.pageGone();
  await Promise.all(asked);
  session.showProblem({ code: "tokenMissing" });
  assert.deepEqual(
    product.notified.map(({ kind, problem }) => [kind, problem.message]),
    [
      ["news", "The API token is valid."],
      ["problem", "No RunComfy API token is set, so nothing can be generated yet."],
    ],
  );
  assert.deepEqual((await ready()).patches, [{ end: "/p/picked.png" }]);
});

test("a wrong setting leaves the panel with the model's values and says which one it is, until it is mended", async () => {
  session.patchDraft({ prompt: "kept" });
  product.job({ state: "preparing" });
  product.settingProblem = { code: "settingInvalid", setting: "wanFlf2v.defaults.fps", value: "60" };
  const { settings, patches } = await ready();
  assert.deepEqual(settings.defaults, {});
  assert.match(settings.trouble?.message ?? "", /wanFlf2v\.defaults\.fps/);
  assert.deepEqual(patches, [{ prompt: "kept" }]);
  const open = { kind: "command", command: "wanFlf2v.openSettings" } as const;
  assert.equal((await ask({ ...open, setting: "wanFlf2v.defaults.fps" }))?.kind, "answer");
  assert.deepEqual(product.commands, ["wanFlf2v.openSettings wanFlf2v.defaults.fps"]);
  assert.equal((await ask({ ...open, setting: "security.workspace.trust.enabled" }))?.kind, "failure");
  product.setDefaults({ fps: 24 });
  assert.deepEqual(posted.at(-1), {
    kind: "settings",
    settings: { defaults: { fps: 24 }, hosting: "auto", trouble: undefined },
  });
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
  product.jobs = [product.job({ state: "failed", problem: { code: "tokenMissing" } })];
  const invalid = { code: "settingInvalid", setting: "wanFlf2v.imageHosting", value: '"ftp"' } as const;
  const { deps } = product;
  const told: HostMessage[] = [];
  const other = new PanelSession(
    {
      ...deps,
      describe: () => {
        throw new ProblemError(invalid);
      },
      hosting: () => {
        throw new ProblemError(invalid);
      },
    },
    {
      post: (message) => told.push(message),
      readFile: async () => new Uint8Array(),
      runCommand: async () => undefined,
      pathOf: (uri) => uri,
      relativePath: (path) => path,
      notify: () => undefined,
    },
  );
  await other.receive({ id: 1, request: { kind: "ready" } });
  const [message] = told;
  const state = answerSchemas.ready.parse(message?.kind === "answer" ? message.value : undefined);
  assert.equal(state.jobs.length, 1);
  assert.match(state.settings.trouble?.message ?? "", /imageHosting/);
});

test("what was put into the draft is not lost where the page cannot be begun", async () => {
  session.patchDraft({ prompt: "kept" });
  const { jobs } = product;
  Object.defineProperty(product, "jobs", {
    configurable: true,
    get() {
      throw new Error("locked");
    },
  });
  assert.equal((await ask({ kind: "ready" }))?.kind, "failure");
  Object.defineProperty(product, "jobs", { configurable: true, value: jobs });
  assert.deepEqual((await ready()).patches, [{ prompt: "kept" }]);
});

test("a request that is none is answered with a failure where it can be", async () => {
  assert.equal((await ask({ kind: "readFile", path: "/etc/passwd" }))?.kind, "failure");
  assert.equal((await ask({ ...order, parameters: { fps: 25 } }))?.kind, "failure");
});

test("the draft is kept by the host, and given to the next page", async () => {
  assert.equal((await ready()).kept, undefined);
  const kept = { revision: 3, draft: { prompt: "p", parameters: {} } };
  await ask({ kind: "draft", kept });
  assert.deepEqual((await ready()).kept, kept);
});

test("a picture is told with its file's hash; one that changed since is said to be outdated, or to be no take any more", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  product.refusal = { code: "imageChanged", path: media.end };
  const refused = await ask(order);
  assert.deepEqual(refused?.kind === "failure" && [refused.problem.field, refused.problem.outdated], ["end", true]);
  const again = await ask({ kind: "again", jobId: "job1" });
  assert.match(again?.kind === "failure" ? again.problem.message : "", /^b\.png has changed since/);
});

test("addresses that are no files of this machine are counted", async () => {
  const dropped = await ask({ kind: "drop", uris: ["file:///p/a.png", "https://a.test/b.png"] });
  assert.deepEqual(dropped?.kind === "answer" && dropped.value, { paths: ["/p/a.png"], others: 1 });
});
