import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits, createScanner, parse } from "jsonc-parser";
import {
  editableRecipe,
  newRecipe,
  renamedImage,
  takesOf,
  useTake,
  withCost,
  withoutTakes,
  withTake,
} from "../../../src/recipes/edit.ts";
import { editBetween, type NewValue, withChanges } from "../../../src/recipes/merge.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { earlier, randomOf, takeOf } from "./recipes.ts";

const read = (text: string) => parse(text.replace(/^\uFEFF/, ""), [], { allowTrailingComma: true });

/** Everything in a text but white space and commas: comments, brackets, keys and values, in their order. */
function tokensOf(text: string): string[] {
  const plain = text.replace(/^\uFEFF/, "");
  const scanner = createScanner(plain, false);
  const tokens: string[] = [];
  do {
    scanner.scan();
    const from = scanner.getTokenOffset();
    tokens.push(plain.slice(from, from + scanner.getTokenLength()));
  } while (scanner.getTokenLength() > 0);
  return tokens.filter((token) => token.trim() !== "" && token !== ",");
}

/** True if the tokens of one are among those of the other, in their order. */
function isWithin(tokens: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  for (const token of others) {
    if (token === tokens[at]) at += 1;
  }
  return at === tokens.length;
}

const mine = `{
  // what it shows
  "start": "a.png", // morning
  "end": { "path": "b.png" }, /* evening */
  "note": [1,2,   3], "prompt":"pan" // slow
  // nothing below
}
`;

describe("a rendered video in a recipe", () => {
  it("stands behind what its author wrote, which stays as it is", () => {
    const text = withTake(mine, takeOf(1));
    const at = mine.indexOf(" // slow");
    const end = mine.indexOf("\n}");
    assert.ok(
      text.startsWith(`${mine.slice(0, at)},${mine.slice(at, end)}\n  "video": {\n    "file": "clip-1.mp4",\n`),
    );
    assert.ok(text.endsWith(`${mine.slice(end)}`));
    const { video, requestId, cost, rendered, takes } = read(text);
    assert.deepEqual(
      { video, requestId, cost, rendered },
      JSON.parse(JSON.stringify({ ...takeOf(1), createdAt: undefined, savedAt: undefined })),
    );
    assert.equal(takes, undefined);
  });

  it("is picked, and the one before goes to the takes", () => {
    const two = withTake(withTake(mine, takeOf(1)), takeOf(2));
    const { recipe, problems } = parseRecipe(two, "");
    assert.deepEqual(
      problems.filter(({ severity }) => severity !== "hint"),
      [],
    );
    assert.deepEqual(recipe && takesOf(recipe), [takeOf(2), takeOf(1)]);
    const three = withTake(two, takeOf(3), false);
    assert.deepEqual(read(three).takes, [takeOf(1), takeOf(3)]);
    assert.equal(read(three).requestId, "r-2");
    assert.ok(isWithin(tokensOf(mine), tokensOf(three)));
  });

  it("is picked if it is the first, whatever was asked", () => {
    assert.equal(read(withTake(mine, takeOf(1), false)).video.file, "clip-1.mp4");
  });

  it("is added once, also when a save is repeated", () => {
    const text = withTake(withTake(mine, takeOf(1)), takeOf(2));
    assert.equal(withTake(text, takeOf(1)), text);
    assert.equal(withTake(text, takeOf(2), false), text);
  });

  it("takes the facts of the one before out that it does not have", () => {
    const { cost: _, ...without } = takeOf(2);
    const odd = { ...takeOf(1), video: { ...takeOf(1).video, listed: 90, keyless: true } };
    const text = withTake(withTake(mine, odd), without);
    const { video, cost, takes } = read(text);
    assert.deepEqual([video, cost, takes], [without.video, undefined, [odd]]);
  });

  it("in an earlier version's recipe keeps what that one knew of its render, without a prompt that may be another by now", () => {
    const text = withTake(JSON.stringify(earlier, null, 2), takeOf(1));
    const [, before] = takesOf(parseRecipe(text, "x").recipe ?? assert.fail());
    assert.equal(before?.requestId, "r-0");
    assert.deepEqual(before.rendered, {
      model: earlier.model,
      start: { sha256: "aa", conformedSha256: "ca" },
      end: { sha256: "bb", conformedSha256: "cb", crop: earlier.end.crop },
      parameters: earlier.parameters,
    });
    assert.deepEqual(read(text).start, earlier.start);
  });

  it("is not written into a text that is no recipe", () => {
    const later = JSON.stringify({ ...earlier, recipe: 2 });
    const unreadable = JSON.stringify({ ...earlier, takes: [{ video: 5 }] });
    const deep = `{ "x": ${"[".repeat(1e5)}${"]".repeat(1e5)} }`;
    for (const text of ["", "{", "[]", "5", `{ "start": "a",, }`, later, unreadable, deep]) {
      assert.equal(withTake(text, takeOf(1)), text);
      assert.equal(useTake(text, "clip-1.mp4"), text);
      assert.equal(withCost(text, "r-1", 1), text);
      assert.equal(renamedImage(text, "start", "c.png"), text);
      assert.equal(withoutTakes(text, ["clip-1.mp4"]), text);
    }
  });
});

describe("while a person types", () => {
  for (const [name, text] of Object.entries({
    "with a value out of range": mine.replace(`"note"`, `"parameters": { "fps": 99, "x": 1 }, "note"`),
    "without an image and a prompt": `{\n  "end": "b.png"\n}`,
    "with images and a prompt of other types": `{\n  "start": 5, "end": null, "prompt": []\n}`,
    "with a key twice": `{\n  "start": "a", "start": "b", "end": "c", "prompt": "p"\n}`,
  })) {
    it(`a recipe gets its takes all the same: ${name}`, () => {
      const two = withTake(withTake(text, takeOf(1)), takeOf(2));
      assert.deepEqual(takesOf(editableRecipe(two) ?? assert.fail()), [takeOf(2), takeOf(1)]);
      assert.ok(isWithin(tokensOf(text), tokensOf(useTake(two, "clip-1.mp4"))));
    });
  }
});

describe("a picked take", () => {
  const three = withTake(withTake(withTake(mine, takeOf(1)), takeOf(2)), takeOf(3));

  it("changes places with the one that counted", () => {
    const used = useTake(three, "clip-1.mp4");
    assert.deepEqual(takesOf(parseRecipe(used).recipe ?? assert.fail()), [takeOf(1), takeOf(3), takeOf(2)]);
    assert.equal(useTake(used, "clip-3.mp4"), three, "and back");
    assert.equal(useTake(three, "clip-3.mp4"), three);
    assert.equal(useTake(three, "none.mp4"), three);
  });

  it("leaves comments and unknown keys among the takes alone", () => {
    const noted = three
      .replace(`"takes": [`, `"takes": [ // others`)
      .replace(`"file": "clip-1.mp4"`, `"stars": 5, /* ! */ "file": "clip-1.mp4"`);
    const used = useTake(noted, "clip-1.mp4");
    assert.ok(used.includes("// others") && used.includes(`"stars": 5, /* ! */ "file": "clip-3.mp4"`));
  });

  it("without one before leaves the list", () => {
    const text = `{ "start": "a", "end": "b", "prompt": "p", "takes": [${JSON.stringify(takeOf(1))}] }`;
    const { takes, requestId } = read(useTake(text, "clip-1.mp4"));
    assert.deepEqual([takes, requestId], [[], "r-1"]);
  });

  it("stays when others are tidied away", () => {
    assert.deepEqual(read(withoutTakes(three, ["clip-1.mp4", "clip-3.mp4", "x"])).takes, [takeOf(2)]);
    const none = withoutTakes(three, ["clip-1.mp4", "clip-2.mp4"]);
    assert.ok(!("takes" in read(none)));
    assert.equal(read(none).requestId, "r-3");
    assert.ok(isWithin(tokensOf(mine), tokensOf(none)));
    assert.equal(withoutTakes(three, []), three);
  });
});

describe("a cost that comes later", () => {
  const { cost: _, ...late } = takeOf(1);
  it("goes to the take of its request, once", () => {
    const picked = withCost(withTake(mine, late), "r-1", 0.25);
    assert.equal(read(picked).cost, 0.25);
    assert.equal(withCost(picked, "r-1", 9), picked);
    const other = withCost(withTake(withTake(mine, late), takeOf(2)), "r-1", 0.25);
    assert.deepEqual([read(other).cost, read(other).takes[0].cost], [0.2, 0.25]);
    assert.equal(withCost(other, "r-9", 1), other);
  });
});

describe("a renamed image", () => {
  it("gets its new path and nothing else", () => {
    assert.equal(renamedImage(mine, "start", "x/ä.png"), mine.replace(`"a.png"`, `"x/ä.png"`));
    assert.equal(renamedImage(mine, "end", "c.png"), mine.replace("b.png", "c.png"));
    assert.equal(renamedImage(mine, "end", "b.png"), mine);
  });

  it("is written where there was none", () => {
    assert.equal(renamedImage(`{\n  "end": "b"\n}`, "start", "a"), `{\n  "end": "b",\n  "start": "a"\n}`);
    assert.equal(renamedImage(`{ "start": null }`, "start", "a"), `{ "start": "a" }`);
    assert.equal(renamedImage(`{ "start": {} }`, "start", "a"), `{ "start": { "path": "a"} }`);
  });

  it("takes the place of a name or an address", () => {
    const text = `{ "start": { "name": "a.png", "sha256": "aa" }, "end": "https://x.example/b.png", "prompt": "p" }`;
    const { start, end } = read(renamedImage(renamedImage(text, "start", "a.png"), "end", "b.png"));
    assert.deepEqual([start, end], [{ sha256: "aa", path: "a.png" }, "b.png"]);
  });
});

describe("a new recipe", () => {
  it("is what a person would write", () => {
    const text = newRecipe({
      start: { path: "a.png" },
      end: { url: "https://x.example/b.png" },
      prompt: "pan",
      parameters: { fps: 12 },
    });
    assert.equal(
      text,
      `{\n  "recipe": 1,\n  "start": "a.png",\n  "end": "https://x.example/b.png",\n  "prompt": "pan",\n  "parameters": {\n    "fps": 12\n  }\n}\n`,
    );
    assert.deepEqual(parseRecipe(text, "").problems, []);
  });

  it("has an object only for a crop", () => {
    const crop = { mode: "fit", fill: { kind: "blur" } } as const;
    const { start, parameters } = read(newRecipe({ start: { path: "a.png", crop }, end: { path: "b" }, prompt: "" }));
    assert.deepEqual([start, parameters], [{ path: "a.png", crop }, undefined]);
  });
});

describe("changes of a text", () => {
  for (const [name, before, change, after] of [
    ["into nothing", "{}", { path: ["a"], value: 1 }, `{ "a": 1}`],
    ["into an empty object on lines", "{\n}", { path: ["a"], value: 1 }, `{\n  "a": 1\n}`],
    [
      "with tabs",
      `{\n\t"b": 1\n}`,
      { path: ["a"], value: { c: [1] } },
      `{\n\t"b": 1,\n\t"a": {\n\t\t"c": [\n\t\t\t1\n\t\t]\n\t}\n}`,
    ],
    [
      "with CRLF",
      `{\r\n    "b": 1\r\n}\r\n`,
      { path: ["a"], value: { c: 1 } },
      `{\r\n    "b": 1,\r\n    "a": {\r\n        "c": 1\r\n    }\r\n}\r\n`,
    ],
    ["behind a trailing comma", `{\n  "b": 1,\n}`, { path: ["a"], value: 1 }, `{\n  "b": 1,\n  "a": 1,\n}`],
    ["behind a comment with a comma", `{ "b": 1 /* , */ }`, { path: ["a"], value: 1 }, `{ "b": 1, /* , */ "a": 1 }`],
    [
      "behind a comment that ends in odd blanks",
      `{\n"b": 1 // x\u00a0\n}`,
      { path: ["a"], value: 1 },
      `{\n"b": 1, // x\u00a0\n"a": 1\n}`,
    ],
    ["with the brace right behind", `{\n  "b": 1}`, { path: ["a"], value: 1 }, `{\n  "b": 1,\n  "a": 1\n}`],
    [
      "out of the middle",
      `{\n  "a": 1, // one\n  "b": 2,\n  "c": 3\n}`,
      { path: ["b"], value: undefined },
      `{\n  "a": 1, // one\n  "c": 3\n}`,
    ],
    ["out of the end", `{\n  "a": 1, // one\n  "b": 2\n}`, { path: ["b"], value: undefined }, `{\n  "a": 1 // one\n}`],
    [
      "out of a line with a comment",
      `{\n  "a": 1, // one\n  "b": 2 // two\n}`,
      { path: ["b"], value: undefined },
      `{\n  "a": 1 // one\n   // two\n}`,
    ],
    [
      "out of a place before a comment and its comma",
      `{\n  "a": 1 /* one */, "b": 2\n}`,
      { path: ["a"], value: undefined },
      `{\n   /* one */ "b": 2\n}`,
    ],
    ["as the only key", `{ "a": 1 }`, { path: ["a"], value: undefined }, `{  }`],
    ["of what is not there", `{ "a": 1 }`, { path: ["b"], value: undefined }, `{ "a": 1 }`],
    ["to the same value", `{ "a":{"b" :  1} }`, { path: ["a"], value: { b: 1 } }, `{ "a":{"b" :  1} }`],
    ["to another kind", `{ "a":{"b" :  1} }`, { path: ["a"], value: [1] }, `{ "a":[1] }`],
    ["of the key that counts", `{ "a": 1, "a": 2 }`, { path: ["a"], value: 3 }, `{ "a": 1, "a": 3 }`],
    ["in a list", `{ "a": [1, 2] }`, { path: ["a", 2], value: 3 }, `{ "a": [1, 2, 3] }`],
    ["out of a list", `{ "a": [1, 2, 3] }`, { path: ["a", 1], value: undefined }, `{ "a": [1,  3] }`],
  ] as const satisfies readonly (readonly [string, string, NewValue, string])[]) {
    it(name, () => {
      assert.equal(withChanges(before, [change]), after);
      assert.equal(withChanges(`\uFEFF${before}`, [change]), `\uFEFF${after}`);
    });
  }

  it("where nothing is are refused", () => {
    assert.throws(() => withChanges("[]", [{ path: ["a", "b"], value: 1 }]), RangeError);
    assert.throws(() => withChanges("5", [{ path: ["a"], value: 1 }]), RangeError);
  });

  it("are one edit for an editor", () => {
    for (const [before, after] of [
      ["abc", "abc"],
      ["aa", "aaa"],
      ["aaa", "aa"],
      ["", "x"],
      ["abcd", "aXXd"],
    ] as const) {
      const edit = editBetween(before, after);
      assert.equal(edit === undefined ? before : applyEdits(before, [edit]), after);
      assert.equal(edit === undefined, before === after);
    }
  });
});

describe("whatever somebody wrote around it", () => {
  /** A recipe's text as nobody would format it. */
  function anyText(random: () => number): string {
    const pick = <T>(...from: readonly T[]): T => from[Math.floor(random() * from.length)] ?? assert.fail();
    const eol = pick("\n", "\r\n");
    const unit = pick("  ", "    ", "\t", " ");
    const isOneLine = random() < 0.2;
    const comment = () =>
      isOneLine
        ? pick("", "", `/* ${random()} , } */`)
        : pick("", "", ` // ${random()} { ",${eol}`, `/* ${random()} ]${eol} */`);
    const blank = () => (isOneLine ? pick("", " ", "  ") : pick("", " ", `${eol}${unit}`, `${eol}${eol}`));
    const gap = () => blank() + comment() + blank();
    const value = (depth: number): string => {
      const kind = depth === 0 ? random() * 0.5 : random();
      if (kind < 0.5) return pick("1", "-2.50e1", "true", "null", `"a\\u00e9, // no comment"`, `"\\"}"`);
      const isList = kind < 0.75;
      const members = Array.from(
        { length: Math.floor(random() * 4) },
        (_, index) => `${gap()}${isList ? "" : `"k${index}"${gap()}:${gap()}`}${value(depth - 1)}${gap()}`,
      );
      const trailing = members.length > 0 && random() < 0.3 ? `,${gap()}` : "";
      return `${isList ? "[" : "{"}${members.join(",")}${trailing}${gap()}${isList ? "]" : "}"}`;
    };
    const keys = [
      `"start"${gap()}:${gap()}"a.png"`,
      `"end"${gap()}:${gap()}{${gap()}"path": "b.png"${gap()}}`,
      `"prompt":${gap()}"pan"`,
      ...Array.from({ length: Math.floor(random() * 4) }, (_, index) => `"own${index}"${gap()}:${value(3)}`),
    ].sort(() => random() - 0.5);
    const trailing = random() < 0.3 ? `,${gap()}` : "";
    return `${pick("", "\uFEFF")}${gap()}{${keys.map((key) => gap() + key + gap()).join(",")}${trailing}${gap()}}${gap()}`;
  }

  it("nothing of it changes, and each step can be taken back", () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = randomOf(seed);
      const text = anyText(random);
      const { recipe } = parseRecipe(text);
      assert.ok(recipe, `seed ${seed}: ${text}`);
      const own = read(text);
      const steps = [
        withTake(text, takeOf(1)),
        withTake(withTake(text, takeOf(1)), takeOf(2)),
        useTake(withTake(withTake(text, takeOf(1)), takeOf(2), random() < 0.5), "clip-1.mp4"),
        withoutTakes(withTake(withTake(withTake(text, takeOf(1)), takeOf(2)), takeOf(3)), ["clip-2.mp4"]),
      ];
      for (const [index, step] of steps.entries()) {
        const where = `seed ${seed}, step ${index}:\n${text}\n----\n${step}`;
        assert.ok(isWithin(tokensOf(text), tokensOf(step)), where);
        assert.deepEqual(
          parseRecipe(step).problems.filter(({ severity }) => severity === "error"),
          [],
          where,
        );
        for (const [key, value] of Object.entries(own)) {
          assert.deepEqual(read(step)[key], value, where);
        }
        assert.equal(step.startsWith("\uFEFF"), text.startsWith("\uFEFF"));
        if (/\r\n/.test(text)) assert.ok(!/[^\r]\n/.test(step), where);
        // Without what was added, each of the author's lines is still there.
        const lines = (all: string) => all.split(/\r?\n/).filter((line) => line.trim() !== "");
        const changed = lines(text).filter((line) => !lines(step).includes(line));
        assert.ok(changed.length <= 2, where);
      }
      const renamed = renamedImage(renamedImage(text, "start", "c.png"), "end", "d.png");
      assert.equal(renamed, text.replace(`"a.png"`, `"c.png"`).replace(`"b.png"`, `"d.png"`));
    }
  });
});
