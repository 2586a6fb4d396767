import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { answerSchemas, type HostMessage, type JobView, type PanelState } from "../../../src/ui/panel/protocol.ts";
import { PanelSession } from "../../../src/ui/panel/session.ts";
import { loadTexts } from "./fixtures.ts";
import { PlayedProduct } from "./product.ts";

const media = { start: "/p/a.png", end: "/p/b.png", portrait: "/p/c.png", video: "/p/v.mp4" };
let texts: Awaited<ReturnType<typeof loadTexts>>;
let product: PlayedProduct;
let session: PanelSession;
let posted: HostMessage[];
let id = 0;

before(async () => {
  texts = await loadTexts();
});

beforeEach(() => {
  posted = [];
  product = new PlayedProduct(media);
  session = new PanelSession(product.deps, {
    ...texts,
    language: "en",
    post: (message) => posted.push(message),
    readFile: async () => Uint8Array.of(1, 2, 3),
    runCommand: async (command) => void product.commands.push(command),
    pathOf: (uri) => (uri.startsWith("file://") ? uri.slice(7) : undefined),
    relativePath: (path) => path.replace("/project/", ""),
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
  assert.deepEqual(state.patch, { start: "/two.png", end: "/three.png" });
  assert.equal(state.jobs.length, 1);
  assert.deepEqual((await ready()).patch, {});
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
  assert.equal((await ready()).patch.prompt, "later");
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

test("an order reaches the product as files, prompt and values", async () => {
  await ask(order);
  assert.deepEqual(product.generated, [
    {
      start: { kind: "file", path: media.start },
      end: { kind: "file", path: media.end },
      prompt: "p",
      parameters: { fps: 24 },
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
      ...texts,
      language: "en",
      post: (message) => posted.push(message),
      readFile: async () => new Uint8Array(),
      runCommand: async () => undefined,
      pathOf: () => undefined,
      relativePath: (path) => path,
    },
  );
  await broken.receive({ id: 1, request: order });
  assert.deepEqual(posted.at(-1), { kind: "failure", id: 1, problem: { message: texts.strings.unexpected } });
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
