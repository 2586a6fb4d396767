import { applyEdits } from "jsonc-parser";
import type { RenderedTake } from "../../../src/recipes/edit.ts";
import type { RecipeProblem } from "../../../src/recipes/problems.ts";

/** A recipe as earlier versions wrote it. */
export const earlier = {
  recipe: 1,
  model: "community/wan-2-2/fun-inpaint",
  prompt: "slow pan",
  start: { path: "../images/a.png", sha256: "aa", conformedSha256: "ca" },
  end: {
    path: "../images/b.png",
    sha256: "bb",
    conformedSha256: "cb",
    crop: { mode: "crop", focus: { x: 0.25, y: 0.5 }, zoom: 1.5 },
  },
  parameters: { resolution: "720x720 (1:1)", seed: 7 },
  video: {
    file: "a-b.mp4",
    sha256: "cc",
    codec: "avc",
    width: 720,
    height: 720,
    frames: 81,
    fps: 16,
    duration: 5.0625,
  },
  requestId: "r-0",
  createdAt: "2026-01-01T00:00:00.000Z",
  savedAt: "2026-01-01T00:05:00.000Z",
  cost: 0.5,
} as const;

/** The take that a render of the recipe gave. */
export function takeOf(number: number): RenderedTake {
  return {
    video: { ...earlier.video, file: `clip-${number}.mp4`, sha256: `c${number}` },
    requestId: `r-${number}`,
    createdAt: earlier.createdAt,
    savedAt: earlier.savedAt,
    cost: number / 10,
    rendered: {
      model: earlier.model,
      start: { sha256: "aa", conformedSha256: "ca" },
      end: { sha256: "bb", conformedSha256: "cb" },
      prompt: "slow pan",
      parameters: { seed: number },
    },
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a person must write. */
export const whole = `"start": "a.png", "end": "b.png", "prompt": "pan"`;

/** A text whose problem stands between « and », and where that is. */
export function marked(text: string): { text: string; offset: number; length: number } {
  const offset = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  return { text: text.replace("«", "").replace("»", ""), offset, length: end - offset };
}

/** The text after one of a problem's fixes. */
export function fixedBy(text: string, problem: RecipeProblem | undefined, index = 0): string {
  const fix = problem?.fixes[index];
  return fix?.kind === "edit" ? applyEdits(text, [...fix.edits]) : text;
}
