import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  type ChipGroup,
  chipInsertion,
  chips,
  countWords,
  distinctPrompts,
  neighbor,
  placeholders,
  samplePrompt,
  starters,
} from "../../../src/shared/prompt/prompting.ts";

/** Types a chip at the bar. */
function typed(marked: string, group: ChipGroup, words: string): string {
  const start = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { over, text: insertion } = chipInsertion(text, { start, end: start }, group, words);
  return text.slice(0, over.start) + insertion + text.slice(over.end);
}

test("the places to fill in are found in order", () => {
  const text = "Slow dolly-in toward {subject}; {foreground} slides.";
  assert.deepEqual(
    placeholders(text).map(({ start, end }) => text.slice(start, end)),
    ["{subject}", "{foreground}"],
  );
  assert.deepEqual(placeholders("a { b"), []);
  assert.deepEqual(placeholders("{\n}"), []);
});

test("the next place is the one behind the selection, the one before it the last that ends there", () => {
  const text = "{a} and {b} and {c}";
  const all = placeholders(text);
  const at = (place: number) => ({ start: place, end: place });
  assert.deepEqual(neighbor(text, at(0), "after"), all[0]);
  assert.deepEqual(neighbor(text, { start: 0, end: 3 }, "after"), all[1]);
  assert.deepEqual(neighbor(text, at(text.length), "after"), undefined);
  assert.deepEqual(neighbor(text, at(text.length), "before"), all[2]);
  assert.deepEqual(neighbor(text, { start: 8, end: 11 }, "before"), all[0]);
  assert.deepEqual(neighbor(text, { start: 0, end: 3 }, "before"), undefined);
  assert.deepEqual(neighbor(text, { start: 0, end: text.length }, "after"), undefined);
});

test("camera words become a sentence where one begins, and go on after a comma elsewhere", () => {
  assert.equal(typed("|", "camera", chips.camera.static), "Static camera.");
  assert.equal(typed("The sun sinks.|", "camera", chips.camera.panLeft), "The sun sinks. The camera pans left.");
  assert.equal(typed("The sun sinks. |", "camera", chips.camera.panLeft), "The sun sinks. The camera pans left.");
  assert.equal(typed("|The sun sinks.", "camera", chips.camera.static), "Static camera. The sun sinks.");
  assert.equal(typed("The sun sinks|.", "camera", chips.camera.tilt), "The sun sinks, the camera tilts up.");
  assert.equal(typed("The sun sinks, |", "camera", chips.camera.tilt), "The sun sinks, the camera tilts up");
  assert.equal(typed("It sinks; |", "camera", chips.camera.tilt), "It sinks; the camera tilts up.");
  assert.equal(typed("|the sun sinks", "camera", chips.camera.dollyIn), "Slow dolly-in the sun sinks");
});

test("pace and amplitude go into the sentence that is there", () => {
  assert.equal(typed("The sun sinks.|", "pace", chips.pace.slow), "The sun sinks slowly.");
  assert.equal(typed("The sun sinks. |", "amplitude", chips.amplitude.subtle), "The sun sinks with subtle motion. ");
  assert.equal(typed("The sun sinks|", "pace", chips.pace.slow), "The sun sinks slowly");
  assert.equal(typed("The sun |sinks.", "pace", chips.pace.slow), "The sun slowly sinks.");
  assert.equal(typed("|", "pace", chips.pace.sudden), "Suddenly");
});

test("a selection is replaced", () => {
  const { over, text } = chipInsertion("{camera}. The sun sinks.", { start: 0, end: 8 }, "camera", "static camera");
  assert.deepEqual({ over, text }, { over: { start: 0, end: 8 }, text: "Static camera" });
});

test("every starter has a place to fill in, or needs none", () => {
  assert.equal(Object.keys(starters).length, 9);
  for (const starter of Object.values(starters)) {
    assert.ok(placeholders(starter).length > 0, starter);
    assert.ok(countWords(starter, "en") < 30);
  }
});

test("words are counted as readers count them", () => {
  assert.equal(countWords("Dawn — the camera's pulled back.", "en"), 5);
  assert.equal(countWords("", "en"), 0);
  assert.ok(countWords("镜头缓慢推进", "zh") >= 2);
});

test("prompts of the past are listed once, newest first", () => {
  assert.deepEqual(distinctPrompts(["b", " a ", "b", "", "a", "c"], 10), ["b", "a", "c"]);
  assert.deepEqual(distinctPrompts(["b", "a", "c"], 2), ["b", "a"]);
});

test("the sample is the one of the model's schema", async () => {
  const schema = JSON.parse(await readFile(new URL("../../support/service/inputSchema.json", import.meta.url), "utf8"));
  assert.equal(schema.properties["99_text"].default, samplePrompt);
});

test("a chip goes into any text in a time that grows with its length alone", () => {
  const spent = (text: string, group: ChipGroup) => {
    const started = process.cpuUsage();
    chipInsertion(text, { start: text.length, end: text.length }, group, "slowly");
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  const runs = ["!", " ", "! ", ";", "; ", "!\n", ".”", "a!", "(", "{"].flatMap((part) => [
    part.repeat(200_000),
    `${part.repeat(200_000)}x`,
    `x${part.repeat(200_000)} `,
  ]);
  for (const text of runs) {
    for (const group of ["camera", "pace", "amplitude"] as const) {
      assert.ok(spent(text, group) < 1000, `${text.slice(0, 4)}… for ${group}`);
    }
  }
});

test("words of pace go before the full stop, also behind many of them", () => {
  const at = (text: string) =>
    chipInsertion(text, { start: text.length, end: text.length }, "pace", "slowly").over.start;
  assert.equal(at("It turns!!! "), 8);
  assert.equal(at("It turns ..."), 12);
  assert.equal(at("..."), 3);
  assert.equal(at("It turns"), 8);
});
