import assert from "node:assert/strict";
import { test } from "node:test";
import { ageText, factLine, factTexts, sumText, titleText } from "../../../src/shared/videoTexts.ts";

test("a title is the prompt's first words, cut between two of them, or else the name", () => {
  const title = (prompt: string, most?: number) => titleText({ prompt, name: "night-004" }, most);
  assert.equal(title(" Night\n falls. "), "Night falls");
  assert.equal(title("And then…"), "And then…");
  assert.equal(title("Wait..."), "Wait...");
  assert.equal(title("Night falls over the harbour", 20), "Night falls over the…");
  assert.equal(title("夜".repeat(30), 10), `${"夜".repeat(10)}…`);
  assert.equal(title("🌊".repeat(30), 9), `${"🌊".repeat(4)}…`);
  assert.equal(title("  "), "night-004");
});

test("an age is said by the clock within a day, by the calendar after that", () => {
  const now = new Date(2026, 10, 26, 14, 2).getTime();
  const age = (...at: [number, number, number, number?, number?]) => ageText(new Date(...at).getTime(), now);
  assert.equal(ageText(now, now), "just now");
  // A clock that was put back must not speak of the future.
  assert.equal(ageText(now + 60_000, now), "just now");
  assert.equal(age(2026, 10, 26, 14, 0), "2 min. ago");
  assert.equal(age(2026, 10, 26, 1, 2), "13 hr. ago");
  assert.equal(age(2026, 10, 25, 23, 2), "yesterday");
  assert.equal(age(2026, 10, 25, 1, 0), "yesterday");
  assert.equal(age(2026, 10, 20), "6 days ago");
  assert.equal(age(2026, 10, 12), "2 wk. ago");
  assert.equal(age(2026, 8, 26), "2 mo. ago");
  assert.equal(age(2024, 0, 1), "2 yr. ago");
  // Minutes before midnight are not yet yesterday.
  const early = new Date(2026, 10, 26, 0, 10).getTime();
  assert.equal(ageText(early - 20 * 60_000, early), "20 min. ago");
});

test("facts are said as far as they are known", () => {
  const at = Date.now();
  assert.equal(factLine(factTexts({ take: 4, usd: 0.253125, agedFrom: at }, at)), "Take 4 · 0.25 USD · just now");
  assert.equal(factLine(factTexts({ agedFrom: at }, at)), "just now");
  assert.equal(sumText(0), "0.00 USD");
});
