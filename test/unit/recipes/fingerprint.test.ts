import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withTake } from "../../../src/recipes/edit.ts";
import type { RecipeFile } from "../../../src/recipes/file.ts";
import {
  fingerprintOf,
  lastRender,
  type PairFacts,
  type RequestFacts,
  requestOf,
  whatChanged,
} from "../../../src/recipes/fingerprint.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { settableNames, settableRow } from "../../../src/shared/model/parameters.ts";
import { earlier, randomOf, takeOf } from "./recipes.ts";

const square = { width: 900, height: 900 };
const images: PairFacts = { start: { sha256: "aa", size: square }, end: { sha256: "bb", size: square } };

function recipeIn(text: string): RecipeFile {
  return parseRecipe(text, "clips").recipe ?? assert.fail(text);
}

function requestIn(text: string, facts = images): RequestFacts {
  return requestOf(recipeIn(text), facts);
}

const base = `{ "start": "a.png", "end": "b.png", "prompt": "Café pan" }`;
const seeded = `{ "start": "a.png", "end": "b.png", "prompt": "Café pan", "parameters": { "seed": 5 } }`;
const crop = (plan: object) => base.replace(`"a.png"`, JSON.stringify({ path: "a.png", crop: plan }));
const set = (parameters: object) => base.replace(" }", `, "parameters": ${JSON.stringify(parameters)} }`);

describe("the fingerprint", () => {
  it("is a SHA-256 that no version may change: it names what was rendered before", () => {
    assert.equal(fingerprintOf(requestIn(seeded)), "05340c4240bb7796843c5241bd3c9622ba4569d07efb55ca1a5678da23293507");
  });

  for (const [name, text, facts] of [
    ["the order of keys", `{ "prompt": "Café pan", "end": "b.png", "start": "a.png" }`],
    ["comments and white space", `// x\n{\n"start": "a.png", /* y */ "end":"b.png", "prompt": "Café pan",\n}`],
    ["the path of the same picture", base.replace("a.png", "../other/ä.png")],
    [
      "an image written as an object",
      base.replace(`"a.png"`, `{ "path": "a.png", "sha256": "ff", "conformedSha256": "x" }`),
    ],
    ["the case of a hash", base, { ...images, start: { sha256: "AA", size: square } }],
    ["unknown keys", base.replace(" }", `, "note": 5 }`)],
    ["a version and a model that are the only ones", base.replace("{", `{ "recipe": 1, "model": "${earlier.model}",`)],
    ["the Unicode form of the prompt", base.replace("é", "e\u0301")],
    ["white space around the prompt", base.replace("Café pan", "  Café pan\\n")],
    ["characters of the prompt that are not sent", base.replace("Café pan", "Café\\u0000 pan\\ufeff")],
    ["no parameters", set({})],
    ["the model's own values written out", set({ length: 81, fps: 16, cfg: 1, shift: 8 })],
    ["the size that fits best written out", set({ resolution: "720x720 (1:1)" })],
    ["the crop that is taken without one", crop({ mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 })],
    ["the order of a crop's keys", crop({ zoom: 1, focus: { y: 0.5, x: 0.5 }, mode: "crop" })],
  ] as const satisfies readonly (readonly [string, string, PairFacts?])[]) {
    it(`does not count ${name}`, () => {
      const [one, other] = [requestIn(base), requestIn(text, facts)];
      assert.ok(fingerprintOf(one));
      assert.equal(fingerprintOf(one), fingerprintOf(other));
      assert.deepEqual(whatChanged(one, other), []);
    });
  }

  for (const [changed, text, facts] of [
    [["start"], base, { ...images, start: { sha256: "ab", size: square } }],
    [["end"], base, { ...images, end: { sha256: "ab", size: square } }],
    [["start", "end"], base, { start: images.end, end: images.start }],
    [["start"], base.replace("a.png", "https://x.example/a.png")],
    [["startCrop"], crop({ mode: "crop", focus: { x: 0.5, y: 0.4 }, zoom: 1 })],
    [["startCrop"], crop({ mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1.1 })],
    [["startCrop"], crop({ mode: "fit", fill: { kind: "blur" } })],
    [["startCrop"], crop({ mode: "fit", fill: { kind: "color", color: "#ffffff" } })],
    [
      ["endCrop"],
      base.replace(`"b.png"`, `{ "path": "b.png", "crop": { "mode": "fit", "fill": { "kind": "blur" } } }`),
    ],
    [["prompt"], base.replace("pan", "Pan")],
    [["prompt"], base.replace("Café pan", "Café  pan")],
    [["resolution"], set({ resolution: "480x480 (1:1)" })],
    [["length"], set({ length: 141 })],
    [["fps"], set({ fps: 17 })],
    [["steps"], set({ steps: 6 })],
    [["cfg"], set({ cfg: 1.1 })],
    [["shift"], set({ shift: 8.5 })],
    [["fps", "shift"], set({ fps: 12, shift: 1 })],
    [
      ["resolution"],
      base,
      {
        start: { sha256: "aa", size: { width: 1600, height: 900 } },
        end: { sha256: "bb", size: { width: 1600, height: 900 } },
      },
    ],
  ] as const satisfies readonly (readonly [string[], string, PairFacts?])[]) {
    it(`counts ${changed.join(" and ")}: ${text}`, () => {
      const [one, other] = [requestIn(base), requestIn(text, facts)];
      assert.notEqual(fingerprintOf(one), fingerprintOf(other));
      assert.deepEqual(whatChanged(other, one), changed);
    });
  }

  it("counts the model", () => {
    const one = requestIn(base);
    const other = { ...one, model: "x/y" };
    assert.notEqual(fingerprintOf(one), fingerprintOf(other));
    assert.deepEqual(whatChanged(one, other), ["model"]);
  });

  it("counts the seed once it is known", () => {
    const [none, five, six] = [requestIn(base), requestIn(seeded), requestIn(set({ seed: 6 }))];
    assert.equal(new Set([none, five, six].map(fingerprintOf)).size, 3);
    assert.deepEqual(whatChanged(five, six), ["seed"]);
    assert.deepEqual(whatChanged(none, six), []);
  });

  it("of steps left alone is that of the model's own 4", () => {
    const one = requestIn(base);
    assert.equal(fingerprintOf(one), fingerprintOf({ ...one, parameters: { ...one.parameters, steps: 4 } }));
  });

  it("of what is not known is none", () => {
    for (const facts of [{}, { start: images.start }, { end: images.end }]) {
      assert.equal(fingerprintOf(requestIn(base, facts)), undefined);
      assert.deepEqual(whatChanged(requestIn(base, facts), requestIn(base)), []);
    }
    const one = requestIn(seeded);
    assert.equal(fingerprintOf({ ...one, prompt: undefined }), undefined);
    assert.equal(fingerprintOf({ ...one, parameters: undefined }), undefined);
  });

  it("differs exactly where something changed", () => {
    const one = requestIn(seeded);
    for (let seed = 0; seed < 500; seed += 1) {
      const random = randomOf(seed);
      const maybe = <T>(value: T, other: T): T => (random() < 0.8 ? value : other);
      const parameters = Object.fromEntries(
        settableNames.map((name) => {
          const row = settableRow(name);
          const value = one.parameters?.[name] ?? row.default;
          return [name, maybe(value, row.kind === "choice" ? row.choices.at(-1) : row.maximum)];
        }),
      );
      const other = {
        model: maybe(one.model, "x"),
        start: maybe(one.start, { ...one.start, crop: { mode: "fit", fill: { kind: "blur" } } as const }),
        end: maybe(one.end, maybe({ sha256: "cc" }, { address: "bb" })),
        prompt: maybe(one.prompt, "other"),
        parameters,
      };
      assert.equal(whatChanged(one, other).length === 0, fingerprintOf(one) === fingerprintOf(other), `seed ${seed}`);
    }
  });
});

describe("what a recipe says", () => {
  it("is what its next video is rendered with, completely", () => {
    const { parameters, prompt, start } = requestIn(
      `{ "start": { "path": "a", "crop": { "mode": "fit", "fill": { "kind": "blur" } } }, "end": "b", "prompt": " pan ", "parameters": { "fps": 12 } }`,
    );
    assert.deepEqual(parameters, { fps: 12, resolution: "720x720 (1:1)" });
    assert.equal(prompt, "pan");
    assert.deepEqual(start, { sha256: "aa", crop: { mode: "fit", fill: { kind: "blur" } } });
  });

  it("keeps the seed that was drawn for its video, unless it has one", () => {
    const rendered = withTake(base, takeOf(3));
    assert.equal(requestIn(rendered).parameters?.seed, 3);
    assert.equal(requestIn(withTake(seeded, takeOf(3))).parameters?.seed, 5);
  });

  it("is not of another size while its images are not measured", () => {
    const take = takeOf(1);
    const parameters = { ...take.rendered?.parameters, resolution: "720x720 (1:1)", seed: 1 } as const;
    const text = withTake(base, { ...take, rendered: { model: earlier.model, start: {}, end: {}, parameters } });
    const recipe = recipeIn(text);
    for (const facts of [{}, { start: images.start }, { start: { sha256: "aa" }, end: images.end }]) {
      assert.deepEqual(whatChanged(requestOf(recipe, facts), parametersOnly(recipe)), []);
    }
    const wide = { sha256: "aa", size: { width: 1600, height: 900 } };
    assert.deepEqual(whatChanged(requestOf(recipe, { start: wide, end: wide }), parametersOnly(recipe)), [
      "resolution",
    ]);
  });
});

function parametersOnly(recipe: RecipeFile): RequestFacts {
  return lastRender(recipe) ?? assert.fail();
}

describe("a recipe of an earlier version", () => {
  const text = JSON.stringify(earlier);
  const render = (recipe: RecipeFile) => lastRender(recipe) ?? assert.fail();

  it("is up to date while its images are the ones that it names", () => {
    const recipe = recipeIn(text);
    assert.deepEqual(whatChanged(requestOf(recipe, images), render(recipe)), []);
    assert.equal(fingerprintOf(requestOf(recipe, images)), fingerprintOf(render(recipe)));
  });

  it("is stale when one of them is another", () => {
    const recipe = recipeIn(text);
    assert.deepEqual(whatChanged(requestOf(recipe, { ...images, end: { sha256: "xx" } }), render(recipe)), ["end"]);
  });

  it("was sent exactly its parameters: nothing is fitted or added", () => {
    const recipe = recipeIn(JSON.stringify({ ...earlier, parameters: { seed: 1 } }));
    assert.deepEqual(requestOf(recipe, images).parameters, { seed: 1 });
    assert.deepEqual(whatChanged(requestOf(recipe, images), render(recipe)), []);
  });

  it("knows images at addresses", () => {
    const recipe = recipeIn(JSON.stringify({ ...earlier, start: { url: "https://x.example/a.png" } }));
    assert.deepEqual(whatChanged(requestOf(recipe, images), render(recipe)), []);
    assert.ok(fingerprintOf(render(recipe)));
  });

  it("that was recovered knows nothing that could have changed", () => {
    const { prompt, parameters, ...recovered } = { ...earlier, start: {}, end: {} };
    const recipe = recipeIn(JSON.stringify(recovered));
    assert.deepEqual(whatChanged(requestOf(recipe, {}), render(recipe)), []);
    assert.equal(fingerprintOf(render(recipe)), undefined);
  });

  it("without a video was not rendered", () => {
    assert.equal(lastRender(recipeIn(base)), undefined);
  });
});
