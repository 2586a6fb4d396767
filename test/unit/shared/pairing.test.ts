import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { orderPair, pairName } from "../../../src/shared/model/pairing.ts";

/** Each line: start, end. Both orders of asking must give the same pair. */
const pairs: readonly (readonly [why: string, start: string, end: string])[] = [
  ["start and end", "hero_start.png", "hero_end.png"],
  ["against the natural order", "b_start.png", "a_end.png"],
  ["a word in the start's name only", "zoo-start.png", "ape.png"],
  ["a word in the end's name only", "zoo.png", "ape-end.png"],
  ["camel case", "HeroStart.png", "HeroEnd.png"],
  ["words next to numbers", "shot10start.png", "shot10end.png"],
  ["upper case", "START.PNG", "END.PNG"],
  ["first and last", "frame-first.webp", "frame-last.webp"],
  ["first and final", "x first.png", "a final.png"],
  ["before and after", "room before.jpg", "room after.jpg"],
  ["German", "bild_anfang.png", "bild_ende.png"],
  ["open and closed", "door-open.png", "door-closed.png"],
  ["letters", "take2_a.png", "take1_b.png"],
  ["capital letters", "KeyA.png", "KeyB.png"],
  ["natural numbers", "shot2.png", "shot10.png"],
  ["leading zeros", "img_0009.png", "img_0010.png"],
  ["other folders", "/z/frame_001.png", "/a/frame_002.png"],
  ["words of the folder do not count", "/end/1.png", "/start/2.png"],
  ["a word that stands in both names", "start_to_end_1.png", "start_to_end_2.png"],
  ["a word inside another one", "restart2.png", "weekend10.png"],
  ["start beats a letter", "b_start.png", "a_end.png"],
];

describe("orderPair", () => {
  for (const [why, start, end] of pairs) {
    it(`tells ${start} from ${end}: ${why}`, () => {
      assert.deepEqual(orderPair(start, end), { start, end });
      assert.deepEqual(orderPair(end, start), { start, end });
    });
  }

  it("does not take an article for a letter", () => {
    assert.deepEqual(orderPair("shot_2.png", "shot_10_a_cat.png").start, "shot_2.png");
  });

  it("keeps the order asked for where the names are equal", () => {
    assert.deepEqual(orderPair("/x/a.png", "/y/a.png"), { start: "/x/a.png", end: "/y/a.png" });
  });

  it("gives the same image twice for a loop", () => {
    assert.deepEqual(orderPair("/x/a.png", "/x/a.png"), { start: "/x/a.png", end: "/x/a.png" });
  });
});

describe("pairName", () => {
  for (const [start, end, name] of [
    ["lighthouse_start", "lighthouse_end", "lighthouse"],
    ["start_hero", "end_hero", "hero"],
    ["hero start", "hero.end", "hero"],
    ["heroStart", "heroEnd", "hero"],
    ["Szene1_vorher", "Szene1_nachher", "Szene1"],
    ["SHOT_A_start", "SHOT_A_end", "SHOT_A"],
    ["frame_a", "frame_b", "frame"],
    ["lighthouse", "lighthouse_end", "lighthouse"],
    ["shot2", "shot10", "shot2-10"],
    ["img_0001", "img_0002", "img_0001-0002"],
    ["frame_01_start", "frame_02_end", "frame_01-02"],
    ["lighthouse", "lighthouse_night", "lighthouse-night"],
    ["day", "night", "day-night"],
    ["start", "end", "start-end"],
    ["灯台_昼", "灯台_夜", "灯台_昼-夜"],
    ["🌅", "🌃", "🌅-🌃"],
    ["lighthouse", "lighthouse", "lighthouse"],
  ] as const) {
    it(`${start} and ${end} give ${name}`, () => assert.equal(pairName(start, end), name));
  }
});
