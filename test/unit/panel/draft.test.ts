import assert from "node:assert/strict";
import { test } from "node:test";
import {
  draftFlaws,
  effectiveParameters,
  emptyDraft,
  firstFlawed,
  patched,
  readField,
  withParameter,
} from "../../../media/panel/draft.ts";
import { clock, fill, videoFacts } from "../../../media/panel/texts.ts";

test("the text of a field stands for a value, for nothing, or for a flaw that names its reason", () => {
  assert.deepEqual(readField("fps", ""), { value: undefined });
  assert.deepEqual(readField("fps", " 24 "), { value: 24 });
  assert.deepEqual(readField("fps", "25"), { flaw: "outOfRange" });
  assert.deepEqual(readField("fps", "16.5"), { flaw: "notWhole" });
  assert.deepEqual(readField("fps", "0x10"), { flaw: "notANumber" });
  assert.deepEqual(readField("fps", "1e1"), { flaw: "notANumber" });
  assert.deepEqual(readField("cfg", "1,3"), { value: 1.3 });
  assert.deepEqual(readField("cfg", ".6"), { value: 0.6 });
  assert.deepEqual(readField("cfg", "1,000.5"), { flaw: "notANumber" });
  assert.deepEqual(readField("steps", "4"), { flaw: "outOfRange" });
  assert.deepEqual(readField("seed", "4294967296"), { flaw: "outOfRange" });
  assert.deepEqual(readField("length", "141"), { value: 141 });
  assert.deepEqual(readField("length", "100"), { flaw: "outOfRange" });
  assert.deepEqual(readField("resolution", "480x720 (2:3)"), { value: "480x720 (2:3)" });
  assert.deepEqual(readField("resolution", "480x721 (2:3)"), { flaw: "outOfRange" });
});

test("flaws are found in the order of the form", () => {
  const draft = { ...emptyDraft, prompt: "  ", parameters: { shift: "99" } };
  assert.deepEqual(draftFlaws(draft), {
    start: "startMissing",
    end: "endMissing",
    prompt: "promptEmpty",
    shift: "outOfRange",
  });
  assert.equal(firstFlawed(draftFlaws(draft)), "start");
  assert.equal(firstFlawed(draftFlaws({ ...draft, start: "/a.png", end: "/b.png" })), "prompt");
  assert.equal(firstFlawed(draftFlaws({ ...draft, start: "/a.png", end: "/b.png", prompt: "x" })), "shift");
});

test("what is set in the form overrules the settings, and what is empty sends nothing", () => {
  const draft = { ...emptyDraft, parameters: { fps: "12", cfg: "nonsense" } };
  assert.deepEqual(effectiveParameters(draft, { fps: 24, shift: 6 }), { fps: 12, shift: 6 });
  assert.deepEqual(effectiveParameters(emptyDraft, {}), {});
});

test("a patch replaces what it names, also by nothing", () => {
  const draft = { start: "/a.png", end: "/b.png", prompt: "p", parameters: { fps: "12" } };
  const { start, end, prompt, parameters } = patched(draft, { start: "/c.png", end: undefined });
  assert.deepEqual({ start, end, prompt, parameters }, { ...draft, start: "/c.png", end: undefined });
  assert.deepEqual(patched(draft, { parameters: {} }).parameters, {});
  assert.deepEqual(withParameter(draft, "fps", "").parameters, {});
  assert.deepEqual(withParameter(draft, "seed", "7").parameters, { fps: "12", seed: "7" });
});

test("facts, places and clock read as people write them", () => {
  assert.deepEqual(videoFacts({}, "en"), ["720", "1280", "81", "16", "5.06"]);
  assert.deepEqual(videoFacts({ length: 141, fps: 24 }, "de"), ["720", "1280", "141", "24", "5,88"]);
  assert.equal(fill("{1} of {0} {2}", "a", 2), "2 of a {2}");
  assert.equal(clock(0), "0:00");
  assert.equal(clock(67_900), "1:07");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(clock(-5), "0:00");
});
