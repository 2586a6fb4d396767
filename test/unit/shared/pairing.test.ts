import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { neighborPairs, orderPair, pairName, pairsByName } from "../../../src/shared/model/pairing.ts";

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

describe("pairsByName", () => {
  const told = (...paths: string[]) => pairsByName(paths).map(({ name, start, end }) => `${name}: ${start} ${end}`);

  for (const [start, end, name] of [
    ["/x/lighthouse_start.png", "/x/lighthouse_end.jpg", "lighthouse"],
    ["/x/hero.png", "/x/hero_end.png", "hero"],
    ["/x/hero_before.png", "/x/hero.png", "hero"],
    ["/y/c_a.png", "/y/c_b.png", "c"],
    ["before.png", "after.png", "before-after"],
  ] as const) {
    it(`tells ${start} and ${end}, in either order`, () => {
      assert.deepEqual(told(start, end), [`${name}: ${start} ${end}`]);
      assert.deepEqual(told(end, start, end), [`${name}: ${start} ${end}`]);
    });
  }

  it("tells nothing of a lone image, of neighbors, of a lone letter, of other folders, or of what fits twice", () => {
    assert.deepEqual(told("/x/a_start.png"), []);
    assert.deepEqual(told("/x/shot1.png", "/x/shot2.png"), []);
    assert.deepEqual(told("/x/plan.png", "/x/plan_a.png"), []);
    assert.deepEqual(told("/x/a_start.png", "/y/a_end.png"), []);
    assert.deepEqual(told("/x/a_start.png", "/x/a_start.jpg", "/x/a_end.png"), []);
  });

  it("sorts as people count", () => {
    const names = told("10_start.png", "10_end.png", "2_start.png", "2_end.png");
    assert.deepEqual(names, ["2: 2_start.png 2_end.png", "10: 10_start.png 10_end.png"]);
  });
});

describe("neighborPairs", () => {
  it("pairs each image with the next one", () => {
    const pairs = neighborPairs(["/shot10.png", "/shot1.png", "/shot2.png"]).map(({ start, end }) => [start, end]);
    assert.deepEqual(pairs, [
      ["/shot1.png", "/shot2.png"],
      ["/shot2.png", "/shot10.png"],
    ]);
  });
});
