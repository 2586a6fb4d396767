/** Messages between page and host about the form and the video that it makes. */
import * as z from "zod";
import { parametersSchema, seenSchema } from "../model/draft.ts";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { type Parameters, settableNames } from "../model/parameters.ts";
import { pairPlansSchema } from "../model/plan.ts";
import { presetIds } from "../model/presets.ts";
import { sideSchema } from "../model/side.ts";
import { event, granted, request, wish } from "./rpc.ts";
import { shownProblemSchema } from "./shownProblem.ts";

/** Parameters as values. Contains only what differs from the model's defaults. */
export const parametersValueSchema = z.custom<Parameters>((value) => parametersSchema.safeParse(value).success);

/** What the user has entered. Parameters hold the text of their fields; a missing parameter is not set. */
export const formSchema = z.object({
  /** Absolute path of the start image. */
  start: z.string().min(1).optional(),
  /** Absolute path of the end image. */
  end: z.string().min(1).optional(),
  /** How each image is framed. Without a plan, the crop keeps the center. */
  plans: pairPlansSchema.optional(),
  /** True if the user frames each image separately; otherwise a change to one applies to both. */
  separate: z.boolean().optional(),
  prompt: z.string(),
  parameters: z.partialRecord(z.enum(settableNames), z.string()),
  /** The preset that the user chose last. They may have changed its values since. */
  preset: z.enum(presetIds).optional(),
  /** How the images get to the service; if missing, the settings decide. */
  hosting: hostingChoiceSchema.optional(),
});
export type Form = z.infer<typeof formSchema>;

/** Where the user is in the page. Of two, the one that they came to later counts. */
export const placeSchema = z.object({
  /** When they came there, ms since 1970. */
  at: z.number(),
  /** The job on the stage, or the form. */
  shown: z.string(),
  /** How far the page is scrolled, in CSS pixels. */
  scroll: z.number().min(0),
  /** What the user looks at in the video on the stage; missing if nothing was chosen yet. */
  look: z
    .object({
      /** Counts from 0. */
      frame: z.int().min(0),
      /** The image over the video. */
      overlay: z.object({ side: sideSchema, way: z.enum(["wipe", "difference"]) }).optional(),
    })
    .optional(),
});
export type Place = z.infer<typeof placeSchema>;
export type Look = NonNullable<Place["look"]>;

/** A form that outlives its page, and where its user was. Of two forms, the one with the higher revision is newer. */
const keptFormSchema = z.object({
  revision: z.int().min(0),
  draft: formSchema,
  /** What the user had entered before something else replaced it. They can go back to it. */
  earlier: formSchema.optional(),
  place: placeSchema.optional(),
});
export type KeptForm = z.infer<typeof keptFormSchema>;

/** The form that was stored, of any version; undefined if it cannot be read. */
export function formOf(kept: unknown): Form | undefined {
  return keptFormSchema.safeParse(kept).data?.draft;
}

/** Replaces parts of the form. A key whose value is `undefined` clears that part. */
export const formPatchSchema = formSchema.partial();
export type FormPatch = z.infer<typeof formPatchSchema>;

/** Parameter values as the text of their fields. */
export function fieldTexts(parameters: Parameters): Form["parameters"] {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}

/** The caps on the number of videos that are set. */
const usedSchema = z.array(z.object({ per: z.enum(["day", "month"]), made: z.number(), cap: z.number() })).optional();
/** The service's price for a video, as the page receives it: USD per unit, and the service's own name for the unit. */
const priceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("known"), usd: z.number(), unit: z.string(), used: usedSchema }),
  z.object({ kind: z.literal("unknown"), used: usedSchema }),
  /** `actions` lead to a token. */
  z.object({ kind: z.literal("noToken"), actions: shownProblemSchema.shape.actions, used: usedSchema }),
]);
export type ShownPrice = z.infer<typeof priceSchema>;

/**
 * Makes a video from the form. The answer has no id if the user declined the price, or to set a token. `said` is what there is
 * to say of a token that they set.
 */
export const generate = wish(
  "generate",
  {
    start: z.string(),
    end: z.string(),
    prompt: z.string(),
    parameters: parametersValueSchema,
    plans: pairPlansSchema.optional(),
    hosting: hostingChoiceSchema.optional(),
    seen: seenSchema.optional(),
    /** The user pressed the button that says that it asks for a token first, if there is none. */
    asksForToken: z.boolean().optional(),
  },
  z.object({ jobId: z.string().optional(), said: z.string().optional() }),
);
/** The current form. The host keeps it, so that it survives closing the page's tab. */
export const draft = request("draft", { kept: keptFormSchema }, granted);
/** The prompts of the user's own jobs without duplicates, newest first. */
export const prompts = request("prompts", {}, z.object({ prompts: z.array(z.string()) }));
/** How long the user's own videos with the same workload typically rendered, without the queue, ms; missing if there are none. */
export const runTime = request(
  "runTime",
  { parameters: parametersValueSchema },
  z.object({ typical: z.number().optional() }),
);
export const price = request("price", {}, priceSchema);
/** The folder that a video of this start image is saved in, as people write it; missing if it is not known yet. */
export const destination = request(
  "destination",
  { start: z.string().optional() },
  z.object({ folder: z.string().optional() }),
);
export const formRequests = { generate, draft, prompts, runTime, price, destination };

/** The host changes the form from outside the page. */
const draftEvent = event("draft", { patch: formPatchSchema });
export const formEvents = [draftEvent] as const;
