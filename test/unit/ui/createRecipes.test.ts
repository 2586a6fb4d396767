import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { played, stage } from "./stage.ts";

/** The workspace folder. */
let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "wan-batch-")));
  stage.folders = [root];
});
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 10 }));

const commands = played.commands.createCommands(
  Object.assign(Object.create(null), {
    panel: { isHere: () => false },
    report: (error: unknown) => assert.ifError(error),
  }),
);
const uri = (name: string) => played.vscode.Uri.file(join(root, name));
const create = (name: string, options?: unknown) => commands.run("createRecipes", [uri(name), options]);
async function created(name: string, options: object): Promise<string[]> {
  const paths = await create(name, options);
  assert.ok(Array.isArray(paths));
  return paths.map((path) => basename(String(path)));
}
const refused = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => assert.fail("it went well"),
    (error: unknown) => (error instanceof Error ? error.message : assert.fail("no error")),
  );

async function write(name: string, text = ""): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
  stage.found.push(join(root, name));
}
async function images(...names: string[]): Promise<void> {
  for (const name of names) await write(name);
}
/** What a recipe says, without the problems of images that are no pictures. */
async function said(name: string): Promise<unknown> {
  const { recipe, problems } = parseRecipe(await readFile(join(root, name), "utf8"), dirname(name));
  assert.deepEqual(
    problems.filter(({ code }) => code !== "promptEmpty"),
    [],
  );
  return recipe && { start: recipe.start.path, end: recipe.end.path, prompt: recipe.prompt, ...recipe.parameters };
}
const messages = () => stage.messages.splice(0).map(({ message }) => message);

test("a program makes recipes of a folder's pairs without a question, and nothing is rendered", async () => {
  await images("shots/a_start.png", "shots/a_end.png", "shots/in/b_start.JPG", "shots/in/b_end.jpg", "shots/c.png");
  await write(
    "look.flf.json",
    JSON.stringify({ start: "x.png", end: "y.png", prompt: "night falls", parameters: { steps: 9 } }),
  );
  const template = join(root, "look.flf.json");
  assert.deepEqual(await created("shots", { as: "pairs", template }), ["a.flf.json", "b.flf.json"]);
  const rest = { prompt: "night falls", steps: 9 };
  assert.deepEqual(await said("shots/a.flf.json"), { start: "a_start.png", end: "a_end.png", ...rest });
  assert.deepEqual(await said("shots/b.flf.json"), { start: "in/b_start.JPG", end: "in/b_end.jpg", ...rest });
  assert.deepEqual([stage.messages, stage.rows, stage.inputBoxes], [[], [], []]);
});

test("a chain joins each numbered image with the next", async () => {
  await images("shot1.png", "shot2.png", "shot10.png");
  assert.deepEqual(await created("", { as: "chain", prompt: "on" }), ["shot1-2.flf.json", "shot2-10.flf.json"]);
  assert.deepEqual(await said("shot2-10.flf.json"), { start: "shot2.png", end: "shot10.png", prompt: "on" });
});

test("no file is replaced, and what a recipe makes already gets no second one", async () => {
  await images("a_start.png", "a_end.png", "b_start.png", "b_end.png");
  await write("A.flf.json", "notes");
  assert.deepEqual(await created("", { as: "pairs" }), ["a-2.flf.json", "b.flf.json"]);
  assert.equal(await readFile(join(root, "A.flf.json"), "utf8"), "notes");
  await writeFile(
    join(root, "b.flf.json"),
    JSON.stringify({ end: "b_end.png", start: "./b_start.png", prompt: "mine" }),
  );
  assert.deepEqual(await created("", { as: "pairs", prompt: "other" }), []);
  await images("c_start.png", "c_end.png");
  assert.deepEqual(await created("", { as: "pairs" }), ["c.flf.json"]);
});

test("a table gives a recipe for each row, with its prompt and parameters", async () => {
  await images("shots/a.png", "shots/b.png");
  await write("shots/list.csv", "start;end;prompt;steps\na.png;b.png;up;8\nb.png;a.png;;\na.png;b.png;down;\n");
  await write(
    "look.flf.json",
    JSON.stringify({ start: "x.png", end: "y.png", prompt: "calm", parameters: { steps: 9 } }),
  );
  const options = { as: "table", template: uri("look.flf.json") };
  const names = ["a-b.flf.json", "b-a.flf.json", "a-b-2.flf.json"];
  assert.deepEqual(await created("shots/list.csv", options), names);
  assert.deepEqual(await said("shots/a-b.flf.json"), { start: "a.png", end: "b.png", prompt: "up", steps: 8 });
  assert.deepEqual(await said("shots/b-a.flf.json"), { start: "b.png", end: "a.png", prompt: "calm", steps: 9 });
  assert.deepEqual(await created("shots/list.csv", options), [], "each row is there already");
  await mkdir(join(root, "out"));
  assert.deepEqual(await created("out", { ...options, table: join(root, "shots/list.csv") }), names);
  assert.deepEqual(await said("out/a-b-2.flf.json"), {
    start: "../shots/a.png",
    end: "../shots/b.png",
    prompt: "down",
    steps: 9,
  });
});

test("a program gets what is wrong in words with the line, and nothing is created", async () => {
  await images("a.png");
  await write("list.csv", "start,end,steps\na.png,../../b.png,8\na.png,,9000\n");
  assert.equal(
    await refused(create("list.csv", { as: "table" })),
    "list.csv has 3 errors. Nothing was created. Line 2: end: This path leads out of the workspace folder.",
  );
  await write("broken.flf.json", "{");
  for (const [options, words] of [
    [{ as: "rows" }, /argument as/],
    [{ as: "pairs", more: 1 }, /argument \?/],
    [{ as: "table" }, /argument table/],
    [{ as: "pairs", table: "list.csv" }, /argument table/],
    [{ as: "table", table: "none.csv" }, /none\.csv can’t be read/],
    [{ as: "pairs", template: "broken.flf.json" }, /broken\.flf\.json has an error/],
    [{ as: "pairs", template: "a.png" }, /isn’t a recipe/],
  ] as const) {
    assert.match(await refused(create("", options)), words, JSON.stringify(options));
  }
  assert.match(await refused(commands.run("createRecipes", [undefined, { as: "pairs" }])), /argument folder/);
  assert.match(await refused(create("none", { as: "pairs" })), /none couldn’t be written \(ENOENT\)/);
  assert.match(
    await refused(commands.run("createRecipes", [played.vscode.Uri.file(tmpdir()), { as: "pairs" }])),
    /isn’t in a folder of this workspace/,
  );
  assert.deepEqual((await readdir(root)).sort(), ["a.png", "broken.flf.json", "list.csv"]);
  assert.deepEqual(messages(), []);
});

test("no link leads out of the workspace folder", async () => {
  const outside = await mkdtemp(join(tmpdir(), "wan-outside-"));
  try {
    for (const name of ["a_start.png", "a_end.png"]) await writeFile(join(outside, name), "");
    await symlink(outside, join(root, "link"));
    stage.found = [join(root, "link/a_start.png"), join(root, "link/a_end.png")];
    assert.deepEqual(await created("", { as: "pairs" }), []);
    assert.match(await refused(create("link", { as: "pairs" })), /isn’t in a folder of this workspace/);
  } finally {
    await rm(outside, { recursive: true });
  }
});

test("a user is asked for the way, a template and a prompt, and told what was made", async () => {
  await images("a_start.png", "a_end.png", "b_start.png", "b_end.png", "odd.png");
  stage.nextPicks.push("Pairs Found by Name");
  stage.entered = "night falls";
  stage.answers.push("Show Recipes");
  await create("");
  assert.deepEqual(stage.rows, [["Pairs Found by Name (2 pairs)"]]);
  assert.ok(stage.drawn.some(({ text }) => text === "1 image had no partner: odd.png"));
  assert.deepEqual(await said("a.flf.json"), { start: "a_start.png", end: "a_end.png", prompt: "night falls" });
  assert.deepEqual(messages(), ["2 recipes created. 1 image had no partner: odd.png"]);
  assert.equal(stage.commands.at(-1)?.command, "wanFlf2v.recipes.focus");

  await images("c_start.png", "c_end.png");
  stage.found.push(join(root, "a.flf.json"));
  stage.nextPicks.push("Pairs Found by Name", "a.flf.json");
  stage.answers.push("Open Recipe");
  await create("", [uri("")]);
  assert.equal(stage.inputBoxes.length, 1, "the template has a prompt");
  assert.deepEqual(await said("c.flf.json"), { start: "c_start.png", end: "c_end.png", prompt: "night falls" });
  assert.deepEqual(messages(), ["1 recipe created. 2 have been there already. 1 image had no partner: odd.png"]);
  assert.equal(stage.commands.at(-1)?.command, "vscode.open");
});

test("whoever gives up any of the questions gets no recipe; a folder without pairs says so", async () => {
  await images("a_start.png", "a_end.png");
  await create("");
  stage.nextPicks.push("Pairs Found by Name");
  await create("");
  stage.chosenFile = undefined;
  await commands.run("createRecipes", []);
  assert.equal(stage.openDialogs.length, 1);
  assert.deepEqual(messages(), []);
  assert.deepEqual((await readdir(root)).sort(), ["a_end.png", "a_start.png"]);
  stage.found = [];
  await create("");
  assert.match(messages()[0] ?? "", /^No pairs found\./);
});

test("of a table the user may take the rows that are right, after seeing what is wrong with the others", async () => {
  await images("a.png");
  await write("list.csv", "start,end,prompt,note\na.png,b.png,up,x\na.png,,up,y\n");
  stage.answers.push("Open Table");
  await create("list.csv");
  assert.equal(stage.commands.at(-1)?.command, "vscode.open");
  stage.messages.splice(0);
  stage.answers.push("Create 1 Recipe");
  await create("list.csv");
  const [question, done] = stage.messages;
  assert.equal(question?.detail, "Line 1: The column note isn’t used.\nLine 3: end is empty.");
  assert.equal(done?.message, "1 recipe created. 1 image isn’t there: b.png");
  // A folder offers its tables beside its pairs, and a problem of a user's call is told.
  stage.messages.splice(0);
  await write("sales.csv", "month,sum\n1,2\n");
  stage.nextPicks.push("list.csv");
  await create("");
  assert.deepEqual(stage.rows.at(-1), ["list.csv (1 row)"]);
  stage.folders = [];
  await create("list.csv");
  assert.match(messages().at(-1) ?? "", /isn’t in a folder of this workspace/);
});
