/** Where keys move to in toolbars, menus, lists and rows of cards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { roved } from "../../../src/page/kit/roved.ts";

const all = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageUp", "a"];
const from = (here: number, ...rest: [number, Parameters<typeof roved>[3]?]) =>
  all.map((key) => roved(key, here, ...rest));

test("keys of a toolbar go around its ends, and a slider in it keeps its own", () => {
  assert.deepEqual(from(2, 3), [0, 1, 0, 1, 0, 2, undefined, undefined]);
  assert.deepEqual(from(0, 3), [1, 2, 1, 2, 0, 2, undefined, undefined]);
  const none = Array.from({ length: 6 }, () => undefined);
  assert.deepEqual(from(0, 3, { axis: "row", inField: true }), [1, 2, ...none]);
});

test("keys of a menu go up and down, from wherever the focus is", () => {
  assert.deepEqual(from(0, 3, { axis: "column" }), [undefined, undefined, 1, 2, 0, 2, undefined, undefined]);
  assert.deepEqual(from(-1, 3, { axis: "column" }), [undefined, undefined, 0, 2, 0, 2, undefined, undefined]);
});

test("a row of cards ends at its ends", () => {
  const way = { axis: "row", stops: true } as const;
  assert.deepEqual(from(2, 3, way), [2, 1, undefined, undefined, 0, 2, undefined, undefined]);
  assert.deepEqual(from(0, 3, way), [1, 0, undefined, undefined, 0, 2, undefined, undefined]);
});

test("nothing moves where there is nothing", () => {
  assert.deepEqual(new Set(from(-1, 0)), new Set([undefined]));
});
