import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Job } from "../../../src/jobs/job.ts";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { job, order } from "../jobs/jobs.ts";
import { PlayedJobs } from "./jobs.ts";
import { played, stage } from "./stage.ts";

let folder: string;
let shown: ReturnType<typeof played.recipes.createRecipes> | undefined;
let jobs: PlayedJobs;
/** What the user picks as an image. */
let picked: string | undefined;
const commands = new Set(["renderRecipe", "openInPanel", "openVideo", "job.review"]);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-shown-"));
  stage.folders = [folder];
  stage.found = [];
  for (const name of ["a", "b"]) await write(`images/${name}.png`, name);
});
afterEach(async () => {
  shown?.dispose();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const recipe = { start: "images/a.png", end: "images/b.png", prompt: "night falls" };
const textOf = (more: object = {}) => `${JSON.stringify({ ...recipe, ...more }, null, 2)}\n`;
const rendered = {
  video: { file: "hero-001.mp4", sha256: "", codec: "h264", width: 720, height: 720, frames: 81, fps: 16, duration: 5 },
  requestId: "r1",
  rendered: {
    model: modelId,
    start: {},
    end: {},
    prompt: "night falls",
    parameters: { seed: 1, resolution: "720x720 (1:1)" },
  },
};

async function open(texts: Readonly<Record<string, string>>, list: readonly Job[] = []): Promise<void> {
  for (const [name, text] of Object.entries(texts)) stage.found.push(await write(name, text));
  jobs = new PlayedJobs(list);
  shown = played.recipes.createRecipes({
    jobs,
    imageSize: async () => ({ width: 720, height: 720 }),
    storage: join(folder, ".storage"),
    report: (error) => assert.fail(String(error)),
    picker: { pick: async () => (picked === undefined ? undefined : played.vscode.Uri.file(picked)) },
    has: (name) => commands.has(name),
  });
  await settled();
}

/** Waits until all that has happened is shown; what comes in a burst is gathered first. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 120));
  await shown?.whenKnown();
}

const at = (name: string) => join(folder, name);
const uri = (name: string) => played.vscode.Uri.file(at(name));
/** The problems of a recipe: where each begins, counted from 1, and what it says. */
const problems = (name: string) =>
  (stage.recipes.diagnostics.get(at(name)) ?? []).map(
    ({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`,
  );
const lenses = (name: string) =>
  stage.recipes.lenses?.provideCodeLenses(stage.recipes.document(at(name))).map(({ command }) => command.title);
const badge = (name: string) => stage.recipes.badges?.provideFileDecoration(uri(name))?.badge;
function rows(): string[] {
  const tree = stage.recipes.trees.get("wanFlf2v.recipes");
  return (tree?.getChildren() ?? []).map((row) => {
    const { label, description, contextValue } = tree?.getTreeItem(row) ?? assert.fail();
    return `${label} (${description}) ${contextValue}`;
  });
}
function fixes(name: string, line: number) {
  const document = stage.recipes.document(at(name));
  const range = new played.vscode.Range(line - 1, 0, line - 1, 200);
  const diagnostics = stage.recipes.diagnostics.get(at(name)) ?? [];
  return stage.recipes.fixes?.provideCodeActions(document, range, { diagnostics }) ?? [];
}
/** Lets the user type: the document has another text. */
function type(name: string, text: string): void {
  stage.recipes.documents.set(at(name), text);
  stage.recipes.changed.fire({ document: stage.recipes.document(at(name)), contentChanges: [1] });
}
function edited(name: string, text: string): string {
  stage.recipes.documents.set(at(name), text);
  stage.recipes.opened.fire(stage.recipes.document(at(name)));
  return text;
}

test("each state has its lens, its badge and its row", async () => {
  const failed = job("f", { state: "failed", problem: { code: "generationFailed", message: "no" } });
  const running = job("r", { state: "running", requestId: "r" });
  await open(
    {
      "broken.flf.json": textOf({ start: "images/none.png" }),
      "hero.flf.json": textOf(rendered),
      "new.flf.json": textOf(),
      "running.flf.json": textOf(),
      "stale.flf.json": textOf({ ...rendered, prompt: "day breaks" }),
    },
    [{ ...running, order: { ...order, recipe: at("running.flf.json") } }, failed],
  );
  assert.deepEqual(rows(), [
    "broken (1 error) recipe",
    "hero (Video missing) recipe render",
    "new (Not rendered) recipe render",
    "running (Rendering…) recipe",
    "stale (Stale: prompt) recipe render",
  ]);
  assert.deepEqual(
    ["broken", "hero", "new", "running", "stale"].map((name) => badge(`${name}.flf.json`)),
    [...["!", "V", "N", "R", "S"]],
  );
  assert.deepEqual(lenses("broken.flf.json"), ["1 error"]);
  assert.deepEqual(lenses("new.flf.json"), ["Not rendered", "Render", "Open in Studio"]);
  assert.deepEqual(lenses("running.flf.json"), ["Rendering…", "Show", "Open in Studio"]);
  assert.deepEqual(lenses("stale.flf.json"), ["Stale: prompt", "Render", "Open in Studio"]);
  stage.recipes.disk("created", await write("hero-001.mp4", "video"));
  await settled();
  assert.deepEqual(lenses("hero.flf.json"), ["Up to date · hero-001.mp4", "Open Video", "Open in Studio"]);
  assert.equal(badge("hero.flf.json"), undefined);
  assert.equal(badge("other.json"), undefined);
  jobs.set([]);
  await settled();
  assert.equal(badge("running.flf.json"), "N");
});

test("a failed render says why, and another prompt is not what failed", async () => {
  await open({ "hero.flf.json": textOf() });
  const { request } = shown?.index.get(at("hero.flf.json")) ?? {};
  const failed = job("f", { state: "failed", problem: { code: "generationFailed", message: "no" } });
  const image = (side: "start" | "end") =>
    ({ kind: "file", path: "", sourceSha256: request?.[side].sha256 ?? "" }) as const;
  const images = { start: image("start"), end: image("end"), prompt: "night falls" };
  const parameters = { ...request?.parameters, seed: 5 };
  jobs.set([{ ...failed, order: { ...order, ...images, parameters, recipe: at("hero.flf.json") } }]);
  await settled();
  assert.match(lenses("hero.flf.json")?.[0] ?? "", /^Failed: .+/);
  assert.deepEqual(lenses("hero.flf.json")?.slice(1), ["Render", "Show", "Open in Studio"]);
  type("hero.flf.json", textOf({ prompt: "day breaks" }));
  await settled();
  assert.equal(lenses("hero.flf.json")?.[0], "Not rendered");
});

test("only commands that there are are offered", async () => {
  commands.delete("renderRecipe");
  await open({ "new.flf.json": textOf() });
  assert.deepEqual(lenses("new.flf.json"), ["Not rendered", "Open in Studio"]);
  commands.add("renderRecipe");
});

test("a problem is told at its line while it is typed, and its fix writes what it says", async () => {
  await open({ "hero.flf.json": textOf() });
  edited("hero.flf.json", textOf());
  const started = performance.now();
  type("hero.flf.json", textOf({ parameters: { fps: 99 } }));
  await settled();
  assert.ok(performance.now() - started < 400);
  assert.deepEqual(problems("hero.flf.json"), ['6:12 "parameters.fps" can’t be 99. Allowed: 12 to 24.']);
  const [first] = fixes("hero.flf.json", 6);
  assert.equal(first?.title, "Change to 24");
  assert.equal(first?.isPreferred, true);
  assert.equal(first?.diagnostics?.length, 1);
  assert.deepEqual(
    first?.edit?.replacements.map(({ range, content }) => [range.start.character, range.end.character, content]),
    [[11, 13, "24"]],
  );
  // Its edits are for the text that was read.
  stage.recipes.documents.set(at("hero.flf.json"), `\n${textOf({ parameters: { fps: 99 } })}`);
  assert.deepEqual(fixes("hero.flf.json", 6), []);
});

test("of a recipe that is in no editor only errors are told", async () => {
  const text = `${textOf({ promt: "x", parameters: { fps: 99 } })}`;
  await open({ "hero.flf.json": text });
  assert.equal(problems("hero.flf.json").length, 1);
  edited("hero.flf.json", text);
  await settled();
  assert.equal(problems("hero.flf.json").length, 2);
  stage.recipes.documents.clear();
  stage.recipes.closed.fire(stage.recipes.document(at("hero.flf.json")));
  await settled();
  assert.equal(problems("hero.flf.json").length, 1);
});

test("lines are counted as VS Code counts them, whatever ends them", async () => {
  await open({
    "hero.flf.json": '\uFEFF{\r\n  "start": "images/a.png",\r  "end": "images/none.png",\n  "prompt": "x"\r\n}',
  });
  assert.deepEqual(problems("hero.flf.json"), ["3:10 none.png isn’t there."]);
});

test("an image is chosen for a side that is missing, unreadable or not there", async () => {
  for (const [start, expected] of [
    [{}, '"start": "../images/a.png"'],
    [{ start: 5 }, '"start": "../images/a.png"'],
    [{ start: { path: "gone.png", note: 1 } }, '"path": "../images/a.png"'],
  ] as const) {
    const { end, prompt } = recipe;
    await open({ "shots/hero.flf.json": "" });
    const text = edited("shots/hero.flf.json", JSON.stringify({ ...start, end: `../${end}`, prompt }, null, 2));
    await settled();
    const pick = fixes("shots/hero.flf.json", 1).concat(
      fixes("shots/hero.flf.json", 2),
      fixes("shots/hero.flf.json", 3),
    );
    const fix = pick.find(({ title }) => title === "Choose the Start Image…");
    picked = at("images/a.png");
    stage.recipes.applied.length = 0;
    await played.vscode.commands.executeCommand(fix?.command?.command ?? "", ...(fix?.command?.arguments ?? []));
    const [{ range, content } = assert.fail(text)] = stage.recipes.applied;
    const lines = text.split("\n");
    const offset = (place: typeof range.start) =>
      lines.slice(0, place.line).join("\n").length + (place.line > 0 ? 1 : 0) + place.character;
    const after = text.slice(0, offset(range.start)) + content + text.slice(offset(range.end));
    assert.ok(after.includes(expected), after);
    shown?.dispose();
    stage.found = [];
  }
});

test("an image outside the workspace is not written into a recipe", async () => {
  await open({ "hero.flf.json": "" });
  edited("hero.flf.json", textOf({ start: "none.png" }));
  await settled();
  picked = "/elsewhere/a.png";
  await played.vscode.commands.executeCommand("wanFlf2v.recipes.pickImage", uri("hero.flf.json"), "start");
  assert.deepEqual(stage.recipes.applied, []);
  assert.match(stage.messages[0]?.message ?? "", /outside the workspace folder/);
});

test("a renamed image is offered under its new name", async () => {
  await open({ "hero.flf.json": textOf() });
  edited("hero.flf.json", textOf());
  await rename(at("images/a.png"), at("images/moved.png"));
  stage.recipes.renamed.fire({ files: [{ oldUri: uri("images/a.png"), newUri: uri("images/moved.png") }] });
  await settled();
  assert.deepEqual(problems("hero.flf.json"), ["2:12 a.png isn’t there."]);
  const [first] = fixes("hero.flf.json", 2);
  assert.equal(first?.title, "Use images/moved.png, which Has the Same Content");
});

test("a new video is not read where an image is missing", async () => {
  const start = { sha256: "00".repeat(32) };
  await open({
    "hero.flf.json": textOf({ ...rendered, start: "none.png", rendered: { ...rendered.rendered, start } }),
  });
  for (const name of ["new.mp4", "new.png"]) stage.recipes.disk("created", await write(name, name));
  await settled();
  const isRead = (text: string) =>
    shown?.index.memory.filesWith(createHash("sha256").update(text).digest("hex")).length === 1;
  assert.deepEqual([isRead("new.png"), isRead("new.mp4")], [true, false]);
});

test("recipes come and go with the files on disk, and those that VS Code excludes do not come", async () => {
  await open({ "one.flf.json": textOf() });
  const two = await write("shots/two.flf.json", textOf());
  const excluded = await write("node_modules/x/three.flf.json", textOf());
  const hidden = await write("hidden/four.flf.json", textOf());
  stage.found.push(two);
  for (const path of [two, excluded, hidden]) stage.recipes.disk("created", path);
  await settled();
  assert.deepEqual(
    rows().map((row) => row.split(" ")[0]),
    ["one", "shots/two"],
  );
  await rm(at("shots"), { recursive: true });
  stage.recipes.disk("deleted", at("shots"));
  await settled();
  assert.deepEqual(
    rows().map((row) => row.split(" ")[0]),
    ["one"],
  );
  await rm(at("one.flf.json"));
  stage.recipes.disk("deleted", at("one.flf.json"));
  await settled();
  assert.deepEqual(rows(), []);
  assert.deepEqual(
    stage.commands.filter(({ command }) => command === "setContext").map(({ args }) => args),
    [
      ["wanFlf2v.hasRecipes", true],
      ["wanFlf2v.hasRecipes", false],
    ],
  );
});

test("what is known of images is kept for the next window", async () => {
  await open({ "one.flf.json": textOf() });
  shown?.dispose();
  for (let turn = 0; turn < 100; turn += 1) {
    const text = await readFile(at(".storage/images.json"), "utf8").catch(() => "");
    if (text.includes("images/b.png")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("nothing was kept");
});

test("text of others is only text where it is shown", async () => {
  const evil = "[x](command:evil) $(zap) \u202e";
  await open({ [`${"$(zap) [x](command:evil)".replaceAll("/", "")}.flf.json`]: textOf({ prompt: evil, [evil]: 1 }) });
  const [name = ""] = stage.found;
  stage.recipes.documents.set(name, await readFile(name, "utf8"));
  stage.recipes.opened.fire(stage.recipes.document(name));
  await settled();
  const tree = stage.recipes.trees.get("wanFlf2v.recipes");
  const [row] = tree?.getChildren() ?? [];
  const item = row && tree?.getTreeItem(row);
  const texts = [
    item?.label,
    item?.tooltip,
    ...(stage.recipes.diagnostics.get(name) ?? []).map(({ message }) => message),
  ];
  assert.ok(texts.length > 2);
  for (const text of texts) assert.doesNotMatch(text ?? "", /\]\(|\$\(|command:|\u202e/);
});

test("a workspace without recipes is looked at once, and one that comes is seen", async () => {
  let found = 0;
  const watch = played.anyRecipe.watchForRecipes(() => {
    found += 1;
  });
  await settled();
  assert.equal(found, 0);
  assert.deepEqual(stage.globs, ["**/*.flf.json"]);
  stage.recipes.disk("created", at("node_modules/x/hero.flf.json"));
  stage.recipes.disk("created", at("images/c.png"));
  assert.equal(found, 0);
  stage.recipes.disk("created", at("hero.flf.json"));
  assert.equal(found, 1);
  watch.dispose();
});
