/**
 * The ten inputs of `community/wan-2-2/fun-inpaint`, each in one row: our word, its wire key, what a person reads, its
 * type and range, and the model's own default. Form, validation, settings and wire body derive from
 * this table, and the wire keys appear nowhere else. Source: `docs/service.md`, "The model".
 */

import type { Size } from "./size.ts";
import { cleanText } from "./text.ts";

interface Row {
  /** The key on the wire: node number and widget name. */
  readonly wireKey: string;
  readonly title: string;
  readonly description: string;
}
interface ImageRow extends Row {
  readonly kind: "image";
}
interface TextRow extends Row {
  readonly kind: "text";
}
interface ChoiceRow<T extends string | number> extends Row {
  readonly kind: "choice";
  readonly choices: readonly T[];
  readonly default: T;
}
interface NumberRow extends Row {
  readonly kind: "integer" | "float";
  readonly minimum: number;
  readonly maximum: number;
  /** The model's own value where the key is left out. For steps it lies below the minimum that may be sent. */
  readonly default: number | undefined;
}
export type ParameterRow = ImageRow | TextRow | ChoiceRow<string> | ChoiceRow<number> | NumberRow;

/** The largest seed we draw or accept: fits every sampler's 32-bit generator and survives JSON. */
export const maximumSeed = 2 ** 32 - 1;

export const resolutions = [
  "480x480 (1:1)",
  "720x720 (1:1)",
  "480x720 (2:3)",
  "720x480 (3:2)",
  "540x960 (9:16)",
  "576x1024 (9:16)",
  "720x1280 (9:16)",
  "960x540 (16:9)",
  "1024x576 (16:9)",
  "1280x720 (16:9)",
] as const;
export type Resolution = (typeof resolutions)[number];

export const lengths = [81, 141] as const;
export type Length = (typeof lengths)[number];

export const parameterTable = {
  prompt: {
    wireKey: "99_text",
    kind: "text",
    title: "Prompt",
    description:
      "Say what changes between the two images and how the camera moves. The images already show the rest. This model has no negative prompt.",
  },
  start: {
    wireKey: "110_image",
    kind: "image",
    title: "Start Image",
    description: "The video’s first frame.",
  },
  end: {
    wireKey: "112_image",
    kind: "image",
    title: "End Image",
    description: "The video’s last frame.",
  },
  resolution: {
    wireKey: "111_widthx111_height",
    kind: "choice",
    choices: resolutions,
    default: "720x1280 (9:16)",
    title: "Resolution",
    description:
      "Width x height of the video in pixels. Both images are cropped to exactly this size before they are sent. The two 540 sizes will probably come back 4 pixels smaller (536).",
  },
  length: {
    wireKey: "111_length",
    kind: "choice",
    choices: lengths,
    default: 81,
    title: "Number of Frames",
    description: "The model works best at 81 frames. 141 is experimental: expect more drift and flicker.",
  },
  fps: {
    wireKey: "159_frame_rate",
    kind: "integer",
    minimum: 12,
    maximum: 24,
    default: 16,
    title: "Frames per Second",
    description: "How fast the frames are played. A higher rate makes the video shorter and faster, not smoother.",
  },
  seed: {
    wireKey: "96_noise_seed",
    kind: "integer",
    minimum: 0,
    maximum: maximumSeed,
    default: undefined,
    title: "Seed",
    description:
      "The same seed with the same settings gives a similar clip. Each video gets a new random seed unless you lock one.",
  },
  steps: {
    wireKey: "96_steps",
    kind: "integer",
    minimum: 6,
    maximum: 20,
    default: 4,
    title: "Steps",
    description:
      "The model is tuned for its own 4 steps, which are used if you leave this empty. A number from 6 to 20 is experimental: it may affect only the first of two passes and can make the video worse.",
  },
  cfg: {
    wireKey: "96_cfg",
    kind: "float",
    minimum: 0.6,
    maximum: 2,
    default: 1,
    title: "Guidance Scale",
    description:
      "1 follows the prompt loosely and is fastest. 1.3 to 2 follows it more closely, with more motion; it is slower, and colors may oversaturate. Any value other than 1 is experimental: it may affect only the first of two passes.",
  },
  shift: {
    wireKey: "93_shift",
    kind: "float",
    minimum: 1,
    maximum: 15,
    default: 8,
    title: "Shift",
    description:
      "Higher values change structure and motion more and keep less fine detail. 8 goes with the model’s 4 steps. Any other value is experimental: it may affect only the first of two passes.",
  },
} as const satisfies Record<string, ParameterRow>;

/** Our word for one of the ten inputs. */
export type Word = keyof typeof parameterTable;

/** The inputs that a user can leave to the model or to us; the other three make up the draft itself. */
export const settableWords = ["resolution", "length", "fps", "seed", "steps", "cfg", "shift"] as const;
export type SettableWord = (typeof settableWords)[number];

const words: readonly Word[] = ["prompt", "start", "end", ...settableWords];

/** What the user set. A missing key means "the model's default"; a missing seed means "draw one". */
export interface Parameters {
  readonly resolution?: Resolution;
  readonly length?: Length;
  /** Frames per second, integer. */
  readonly fps?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly cfg?: number;
  readonly shift?: number;
}

/** Parameters as a job freezes them: the seed is always known. */
export type FrozenParameters = Parameters & { readonly seed: number };

/** The exact output size in pixels of the resolution set, or of the model's default. */
export function sizeOf(parameters: Pick<Parameters, "resolution">): Size {
  const [width, height] = (parameters.resolution ?? parameterTable.resolution.default)
    .split(" ", 1)
    .join("")
    .split("x");
  return { width: Number(width), height: Number(height) };
}

/** Number of frames of the video. */
export function framesOf(parameters: Pick<Parameters, "length">): number {
  return parameters.length ?? parameterTable.length.default;
}

/** Frames per second of the video. */
export function fpsOf(parameters: Pick<Parameters, "fps">): number {
  return parameters.fps ?? parameterTable.fps.default;
}

/** Length of the video in seconds: frames / rate (`docs/service.md`, "Video files"). */
export function durationOf(parameters: Pick<Parameters, "length" | "fps">): number {
  return framesOf(parameters) / fpsOf(parameters);
}

/** A fresh random seed, an integer from 0 to {@link maximumSeed}. An unsent seed would be the service's constant. */
export function randomSeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return seed;
}

/** The body of a submit: the input object itself, keyed as on the wire, with nothing that the user did not set. */
export function wireBody(input: {
  readonly start: string;
  readonly end: string;
  readonly prompt: string;
  readonly parameters: FrozenParameters;
}): Record<string, string | number> {
  const values: Partial<Record<Word, string | number>> = {
    start: input.start,
    end: input.end,
    // Also that of a job of an earlier version, which kept it as it was typed.
    prompt: cleanText(input.prompt),
    ...input.parameters,
  };
  const body: Record<string, string | number> = {};
  for (const word of words) {
    const value = values[word];
    if (value !== undefined) {
      body[parameterTable[word].wireKey] = value;
    }
  }
  return body;
}
