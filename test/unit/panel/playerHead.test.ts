import assert from "node:assert/strict";
import { test } from "node:test";
import {
  advanced,
  afterKey,
  faster,
  type Head,
  newHead,
  playerKey,
  soughtTo,
  toggled,
} from "../../../media/panel/playerHead.ts";

const start: Head = { ...newHead(4, 10), playing: true };

/** The frames shown over a number of frame times. */
function shown(head: Head, times: number): number[] {
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
  let head: Head = { ...newHead(81, 16), playing: true, speed: 0.25 };
  for (let tick = 0; tick < 60 * 4; tick++) {
    head = advanced(head, 1 / 60);
  }
  assert.equal(head.frame, 16);
  assert.equal(advanced({ ...newHead(141, 24), playing: true, speed: 2 }, 1).frame, 48);
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
    const known = playerKey({ key, shiftKey, ctrlKey: false, altKey: false, metaKey: false });
    assert.ok(known !== undefined && known.kind !== "zoom", key);
    return afterKey({ ...newHead(81, 16), frame: 40 }, known);
  };
  assert.deepEqual(
    ["ArrowRight", "ArrowLeft", ".", ",", "Home", "End"].map((key) => press(key).frame),
    [41, 39, 41, 39, 0, 80],
  );
  assert.deepEqual([press("ArrowRight", true).frame, press("ArrowLeft", true).frame], [50, 30]);
  assert.deepEqual([press(" ").playing, press("l").loop, press("P", true).pingPong], [true, false, true]);
  assert.deepEqual([press("]").speed, press("[").speed], [1.5, 0.5]);
  assert.equal(playerKey({ key: "l", shiftKey: false, ctrlKey: true, altKey: false, metaKey: false }), undefined);
  assert.equal(playerKey({ key: "x", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false }), undefined);
});
