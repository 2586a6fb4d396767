import * as z from "zod";
import { type ParameterName, type ParameterRow, parameterNames, parameterTable } from "../shared/model/parameters.ts";
import type { Side } from "../shared/model/side.ts";

/**
 * One way in which the model's inputs, as the service describes them now, differ from those of this version. Reported
 * differences are remembered as JSON, so the keys must not change: `word` is the parameter's name.
 */
export type Difference =
  /** Values that can be chosen there and not here, or here and not there. */
  | { readonly kind: "newChoices" | "goneChoices"; readonly word: ParameterName; readonly values: readonly string[] }
  /** Another limit. */
  | {
      readonly kind: "limit";
      readonly word: ParameterName;
      readonly end: "minimum" | "maximum";
      readonly here: number;
      readonly there: number;
    }
  /** Another value that the model takes if nothing is sent. */
  | { readonly kind: "default"; readonly word: ParameterName; readonly here: string; readonly there: string }
  /** A parameter of this version that the service no longer has. */
  | { readonly kind: "gone"; readonly word: ParameterName }
  /** A parameter that this version does not know. */
  | { readonly kind: "new"; readonly title: string; readonly required: boolean }
  /** Start and end image have other keys than this version sends them under. */
  | { readonly kind: "imagesMoved" };

/** The most of the service's texts that is shown. */
const mostValues = 20;
const mostCharacters = 80;

const value = z.union([z.string(), z.number()]);
const inputSchema = z.object({
  title: z.string().optional().catch(undefined),
  enum: z.array(value).optional().catch(undefined),
  minimum: z.number().optional().catch(undefined),
  maximum: z.number().optional().catch(undefined),
  default: value.optional().catch(undefined),
});
type Input = z.infer<typeof inputSchema>;
const schemaSchema = z.object({
  properties: z.record(z.string(), inputSchema.catch({})),
  required: z.array(z.string()).catch([]),
});

/**
 * Compares the catalogue's description of the model's inputs with `shared/model/parameters.ts`. Another wording (the
 * nonstandard type `float`, texts, the order of keys) is no difference, nor is a limit or list that is missing there.
 * @returns undefined if it cannot be read.
 */
export function compareSchema(schema: unknown): Difference[] | undefined {
  const found = schemaSchema.safeParse(schema).data;
  if (found === undefined || Object.keys(found.properties).length === 0) {
    return undefined;
  }
  const inputs = new Map(Object.entries(found.properties));
  const moved = imagesMoved(inputs);
  const known = new Set<string>();
  const differences: Difference[] = moved ? [{ kind: "imagesMoved" }] : [];
  for (const name of parameterNames) {
    const row: ParameterRow = parameterTable[name];
    const input = inputs.get(row.wireKey);
    known.add(row.wireKey);
    if (input === undefined) {
      differences.push(...(row.kind === "image" && moved ? [] : [{ kind: "gone", word: name } as const]));
    } else {
      differences.push(...differencesOf(name, row, input));
    }
  }
  for (const [key, { title = key }] of inputs) {
    if (!known.has(key) && !(moved && sideOf(title) !== undefined)) {
      differences.push({ kind: "new", title: title.slice(0, mostCharacters), required: found.required.includes(key) });
    }
  }
  return differences;
}

/** Start and end are told apart by their titles: the keys are numbers of nodes and mislead (`docs/service.md`, "The model"). */
function imagesMoved(inputs: ReadonlyMap<string, Input>): boolean {
  return [...inputs].some(([key, { title = "" }]) => {
    const side = sideOf(title);
    return side !== undefined && parameterTable[side].wireKey !== key;
  });
}

function sideOf(title: string): Side | undefined {
  const [, side] = /^\s*(start|end|first|last)\b.*\b(image|frame)\s*$/i.exec(title) ?? [];
  switch (side?.toLowerCase()) {
    case "start":
    case "first":
      return "start";
    case "end":
    case "last":
      return "end";
    default:
      return undefined;
  }
}

function differencesOf(name: ParameterName, row: ParameterRow, input: Input): Difference[] {
  switch (row.kind) {
    case "image":
    case "text":
      // Their defaults are samples; both are always sent.
      return [];
    case "choice":
      return [
        ...choices(name, row.choices.map(String), input.enum?.map(String)),
        ...defaults(name, row.default, input),
      ];
    case "integer":
    case "float":
      return [
        ...limit(name, "minimum", row.minimum, input.minimum),
        ...limit(name, "maximum", row.maximum, input.maximum),
        // The seed's is a sample; it is always sent.
        ...(row.default === undefined ? [] : defaults(name, row.default, input)),
      ];
  }
}

function choices(name: ParameterName, here: readonly string[], there: readonly string[] | undefined): Difference[] {
  if (there === undefined) {
    return [];
  }
  const fresh = there.filter((choice) => !here.includes(choice)).map((choice) => choice.slice(0, mostCharacters));
  const gone = here.filter((choice) => !there.includes(choice));
  return [
    ...(fresh.length === 0 ? [] : [{ kind: "newChoices", word: name, values: fresh.slice(0, mostValues) } as const]),
    ...(gone.length === 0 ? [] : [{ kind: "goneChoices", word: name, values: gone } as const]),
  ];
}

function limit(name: ParameterName, end: "minimum" | "maximum", here: number, there: number | undefined): Difference[] {
  return there === undefined || there === here ? [] : [{ kind: "limit", word: name, end, here, there }];
}

function defaults(name: ParameterName, here: string | number, { default: there }: Input): Difference[] {
  return there === undefined || String(there) === String(here)
    ? []
    : [{ kind: "default", word: name, here: String(here), there: String(there) }];
}
