import { readFileSync } from "node:fs";
import * as z from "zod";

/** The model this service runs, as the API page names it. */
export const MODEL_ID = "community/wan-2-2/fun-inpaint";

const property = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** "float" is none of JSON Schema's. */
  type: z.enum(["string", "integer", "float"]),
  default: z.union([z.string(), z.number()]),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
export type Property = z.infer<typeof property>;

/** The input schema of the API page, word for word. */
export const INPUT_SCHEMA = z
  .strictObject({
    type: z.literal("object"),
    title: z.string(),
    required: z.array(z.string()),
    properties: z.record(z.string(), property),
  })
  .parse(JSON.parse(readFileSync(new URL("inputSchema.json", import.meta.url), "utf8")));

/** What one run costs: `usd` per `unit` (`docs/service.md`, "Catalogue and balance"). */
export const priceSchema = z.strictObject({
  usd: z.number().min(0),
  unit: z.enum(["second", "output", "image"]),
});
export type Price = z.output<typeof priceSchema>;

/**
 * The cost of one run in USD, rounded to micro-dollars. Per second of video (frames ÷ fps), or flat for the units
 * "output" and "image".
 */
export function costOf(price: Price, frames: number, fps: number): number {
  const usd = price.unit === "second" ? (price.usd * frames) / fps : price.usd;
  return Math.round(usd * 1e6) / 1e6;
}

type Entry = {
  readonly modelId: string;
  readonly displayName: string;
  readonly categories: readonly string[];
  readonly kind: "model" | "workflow" | "inference";
  readonly page: string;
  readonly schema: object;
  readonly inputs: readonly string[];
  readonly required: readonly string[];
};

const sisterSchema = {
  type: "object",
  title: "Input",
  required: ["62_image", "68_image", "6_text"],
  properties: {
    "62_image": { title: "End Image", description: "", type: "string" },
    "68_image": { title: "Start Image", description: "", type: "string" },
    "6_text": { title: "Prompt", description: "", type: "string" },
  },
};

/** The second entry is the sister model of the same display name; it is listed, not run. */
const ENTRIES: readonly Entry[] = [
  {
    modelId: MODEL_ID,
    displayName: "Wan 2.2 FLF2V",
    categories: ["image-to-video"],
    kind: "workflow",
    page: "/models/community/wan-2-2/fun-inp/first-last-frame",
    schema: INPUT_SCHEMA,
    inputs: Object.keys(INPUT_SCHEMA.properties),
    required: INPUT_SCHEMA.required,
  },
  {
    modelId: "community/wan-2-2/first-last-frame",
    displayName: "Wan 2.2 FLF2V",
    categories: ["image-to-video"],
    kind: "workflow",
    page: "/models/community/wan-2-2/first-last-frame",
    schema: sisterSchema,
    inputs: Object.keys(sisterSchema.properties),
    required: sisterSchema.required,
  },
];

/** What the service's settings say of the catalogue. */
type Shown = { readonly price: Price; readonly inputSchema: Readonly<Record<string, unknown>> };

function entryJson(entry: Entry, { price, inputSchema }: Shown, withSchema: boolean) {
  return {
    model_id: entry.modelId,
    display_name: entry.displayName,
    description: "Simulated by the local service: a cross-fade from the start image to the end image.",
    categories: entry.categories,
    kind: entry.kind,
    base_price_usd: price.usd,
    price_unit: price.unit,
    pricing_note: "Local service: nothing is charged.",
    model_url: `https://www.runcomfy.com${entry.page}`,
    inputs: entry.inputs,
    required_inputs: entry.required,
    ...(withSchema ? { input_schema: entry.modelId === MODEL_ID ? inputSchema : entry.schema } : {}),
  };
}

/** `GET /v1/models/{model_id}` (`docs/service.md`, "Catalogue and balance"); undefined for a model nobody has heard of. */
export function catalogueEntry(modelId: string, shown: Shown): object | undefined {
  const entry = ENTRIES.find((candidate) => candidate.modelId === modelId);
  return entry && entryJson(entry, shown, true);
}

/** `GET /v1/models?search=&category=&kind=&include_schema=&limit=1..500&offset=`: `models` and `total` before paging. */
export function catalogueList(query: URLSearchParams, shown: Shown): { models: object[]; total: number } {
  const search = (query.get("search") ?? "").toLowerCase();
  const category = query.get("category");
  const kind = query.get("kind");
  const found = ENTRIES.filter(
    (entry) =>
      `${entry.modelId} ${entry.displayName}`.toLowerCase().includes(search) &&
      (category === null || entry.categories.includes(category)) &&
      (kind === null || entry.kind === kind),
  );
  const limit = Math.min(500, Math.max(1, Number(query.get("limit") ?? 100) || 1));
  const offset = Math.max(0, Number(query.get("offset") ?? 0) || 0);
  const page = found.slice(offset, offset + limit);
  return {
    models: page.map((entry) => entryJson(entry, shown, query.get("include_schema") === "true")),
    total: found.length,
  };
}

/** `GET /v1/models/categories`. */
export function categories(): { categories: string[] } {
  return { categories: [...new Set(ENTRIES.flatMap((entry) => entry.categories))] };
}
