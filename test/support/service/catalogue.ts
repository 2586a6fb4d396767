import * as z from "zod";

/** The model this service runs, as the API page names it. */
export const MODEL_ID = "community/wan-2-2/fun-inpaint";

const DEFAULT_PROMPT =
  "A dreamy scene where a girl is playing with her hair. Zoom in, and the looks up, and blinks. windy hair, leaves moving with wind, lens flare";

/** The input schema of the API page, word for word (also its nonstandard type "float"). */
export const INPUT_SCHEMA = {
  type: "object",
  title: "Input",
  required: ["112_image", "110_image", "99_text"],
  properties: {
    "99_text": { title: "Prompt", description: "", type: "string", default: DEFAULT_PROMPT },
    "110_image": { title: "Start Image", description: "", type: "string", default: "Runcomfy_1272_2.png" },
    "112_image": { title: "End Image", description: "", type: "string", default: "Runcomfy_1272_1.png" },
    "111_widthx111_height": {
      title: "Resolution (W:H)",
      description: "",
      type: "string",
      enum: [
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
      ],
      default: "720x1280 (9:16)",
    },
    "111_length": { title: "Number of Frames", description: "", type: "integer", enum: [81, 141], default: 81 },
    "159_frame_rate": {
      title: "Frames Per Second",
      description: "",
      type: "integer",
      minimum: 12,
      maximum: 24,
      default: 16,
    },
    "96_noise_seed": { title: "Seed", description: "", type: "integer", default: 96860978 },
    "96_steps": {
      title: "Steps",
      description: "Number of denoising iterations; more steps refine detail and stability but take longer.",
      type: "integer",
      default: 4,
      minimum: 6,
      maximum: 20,
    },
    "96_cfg": {
      title: "Guidance Scale",
      description: "Controls how strongly the output adheres to the prompt versus allowing creative variation.",
      type: "float",
      default: 1,
      minimum: 0.6,
      maximum: 2,
    },
    "93_shift": {
      title: "Shift",
      description:
        "Offsets the diffusion sampling schedule, trading stability for stronger motion/style as the value increases.",
      type: "float",
      default: 8,
      minimum: 1,
      maximum: 15,
    },
  },
} as const;

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
