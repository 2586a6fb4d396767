import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import type { RecipeProblem } from "../../../src/recipes/problems.ts";
import { earlier, fixedBy, marked, whole } from "./recipes.ts";

function factsOf({ severity, range, fixes, ...fault }: RecipeProblem): object {
  return fault;
}

describe("a recipe that a person writes", () => {
  it("needs start, end and prompt, and nothing else", () => {
    const { recipe, problems } = parseRecipe(`{ ${whole} }`, "");
    assert.deepEqual(problems, []);
    assert.deepEqual(recipe, { start: { path: "a.png" }, end: { path: "b.png" }, prompt: "pan" });
  });

  it("can have comments, trailing commas, a byte order mark, CRLF and addresses", () => {
    const text = `\uFEFF// clip\r\n{\r\n  "start": "https://x.example/a.png?v=2", /* b */ "end": { "path": "é/b.png", },\r\n  "prompt": "pan",\r\n}\r\n`;
    const { recipe, problems, rangeOf, isPlain } = parseRecipe(text, "");
    assert.deepEqual(problems, []);
    assert.deepEqual(recipe?.start, { url: "https://x.example/a.png?v=2" });
    assert.deepEqual(recipe?.end, { path: "é/b.png" });
    const { offset, length } = rangeOf(["end", "path"]);
    assert.equal(text.slice(offset, offset + length), `"é/b.png"`);
    assert.deepEqual([isPlain("start"), isPlain("end")], [true, false]);
  });

  it("can have every parameter at both ends of its range", () => {
    for (const parameters of [
      { resolution: "480x480 (1:1)", length: 81, fps: 12, seed: 0, steps: 6, cfg: 0.6, shift: 1 },
      { resolution: "1280x720 (16:9)", length: 141, fps: 24, seed: 4294967295, steps: 20, cfg: 2, shift: 15 },
    ]) {
      const parsed = parseRecipe(`{ ${whole}, "parameters": ${JSON.stringify(parameters)} }`);
      assert.deepEqual(parsed.problems, []);
      assert.deepEqual(parsed.recipe?.parameters, parameters);
    }
  });
});

describe("every recipe that was written so far stays valid:", () => {
  const { prompt, parameters, ...recovered } = earlier;
  const named = { name: "a.png", sha256: "aa" };
  for (const [name, recipe] of Object.entries({
    ordinary: earlier,
    "images elsewhere": { ...earlier, start: named, end: { ...named, conformedSha256: "x" } },
    addresses: { ...earlier, start: { url: "https://x.example/a.png" }, end: {} },
    recovered: { ...recovered, start: {}, end: {} },
    "other facts": { ...earlier, video: { ...earlier.video, listed: 90, keyless: true }, cost: 0 },
    "all parameters": { ...earlier, parameters: { ...parameters, length: 141, fps: 24, steps: 8, cfg: 1.5, shift: 3 } },
    fit: { ...earlier, start: { ...earlier.start, crop: { mode: "fit", fill: { kind: "color", color: "#00ff00" } } } },
    "no prompt": { ...earlier, prompt: undefined },
  })) {
    it(name, () => {
      const parsed = parseRecipe(`${JSON.stringify(recipe, null, 2)}\n`, "videos");
      const errors = parsed.problems.filter(({ severity }) => severity !== "hint");
      assert.deepEqual(errors, []);
      assert.deepEqual(parsed.recipe, JSON.parse(JSON.stringify(recipe)));
    });
  }
});

const missing = (key: string) => ({ code: "keyMissing", key });

/** Each text with its first problem, at its place. What `fixed` gives is the text after the first fix. */
const corpus: readonly (readonly [name: string, text: string, fault: object, fixed?: string])[] = [
  ["nothing", "«»", { code: "recipeEmpty" }],
  ["blank after a byte order mark", "\uFEFF«»  \r\n", { code: "recipeEmpty" }],
  ["a list", `«[1]»`, { code: "notAnObject" }],
  ["a text", `«"a"»`, { code: "notAnObject" }],
  ["null", "«null»", { code: "notAnObject" }],
  ["truncated in a text", `{ "start": «"a.pn»`, { code: "syntaxInvalid", reason: "UnexpectedEndOfString" }],
  ["truncated after a value", `{ "start": "a.png"«»`, { code: "syntaxInvalid", reason: "CloseBraceExpected" }],
  ["no JSON", `{ «start»: 1 }`, { code: "syntaxInvalid", reason: "InvalidSymbol" }],
  ["no comma", `{ "start": "a.png" «"end"»: "b.png" }`, { code: "syntaxInvalid", reason: "CommaExpected" }],
  ["two recipes", `{ ${whole} } «{» }`, { code: "syntaxInvalid", reason: "EndOfFileExpected" }],
  ["an unfinished merge", `{\n«<<<<<<<» HEAD\n"start": 1\n`, { code: "mergeConflict" }],
  ["an unfinished merge with CRLF", `{\r\n«<<<<<<<» HEAD\r\n"start": 1\r\n`, { code: "mergeConflict" }],
  ["deep nesting", `{ "x": ${"[".repeat(63)}«[»${"]".repeat(64)} }`, { code: "recipeTooDeep", limit: 64 }],
  ["a million brackets", `${"[".repeat(64)}«[»${"[".repeat(1e6)}`, { code: "recipeTooDeep", limit: 64 }],
  ["10 MB", `«»${" ".repeat(10e6)}{}`, { code: "recipeTooLarge", limit: 1048576 }],
  ["no start", `«{» "end": "b.png", "prompt": "p" }`, missing("start")],
  ["no end", `«{» "start": "b.png", "prompt": "p" }`, missing("end")],
  ["no prompt", `«{» "start": "b.png", "end": "p" }`, missing("prompt")],
  [
    "a key twice",
    `{ ${whole}, «"prompt"»: "other" }`,
    { code: "keyDuplicate", key: "prompt" },
    `{ "start": "a.png", "end": "b.png", "prompt": "pan"  }`,
  ],
  [
    "a parameter twice",
    `{ ${whole}, "parameters": { "fps": 12, «"fps"»: 13 } }`,
    { code: "keyDuplicate", key: "parameters.fps" },
  ],
  ["a key twice somewhere", `{ ${whole}, "x": [{ "a": 1, «"a"»: 1 }] }`, { code: "keyDuplicate", key: "x.a" }],
  ["a later version", `{ "recipe": «2», ${whole} }`, { code: "versionUnknown", value: "2" }],
  ["a version as text", `{ "recipe": «"1"», ${whole} }`, { code: "versionUnknown", value: `"1"` }],
  [
    "another model",
    `{ "model": «"x/y"», ${whole} }`,
    { code: "modelUnknown", value: "x/y", known: "community/wan-2-2/fun-inpaint" },
    `{ "model": "community/wan-2-2/fun-inpaint", ${whole} }`,
  ],
  ["an empty prompt", `{ "start": "a.png", "end": "b.png", "prompt": «" \\n"» }`, { code: "promptEmpty" }],
  [
    "a number for a prompt",
    `{ "start": "a", "end": "b", "prompt": «5» }`,
    { code: "typeWrong", key: "prompt", expected: "text" },
  ],
  [
    "a number for an image",
    `{ "start": «5», "end": "b", "prompt": "p" }`,
    { code: "typeWrong", key: "start", expected: "image" },
  ],
  [
    "null for an image",
    `{ "start": "a", "end": «null», "prompt": "p" }`,
    { code: "typeWrong", key: "end", expected: "image" },
  ],
  [
    "a list of parameters",
    `{ ${whole}, "parameters": «[]» }`,
    { code: "typeWrong", key: "parameters", expected: "object" },
  ],
  ["an image without a path", `{ "start": «{}», "end": "b", "prompt": "p" }`, { code: "imageUnnamed", side: "start" }],
  [
    "a number for a path",
    `{ "start": { "path": «1» }, "end": "b", "prompt": "p" }`,
    { code: "typeWrong", key: "start.path", expected: "text" },
  ],
  ["takes that are none", `{ ${whole}, "takes": «{}» }`, { code: "typeWrong", key: "takes", expected: "list" }],
  ["a take without a video", `{ ${whole}, "takes": [«{}»] }`, missing("takes.0.video")],
  [
    "a broken crop",
    `{ "start": { "path": "a", "crop": { "mode": «"x"» } }, "end": "b", "prompt": "p" }`,
    { code: "valueInvalid", key: "start.crop.mode" },
  ],
  [
    "a zoom out of range",
    `{ "start": { "path": "a", "crop": { "mode": "crop", "focus": { "x": 0, "y": 1 }, "zoom": «9» } }, "end": "b", "prompt": "p" }`,
    { code: "valueOutOfRange", key: "start.crop.zoom", value: "9", minimum: 1, maximum: 4 },
    `{ "start": { "path": "a", "crop": { "mode": "crop", "focus": { "x": 0, "y": 1 }, "zoom": 4 } }, "end": "b", "prompt": "p" }`,
  ],
  [
    "a huge focus",
    `{ "start": { "path": "a", "crop": { "mode": "crop", "focus": { "x": «-1e999», "y": 1 }, "zoom": 1 } }, "end": "b", "prompt": "p" }`,
    { code: "valueOutOfRange", key: "start.crop.focus.x", value: "-1e999", minimum: 0, maximum: 1 },
    `{ "start": { "path": "a", "crop": { "mode": "crop", "focus": { "x": 0, "y": 1 }, "zoom": 1 } }, "end": "b", "prompt": "p" }`,
  ],
];

/** Parameters, each as its value alone. */
const values: readonly (readonly [name: string, value: string, fault: object, fixed?: string])[] = [
  ["fps", "11", { code: "valueOutOfRange", minimum: 12, maximum: 24, value: "11" }, "12"],
  ["fps", "1e999", { code: "valueOutOfRange", minimum: 12, maximum: 24, value: "1e999" }, "24"],
  ["fps", "-1e999", { code: "valueOutOfRange", minimum: 12, maximum: 24, value: "-1e999" }, "12"],
  ["fps", "16.6", { code: "typeWrong", expected: "integer" }, "17"],
  ["fps", `"16"`, { code: "typeWrong", expected: "integer" }, "16"],
  ["fps", `"fast"`, { code: "typeWrong", expected: "integer" }],
  ["fps", "true", { code: "typeWrong", expected: "integer" }],
  ["fps", "null", { code: "typeWrong", expected: "integer" }],
  ["seed", "-1", { code: "valueOutOfRange", minimum: 0, maximum: 4294967295, value: "-1" }, "0"],
  ["seed", "1e20", { code: "valueOutOfRange", minimum: 0, maximum: 4294967295, value: "1e20" }, "4294967295"],
  ["cfg", "9", { code: "valueOutOfRange", minimum: 0.6, maximum: 2, value: "9" }, "2"],
  ["cfg", "[]", { code: "typeWrong", expected: "number" }],
  ["length", "100", { code: "valueNotAllowed", value: "100", choices: ["81", "141"] }, "81"],
  ["length", `"141"`, { code: "valueNotAllowed", value: `"141"`, choices: ["81", "141"] }, "141"],
];

describe("a broken recipe tells its problem at its place:", () => {
  for (const [name, withMarks, fault, fixed] of corpus) {
    for (const mark of withMarks.startsWith("\uFEFF") ? [""] : ["", "\uFEFF"]) {
      it(`${name}${mark && " after a byte order mark"}`, () => {
        const { text, offset, length } = marked(mark + withMarks);
        const { problems } = parseRecipe(text, "");
        const [problem] = problems.filter(({ severity }) => severity === "error");
        assert.ok(problem, name);
        assert.deepEqual(factsOf(problem), fault);
        const isWhole = Object.values(fault).includes("recipeTooLarge");
        assert.deepEqual(problem.range, isWhole ? { offset: 0, length: 0 } : { offset, length });
        if (fixed !== undefined) assert.equal(fixedBy(text, problem), mark + fixed);
      });
    }
  }

  for (const [name, value, fault, fixed] of values) {
    it(`${name} ${value}`, () => {
      const text = `{ ${whole}, "parameters": { "${name}": ${value} } }`;
      const { problems } = parseRecipe(text, "");
      assert.equal(problems.length, 1);
      const [problem] = problems;
      assert.ok(problem);
      assert.deepEqual(factsOf(problem), { key: `parameters.${name}`, ...fault });
      assert.deepEqual(problem.range, { offset: text.lastIndexOf(value), length: value.length });
      const closest = problem.fixes.find((fix) => fix.kind === "edit" && fix.how === "closest");
      assert.equal(closest?.kind === "edit" ? closest.edits[0]?.content : undefined, fixed);
      const last = problem.fixes.length - 1;
      assert.deepEqual(parseRecipe(fixedBy(text, problem, last), "").problems, [], "removing it mends it");
    });
  }

  it("steps that are the model's own are best left out", () => {
    const text = `{ ${whole}, "parameters": { "steps": 4, "fps": 12 } }`;
    const [problem] = parseRecipe(text).problems;
    assert.equal(fixedBy(text, problem), `{ ${whole}, "parameters": {  "fps": 12 } }`);
    assert.equal(fixedBy(text, problem, 1), `{ ${whole}, "parameters": { "steps": 6, "fps": 12 } }`);
  });

  for (const [written, closest] of [
    ["720x1280", "720x1280 (9:16)"],
    ["480x480 (1:2)", "480x480 (1:1)"],
    ["1280X720(16:9)", "1280x720 (16:9)"],
    ["4K", undefined],
  ] as const) {
    it(`resolution ${written}`, () => {
      const text = `{ ${whole}, "parameters": { "resolution": ${JSON.stringify(written)} } }`;
      const [problem] = parseRecipe(text).problems;
      assert.equal(problem?.code, "valueNotAllowed");
      const fix = problem.fixes.find((each) => each.kind === "edit" && each.how === "closest");
      assert.equal(fix?.kind === "edit" ? fix.shown : undefined, closest);
    });
  }
});

describe("an unknown key", () => {
  it("is a hint", () => {
    const { text, offset, length } = marked(`{ ${whole}, «"note"»: { "any": ["thing"] } }`);
    const { recipe, problems } = parseRecipe(text, "");
    assert.deepEqual(problems, [
      { code: "keyUnknown", key: "note", severity: "hint", range: { offset, length }, fixes: [] },
    ]);
    assert.ok(recipe);
  });

  for (const [key, meant] of [
    ["Start", "start"],
    ["strat", "start"],
    ["promt", "prompt"],
    ["params", undefined],
    ["paramters", "parameters"],
    ["request_id", "requestId"],
  ] as const) {
    it(`${key} ${meant ? `means ${meant}` : "means nothing"}`, () => {
      const text = `{ "${key}": "x" }`;
      const problem = parseRecipe(text).problems.find(({ code }) => code === "keyUnknown");
      assert.ok(problem);
      assert.equal(problem.severity, meant === undefined ? "hint" : "warning");
      if (meant !== undefined) assert.equal(fixedBy(text, problem), `{ "${meant}": "x" }`);
    });
  }

  it("that names a parameter outside of them is moved there", () => {
    for (const [text, fixed] of [
      [`{ "seed": 5, ${whole} }`, `{ "parameters": { "seed": 5 }, ${whole} }`],
      [`{ ${whole}, "framesPerSecond": 20 }`, `{ ${whole}, "parameters": { "fps": 20 } }`],
      [`{ "parameters": { "fps": 12 }, ${whole}, "seed": 5 }`, `{ "parameters": { "seed": 5, "fps": 12 }, ${whole}  }`],
      [`{ "seed": 5, ${whole}, "parameters": {} }`, `{  ${whole}, "parameters": { "seed": 5} }`],
    ] as const) {
      const [problem] = parseRecipe(text).problems;
      assert.equal(problem?.code, "keyMisplaced");
      assert.equal(problem.severity, "warning");
      assert.equal(fixedBy(text, problem), fixed);
      assert.deepEqual(parseRecipe(fixed).problems, []);
    }
  });

  it("among the parameters is an error: the service would ignore it", () => {
    for (const [key, meant] of [
      ["stpes", "steps"],
      ["guidanceScale", "cfg"],
      ["Number of Frames", "length"],
      ["FPS", "fps"],
      ["sampler", undefined],
    ] as const) {
      const text = `{ ${whole}, "parameters": { "${key}": 8 } }`;
      const [problem] = parseRecipe(text).problems;
      assert.equal(problem?.code, "parameterUnknown", key);
      assert.equal(problem.severity, "error");
      assert.equal(problem.meant, meant);
      if (meant !== undefined) assert.ok(fixedBy(text, problem).includes(`"${meant}": 8`));
    }
  });
});
