import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pairImages, recipesOf, sourcesOf } from "../../../src/recipes/batch.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { longestTable, mostRows, parseTable } from "../../../src/recipes/table.ts";

describe("the images of a folder", () => {
  const files = [
    "i/hero_end.png",
    "i/hero_start.png",
    "i/shot10.png",
    "i/shot2.png",
    "i/shot1.png",
    "i/logo.png",
    "j/shot3.png",
  ];
  const names = (pairs: readonly { start: string; end: string }[]) => pairs.map(({ start, end }) => `${start} ${end}`);

  it("are pairs by their words", () => {
    const { pairs, unmatched } = pairImages(files, "pairs");
    assert.deepEqual(names(pairs), ["i/hero_start.png i/hero_end.png"]);
    assert.deepEqual(unmatched, ["i/shot10.png", "i/shot2.png", "i/shot1.png", "i/logo.png", "j/shot3.png"]);
  });

  it("are chains by their numbers, each folder for itself", () => {
    const { pairs, unmatched } = pairImages([...files, "i/shot2.png"], "chain");
    assert.deepEqual(names(pairs), ["i/shot1.png i/shot2.png", "i/shot2.png i/shot10.png"]);
    assert.deepEqual(unmatched, ["i/hero_end.png", "i/hero_start.png", "i/logo.png", "j/shot3.png"]);
  });

  it("are one chain for each name around the last number, and names that are numbers", () => {
    const { pairs } = pairImages(
      ["01.png", "02.jpg", "s1_001.png", "s1_002.png", "s2_001.png", "s2_002.png", "A1.png", "a2.png"],
      "chain",
    );
    assert.deepEqual(names(pairs).sort(), [
      "01.png 02.jpg",
      "A1.png a2.png",
      "s1_001.png s1_002.png",
      "s2_001.png s2_002.png",
    ]);
  });

  it("can be none", () => {
    for (const way of ["pairs", "chain"] as const) {
      assert.deepEqual(pairImages([], way), { pairs: [], unmatched: [] });
      assert.deepEqual(pairImages(["a.png"], way), { pairs: [], unmatched: ["a.png"] });
    }
  });
});

describe("recipes of a batch", () => {
  const options = { folder: "clips", safeName: (text: string) => text, isTaken: () => false };
  const source = { name: "hero", start: "images/a.png", end: "images/b.png" };

  it("name their images from where they are", () => {
    const [recipe] = recipesOf([{ ...source, prompt: "pan" }], options);
    assert.equal(recipe?.name, "hero.flf.json");
    assert.equal(
      recipe.text,
      `{\n  "recipe": 1,\n  "start": "../images/a.png",\n  "end": "../images/b.png",\n  "prompt": "pan"\n}\n`,
    );
    assert.deepEqual(parseRecipe(recipe.text, "clips").problems, []);
  });

  it("have what the template says, and what they say themselves instead", () => {
    const template = parseRecipe(
      `{ "start": { "path": "x", "crop": { "mode": "fit", "fill": { "kind": "blur" } } }, "end": "y", "prompt": "slow", "parameters": { "fps": 12, "seed": 3 } }`,
    ).recipe;
    const [one, other] = recipesOf(
      [source, { ...source, start: "https://x.example/a.png", prompt: "fast", parameters: { fps: 24 } }],
      { ...options, template },
    ).map(({ text }) => parseRecipe(text).recipe);
    assert.deepEqual(one, {
      recipe: 1,
      start: { path: "../images/a.png", crop: { mode: "fit", fill: { kind: "blur" } } },
      end: { path: "../images/b.png" },
      prompt: "slow",
      parameters: { fps: 12, seed: 3 },
    });
    assert.deepEqual(
      [other?.start, other?.prompt, other?.parameters],
      [{ url: "https://x.example/a.png" }, "fast", { fps: 24, seed: 3 }],
    );
  });

  it("without a prompt say so themselves", () => {
    const [recipe] = recipesOf([source], options);
    assert.deepEqual(
      parseRecipe(recipe?.text ?? "").problems.map(({ code }) => code),
      ["promptEmpty"],
    );
  });

  it("have names of their own on every file system", () => {
    const names = ["Hero", "hero", "caf\u00e9", "cafe\u0301", "free", "a:b"];
    const made = recipesOf(
      names.map((name) => ({ ...source, name })),
      {
        ...options,
        safeName: (text) => text.replace(":", "_"),
        isTaken: (name) => ["free.flf.json", "hero-2.flf.json"].includes(name),
      },
    );
    assert.deepEqual(
      made.map(({ name }) => name),
      ["Hero", "hero-3", "caf\u00e9", "cafe\u0301-2", "free-2", "a_b"].map((name) => `${name}.flf.json`),
    );
  });
});

describe("a table", () => {
  const table = (text: string) => parseTable(text, "");

  it("makes a recipe of each row", () => {
    const { rows, problems } = parseTable(
      `start,end,prompt,resolution,fps,cfg,seed\na_start.png,a_end.png,"pan, slowly",720x720 (1:1),24,1.5,0\n../b1.png,https://x.example/b2.png,,,,,\n`,
      "lists",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(rows, [
      {
        line: 2,
        start: "a_start.png",
        end: "a_end.png",
        prompt: "pan, slowly",
        parameters: { resolution: "720x720 (1:1)", fps: 24, cfg: 1.5, seed: 0 },
      },
      { line: 3, start: "../b1.png", end: "https://x.example/b2.png", parameters: {} },
    ]);
    const [one, other] = sourcesOf(rows, "lists");
    assert.deepEqual([one?.name, one?.start, one?.end], ["a", "lists/a_start.png", "lists/a_end.png"]);
    assert.deepEqual([other?.name, other?.start, other?.end], ["b1-2", "b1.png", "https://x.example/b2.png"]);
  });

  it("may come from a spreadsheet: byte order mark, semicolons or tabs, CRLF, comma as decimal point, empty rows, any case", () => {
    for (const separator of [";", "\t"]) {
      const text = ["\uFEFFSTART;End;Prompt;cfg", 'a.png;b.png;"a\r\nb";1,5', ";;;", "", "c.png;d.png"].join("\r\n");
      const { rows, problems } = table(text.replaceAll(";", separator));
      assert.deepEqual(problems, []);
      assert.deepEqual(rows, [
        { line: 2, start: "a.png", end: "b.png", prompt: "a\nb", parameters: { cfg: 1.5 } },
        { line: 6, start: "c.png", end: "d.png", parameters: {} },
      ]);
    }
  });

  for (const [name, text, problem] of [
    ["nothing", "", { code: "tableEmpty", line: 1 }],
    ["a head alone", "start,end\n", { code: "tableEmpty", line: 1 }],
    ["an open quote", `start,end\na,"b\n`, { code: "tableInvalid", reason: "CSV_QUOTE_NOT_CLOSED", line: 2 }],
    ["a quote in the middle", `start,end\na,b"c\n`, { code: "tableInvalid", reason: "INVALID_OPENING_QUOTE", line: 2 }],
    ["no end", "start,prompt\na,b", { code: "columnMissing", column: "end", line: 1 }],
    ["start twice", "start,end,Start\na,b,c", { code: "columnDuplicate", column: "start", line: 1 }],
    ["an empty image", "start,end\na,b\n,b", { code: "cellEmpty", column: "start", line: 3 }],
    ["a missing cell", "start,end\na", { code: "cellEmpty", column: "end", line: 2 }],
    ["a path outside", "start,end\na,../b", { code: "pathWrong", column: "end", fault: "pathOutside", line: 2 }],
    [
      "an absolute path",
      "start,end\nC:\\a.png,b",
      { code: "pathWrong", column: "start", fault: "pathAbsolute", line: 2 },
    ],
    [
      "no https",
      "start,end\nhttp://x.example/a,b",
      { code: "pathWrong", column: "start", fault: "addressInvalid", line: 2 },
    ],
    [
      "a signed address",
      "start,end\na,https://x.example/a?sig=1",
      { code: "pathWrong", column: "end", fault: "secretInside", line: 2 },
    ],
    [
      "a number out of range",
      "start,end,fps\na,b,99",
      {
        code: "cellInvalid",
        column: "fps",
        value: "99",
        fault: { code: "valueOutOfRange", minimum: 12, maximum: 24, closest: 24, isDefault: false },
        line: 2,
      },
    ],
    [
      "a word for a number",
      "start,end,seed\na,b,any",
      { code: "cellInvalid", column: "seed", value: "any", fault: { code: "typeWrong", expected: "integer" }, line: 2 },
    ],
    [
      "a huge number",
      "start,end,seed\na,b,1e999",
      {
        code: "cellInvalid",
        column: "seed",
        value: "1e999",
        fault: { code: "valueOutOfRange", minimum: 0, maximum: 4294967295, closest: 4294967295, isDefault: false },
        line: 2,
      },
    ],
    [
      "too many characters",
      " ".repeat(longestTable + 1),
      { code: "tableTooLarge", characters: longestTable, rows: mostRows, line: 1 },
    ],
    [
      "too many rows",
      `start,end\n${"a,b\n".repeat(mostRows + 1)}`,
      { code: "tableTooLarge", characters: longestTable, rows: mostRows, line: 1 },
    ],
  ] as const) {
    it(`tells its problem: ${name}`, () => {
      const { problems } = table(text);
      assert.deepEqual(problems, [{ ...problem, severity: "error" }]);
    });
  }

  it("reads as many rows as it may have", () => {
    assert.equal(table(`start,end\n${"a,b\n".repeat(mostRows)}`).rows.length, mostRows);
  });

  it("warns of columns that are not used, and of what they may mean", () => {
    const { rows, problems } = table("start,end,promt,framesPerSecond,note\na,b,pan,12,x");
    assert.deepEqual(problems, [
      { code: "columnUnknown", column: "promt", meant: "prompt", severity: "warning", line: 1 },
      { code: "columnUnknown", column: "framesPerSecond", meant: "fps", severity: "warning", line: 1 },
      { code: "columnUnknown", column: "note", meant: undefined, severity: "warning", line: 1 },
    ]);
    assert.deepEqual(rows, [{ line: 2, start: "a", end: "b", parameters: {} }]);
  });

  it("gives the good rows among bad ones, and at most 100 problems", () => {
    const { rows, problems } = table(`start,end,fps\n${"a,b,99\n".repeat(200)}a,b,12\n`);
    assert.deepEqual(
      rows.map(({ line }) => line),
      [202],
    );
    assert.equal(problems.length, 100);
  });
});
