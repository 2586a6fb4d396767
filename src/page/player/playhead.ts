/** Where a player is and how it moves. Pure: no DOM, no clock. Frames count from 0 here. */

import { latinSign, type PressedKey } from "../kit/latinKeys.ts";

/** The available speeds, as multiples of the video's own. */
export const speeds = [0.25, 0.5, 1, 1.5, 2] as const;
type Speed = (typeof speeds)[number];

export interface Playhead {
  readonly count: number;
  /** Frames per second at speed 1. */
  readonly fps: number;
  readonly frame: number;
  readonly playing: boolean;
  readonly loop: boolean;
  /** Plays forward and back. */
  readonly pingPong: boolean;
  readonly speed: Speed;
  readonly direction: 1 | -1;
  /** Share of the current frame's time that has passed, 0..1. */
  readonly passed: number;
}

/** The playhead at the first frame of a video. */
export function newPlayhead(count: number, fps: number): Playhead {
  return { count, fps, frame: 0, playing: false, loop: true, pingPong: false, speed: 1, direction: 1, passed: 0 };
}

/** The playhead after some time, in seconds. */
export function advanced(head: Playhead, seconds: number): Playhead {
  if (!head.playing) {
    return head;
  }
  const total = head.passed + seconds * head.fps * head.speed;
  // A hair short of a whole frame is a rounding error.
  const frames = Math.floor(total + 1e-6);
  let next: Playhead = { ...head, passed: Math.max(0, total - frames) };
  // A longer step shows nothing that one round trip does not.
  for (let step = Math.min(frames, 2 * head.count); step > 0 && next.playing; step--) {
    next = stepped(next);
  }
  return next;
}

function stepped(head: Playhead): Playhead {
  const { count, frame, direction, loop, pingPong } = head;
  const to = frame + direction;
  if (to >= 0 && to < count) {
    return { ...head, frame: to };
  }
  if (count === 1) {
    return loop ? head : { ...head, playing: false };
  }
  if (pingPong && direction === 1) {
    return { ...head, frame: count - 2, direction: -1 };
  }
  if (!loop) {
    return { ...head, playing: false, direction: 1 };
  }
  // The frames at the turning points are shown only once.
  return pingPong ? { ...head, frame: 1, direction: 1 } : { ...head, frame: 0, direction: 1 };
}

/** Starts or stops. At the end, with nothing left to play, it starts from the beginning. */
export function toggled(head: Playhead): Playhead {
  if (head.playing) {
    return { ...head, playing: false };
  }
  const ended = !head.loop && !head.pingPong && head.frame === head.count - 1;
  return { ...head, playing: true, passed: 0, ...(ended ? { frame: 0 } : {}) };
}

/** Stops at a frame, or at the nearest one that exists. */
export function soughtTo(head: Playhead, frame: number): Playhead {
  const nearest = Math.min(Math.max(Math.round(frame), 0), head.count - 1);
  return { ...head, frame: nearest, playing: false, passed: 0, direction: 1 };
}

/** One speed up or down, if there is one. */
export function faster(head: Playhead, by: 1 | -1): Playhead {
  const at = speeds.indexOf(head.speed) + by;
  return { ...head, speed: speeds[at] ?? head.speed };
}

/** What a key means to a player. */
export type PlayerKey =
  | { readonly kind: "toggle" }
  | { readonly kind: "step"; readonly frames: number }
  | { readonly kind: "first" }
  | { readonly kind: "last" }
  | { readonly kind: "loop" }
  | { readonly kind: "pingPong" }
  | { readonly kind: "speed"; readonly by: 1 | -1 }
  | { readonly kind: "zoom" };

/** A key that moves the playhead or changes how it moves. */
export type HeadKey = Exclude<PlayerKey, { kind: "zoom" }>;

/**
 * The meaning of a pressed key; undefined if it has none. Keys with Ctrl, Alt or Cmd belong to others, except when they
 * type a bracket: with AltGr, which Windows reports as Ctrl and Alt, or with Alt on a Mac.
 */
export function playerKey(event: PressedKey): PlayerKey | undefined {
  const sign = latinSign(event);
  const isTyped = event.altKey && !event.metaKey && (event.key === "[" || event.key === "]");
  if (!isTyped && (event.ctrlKey || event.altKey || event.metaKey)) {
    return undefined;
  }
  switch (sign) {
    case " ":
      return { kind: "toggle" };
    case "ArrowRight":
      return { kind: "step", frames: event.shiftKey ? 10 : 1 };
    case "ArrowLeft":
      return { kind: "step", frames: event.shiftKey ? -10 : -1 };
    case ".":
      return { kind: "step", frames: 1 };
    case ",":
      return { kind: "step", frames: -1 };
    case "Home":
      return { kind: "first" };
    case "End":
      return { kind: "last" };
    case "l":
    case "L":
      return { kind: "loop" };
    case "p":
    case "P":
      return { kind: "pingPong" };
    case "]":
      return { kind: "speed", by: 1 };
    case "[":
      return { kind: "speed", by: -1 };
    case "z":
    case "Z":
      return { kind: "zoom" };
    default:
      return undefined;
  }
}

/** The playhead after a key press. */
export function afterKey(head: Playhead, key: HeadKey): Playhead {
  switch (key.kind) {
    case "toggle":
      return toggled(head);
    case "step":
      return soughtTo(head, head.frame + key.frames);
    case "first":
      return soughtTo(head, 0);
    case "last":
      return soughtTo(head, head.count - 1);
    case "loop":
      return { ...head, loop: !head.loop };
    case "pingPong":
      return { ...head, pingPong: !head.pingPong, direction: 1 };
    case "speed":
      return faster(head, key.by);
  }
}
