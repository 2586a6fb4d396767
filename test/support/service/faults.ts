import * as z from "zod";

/** The calls that a fault can hit. `download` is any GET of an output file. */
const CALLS = ["submit", "status", "result", "cancel", "catalogue", "list", "balance", "download"] as const;
export type Call = (typeof CALLS)[number];

const answer = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.json().optional(),
  text: z.string().optional(),
  empty: z.literal(true).optional(),
});

const bytes = z.int().min(0);
const count = z.int().min(1);
const yes = z.literal(true);
/** Milliseconds; null means until `advance` is called. */
const span = z.number().min(0).nullable();

/** What can go wrong. Several may stand in one fault; the order in which they act is told in README.md. */
const effectsSchema = z.strictObject({
  delayMs: z.number().min(0).optional(),
  resetBeforeAccept: yes.optional(),
  hangBefore: yes.optional(),
  respond: answer.optional(),
  errorIn200: z.strictObject({ error_code: z.int(), error_message: z.string() }).optional(),
  redirect: z.strictObject({ location: z.string(), status: z.int().min(301).max(308).optional() }).optional(),
  html: yes.optional(),
  expire: yes.optional(),

  timing: z.strictObject({ queueMs: span.optional(), runMs: span.optional() }).optional(),
  failRun: z
    .strictObject({ error: z.json(), field: z.string().optional(), charged: z.boolean().optional() })
    .optional(),
  resetAfterAccept: yes.optional(),
  hangAfter: yes.optional(),
  acceptThenRespond: answer.optional(),

  statusWord: z.string().optional(),
  resultLag: z.strictObject({ times: count, as: z.enum(["in_progress", "400005"]).optional() }).optional(),
  costLag: z.strictObject({ times: count }).optional(),
  resultEmptyOutput: yes.optional(),
  onlyVideosArray: yes.optional(),
  severalVideos: yes.optional(),
  companionImage: yes.optional(),
  echoInputs: yes.optional(),
  videoUrl: z.string().optional(),

  videoIs: z
    .enum([
      "empty",
      "truncated",
      "html",
      "text",
      "webm",
      "wrongSize",
      "wrongFrames",
      "wrongFps",
      "cut",
      "static",
      "swapped",
      "flash",
    ])
    .optional(),
  noRange: yes.optional(),

  retryAfter: z.union([z.int().min(0), z.string()]).optional(),
  wrongContentType: z.string().optional(),
  noContentLength: yes.optional(),
  wrongContentLength: bytes.optional(),
  truncate: z
    .strictObject({ afterBytes: bytes, length: z.enum(["full", "short", "none", "chunked"]).optional() })
    .optional(),
  stall: z.strictObject({ afterBytes: bytes }).optional(),
  slowBytes: z
    .union([
      z.strictObject({ bytesPerSecond: z.number().positive() }),
      z.strictObject({ chunk: count, intervalMs: z.number().min(0) }),
    ])
    .optional(),
});
export type Effects = z.output<typeof effectsSchema>;
export type Answer = z.output<typeof answer>;

/** Effects that only make sense on some calls; every other effect may hit every call. */
const ONLY_ON: { readonly [name in keyof Effects]?: readonly Call[] } = {
  expire: ["status", "result", "cancel", "download"],
  timing: ["submit"],
  failRun: ["submit"],
  acceptThenRespond: ["submit", "cancel"],
  statusWord: ["status", "result", "cancel"],
  resultLag: ["result"],
  costLag: ["result"],
  resultEmptyOutput: ["result"],
  onlyVideosArray: ["result"],
  severalVideos: ["result"],
  companionImage: ["result"],
  echoInputs: ["result"],
  videoUrl: ["result"],
  videoIs: ["download"],
  noRange: ["download"],
};

const OF_ONE_REQUEST: readonly Call[] = ["submit", "status", "result", "cancel", "download"];

const faultSchema = z
  .strictObject({
    id: z.string().min(1).optional(),
    on: z.enum(CALLS),
    nth: count.optional(),
    times: count.optional(),
    requestIndex: z.int().min(0).optional(),
    do: effectsSchema,
  })
  .superRefine((fault, context) => {
    for (const [name, calls] of Object.entries(ONLY_ON)) {
      if (name in fault.do && !calls.includes(fault.on)) {
        context.addIssue({ code: "custom", path: ["do", name], message: `${name} does not apply to ${fault.on}` });
      }
    }
    if (Object.keys(fault.do).length === 0) {
      context.addIssue({ code: "custom", path: ["do"], message: "a fault must do something" });
    }
    if (fault.requestIndex !== undefined && !OF_ONE_REQUEST.includes(fault.on)) {
      context.addIssue({ code: "custom", path: ["requestIndex"], message: `${fault.on} belongs to no request` });
    }
  });

/** A fault plan: plain JSON, checked by this schema at every door (option, command line, `PUT /_test/faults`). */
export const faultPlanSchema = z.array(faultSchema);
export type FaultPlan = z.input<typeof faultPlanSchema>;
type Fault = z.output<typeof faultSchema>;

/** The fault that hits one call: its id, for the ledger, and what it does. */
export type ActiveFault = { readonly id: string; readonly effects: Effects };

function isDue(fault: Fault, seen: number): boolean {
  const first = fault.nth ?? 1;
  const times = fault.times ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1);
  return seen >= first && seen < first + times;
}

/** A plan in use: counts the calls that each fault watches. */
export class FaultBook {
  readonly #entries: { readonly fault: Fault; readonly id: string; seen: number }[];

  /** @throws ZodError when the plan is not one. */
  constructor(plan: unknown) {
    this.#entries = faultPlanSchema
      .parse(plan)
      .map((fault, index) => ({ fault, id: fault.id ?? `fault-${index}`, seen: 0 }));
  }

  /**
   * Counts one call and gives the first fault of the plan that is due for it.
   * @param requestIndex the order in which the request was accepted, from 0; undefined for calls without a request
   */
  strike(call: Call, requestIndex: number | undefined): ActiveFault | undefined {
    let due: ActiveFault | undefined;
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (fault.on !== call) continue;
      if (fault.requestIndex !== undefined && fault.requestIndex !== requestIndex) continue;
      entry.seen++;
      if (!due && isDue(fault, entry.seen)) due = { id: entry.id, effects: fault.do };
    }
    return due;
  }
}
