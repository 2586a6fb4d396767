import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  durationText,
  estimateText,
  inputTitle,
  isolated,
  listText,
  numberText,
  percentText,
  pluralText,
  rangeText,
  setLanguage,
  unexpectedText,
  videoSummary,
} from "../../../src/shared/texts.ts";

afterEach(() => setLanguage("en"));

test("a length of time is told to the second, and with nothing where there is nothing to tell", () => {
  assert.deepEqual([-5, 400, 59_400, 59_600, 125_000, 3_600_000, 4_215_000].map(durationText), [
    "0 sec",
    "0 sec",
    "59 sec",
    "1 min",
    "2 min 5 sec",
    "1 hr",
    "1 hr 10 min",
  ]);
});

test("the values that an input can have are told in the user's language", () => {
  assert.deepEqual((["steps", "cfg", "length"] as const).map(rangeText), ["6–20", "0.6–2", "81, 141"]);
  setLanguage("de", { "{0}–{1}/Lowest and highest allowed number": "{0} bis {1}" });
  assert.equal(rangeText("cfg"), "0,6 bis 2");
});

test("an estimate is told to the second below a minute, then to five seconds", () => {
  assert.deepEqual([400, 42_400, 59_400, 59_600, 78_300, 118_000, 3_599_000, 3_700_000].map(estimateText), [
    "1 sec",
    "42 sec",
    "59 sec",
    "1 min",
    "1 min 20 sec",
    "2 min",
    "1 hr",
    "1 hr 1 min",
  ]);
});

test("numbers, shares, lists and lengths of time are written as the language writes them", () => {
  assert.equal(numberText(4294967295), "4294967295");
  assert.equal(percentText(0.756), "76%");
  assert.equal(listText(["pan", "zoom"]), "pan, zoom");
  setLanguage("de");
  assert.equal(numberText(0.6), "0,6");
  assert.equal(percentText(0.756), "76\u00a0%");
  assert.equal(durationText(80_000), "1 Min., 20 Sek.");
  assert.equal(videoSummary({ length: 141, fps: 24 }), "720 × 1280 · 141 frames at 24 fps = 5,88 Sek.");
});

test("the form of a count is the language’s choice", () => {
  const forms = (count: number) => pluralText(count, "one", "other");
  assert.deepEqual([0, 1, 2, 21].map(forms), ["other", "one", "other", "other"]);
  setLanguage("fr");
  assert.deepEqual([0, 1, 2].map(forms), ["one", "one", "other"]);
});

test("a video is said in one line, with the size that it really has", () => {
  assert.equal(videoSummary({}), "720 × 1280 · 81 frames at 16 fps = 5.06 sec");
  assert.match(videoSummary({}, { width: 960, height: 536 }), /^960 × 536 · 81 frames/);
});

test("a value from right to left turns nothing around it", () => {
  assert.equal(isolated("שלום.png"), "\u2068שלום.png\u2069");
  assert.equal(isolated("b.png"), "b.png");
});

test("texts are those of the bundle, and English where it has none", () => {
  setLanguage("de", { Prompt: "Beschreibung" });
  assert.equal(inputTitle("prompt"), "Beschreibung");
  assert.match(unexpectedText(), /^Something unexpected/);
  setLanguage("en");
  assert.equal(inputTitle("prompt"), "Prompt");
});

test("a display language that Intl does not know is read as English", () => {
  for (const tag of ["en_US", "zh-lzh", "en-uwu", "x", ""]) {
    setLanguage(tag);
    assert.equal(numberText(0.5), "0.5", tag);
    assert.equal(durationText(1000), "1 sec", tag);
  }
});
