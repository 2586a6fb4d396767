import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { mock, test } from "node:test";
import { root } from "../../../scripts/paths.ts";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { TestFailure, TestReport } from "../../../src/jobs/uploads/probe.ts";
import type { HostingCommands } from "../../../src/ui/hosting.ts";
import { job, order } from "../jobs/jobs.ts";
import { assertHarmless, hostileTexts, problemsWith } from "./hostile.ts";
import { PlayedJobs, treeView } from "./jobs.ts";
import { played, stage } from "./stage.ts";

// Names of files, words of the service, values of settings: whatever they are, where VS Code draws them they are words.

function assertStageHarmless(least: number): void {
  assert.ok(stage.drawn.length >= least, `${stage.drawn.length} texts were drawn`);
  for (const { place, text } of stage.drawn) {
    for (const line of place.endsWith("message") ? text.split("\n") : [text]) {
      assertHarmless(line, `${place}: ${line.slice(0, 300)}`);
    }
  }
}

test("the sentence of every problem, and what VS Code shows of an error thrown to it", async () => {
  let said = 0;
  for (const text of hostileTexts) {
    for (const problem of problemsWith(text)) {
      for (const sent of [true, false]) {
        const { message, actions = [] } = played.problemSentences.problemText(problem, sent);
        assert.notEqual(message.trim(), "");
        assertHarmless(message, JSON.stringify(problem).slice(0, 300));
        said += 1;
        for (const { label } of actions) assertHarmless(label, problem.code);
      }
    }
  }
  assert.ok(said > 1000);
});

/** A job in every state that knows a text, with every problem. */
function* jobsWith(text: string): Generator<Job> {
  const named = {
    ...order,
    name: text,
    prompt: text,
    folder: text,
    trustedHosts: [text],
    start: { kind: "file", path: text, sourceSha256: "aa" } as const,
  };
  const requestId = text;
  const progresses: Progress[] = [
    { state: "preparing" },
    { state: "submitting" },
    { state: "running", requestId, word: text },
    { state: "saved", requestId, video: `/v/${text}`, recipe: text },
    { state: "cancelled", requestId },
  ];
  for (const problem of problemsWith(text)) {
    progresses.push(
      { state: "waiting", reason: "turn", problem },
      { state: "unclear", problem },
      { state: "queued", requestId, problem },
      { state: "running", requestId, problem },
      { state: "downloading", requestId, problem },
      { state: "needsAction", requestId, problem },
      { state: "failed", problem },
      { state: "failed", requestId, problem },
    );
  }
  for (const [index, progress] of progresses.entries()) {
    yield job(`job${index}`, progress, { order: named });
  }
}

test("every job in the list, its tooltip, the status bar and what can be done with it", async () => {
  for (const text of hostileTexts) {
    const jobs = new PlayedJobs([...jobsWith(text)]);
    const settings = new played.settings.Settings();
    using describer = disposing(new played.describer.JobDescriber(jobs, settings));
    using view = disposing(
      new played.jobsView.JobsView(jobs, describer.it, settings, treeView(), async () => undefined),
    );
    for (const group of view.it.getChildren()) {
      for (const row of view.it.getChildren(group)) {
        const item = view.it.getTreeItem(row);
        const { label, description, accessibilityInformation } = item;
        stage.draw("row", String(label), String(description ?? ""));
        stage.draw("accessible name of row", accessibilityInformation?.label);
        const { tooltip } = await view.it.resolveTreeItem(item, row);
        if (typeof tooltip === "object") {
          // Markdown: without its escaped marks and line breaks nothing is left that could be more than text.
          const { value, ...rest } = tooltip;
          assert.deepEqual(rest, {}, "it is not trusted, and draws no HTML and no icons");
          assert.doesNotMatch(value.replace(/\\([!-/:-@[-`{-~]|\n)/g, ""), /[!-/:-@[-`{-~]/);
          const text = value.replace(/\\([!-/:-@[-`{-~])/g, "$1").replace(/\\\n/g, "\n");
          stage.draw("tooltip of row", ...text.split("\n"));
        }
      }
    }
    for (const each of jobs.list()) {
      const words = describer.it.text(each);
      stage.draw("job", words.state, words.detail, ...words.actions.map((action) => action.label));
      using bar = disposing(new played.statusBar.StatusBar(new PlayedJobs([each])));
      assert.ok(bar.it);
    }
  }
  assertStageHarmless(10_000);
});

test("the message about every job that comes to rest", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    for (const text of hostileTexts) {
      for (const each of jobsWith(text)) {
        const jobs = new PlayedJobs([{ ...each, progress: { state: "preparing" } }]);
        const faults: unknown[] = [];
        using _ = disposing(
          new played.notifications.Notifications(jobs, { isShown: () => false, review: () => undefined }, (error) =>
            faults.push(error),
          ),
        );
        jobs.set([each]);
        mock.timers.tick(1000);
        await new Promise<void>((done) => setImmediate(done));
        assert.deepEqual(faults, []);
      }
    }
  } finally {
    mock.timers.reset();
  }
  assertStageHarmless(1000);
});

test("account, model, tokens, image storage and the picker", async () => {
  for (const text of hostileTexts) {
    const known = { spend: { reported: 0, unreported: 0, expected: 0 }, cap: null, defaults: {} } as const;
    const schema = {
      type: "object",
      properties: {
        "99_text": {},
        style: { title: text },
        "96_steps": { title: "Steps", default: text, enum: [text] },
      },
      required: [text, "style"],
    };
    for (const sight of [
      { kind: "seen", price: { kind: "known", usd: 1, unit: text }, schema },
      { kind: "unread", reason: text },
    ] as const) {
      for (const item of played.account.accountItems(
        { ...known, source: "cli", sight, balance: { kind: "unknown" } },
        "en",
      )) {
        stage.draw("account", item.label, item.description, item.detail);
      }
    }
    const differences = [
      { kind: "new", title: text, required: true },
      { kind: "newChoices", word: "resolution", values: [text, text] },
      { kind: "goneChoices", word: "resolution", values: [text] },
      { kind: "default", word: "shift", here: text, there: text },
    ] as const;
    await played.drift.showDifferences(differences);
    for (const difference of differences) {
      const memory = { get: () => undefined, update: async () => undefined, keys: () => [] };
      new played.drift.ModelCheck(memory).seen(schema);
      stage.draw("difference", played.drift.differenceText(difference));
    }
    await played.removal.confirmRemoval([
      job("a", { state: "running", requestId: "r" }, { sentWith: "stored:1", order: { ...order, name: text } }),
    ]);
    await played.hosting.tellLeftover(text);
    stage.found = [`/p/${text}.png`, "/p/b.png", `/${text}/${text}_start.png`, `/${text}/${text}_end.png`];
    await new played.picker.ImagePicker(() => [`/p/${text}.png`]).pickPair();
    await played.confirm.askPayment(
      {
        confirmAbove: 0,
        cap: null,
        spend: () => known.spend,
        videoCaps: { day: null, month: null },
        videos: () => ({ day: 0, month: 0 }),
        price: async () => ({ kind: "known", usd: 1, unit: text }),
        lastPrice: () => ({ kind: "unknown" }),
      },
      {},
    );
  }
  assertStageHarmless(300);
});

test("what a test of the image storage says, and what was left behind there", async () => {
  stage.settings = { "wanFlf2v.imageHosting": "put", "wanFlf2v.put.url": `https://files.example/\${name}` };
  for (const text of hostileTexts) {
    const problems = [...problemsWith(text)];
    const failures: readonly TestFailure[] = [
      ...problems.map((problem): TestFailure => ({ step: "upload", problem })),
      ...problems.map((problem): TestFailure => ({ step: "delete", problem })),
      { step: "read", host: text, reason: text },
      { step: "compare", host: text, type: text },
      { step: "gone", host: text },
    ];
    let report: TestReport = { done: [] };
    const place = { kind: "put", url: text, name: text } as const;
    const uploads = {
      test: async () => report,
      leftovers: () =>
        problems.map((problem, at) => ({ id: `${at}`, state: "left", facts: { place, name: text, problem } })),
    };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const made: unknown[] = [uploads, new played.settings.Settings(), {}, log];
    const hosting: HostingCommands = Reflect.construct(played.hosting.HostingCommands, made);
    for (const failure of failures) {
      report = { done: [], failure, unreachable: { host: text } };
      await hosting.test();
    }
    await hosting.showLeftovers();
  }
  assertStageHarmless(3000);
});

test("messages of VS Code are shown by one module, on which nothing gets by", async () => {
  const files = globSync("src/**/*.ts", { cwd: root }).filter(
    (file) => !file.endsWith("/tell.ts") && !file.endsWith("/jobTooltip.ts"),
  );
  assert.ok(files.length > 100);
  for (const file of files) {
    const source = await readFile(`${root}/${file}`, "utf8");
    assert.doesNotMatch(source, /show(Information|Warning|Error)Message|setStatusBarMessage|MarkdownString/, file);
  }
});

/** Something of VS Code's kind, for `using`. */
function disposing<T extends { dispose(): unknown }>(it: T): { readonly it: T } & Disposable {
  return { it, [Symbol.dispose]: () => void it.dispose() };
}
