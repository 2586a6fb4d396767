import * as z from "zod";
import type { HostingChoice } from "./hosting.ts";
import { type FrozenParameters, type Parameters, type SettableName, settableNames, settableRow } from "./parameters.ts";
import type { PairPlans } from "./plan.ts";
import { ProblemError } from "./problem.ts";
import { sides } from "./side.ts";
import { cleanText } from "./text.ts";

function schemaOf(row: ReturnType<typeof settableRow>): z.ZodType<string | number> {
  switch (row.kind) {
    case "choice":
      return z.literal(row.choices);
    case "integer":
      return z.int().min(row.minimum).max(row.maximum);
    case "float":
      return z.number().min(row.minimum).max(row.maximum);
  }
}

const schemas = new Map(settableNames.map((name) => [name, schemaOf(settableRow(name))]));

/**
 * Everything a user may set, with unknown keys refused: the service would accept and ignore them (`docs/service.md`, "The
 * model"). A missing key is absent, never undefined.
 */
export const parametersSchema = z
  .strictObject(Object.fromEntries([...schemas].map(([name, schema]) => [name, schema.optional()])))
  .transform(
    (values): Parameters => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  );

/** Parameters as a job freezes them, read back from the journal or a recipe: the seed is always there. */
export const frozenParametersSchema = parametersSchema.transform((parameters, context): FrozenParameters => {
  const { seed } = parameters;
  if (seed === undefined) {
    context.addIssue({ code: "invalid_type", expected: "number", path: ["seed"], input: undefined });
    return z.NEVER;
  }
  return { ...parameters, seed };
});

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
  /** What was set for this video; what is sent is worked out by `effectiveParameters`. */
  readonly parameters: Parameters;
  /** How each image file is brought to the video's frame; without a plan, its middle is kept. */
  readonly plans?: PairPlans | undefined;
  /** How image files get to the service; without it, as the settings say. */
  readonly hosting?: HostingChoice | undefined;
  /** The picture files as their user has seen them: one that differs by now is not sent. Without it, they are taken as they are. */
  readonly seen?: Seen | undefined;
}

/** A prompt as it is sent: clean ({@link cleanText}) and without space around it. An empty one cannot be sent. */
export function promptOf(text: string): string {
  return cleanText(text).trim();
}

/**
 * Checks everything of a draft that needs no look at the images.
 * @returns the draft with its prompt as it is sent ({@link promptOf}).
 * @throws {ProblemError} `promptEmpty`, `parameterInvalid` or `parameterUnknown`.
 * @throws {ProblemError} `imageAddressInvalid` for its form; where its host leads to is asked in `hosting/readable.ts`.
 */
export function checkDraft(draft: {
  start: ImageSource;
  end: ImageSource;
  prompt: string;
  parameters: unknown;
}): Pick<Draft, "start" | "end" | "prompt" | "parameters"> {
  const prompt = promptOf(draft.prompt);
  if (prompt === "") {
    throw new ProblemError({ code: "promptEmpty" });
  }
  for (const side of sides) {
    if (draft[side].kind === "url" && !imageSourceSchema.safeParse(draft[side]).success) {
      throw new ProblemError({ code: "imageAddressInvalid", side });
    }
  }
  return { start: draft.start, end: draft.end, prompt, parameters: checkParameters(draft.parameters) };
}

/**
 * Parses parameters against the table.
 * @throws {ProblemError} `parameterInvalid` with its name and the value met, or `parameterUnknown` with the key.
 */
export function checkParameters(value: unknown): Parameters {
  const parsed = parametersSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw new ProblemError({ code: "parameterUnknown", key: issue.keys.join(", ") });
  }
  const name = settableNames.find((candidate) => candidate === issue?.path[0]);
  if (name === undefined) {
    throw new ProblemError({ code: "parameterUnknown", key: shown(value) });
  }
  const met = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  throw new ProblemError({ code: "parameterInvalid", word: name, value: shown(met) });
}

/** A value as a person reads it in an error. JSON alone knows neither NaN nor undefined. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

/** True where a parameter can have a value, for the form while the user types. */
export function isValid(name: SettableName, value: unknown): boolean {
  return schemas.get(name)?.safeParse(value).success === true;
}
