import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import type { CommandDeps } from "../../../src/commands/command.ts";
import type { AppCommandId } from "../../../src/commands/ids.ts";
import type { Draft } from "../../../src/shared/model/draft.ts";
import { assertHarmless, hostileTexts, problemsWith } from "./hostile.ts";
import { played, stage } from "./stage.ts";

/** Runs a command with its arguments. */
let run: (id: AppCommandId, ...args: unknown[]) => Promise<unknown>;
let made: Draft[];
let shown: object[];
/** The images of earlier videos. */
let recent: string[];
let reported: unknown[];
/** What making a video fails with. */
let failure: unknown;
/** What making a video waits for. */
let gate: Promise<void>;
/** Elapsed time, ms. */
let elapsed: number;
beforeEach(() => {
  stage.folders = ["/projects/film"];
  [made, shown, recent, reported, failure, gate, elapsed] = [[], [], [], [], undefined, Promise.resolve(), 0];
  const commands = played.commands.createCommands(playedApp(), () => elapsed);
  run = (id, ...args) => commands.run(id, args);
});

/** As much of the app as these commands ask for. */
function playedApp(): CommandDeps {
  const app: Partial<CommandDeps> & object = {
    picker: new played.picker.ImagePicker(() => recent),
    makeVideo: async (draft) => {
      if (failure !== undefined) throw failure;
      made.push(draft);
      const id = `job${made.length}`;
      await gate;
      return id;
    },
    samplePair: { start: "/e/media/sample/lighthouse_start.webp", end: "/e/media/sample/lighthouse_end.webp" },
    report: (error) => reported.push(error),
  };
  return Object.assign(Object.create(null), app, {
    panel: { show: (change: object) => shown.push(change), isHere: () => false },
  });
}

const uri = (path: string) => played.vscode.Uri.file(path);
const argument = { start: "/p/a.png", end: "/p/b.png", prompt: "p" };
/** What a call fails with, in the words that its caller gets. */
const refused = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => assert.fail("it went well"),
    (error: unknown) => (error instanceof Error ? error.message : assert.fail("no error")),
  );

test("an image of a keybinding or another extension is a file of this machine, or an https address", async () => {
  for (const [start, source] of [
    ["/p/a.png", { kind: "file", path: "/p/a.png" }],
    ["images/a.PNG", { kind: "file", path: "/projects/film/images/a.PNG" }],
    ["~/a.png", { kind: "file", path: join(homedir(), "a.png") }],
    [`\${workspaceFolder}/a.png`, { kind: "file", path: "/projects/film/a.png" }],
    ["file:///p/a%20b.png", { kind: "file", path: "/p/a b.png" }],
    [uri("/p/a.png"), { kind: "file", path: "/p/a.png" }],
    ["https://x.example/a.png?sig=a%2Bb", { kind: "url", url: "https://x.example/a.png?sig=a%2Bb" }],
    ["HTTPS://x.example/a.png", { kind: "url", url: "HTTPS://x.example/a.png" }],
    [played.vscode.Uri.parse("https://x.example/a.png"), { kind: "url", url: "https://x.example/a.png" }],
  ] as const) {
    elapsed += 1000;
    await run("generate", { ...argument, start });
    assert.deepEqual(made.at(-1)?.start, source, String(start));
  }
});

test("what is neither is refused in words, and nothing is made", async () => {
  for (const [start, words] of [
    ["http://x.example/a.png", /is a web address/],
    ["data:image/png;base64,AAAA", /has no file/],
    ["untitled:Untitled-1", /isn’t saved/],
    ["git:/p/a.png", /is a view of a file, not a file on disk/],
    ["vscode-remote://ssh-remote+there/p/a.png", /another computer/],
    [played.vscode.Uri.parse("vscode-remote://ssh-remote+there/p/a.png"), /another computer/],
    [played.vscode.Uri.parse("vscode-local:/p/a.png"), /another computer/],
    // Its signature would be another one by the time it is sent.
    [played.vscode.Uri.parse("https://x.example/a.png?sig=a%2Bb"), /argument start/],
    ["$HOME/a.png", /can’t contain \$HOME/],
    [7, /argument start/],
  ] as const) {
    assert.match(await refused(run("generate", { ...argument, start })), words, String(start));
  }
  assert.match(await refused(run("generate", { ...argument, outputFolder: "%TEMP%/x" })), /can’t contain %TEMP%/);
  assert.deepEqual(made, []);
  assert.deepEqual(reported, []);
});

test("what a command throws to VS Code is words, whatever is in them, and a fault of ours says nothing of its inside", async () => {
  for (const text of hostileTexts) {
    for (const problem of problemsWith(text)) {
      failure = new played.problem.ProblemError(problem);
      if (problem.code === "alreadyRendered") {
        assert.equal(await run("generate", argument), problem.job);
        // No key is held down for so long.
        elapsed += 10_000;
        continue;
      }
      assertHarmless(await refused(run("generate", argument)), problem.code);
    }
    failure = new Error(`ENOENT: ${text}`);
    assert.equal(await refused(run("generate", argument)), "Something unexpected went wrong. See the log for details.");
  }
  assert.equal(reported.length, hostileTexts.length);
});

test("a key held down makes one video, however long that takes; other arguments, and the same ones later, make another", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  const held: Promise<unknown>[] = [];
  const press = (more: object = {}) => held.push(run("generate", { ...argument, ...more }));
  for (elapsed = 0; elapsed < 2000; elapsed += 500) press();
  press({ prompt: "another" });
  press({ start: uri(argument.start) });
  resolve();
  assert.deepEqual(await Promise.all(held), ["job1", "job1", "job1", "job1", "job2", "job1"]);
  for (; elapsed < 4000; elapsed += 499) assert.equal(await run("generate", argument), "job1");
  elapsed += 701;
  assert.equal(await run("generate", argument), "job3");
});

test("a key held down makes one video, however fast that is made and however late the key begins to repeat", async () => {
  elapsed = 0;
  assert.equal(await run("generate", argument), "job1");
  for (elapsed = 1000; elapsed < 3000; elapsed += 30) assert.equal(await run("generate", argument), "job1");
  elapsed += 1200;
  assert.equal(await run("generate", argument), "job2");
});

test("a call that made nothing is no wish that came true: the next one is asked for", async () => {
  failure = new played.problem.ProblemError({ code: "tokenMissing" });
  await refused(run("generate", argument));
  failure = undefined;
  assert.equal(await run("generate", argument), "job1");
});

test("what is wrong with an action of the list is told there, with what helps; other callers get the error", async () => {
  const row = { id: "a" };
  const problem = { code: "capReached", cap: 1, spent: 1, estimate: 0.25 } as const;
  const commands = played.commands.createCommands(
    Object.assign(playedApp(), {
      jobsView: { has: (given: unknown) => given === row },
      actions: {
        run: async () => {
          throw new played.problem.ProblemError(problem);
        },
      },
    }),
  );
  await commands.act("sendAgain", row);
  assert.match(stage.messages.at(-1)?.message ?? "", /monthly cap/);
  assert.deepEqual(stage.messages.at(-1)?.buttons, ["Set Monthly Cap…"]);
  assert.match(await refused(commands.act("sendAgain", { id: "a" })), /monthly cap/);
});

test("what a command from the palette can't do is told with what helps; a program gets the error", async () => {
  const problem = { code: "storageNotConfigured", setting: "wanFlf2v.s3.bucket" } as const;
  const fails = async () => {
    throw new played.problem.ProblemError(problem);
  };
  const hosting = { setCredentials: fails, removeCredentials: fails, test: fails, showLeftovers: fails };
  const commands = played.commands.createCommands(Object.assign(playedApp(), { hosting, account: fails }));
  for (const id of ["setHostingCredentials", "testHosting", "checkAccount"] as const) {
    stage.messages.splice(0);
    await commands.run(id, []);
    assert.match(stage.messages.at(-1)?.message ?? "", /wanFlf2v\.s3\.bucket is empty or invalid/, id);
    assert.deepEqual(stage.messages.at(-1)?.buttons, ["Image Hosting Settings"]);
  }
  failure = new played.problem.ProblemError({ code: "tokenMissing" });
  assert.match(await refused(run("generate", argument)), /token/);
  assert.equal(stage.messages.length, 1);
});

test("two selected images open the panel in the order that their names tell", async () => {
  await run("generate", uri("/p/b_end.png"), [uri("/p/b_end.png"), uri("/p/b_start.png")]);
  assert.deepEqual(shown, [{ start: "/p/b_start.png", end: "/p/b_end.png" }]);
  await run("generate", uri("/p/a.png"), [uri("/p/a.png"), played.vscode.Uri.parse("vscode-local:/p/b.png")]);
  assert.match(stage.messages.at(-1)?.message ?? "", /another computer/);
  assert.equal(shown.length, 1);
});

test("without a selection both images are asked for", async () => {
  stage.found = ["/p/a.png"];
  stage.picked = "a.png";
  await run("generate");
  assert.deepEqual(shown, [{ start: "/p/a.png", end: "/p/a.png" }]);
});

test("one image opens the panel as start, as end, or as both ends of a loop", async () => {
  await run("useAsStart", uri("/p/one.png"));
  await run("useAsEnd", uri("/p/two.png"));
  await run("useAsLoop", uri("/p/three.png"));
  assert.deepEqual(shown, [
    { start: "/p/one.png" },
    { end: "/p/two.png" },
    { start: "/p/three.png", end: "/p/three.png" },
  ]);
});

test("from the palette it is the image in front in whichever editor, else it is asked for; a text never is", async () => {
  const { tabGroups } = played.vscode.window;
  const show = (input: unknown) => {
    tabGroups.activeTabGroup.activeTab = { input };
  };
  const used = async () => {
    await run("useAsStart");
    return shown.pop();
  };
  show(new played.vscode.TabInputCustom(uri("/p/front.PNG")));
  assert.deepEqual(await used(), { start: "/p/front.PNG" });
  show(new played.vscode.TabInputText(uri("/p/notes.md")));
  assert.equal(await used(), undefined, "the question was left unanswered");
  stage.found = ["/p/asked.png"];
  stage.picked = "asked.png";
  assert.deepEqual(await used(), { start: "/p/asked.png" });
  show(undefined);
  assert.deepEqual(await used(), { start: "/p/asked.png" });
  show(new played.vscode.TabInputCustom(played.vscode.Uri.parse("git:/p/old.png")));
  await run("useAsStart");
  assert.match(stage.messages.at(-1)?.message ?? "", /is a view of a file, not a file on disk/);
});

test("the picker shows what is open, the pairs that names tell, recent images and all others, each once", async () => {
  const { tabGroups } = played.vscode.window;
  tabGroups.activeTabGroup.activeTab = { input: new played.vscode.TabInputCustom(uri("/projects/film/two.png")) };
  tabGroups.all = [
    {
      tabs: [
        { input: new played.vscode.TabInputText(uri("/projects/film/notes.md")) },
        tabGroups.activeTabGroup.activeTab,
      ],
    },
  ];
  stage.found = ["one.png", "two.png", "x/hero_end.png", "x/hero_start.png"].map((name) => `/projects/film/${name}`);
  recent = ["/projects/film/one.png", "/projects/film/two.png", "/gone.png"];
  stage.picked = "hero";
  await run("generate");
  assert.deepEqual(stage.rows, [
    [
      ...["Open Editors", "two.png"],
      ...["Pairs Found by Name", "hero (hero_start.png → hero_end.png)"],
      ...["Recent", "one.png"],
      ...["All Images", "hero_end.png (x)", "hero_start.png (x)"],
      "Browse…",
    ],
  ]);
  assert.deepEqual(shown, [{ start: "/projects/film/x/hero_start.png", end: "/projects/film/x/hero_end.png" }]);
});

test("a folder, or more than two images, lead from one pair to the next", async () => {
  const hasNext = () => stage.commands.findLast(({ command }) => command === "setContext")?.args;
  stage.found = ["/p/a_start.png", "/p/a_end.png", "/p/b_start.png", "/p/b_end.png", "/p/c.png", "/q/d_start.png"];
  stage.picked = "a";
  await run("generatePairs", uri("/p"), [uri("/p")]);
  assert.deepEqual(shown.splice(0), [{ start: "/p/a_start.png", end: "/p/a_end.png" }]);
  assert.deepEqual(hasNext(), ["wanFlf2v.hasNextPair", true]);
  await run("nextPair");
  assert.deepEqual(shown.splice(0), [{ start: "/p/b_start.png", end: "/p/b_end.png" }]);
  assert.deepEqual(hasNext(), ["wanFlf2v.hasNextPair", false]);
  await run("nextPair");
  assert.deepEqual(shown, []);

  // Images that were selected one by one belong together, whatever they are called.
  stage.picked = "shot2-10";
  const shots = ["/p/shot10.png", "/p/shot1.png", "/p/shot2.png"].map(uri);
  await run("generatePairs", shots[0], shots);
  assert.deepEqual(shown.splice(0), [{ start: "/p/shot2.png", end: "/p/shot10.png" }]);

  // A folder in a selection stands for its images.
  stage.picked = undefined;
  await run("generate", uri("/p/c.png"), [uri("/p/c.png"), uri("/q")]);
  assert.deepEqual(shown, []);
  assert.match(stage.messages.at(-1)?.message ?? "", /^No pairs found\./);
});

test("images that were selected but are in no pair are named, and those of a folder are not", async () => {
  const told = () => stage.messages.splice(0).map(({ message }) => message);
  const select = async (...paths: readonly string[]) => {
    const selection = paths.map(uri);
    await run("generatePairs", selection[0], selection);
    return shown.splice(0);
  };
  const pair = { start: "/p/a_start.png", end: "/p/a_end.png" };
  assert.deepEqual(await select(pair.start, pair.end, "/p/[x](command:y).png"), [pair]);
  assert.equal(told().length, 1);
  assert.deepEqual(await select(pair.start, "/p/c.png", pair.end), [pair]);
  assert.deepEqual(told(), ["No partner found by name, so left out: c.png"]);
  const many = Array.from({ length: 7 }, (_, index) => `/p/other${index}.png`);
  await select(pair.start, pair.end, ...many);
  assert.deepEqual(told(), [
    "No partner found by name, so left out: other0.png, other1.png, other2.png, other3.png, other4.png, …",
  ]);
  stage.found = [pair.start, pair.end, "/q/c.png"];
  assert.deepEqual(await select("/p"), [pair]);
  assert.deepEqual(await select("/p", "/q/c.png"), [pair]);
  assert.deepEqual(told(), ["No partner found by name, so left out: c.png"]);
  // Whoever gives up the choice gets no video, and nothing is left out of it.
  stage.picked = undefined;
  await select(pair.start, pair.end, "/p/b_start.png", "/p/b_end.png", "/p/c.png");
  assert.deepEqual(told(), []);
});

test("the video picker tells videos of one name apart by their folders", async () => {
  stage.found = ["/projects/film/videos/a-001.mp4", "/projects/film/old/a-001.mp4", "/projects/film/a-001.mp4"];
  await run("openVideo");
  assert.deepEqual(stage.rows, [["a-001.mp4", "a-001.mp4 (old)", "a-001.mp4 (videos)", "Browse…"]]);
});

test("videos and recipes are found whatever their container and the case of their ending", async () => {
  await run("openVideo");
  const [glob = ""] = stage.globs;
  const endings = glob.slice(glob.indexOf("{") + 1, -1).split(",");
  const [filter] = Object.values(stage.openDialogs[0]?.filters ?? {});
  for (const ending of ["mp4", "MP4", "Webm", "mov", "MKV", "flf.json"]) {
    assert.ok(
      endings.some((each) => new RegExp(`^${each}$`).test(ending)),
      ending,
    );
    assert.ok(filter?.includes(ending), ending);
  }
});

test("pictures are found whatever the case of their ending, in the picker and in the file dialog", async () => {
  await run("generate");
  const [glob = ""] = stage.globs;
  const endings = glob.slice(glob.indexOf("{") + 1, -1).split(",");
  const filters = stage.openDialogs[0]?.filters ?? {};
  for (const name of [
    "a.png",
    "A.PNG",
    "DSC_1.JPG",
    "x.Jpeg",
    "x.TIFF",
    "x.wEbP",
    "x.AVIF",
    "x.GIF",
    "x.Tif",
    "x.BMP",
  ]) {
    const ending = name.split(".")[1] ?? "";
    assert.ok(
      endings.some((each) => new RegExp(`^${each}$`).test(ending)),
      name,
    );
    if (!/[a-z][A-Z]/.test(ending)) {
      assert.ok(filters.Images?.includes(ending), name);
    }
  }
  assert.ok(!endings.some((each) => new RegExp(`^${each}$`).test("mp4")));
  assert.deepEqual(filters["All Files"], ["*"]);
});

test("the sample pair opens with a prompt, and without a folder; it ends a list of pairs that was begun", async () => {
  stage.folders = [];
  await run("openSample");
  assert.deepEqual(shown, [
    {
      start: "/e/media/sample/lighthouse_start.webp",
      end: "/e/media/sample/lighthouse_end.webp",
      prompt:
        "Dusk turns to night over the bay. The sun sets, stars come out, and the lighthouse lights its lamp. The camera stands still.",
    },
  ]);
  assert.deepEqual(made, []);
  assert.deepEqual(stage.commands.at(-1), { command: "setContext", args: ["wanFlf2v.hasNextPair", false] });
});
