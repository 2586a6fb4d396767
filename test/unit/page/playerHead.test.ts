import assert from "node:assert/strict";
import { test } from "node:test";
import {
  advanced,
  afterKey,
  faster,
  newPlayhead,
  type Playhead,
  playerKey,
  soughtTo,
  toggled,
} from "../../../src/page/player/playhead.ts";

const start: Playhead = { ...newPlayhead(4, 10), playing: true };

const plain = { key: "", code: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };

/** The frames shown over a number of frame times. */
function shown(head: Playhead, times: number): number[] {
  const frames = [head.frame];
  for (let time = 0, at = head; time < times; time++) {
    at = advanced(at, 0.1);
    frames.push(at.frame);
  }
  return frames;
}

test("plays around, there and back, or once", () => {
  assert.deepEqual(shown(start, 6), [0, 1, 2, 3, 0, 1, 2]);
  assert.deepEqual(shown({ ...start, pingPong: true }, 8), [0, 1, 2, 3, 2, 1, 0, 1, 2]);
  assert.deepEqual(shown({ ...start, loop: false }, 6), [0, 1, 2, 3, 3, 3, 3]);
  assert.deepEqual(shown({ ...start, loop: false, pingPong: true }, 8), [0, 1, 2, 3, 2, 1, 0, 0, 0]);
  assert.deepEqual(shown({ ...start, count: 1 }, 2), [0, 0, 0]);
});

test("time that is no whole number of frames adds up, at any speed", () => {
  let head: Playhead = { ...newPlayhead(81, 16), playing: true, speed: 0.25 };
  for (let tick = 0; tick < 60 * 4; tick++) {
    head = advanced(head, 1 / 60);
  }
  assert.equal(head.frame, 16);
  assert.equal(advanced({ ...newPlayhead(141, 24), playing: true, speed: 2 }, 1).frame, 48);
});

test("steps stay inside, stop the play, and a stopped player stands still", () => {
  assert.equal(soughtTo(start, 99).frame, 3);
  assert.equal(soughtTo(start, -1).frame, 0);
  assert.equal(soughtTo(start, 2).playing, false);
  assert.equal(advanced(soughtTo(start, 2), 5).frame, 2);
});

test("a video that has ended starts anew", () => {
  const ended = { ...start, loop: false, playing: false, frame: 3 };
  assert.deepEqual([toggled(ended).frame, toggled(ended).playing], [0, true]);
  assert.equal(toggled({ ...ended, frame: 2 }).frame, 2);
});

test("speeds have a slowest and a fastest", () => {
  const up = faster(faster(faster(start, 1), 1), 1);
  assert.equal(up.speed, 2);
  assert.equal(faster({ ...start, speed: 0.25 }, -1).speed, 0.25);
});

test("each key does what it says, and keys with Ctrl, Alt or Cmd are left alone", () => {
  const press = (key: string, shiftKey = false) => {
    const known = playerKey({ ...plain, key, shiftKey });
    assert.ok(known !== undefined && known.kind !== "zoom", key);
    return afterKey({ ...newPlayhead(81, 16), frame: 40 }, known);
  };
  assert.deepEqual(
    ["ArrowRight", "ArrowLeft", ".", ",", "Home", "End"].map((key) => press(key).frame),
    [41, 39, 41, 39, 0, 80],
  );
  assert.deepEqual([press("ArrowRight", true).frame, press("ArrowLeft", true).frame], [50, 30]);
  assert.deepEqual([press(" ").playing, press("l").loop, press("P", true).pingPong], [true, false, true]);
  assert.deepEqual([press("]").speed, press("[").speed], [1.5, 0.5]);
  for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
    assert.equal(playerKey({ ...plain, key: "l", ...held }), undefined);
  }
  assert.equal(playerKey({ ...plain, key: "[", ctrlKey: true }), undefined);
  assert.equal(playerKey({ ...plain, key: "x" }), undefined);
});

test("keys of other scripts stand for what their place types in ours, and letters of ours for themselves", () => {
  for (const [key, code, meant] of [
    ["д", "KeyL", "loop"],
    ["З", "KeyP", "pingPong"],
    ["я", "KeyZ", "zoom"],
    ["х", "BracketLeft", "speed"],
    ["ъ", "BracketRight", "speed"],
    ["ю", "Period", "step"],
    ["б", "Comma", "step"],
    ["ζ", "KeyZ", "zoom"],
    ["ל", "KeyL", "loop"],
    // The same place types another letter of ours on a French or German keyboard.
    ["w", "KeyZ", undefined],
    ["y", "KeyZ", undefined],
    ["z", "KeyW", "zoom"],
    ["ü", "BracketLeft", undefined],
  ] as const) {
    assert.equal(playerKey({ ...plain, key, code })?.kind, meant, key);
  }
});

test("brackets that need AltGr or a Mac's Option to be typed are brackets", () => {
  for (const held of [{ ctrlKey: true, altKey: true }, { altKey: true }]) {
    assert.deepEqual(playerKey({ ...plain, key: "]", code: "Digit9", ...held }), { kind: "speed", by: 1 });
    assert.deepEqual(playerKey({ ...plain, key: "[", code: "Digit8", ...held }), { kind: "speed", by: -1 });
  }
});
