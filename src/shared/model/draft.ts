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
 * Everything that a user may set. It rejects unknown keys, because the service would accept and ignore them
 * (`docs/service.md`, "The model"). A missing key is absent, never undefined.
 */
export const parametersSchema = z
  .strictObject(Object.fromEntries([...schemas].map(([name, schema]) => [name, schema.optional()])))
  .transform(
    (values): Parameters => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  );

/** A job's frozen parameters, as read back from the journal or a recipe. They always contain a seed. */
export const frozenParametersSchema = parametersSchema.transform((parameters, context): FrozenParameters => {
  const { seed } = parameters;
  if (seed === undefined) {
    context.addIssue({ code: "invalid_type", expected: "number", path: ["seed"], input: undefined });
    return z.NEVER;
  }
  return { ...parameters, seed };
});

/** The most characters of an image's URL: longer ones get truncated on the way. */
const longestAddress = 8192;

/** True for an absolute https URL with a host, without a user name, in printable ASCII as sent over the wire. */
function isImageAddress(text: string): boolean {
  if (text.length > longestAddress || !/^https:\/\/[^/\\?#@]+([/?#]|$)/i.test(text) || !/^[\x21-\x7e]+$/.test(text)) {
    return false;
  }
  const url = URL.parse(text);
  return url !== null && url.hostname !== "";
}

/** Where an image comes from: a file on this machine (absolute path) or a public https URL. */
export const imageSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("file"), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal("url"), url: z.string().refine(isImageAddress) }),
]);
export type ImageSource = z.infer<typeof imageSourceSchema>;

/** SHA-256 of each picture's file as the user saw it, hex. */
export const seenSchema = z.object({ start: z.string().optional(), end: z.string().optional() });
export type Seen = z.infer<typeof seenSchema>;

/** The input for a video, from the panel, a command or an earlier video. */
export interface Draft {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  /** What the user set for this video. `effectiveParameters` works out what is sent. */
  readonly parameters: Parameters;
  /**
   * True if the parameters are all that the video is made with, as the panel showed them or an earlier video had them: the
   * user's settings add nothing, and what is left out is the model's own.
   */
  readonly isComplete?: true;
  /** How each image file is fitted to the video's frame. Without a plan, the crop keeps the center. */
  readonly plans?: PairPlans | undefined;
  /** How image files get to the service; if missing, the settings decide. */
  readonly hosting?: HostingChoice | undefined;
  /** The picture files as the user saw them. A file that has changed since is not sent. If missing, nothing is compared. */
  readonly seen?: Seen | undefined;
}

/** A prompt as it is sent: cleaned ({@link cleanText}) and trimmed. An empty one cannot be sent. */
export function promptOf(text: string): string {
  return cleanText(text).trim();
}

/**
 * Checks everything in a draft that can be checked without the images.
 * @returns the draft with its prompt as it is sent ({@link promptOf}).
 * @throws {ProblemError} `promptEmpty`, `parameterInvalid` or `parameterUnknown`.
 * @throws {ProblemError} `imageAddressInvalid` if a URL is malformed; `hosting/readable.ts` checks where its host leads.
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
 * @throws {ProblemError} `parameterInvalid` with the name and the value found, or `parameterUnknown` with the key.
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

/** A value as text for an error. JSON has neither NaN nor undefined. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

/** True if a parameter accepts a value. The form asks while the user types. */
export function isValid(name: SettableName, value: unknown): boolean {
  return schemas.get(name)?.safeParse(value).success === true;
}
