/**
 * The messages between the panel's host side and its page, imported by both. The page only ever asks: each of its messages
 * is a request with an id, and the host answers it or says why not. The host also tells: small events without an id.
 */

import * as z from "zod";
import { parametersSchema } from "../model/draft.ts";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { type Parameters, settableWords } from "../model/parameters.ts";
import { pairPlansSchema } from "../model/plan.ts";
import { presetIds } from "../model/presets.ts";
import { sideSchema, sides } from "../model/side.ts";
import { priceSchema, promptsSchema, runTimeSchema } from "./form.ts";
import { studioAnswers, studioRequests } from "./pair.ts";
import { reviewAnswers, reviewRequests, reviewViewSchema } from "./videos.ts";

const parametersValueSchema = z.custom<Parameters>((value) => parametersSchema.safeParse(value).success);

/** A place of the form that a message can belong to. */
const fieldSchema = z.enum([...sides, "prompt", ...settableWords]);
export type Field = z.infer<typeof fieldSchema>;

/** What the user has put together, as typed: parameters hold the text of their fields, a missing one is "not set". */
export const pageDraftSchema = z.object({
  /** Absolute path of the start image. */
  start: z.string().min(1).optional(),
  /** Absolute path of the end image. */
  end: z.string().min(1).optional(),
  /** How each image is framed; a missing plan means that its middle is kept. */
  plans: pairPlansSchema.optional(),
  /** True when the two images are framed each on its own; else a change of one is a change of both. */
  separate: z.boolean().optional(),
  prompt: z.string(),
  parameters: z.partialRecord(z.enum(settableWords), z.string()),
  /** The preset that was chosen last. Its values may have been changed since. */
  preset: z.enum(presetIds).optional(),
  /** How the images get to the service; without it, as the settings say. */
  hosting: hostingChoiceSchema.optional(),
});
export type PageDraft = z.infer<typeof pageDraftSchema>;

/** A draft that outlives its page. Of two, the one of the higher revision is the newer. */
const keptDraftSchema = z.object({
  revision: z.int().min(0),
  draft: pageDraftSchema,
  /** What the user had put together before something else took its place, to go back to. */
  earlier: pageDraftSchema.optional(),
});
export type KeptDraft = z.infer<typeof keptDraftSchema>;

/** What replaces parts of the page's draft; a key that is present with `undefined` empties that part. */
const draftPatchSchema = pageDraftSchema.partial();
export type DraftPatch = z.infer<typeof draftPatchSchema>;

/** A problem in the user's language, the place it belongs to (none: the whole panel), and what can be done about it. */
const shownProblemSchema = z.object({
  message: z.string(),
  field: fieldSchema.optional(),
  /** `setting` is the whole name of the one that the command is to lead to. */
  actions: z.array(z.object({ command: z.string(), label: z.string(), setting: z.string().optional() })).optional(),
  /** True where the pictures that the page shows are not those of the files any more. */
  outdated: z.boolean().optional(),
});
export type ShownProblem = z.infer<typeof shownProblemSchema>;

/** One job as the page shows it. Times are in ms since 1970. */
const jobViewSchema = z.object({
  id: z.string(),
  /** The base name of the video. */
  name: z.string(),
  state: z.enum([
    "preparing",
    "waiting",
    "submitting",
    "unclear",
    "queued",
    "running",
    "downloading",
    "needsAction",
    "saved",
    "failed",
    "cancelled",
  ]),
  /** The state in words, with the queue position where there is one. */
  sentence: z.string(),
  detail: z.string().optional(),
  /** True while something holds it up that has been sent; the detail says what. */
  isHeldUp: z.boolean(),
  /** True where its user has left it, while its request may go on at the service. */
  isLeft: z.boolean(),
  /** What the user can do with it now; the id goes back in `act`. */
  actions: z.array(z.object({ id: z.string(), label: z.string() })),
  prompt: z.string(),
  parameters: parametersValueSchema,
  /** Where the elapsed time starts, while the job is on its way. */
  since: z.number().optional(),
  /** Path of the saved video as people of this workspace write it. */
  video: z.string().optional(),
  /** What it cost, in words, once it has ended. */
  cost: z.string().optional(),
  review: reviewViewSchema,
});
export type JobView = z.infer<typeof jobViewSchema>;

/** What the page takes from the user's settings. */
const settingsSchema = z.object({
  /** What they put in place of the model's defaults. */
  defaults: parametersValueSchema,
  /** How they let images get to the service. */
  hosting: hostingChoiceSchema,
  /** What is wrong with them; the model's own values stand in for it. */
  trouble: shownProblemSchema.optional(),
});
export type PanelSettings = z.infer<typeof settingsSchema>;

const stateSchema = z.object({
  settings: settingsSchema,
  jobs: z.array(jobViewSchema),
  /** The last draft that the host was told, of whichever version of this page. */
  kept: z.unknown().optional(),
  /** What was put into the draft while no page was there to take it, oldest first. */
  patches: z.array(draftPatchSchema),
});
export type PanelState = z.infer<typeof stateSchema>;

/** Bytes as a message carries them. */
const bytesSchema = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

const imageSchema = z.object({
  bytes: bytesSchema,
  mime: z.string(),
  name: z.string(),
  /** Pixels of the original, turned upright. */
  width: z.number(),
  height: z.number(),
  /** What had to be assumed of its colors, in words. */
  assumed: z.string().optional(),
  /** Of the file that is shown, hex. */
  sha256: z.string(),
});
export type ImageView = z.infer<typeof imageSchema>;

/** SHA-256 of each picture's file as the user has seen it, hex. */
const seenSchema = z.object({ start: z.string().optional(), end: z.string().optional() });
export type Seen = z.infer<typeof seenSchema>;

const requestSchema = z.discriminatedUnion("kind", [
  /** The page is there. Always its first message. */
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("image"), path: z.string() }),
  z.object({ kind: z.literal("pick"), side: sideSchema }),
  /** Files dropped on the page, as addresses. */
  z.object({ kind: z.literal("drop"), uris: z.array(z.string()) }),
  /** `parameters` holds what differs from the model's defaults, as values. */
  z.object({
    kind: z.literal("generate"),
    start: z.string(),
    end: z.string(),
    prompt: z.string(),
    parameters: parametersValueSchema,
    plans: pairPlansSchema.optional(),
    hosting: hostingChoiceSchema.optional(),
    seen: seenSchema.optional(),
  }),
  /** The draft as it stands now, to be there also when the page's tab is closed. */
  z.object({ kind: z.literal("draft"), kept: keptDraftSchema }),
  z.object({ kind: z.literal("act"), jobId: z.string(), action: z.string() }),
  z.object({ kind: z.literal("video"), jobId: z.string() }),
  /** One of the commands that a shown problem offered. */
  z.object({ kind: z.literal("command"), command: z.string(), setting: z.string().optional() }),
  /** Prompts of the user's jobs. */
  z.object({ kind: z.literal("prompts") }),
  z.object({ kind: z.literal("runTime"), parameters: parametersValueSchema }),
  z.object({ kind: z.literal("price") }),
  ...reviewRequests,
  ...studioRequests,
]);
export type Request = z.infer<typeof requestSchema>;

/** What every message of the page has, whether or not its request is one. */
export const messageIdSchema = z.object({ id: z.int() });
export const pageMessageSchema = z.object({ id: z.int(), request: requestSchema });
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** What a granted request is answered with. */
export const answerSchemas = {
  ready: stateSchema,
  image: imageSchema,
  pick: z.object({ path: z.string().optional() }),
  /** `others`: how many addresses are no file of this machine. */
  drop: z.object({ paths: z.array(z.string()), others: z.int() }),
  /** Without an id where the user was asked and decided against it. */
  generate: z.object({ jobId: z.string().optional() }),
  draft: z.object({}),
  act: z.object({}),
  video: z.object({ bytes: bytesSchema }),
  /** With what the command has to say to its user. */
  command: z.object({ said: z.string().optional() }),
  prompts: promptsSchema,
  runTime: runTimeSchema,
  price: priceSchema,
  ...reviewAnswers,
  ...studioAnswers,
} satisfies Record<Request["kind"], z.ZodType>;
export type Answers = { [K in Request["kind"]]: z.infer<(typeof answerSchemas)[K]> };

export const hostMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("answer"), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal("failure"), id: z.int(), problem: shownProblemSchema }),
  z.object({ kind: z.literal("jobs"), jobs: z.array(jobViewSchema) }),
  z.object({ kind: z.literal("draft"), patch: draftPatchSchema }),
  z.object({ kind: z.literal("settings"), settings: settingsSchema }),
  z.object({ kind: z.literal("problem"), problem: shownProblemSchema }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;
