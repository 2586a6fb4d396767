import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { unexpectedText } from "../../../src/shared/texts.ts";
import type { Talk } from "../../support/page/talk.ts";
import { generateRequest, media, openTalk } from "../../support/page/talk.ts";

let product: Talk["product"];
let session: Talk["session"];
let posted: Talk["posted"];
let ask: Talk["ask"];
let ready: Talk["ready"];

beforeEach(() => {
  ({ product, session, posted, ask, ready } = openTalk());
});

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

test("a hidden page is kept, and told what happens meanwhile", async () => {
  await ready();
  session.pageSeen(false);
  product.setJobs([product.job({ state: "preparing" })]);
  session.patchDraft({ prompt: "meanwhile" });
  assert.deepEqual(
    posted.slice(-3).map(({ kind }) => kind),
    ["seen", "jobs", "draft"],
  );
  assert.deepEqual((await ready()).patches, []);
});

test("a job is put on the stage at once, or with the state, once; not after the form was changed", async () => {
  session.showJob("job1");
  session.showJob("job2");
  assert.equal((await ready()).shown, "job2");
  assert.equal((await ready()).shown, undefined);
  session.showJob("job3");
  assert.deepEqual(posted.at(-1), { kind: "show", jobId: "job3" });
  const next = openTalk();
  next.session.showJob("job1");
  next.session.patchDraft({});
  next.session.patchDraft({ prompt: "p" });
  assert.equal((await next.ready()).shown, undefined);
});

test("a fault of ours is reported, and the page gets a sentence without its inside", async () => {
  const broken = openTalk({ generate: async () => Promise.reject(new Error("secret detail")) });
  const answer = await broken.ask(generateRequest);
  assert.deepEqual(answer, { kind: "failure", id: 1, problem: { message: unexpectedText() } });
  assert.equal(String(broken.product.faults[0]), "Error: secret detail");
});

test("only commands that a problem offered can be run from the page", async () => {
  assert.equal((await ask({ kind: "command", command: "workbench.action.quit" }))?.kind, "failure");
  product.refusal = { code: "tokenMissing" };
  await ask(generateRequest);
  assert.equal((await ask({ kind: "command", command: "wanFlf2v.setToken" }))?.kind, "answer");
  assert.deepEqual(product.commands, ["wanFlf2v.setToken"]);
});

test("what is no message is reported, and a closed panel stays silent", async () => {
  await session.receive({ hello: 1 });
  assert.equal(product.faults.length, 1);
  const gate = Promise.withResolvers<void>();
  product.generateGate = gate.promise;
  const answer = ask(generateRequest);
  session.dispose();
  gate.resolve();
  assert.equal(await answer, undefined);
  product.setJobs([]);
  assert.deepEqual(posted, []);
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

test("what a page that is gone was to be told is told in a notification, once, with what helps", async () => {
  product.jobs = [product.job({ state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" })];
  const ways = [
    generateRequest,
    { kind: "again", jobId: "job1" },
    { kind: "act", jobId: "job1", action: "openAccount" },
  ];
  const hide = () => session.pageSeen(false);
  for (const leave of [hide, () => void ready(), () => session.dispose()]) {
    for (const request of ways) {
      session.pageSeen(true);
      await ask({ kind: "ready" });
      product.notified.length = 0;
      const gate = Promise.withResolvers<void>();
      product.generateGate = gate.promise;
      product.refusal = { code: "tokenMissing" };
      const answered = ask(request);
      leave();
      gate.resolve();
      // A hidden page is told as well.
      assert.equal((await answered)?.kind, leave === hide ? "failure" : undefined, request.kind);
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
  assert.equal((await ask(generateRequest))?.kind, "failure");
  product.imageProblems.set(media.start, { code: "imageMissing", path: media.start });
  const asked = ask({ kind: "image", path: media.start });
  session.pageSeen(false);
  await asked;
  assert.deepEqual(product.notified, []);
});

test("what a command says, a picked image and a refusal reach their user while no page is there", async () => {
  await ready();
  product.refusal = { code: "tokenMissing" };
  await ask(generateRequest);
  product.said = "The API token is valid.";
  product.picked = "/p/picked.png";
  const asked = [ask({ kind: "command", command: "wanFlf2v.setToken" }), ask({ kind: "pick", side: "end" })];
  const refused = ask(generateRequest);
  const next = ready();
  await Promise.all([...asked, refused, next]);
  assert.deepEqual(
    product.notified.map(({ kind, problem }) => [kind, problem.message]),
    [
      ["news", "The API token is valid."],
      ["problem", "No RunComfy API token is set, so nothing can be generated yet."],
    ],
  );
  assert.deepEqual(
    posted.find(({ kind }) => kind === "draft"),
    { kind: "draft", patch: { end: "/p/picked.png" } },
  );
});

test("what a command says reaches a user who has hidden the page", async () => {
  await ready();
  product.refusal = { code: "tokenMissing" };
  await ask(generateRequest);
  product.said = "The API token is valid.";
  const said = ask({ kind: "command", command: "wanFlf2v.setToken" });
  session.pageSeen(false);
  assert.equal((await said)?.kind, "answer");
  assert.deepEqual(product.notified, [{ kind: "news", problem: { message: product.said } }]);
});

test("a wrong setting leaves the panel with the model's values and says which one it is, until it is mended", async () => {
  session.patchDraft({ prompt: "kept" });
  product.job({ state: "preparing" });
  product.settingProblem = { code: "settingInvalid", setting: "wanFlf2v.defaults.framesPerSecond", value: "60" };
  const { settings, patches } = await ready();
  assert.deepEqual(settings.defaults, {});
  assert.match(settings.trouble?.message ?? "", /wanFlf2v\.defaults\.framesPerSecond/);
  assert.deepEqual(patches, [{ prompt: "kept" }]);
  const open = { kind: "command", command: "wanFlf2v.openSettings" } as const;
  assert.equal((await ask({ ...open, setting: "wanFlf2v.defaults.framesPerSecond" }))?.kind, "answer");
  assert.deepEqual(product.commands, ["wanFlf2v.openSettings wanFlf2v.defaults.framesPerSecond"]);
  assert.equal((await ask({ ...open, setting: "security.workspace.trust.enabled" }))?.kind, "failure");
  product.setDefaults({ fps: 24 });
  assert.deepEqual(posted.at(-1), {
    kind: "settings",
    settings: { defaults: { fps: 24 }, hosting: "auto", trouble: undefined },
  });
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
  assert.equal((await ask({ ...generateRequest, parameters: { fps: 25 } }))?.kind, "failure");
});

test("the draft is kept by the host, and given to the next page", async () => {
  assert.equal((await ready()).kept, undefined);
  const kept = { revision: 3, draft: { prompt: "p", parameters: {} } };
  await ask({ kind: "draft", kept });
  assert.deepEqual((await ready()).kept, kept);
});

test("addresses that are no files of this machine are counted", async () => {
  const dropped = await ask({ kind: "drop", uris: ["file:///p/a.png", "https://a.test/b.png"] });
  assert.deepEqual(dropped?.kind === "answer" && dropped.value, { paths: ["/p/a.png"], others: 1 });
});

test("a video or a recipe that is dropped goes to the stage, and is no image", async () => {
  const { product, posted, ask, ready } = openTalk();
  await ready();
  for (const path of ["/p/v.mp4", "/p/v.flf.json"]) {
    const dropped = await ask({ kind: "drop", uris: [`file://${path}`, "file:///p/a.png"] });
    assert.deepEqual(dropped?.kind === "answer" && dropped.value, { paths: ["/p/a.png"], others: 0 });
    assert.equal(product.openedVideos.pop(), path);
    const id = `file-${path.slice(3)}`;
    assert.deepEqual(posted.filter(({ kind }) => kind === "show").at(-1), { kind: "show", jobId: id });
  }
});

test("of several videos that are dropped all are opened and the last is shown; one message says which can’t be opened", async () => {
  const { product, posted, ask, ready } = openTalk();
  await ready();
  const drop = async (...names: string[]) => {
    const dropped = await ask({ kind: "drop", uris: names.map((name) => `file:///p/${name}`) });
    const shown = posted.splice(0).filter((message) => message.kind === "show");
    assert.ok(dropped?.kind === "answer");
    return { dropped: dropped.value, shown: shown.map(({ jobId }) => jobId), opened: product.openedVideos.splice(0) };
  };
  const spoil = (path: string) => product.videoProblems.set(path, { code: "notARecipe", path });
  assert.deepEqual(await drop("a.mp4", "x.png", "b.webm", "c.flf.json"), {
    dropped: { paths: ["/p/x.png"], others: 0 },
    shown: ["file-c.flf.json"],
    opened: ["/p/a.mp4", "/p/b.webm", "/p/c.flf.json"],
  });
  spoil("/p/c.flf.json");
  assert.deepEqual(await drop("a.mp4", "b.webm", "c.flf.json"), {
    dropped: { paths: [], others: 0, unopened: "Something is wrong: notARecipe." },
    shown: ["file-b.webm"],
    opened: ["/p/a.mp4", "/p/b.webm"],
  });
  for (let count = 0; count < 7; count += 1) spoil(`/p/d${count}.flf.json`);
  const seven = Array.from({ length: 7 }, (_, count) => `d${count}.flf.json`);
  assert.deepEqual(await drop("a.mp4", ...seven), {
    dropped: {
      paths: [],
      others: 0,
      unopened: "Can’t open d0.flf.json, d1.flf.json, d2.flf.json, d3.flf.json, d4.flf.json, … (7 of 8 files).",
    },
    shown: ["file-a.mp4"],
    opened: ["/p/a.mp4"],
  });
  assert.deepEqual((await drop("d0.flf.json")).shown, []);
});

test("an unknown image stays empty when a video's settings are used again", async () => {
  const { product, posted, ask, ready } = openTalk();
  const made = product.job({ state: "saved", requestId: "", video: "/project/v.mp4", recipe: "" });
  product.jobs = [{ ...made, order: { ...made.order, start: { kind: "unknown" } } }];
  await ready();
  const reused = await ask({ kind: "reuse", jobId: "job1" });
  assert.equal(reused?.kind, "answer");
  const told = posted.findLast((message) => message.kind === "draft");
  assert.ok(told?.kind === "draft");
  assert.equal(told.patch.start, undefined);
  assert.ok(told.patch.end !== undefined && told.patch.prompt === made.order.prompt);
});
