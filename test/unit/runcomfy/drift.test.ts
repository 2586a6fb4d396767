import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compareSchema } from "../../../src/runcomfy/drift.ts";

const documented = readFileSync(new URL("../../support/service/inputSchema.json", import.meta.url), "utf8");

/** The documented schema with some of it changed; undefined removes a key. */
function changed(properties: Record<string, object | undefined>, required?: readonly string[]): unknown {
  const schema = JSON.parse(documented);
  for (const [key, change] of Object.entries(properties)) {
    schema.properties[key] = change === undefined ? undefined : { ...schema.properties[key], ...change };
  }
  return JSON.parse(JSON.stringify({ ...schema, ...(required && { required }) }));
}

test("the documented schema is no difference, however it is written", () => {
  assert.deepEqual(compareSchema(JSON.parse(documented)), []);
  const reversed = JSON.parse(documented);
  reversed.properties = Object.fromEntries(Object.entries(reversed.properties).reverse());
  assert.deepEqual(compareSchema(reversed), []);
  assert.deepEqual(
    compareSchema(changed({ "96_cfg": { type: "number", description: "other words" }, "99_text": { default: "x" } })),
    [],
  );
  assert.deepEqual(compareSchema(changed({ "96_noise_seed": { default: 1, maximum: undefined } })), []);
});

test("what cannot be read is unknown, not different", () => {
  for (const schema of [undefined, null, "x", [], {}, { properties: {} }, { properties: "none" }]) {
    assert.equal(compareSchema(schema), undefined);
  }
});

test("new and gone sizes and lengths", () => {
  const sizes = ["1920x1080 (16:9)", "720x1280 (9:16)"];
  const [fresh, gone] = compareSchema(changed({ "111_widthx111_height": { enum: sizes } })) ?? [];
  assert.deepEqual(fresh, { kind: "newChoices", word: "resolution", values: ["1920x1080 (16:9)"] });
  assert.ok(gone?.kind === "goneChoices" && gone.values.length === 9);
  assert.deepEqual(compareSchema(changed({ "111_length": { enum: [81, 141, 201] } })), [
    { kind: "newChoices", word: "length", values: ["201"] },
  ]);
  assert.deepEqual(compareSchema(changed({ "111_length": { enum: undefined } })), []);
});

test("limits that lie elsewhere", () => {
  assert.deepEqual(compareSchema(changed({ "96_steps": { minimum: 4, maximum: 30 } })), [
    { kind: "limit", word: "steps", end: "minimum", here: 6, there: 4 },
    { kind: "limit", word: "steps", end: "maximum", here: 20, there: 30 },
  ]);
});

test("defaults that are others", () => {
  assert.deepEqual(compareSchema(changed({ "93_shift": { default: 5 }, "111_length": { default: 141 } })), [
    { kind: "default", word: "length", here: "81", there: "141" },
    { kind: "default", word: "shift", here: "8", there: "5" },
  ]);
});

test("keys that are gone, and new ones", () => {
  assert.deepEqual(compareSchema(changed({ "93_shift": undefined, "91_text": { title: "Negative Prompt" } })), [
    { kind: "gone", word: "shift" },
    { kind: "new", title: "Negative Prompt", required: false },
  ]);
  assert.deepEqual(compareSchema(changed({ "7_style": {} }, ["7_style"])), [
    { kind: "new", title: "7_style", required: true },
  ]);
});

test("start and end are told apart by their titles", () => {
  const swapped = changed({ "110_image": { title: "End Image" }, "112_image": { title: "Start Image" } });
  assert.deepEqual(compareSchema(swapped), [{ kind: "imagesMoved" }]);
  const moved = changed({
    "110_image": undefined,
    "112_image": undefined,
    "200_image": { title: "Start Image" },
    "201_image": { title: "End Image" },
  });
  assert.deepEqual(compareSchema(moved), [{ kind: "imagesMoved" }]);
});

test("a long answer is not shown at length", () => {
  const many = Array.from({ length: 500 }, (_, index) => `${index}`.padEnd(500, "x"));
  const [fresh] = compareSchema(changed({ "111_widthx111_height": { enum: many } })) ?? [];
  assert.ok(fresh?.kind === "newChoices" && fresh.values.length === 20 && fresh.values.every((v) => v.length <= 80));
});
