import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { frozenRequest } from "../../../src/jobs/order.ts";
import { requests } from "../../../src/shared/messages/registry.ts";
import { shaOf } from "../../support/page/product.ts";
import { generateRequest, media, openTalk, type Talk } from "../../support/page/talk.ts";

let product: Talk["product"];
let posted: Talk["posted"];
let ask: Talk["ask"];
let ready: Talk["ready"];

beforeEach(() => {
  ({ product, posted, ask, ready } = openTalk());
});

test("the same request while the first is under way makes no second job", async () => {
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const both = [ask(generateRequest), ask(generateRequest)];
  gate.resolve();
  const [first, second] = await Promise.all(both);
  assert.equal(product.generated.length, 1);
  assert.deepEqual(first?.kind === "answer" && first.value, second?.kind === "answer" && second.value);
  await ask(generateRequest);
  assert.equal(product.generated.length, 2);
});

test("a request reaches the product as files, framing, prompt and values", async () => {
  const plans = { end: { mode: "fit", fill: { kind: "blur" } } } as const;
  const seen = { start: "a".repeat(64), end: "b".repeat(64) };
  await ask({ ...generateRequest, plans, hosting: "s3", seen });
  assert.deepEqual(product.generated, [
    {
      start: { kind: "file", path: media.start },
      end: { kind: "file", path: media.end },
      prompt: "p",
      parameters: { fps: 24 },
      plans,
      hosting: "s3",
      seen,
      isComplete: true,
    },
  ]);
});

test("a problem with an image file is put to its side", async () => {
  product.refusal = { code: "imageMissing", path: media.end };
  const message = await ask(generateRequest);
  assert.equal(message?.kind === "failure" && message.problem.field, "end");
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
      // What the user's settings say today is not what they said then.
      isComplete: true,
      plans: { start: plan },
      hosting: "put",
      seen: { start: "0", end: shaOf(media.end) },
    },
  ]);
});

const recovered = frozenRequest("r", { service: "https://service.test", folder: "/project/videos" }, "/project");

test("changing a job starts from all that it was made of, except the seed", async () => {
  const job = product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" });
  const url = { kind: "url", url: "https://pictures.test/end.png" } as const;
  product.jobs = [
    { ...job, order: { ...job.order, end: url, parameters: { seed: 7, cfg: 1.5, resolution: "480x480 (1:1)" } } },
    { ...job, id: "recovered", order: recovered },
  ];
  await ready();
  await ask({ kind: "reuse", jobId: "job1" });
  const told = posted.findLast((message) => message.kind === "draft");
  assert.ok(told?.kind === "draft");
  const { start, end, prompt, parameters } = told.patch;
  assert.deepEqual([start, end, prompt], [media.start, undefined, job.order.prompt]);
  assert.ok("end" in told.patch);
  assert.deepEqual(parameters, { cfg: "1.5", resolution: "480x480 (1:1)" });
  // What the model used then is stated where the settings have put something else in its place since.
  product.setDefaults({ length: 141, fps: 24, cfg: 2, steps: 20 });
  await ask({ kind: "reuse", jobId: "job1" });
  const later = posted.findLast((message) => message.kind === "draft");
  assert.deepEqual(later?.kind === "draft" && later.patch.parameters, {
    ...{ length: "81", fps: "16", cfg: "1.5", resolution: "480x480 (1:1)" },
  });
  // What is not known of it stays empty in the form.
  assert.equal((await ask({ kind: "reuse", jobId: "recovered" }))?.kind, "answer");
  assert.equal((await ask({ kind: "again", jobId: "recovered" }))?.kind, "failure");
});

test("a user who declines the price makes no job, and may try again", async () => {
  product.declined = true;
  assert.deepEqual(await ask(generateRequest), { kind: "answer", id: 1, value: { jobId: undefined } });
  product.declined = false;
  const message = await ask(generateRequest);
  assert.ok(message?.kind === "answer" && requests.generate.answer.parse(message.value).jobId !== undefined);
});

test("another request while one is under way makes a job too; the same press does not", async () => {
  product.jobs = [
    product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "job1" }),
    product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" }, { id: "job2" }),
  ];
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const calls = [
    { ...generateRequest, prompt: "one" },
    { ...generateRequest, prompt: "two" },
    { kind: "again", jobId: "job1" },
    { kind: "again", jobId: "job2" },
  ];
  const answers = [...calls, ...calls].map(ask);
  gate.resolve();
  const ids = (await Promise.all(answers)).map((answer) =>
    answer?.kind === "answer" ? requests.generate.answer.parse(answer.value).jobId : undefined,
  );
  const { prompt } = product.jobs[0]?.order ?? {};
  assert.deepEqual(
    product.generated.map((made) => made.prompt),
    ["one", "two", prompt, prompt],
  );
  assert.equal(new Set(ids).size, 4);
  assert.deepEqual(ids.slice(0, 4), ids.slice(4));
});

test("a request that never ends keeps no other one from making a job", async () => {
  const { promise } = Promise.withResolvers<void>();
  product.generateGate = promise;
  void ask({ ...generateRequest, prompt: "of a share that is away" });
  await setImmediate();
  assert.equal(product.generated.length, 1);
  product.generateGate = Promise.resolve();
  assert.equal((await ask({ ...generateRequest, prompt: "next" }))?.kind, "answer");
});

test("a request that is refused keeps no other one from making a job", async () => {
  product.refusal = { code: "tokenMissing" };
  const refused = ask({ ...generateRequest, prompt: "one" });
  const other = ask({ ...generateRequest, prompt: "two" });
  assert.equal((await refused)?.kind, "failure");
  product.refusal = undefined;
  await other;
  assert.equal((await ask({ ...generateRequest, prompt: "two" }))?.kind, "answer");
});

test("a picture is told with its file's hash; one that changed since is said to be outdated, or to be no take any more", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  product.refusal = { code: "imageChanged", path: media.end };
  const refused = await ask(generateRequest);
  assert.deepEqual(refused?.kind === "failure" && [refused.problem.field, refused.problem.outdated], ["end", true]);
  const again = await ask({ kind: "again", jobId: "job1" });
  assert.match(again?.kind === "failure" ? again.problem.message : "", /^b\.png has changed since/);
});
