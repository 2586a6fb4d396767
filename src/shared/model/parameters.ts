/**
 * The inputs of `community/wan-2-2/fun-inpaint`. Each row has an input's name, wire key, display texts, type and range, the
 * model's own default, and where the user sets it. Types, schemas, form, settings, manifest, texts and wire body derive from
 * this table. The wire keys appear nowhere else. Source: `docs/service.md`, "The model".
 */

import type { Size } from "./size.ts";
import { cleanText } from "./text.ts";

interface Row {
  /** The key on the wire: a node number and a widget name. */
  readonly wireKey: string;
  readonly title: string;
  readonly description: string;
}
/** An input that every draft has. It is not a form parameter, and it is always sent. */
interface DraftRow extends Row {
  readonly kind: "image" | "text";
  readonly place: "draft";
}
interface SettableRow extends Row {
  /** Where the panel shows it: always visible, or in the collapsible advanced section. */
  readonly place: "form" | "advanced";
  /** The user can set their own default, `wanFlf2v.defaults.<setting>`. VS Code shows this name as words, so it is that of the form. */
  readonly setting?: string;
}
interface ChoiceRow<T extends string | number> extends SettableRow {
  readonly kind: "choice";
  readonly choices: readonly T[];
  readonly default: T;
}
interface NumberRow extends SettableRow {
  readonly kind: "integer" | "float";
  readonly minimum: number;
  readonly maximum: number;
  /** The model's own value if the key is missing. For steps it lies below the smallest value that may be sent. */
  readonly default: number | undefined;
}
export type ParameterRow = DraftRow | ChoiceRow<string> | ChoiceRow<number> | NumberRow;

/** The largest seed that we draw or accept. It fits every sampler's 32-bit generator and survives JSON. */
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

export const parameterTable = {
  prompt: {
    wireKey: "99_text",
    kind: "text",
    place: "draft",
    title: "Prompt",
    description:
      "Say what changes between the two images and how the camera moves. The images already show the rest. This model has no negative prompt.",
  },
  start: {
    wireKey: "110_image",
    kind: "image",
    place: "draft",
    title: "Start Image",
    description: "The video’s first frame.",
  },
  end: {
    wireKey: "112_image",
    kind: "image",
    place: "draft",
    title: "End Image",
    description: "The video’s last frame.",
  },
  resolution: {
    wireKey: "111_widthx111_height",
    kind: "choice",
    place: "form",
    setting: "resolution",
    choices: resolutions,
    default: "720x1280 (9:16)",
    title: "Resolution",
    description:
      "Width x height of the video in pixels. Both images are cropped to exactly this size before they are sent. The two 540 sizes will probably come back 4 pixels smaller (536).",
  },
  length: {
    wireKey: "111_length",
    kind: "choice",
    place: "form",
    setting: "numberOfFrames",
    choices: lengths,
    default: 81,
    title: "Number of Frames",
    description: "The model works best at 81 frames. 141 is experimental: expect more drift and flicker.",
  },
  fps: {
    wireKey: "159_frame_rate",
    kind: "integer",
    place: "form",
    setting: "framesPerSecond",
    minimum: 12,
    maximum: 24,
    default: 16,
    title: "Frames per Second",
    description: "How fast the frames are played. A higher rate makes the video shorter and faster, not smoother.",
  },
  seed: {
    wireKey: "96_noise_seed",
    kind: "integer",
    place: "form",
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
    place: "advanced",
    setting: "steps",
    minimum: 6,
    maximum: 20,
    default: 4,
    title: "Steps",
    description:
      "The model is tuned for its default of 4 steps. A number from 6 to 20 is experimental: it may affect only the first of two passes and can make the video worse.",
  },
  cfg: {
    wireKey: "96_cfg",
    kind: "float",
    place: "advanced",
    setting: "guidanceScale",
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
    place: "advanced",
    setting: "shift",
    minimum: 1,
    maximum: 15,
    default: 8,
    title: "Shift",
    description:
      "Higher values change structure and motion more and keep less fine detail. 8 goes with the model’s 4 steps. Any other value is experimental: it may affect only the first of two passes.",
  },
} as const satisfies Record<string, ParameterRow>;

type Table = typeof parameterTable;

/** The name of one of the model's inputs. */
export type ParameterName = keyof Table;

/** The name of an input that may be left unset. The other inputs make up the draft itself. */
export type SettableName = {
  [Name in ParameterName]: Table[Name]["place"] extends "draft" ? never : Name;
}[ParameterName];

/** The name of a parameter whose value is a number in a range. */
export type NumberName = {
  [Name in SettableName]: Table[Name]["kind"] extends "choice" ? never : Name;
}[SettableName];

/** The name of a parameter with a fixed list of values. */
export type ChoiceName = Exclude<SettableName, NumberName>;

type ValueOf<R> = R extends { readonly choices: readonly (infer T)[] } ? T : number;

/** What the user set. A missing key means the model's default; a missing seed means a random one. */
export type Parameters = { readonly [Name in SettableName]?: ValueOf<Table[Name]> };

/** All inputs, in the order of the table and the form. */
export const parameterNames: readonly ParameterName[] = Object.keys(parameterTable).filter(isParameter);
export const settableNames: readonly SettableName[] = parameterNames.filter(isSettable);
export const numberNames: readonly NumberName[] = settableNames.filter(isNumber);
export const choiceNames: readonly ChoiceName[] = settableNames.filter((name) => !isNumber(name));

/**
 * The parameters whose default the user can set, with the name of its setting after `wanFlf2v.defaults.`. The seed is not one
 * of them: each video draws its own.
 */
export const namesWithSetting: readonly (readonly [name: SettableName, setting: string])[] = settableNames.flatMap(
  (name) => {
    const { setting } = settableRow(name);
    return setting === undefined ? [] : [[name, setting] as const];
  },
);

function isParameter(text: string): text is ParameterName {
  return Object.hasOwn(parameterTable, text);
}

/** True for the name of a parameter that can be set. */
export function isSettable(text: string): text is SettableName {
  return isParameter(text) && parameterTable[text].place !== "draft";
}

function isNumber(name: SettableName): name is NumberName {
  return parameterTable[name].kind !== "choice";
}

/** The row of a parameter, typed as any row of a settable parameter. */
export function settableRow(name: SettableName): Exclude<ParameterRow, DraftRow> {
  return parameterTable[name];
}

/** A job's frozen parameters. They always contain a seed. */
export type FrozenParameters = Parameters & { readonly seed: number };

/** The exact output size in pixels for the set resolution, or for the model's default. */
export function sizeOf(parameters: Pick<Parameters, "resolution">): Size {
  const [width, height] = (parameters.resolution ?? parameterTable.resolution.default)
    .split(" ", 1)
    .join("")
    .split("x");
  return { width: Number(width), height: Number(height) };
}

/** The video's number of frames. */
export function framesOf(parameters: Pick<Parameters, "length">): number {
  return parameters.length ?? parameterTable.length.default;
}

/** The video's frames per second. */
export function fpsOf(parameters: Pick<Parameters, "fps">): number {
  return parameters.fps ?? parameterTable.fps.default;
}

/** The video's duration in seconds: frames / rate (`docs/service.md`, "Video files"). */
export function durationOf(parameters: Pick<Parameters, "length" | "fps">): number {
  return framesOf(parameters) / fpsOf(parameters);
}

/** A new random seed, an integer from 0 to {@link maximumSeed}. Without one, the service would always use the same seed. */
export function randomSeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return seed;
}

/** The body of a submit: the input object with its wire keys, and nothing that the user did not set. */
export function wireBody(input: {
  readonly start: string;
  readonly end: string;
  readonly prompt: string;
  readonly parameters: FrozenParameters;
}): Record<string, string | number> {
  const values: Partial<Record<ParameterName, string | number>> = {
    ...input.parameters,
    start: input.start,
    end: input.end,
    // Jobs of earlier versions kept the prompt as typed.
    prompt: cleanText(input.prompt),
  };
  const body: Record<string, string | number> = {};
  for (const name of parameterNames) {
    const value = values[name];
    if (value !== undefined) {
      body[parameterTable[name].wireKey] = value;
    }
  }
  return body;
}
