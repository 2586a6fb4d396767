import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDraft } from "../../../src/shared/model/draft.ts";
import { wireBody } from "../../../src/shared/model/parameters.ts";
import { cleanText } from "../../../src/shared/model/text.ts";

const source = { kind: "url", url: "https://pictures.test/a.png" } as const;

test("no text that leaves is refused by a strict reader of JSON, whatever was typed", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
  const pools = [0x20, 0x80, 0xa0, 0x2030, 0xe000, 0x10000];
  for (let round = 0; round < 2000; round++) {
    const units = Array.from({ length: 1 + random(12) }, () =>
      random(3) === 0 ? 0xd800 + random(0x800) : random(pools[random(pools.length)] ?? 1),
    );
    const text = String.fromCharCode(...units);
    const clean = cleanText(text);
    assert.ok(clean.isWellFormed(), JSON.stringify(text));
    assert.doesNotMatch(clean, /[^\P{Cc}\t\n]|\p{Noncharacter_Code_Point}|\uFEFF/u, JSON.stringify(text));
    assert.equal(cleanText(clean), clean);
  }
});

test("what people write stays as it is: lines, tabs, letters of every script, emoji", () => {
  const text = "Day → night.\n\tÜber 猫 é👩‍👩‍👧 עברית\u200F";
  assert.equal(cleanText(text), text);
  assert.equal(cleanText("one\r\ntwo\rthree\u2028four"), "one\ntwo\nthree\nfour");
  assert.equal(cleanText("a \ud83d b\u0000\uFEFF\u0085\uFFFE"), "a \ufffd b");
});

test("every draft's prompt is clean, and one of control characters alone is empty", () => {
  const draft = (prompt: string) => checkDraft({ start: source, end: source, prompt, parameters: {} });
  assert.equal(draft("\uFEFF a \ud83d b\u0000 ").prompt, "a \ufffd b");
  assert.throws(() => draft("\u0000\u0007\uFEFF"), /promptEmpty/);
});

test("what goes over the wire is clean, also of a job that was kept otherwise", () => {
  const body = wireBody({ start: "s", end: "e", prompt: "a \ud83d b\u0000", parameters: { seed: 1 } });
  assert.ok(Object.values(body).includes("a \ufffd b"));
});
