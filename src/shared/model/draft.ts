import * as z from "zod";
import type { HostingChoice } from "./hosting.ts";
import {
  type FrozenParameters,
  lengths,
  type Parameters,
  parameterTable,
  resolutions,
  type SettableWord,
  settableWords,
  type Word,
} from "./parameters.ts";
import type { PairPlans } from "./plan.ts";
import { ProblemError } from "./problem.ts";
import { cleanText } from "./text.ts";

function numberSchema(row: { kind: "integer" | "float"; minimum: number; maximum: number }) {
  const number = row.kind === "integer" ? z.int() : z.number();
  return number.min(row.minimum).max(row.maximum);
}

/** One schema per settable parameter, from the table. */
const parameterSchemas = {
  resolution: z.enum(resolutions),
  length: z.literal(lengths),
  fps: numberSchema(parameterTable.fps),
  seed: numberSchema(parameterTable.seed),
  steps: numberSchema(parameterTable.steps),
  cfg: numberSchema(parameterTable.cfg),
  shift: numberSchema(parameterTable.shift),
} satisfies Record<SettableWord, z.ZodType>;

/**
 * Everything a user may set, with unknown keys refused: the service would accept and ignore them (`docs/service.md`, "The
 * model").
 */
export const parametersSchema = z.strictObject(parameterSchemas).partial();

/** Parameters as a job freezes them, read back from the journal or a recipe. A missing key is absent, never undefined. */
export const frozenParametersSchema = z
  .strictObject(parameterSchemas)
  .partial()
  .required({ seed: true })
  .transform((parameters): FrozenParameters => ({ ...withoutUndefined(parameters), seed: parameters.seed }));

/** Characters of an image's address at most: longer ones are cut off on their way. */
const longestAddress = 8192;

/** True for a whole https address with a host, without a user name, in printable ASCII as it goes over the wire. */
function isImageAddress(text: string): boolean {
  if (text.length > longestAddress || !/^https:\/\/[^/\\?#@]+([/?#]|$)/i.test(text) || !/^[\x21-\x7e]+$/.test(text)) {
    return false;
  }
  const url = URL.parse(text);
  return url !== null && url.hostname !== "";
}

/** Where an image comes from: a file of this machine (absolute path) or a public https address. */
export const imageSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("file"), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal("url"), url: z.string().refine(isImageAddress) }),
]);
export type ImageSource = z.infer<typeof imageSourceSchema>;

/** SHA-256 of each picture's file as the user has seen it, hex. */
export const seenSchema = z.object({ start: z.string().optional(), end: z.string().optional() });
export type Seen = z.infer<typeof seenSchema>;

/** What a person puts together to be made into a video: in the panel, by a command, or out of an earlier video. */
export interface Draft {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  readonly parameters: Parameters;
  /** How each image file is brought to the video's frame; without a plan, its middle is kept. */
  readonly plans?: PairPlans | undefined;
  /** How image files get to the service; without it, as the settings say. */
  readonly hosting?: HostingChoice | undefined;
  /** The picture files as their user has seen them: one that differs by now is not sent. Without it, they are taken as they are. */
  readonly seen?: Seen | undefined;
}

/** Removes keys whose value is undefined, so that "not set" has one form. */
function withoutUndefined(parameters: z.infer<typeof parametersSchema>): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

/**
 * Checks everything of a draft that needs no look at the images.
 * @returns the draft with its prompt trimmed and clean ({@link cleanText}).
 * @throws {ProblemError} `promptEmpty`, `parameterInvalid` or `parameterUnknown`.
 * @throws {ProblemError} `imageAddressInvalid` for its form; where its host leads to is asked in `hosting/readable.ts`.
 */
export function checkDraft(draft: {
  start: ImageSource;
  end: ImageSource;
  prompt: string;
  parameters: unknown;
}): Draft {
  const prompt = cleanText(draft.prompt).trim();
  if (prompt === "") {
    throw new ProblemError({ code: "promptEmpty" });
  }
  for (const side of ["start", "end"] as const) {
    if (draft[side].kind === "url" && !imageSourceSchema.safeParse(draft[side]).success) {
      throw new ProblemError({ code: "imageAddressInvalid", side });
    }
  }
  return { start: draft.start, end: draft.end, prompt, parameters: checkParameters(draft.parameters) };
}

/**
 * Parses parameters against the table.
 * @throws {ProblemError} `parameterInvalid` with the word and the value met, or `parameterUnknown` with the key.
 */
export function checkParameters(value: unknown): Parameters {
  const parsed = parametersSchema.safeParse(value);
  if (parsed.success) {
    return withoutUndefined(parsed.data);
  }
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw new ProblemError({ code: "parameterUnknown", key: issue.keys.join(", ") });
  }
  const word = settableWords.find((candidate) => candidate === issue?.path[0]);
  if (word === undefined) {
    throw new ProblemError({ code: "parameterUnknown", key: shown(value) });
  }
  const met = typeof value === "object" && value !== null ? Reflect.get(value, word) : undefined;
  throw new ProblemError({ code: "parameterInvalid", word, value: shown(met) });
}

/** A value as a person reads it in an error. JSON alone knows neither NaN nor undefined. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

/** What is wrong with one value of one parameter, for the form while the user types. */
export function isValid(word: SettableWord, value: unknown): boolean {
  return parameterSchemas[word].safeParse(value).success;
}

/** Range or choices of a parameter as text, for help and errors: "6-20", "81, 141". */
export function rangeText(word: Word): string {
  const row = parameterTable[word];
  switch (row.kind) {
    case "choice":
      return row.choices.join(", ");
    case "integer":
    case "float":
      return `${row.minimum}–${row.maximum}`;
    case "text":
    case "image":
      return "";
  }
}
