/** What page and host say to each other about the form and the video that is made of it. */
import * as z from "zod";
import { parametersSchema, seenSchema } from "../model/draft.ts";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { type Parameters, settableNames } from "../model/parameters.ts";
import { pairPlansSchema } from "../model/plan.ts";
import { presetIds } from "../model/presets.ts";
import { event, granted, request, wish } from "./rpc.ts";

/** Parameters as values: what differs from the model's defaults. */
export const parametersValueSchema = z.custom<Parameters>((value) => parametersSchema.safeParse(value).success);

/** What the user has put together, as typed: parameters hold the text of their fields, a missing one is "not set". */
export const formSchema = z.object({
  /** Absolute path of the start image. */
  start: z.string().min(1).optional(),
  /** Absolute path of the end image. */
  end: z.string().min(1).optional(),
  /** How each image is framed; a missing plan means that its middle is kept. */
  plans: pairPlansSchema.optional(),
  /** True when the two images are framed each on its own; else a change of one is a change of both. */
  separate: z.boolean().optional(),
  prompt: z.string(),
  parameters: z.partialRecord(z.enum(settableNames), z.string()),
  /** The preset that was chosen last. Its values may have been changed since. */
  preset: z.enum(presetIds).optional(),
  /** How the images get to the service; without it, as the settings say. */
  hosting: hostingChoiceSchema.optional(),
});
export type Form = z.infer<typeof formSchema>;

/** A form that outlives its page. Of two, the one of the higher revision is the newer. */
const keptFormSchema = z.object({
  revision: z.int().min(0),
  draft: formSchema,
  /** What the user had put together before something else took its place, to go back to. */
  earlier: formSchema.optional(),
});
export type KeptForm = z.infer<typeof keptFormSchema>;

/** What replaces parts of the form; a key that is present with `undefined` empties that part. */
export const formPatchSchema = formSchema.partial();
export type FormPatch = z.infer<typeof formPatchSchema>;

/** Values of parameters as the texts of their fields. */
export function fieldTexts(parameters: Parameters): Form["parameters"] {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}

/** What the service says a video costs, as the page gets it. USD for one unit; the unit is the service's word. */
const priceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("known"), usd: z.number(), unit: z.string() }),
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("noToken") }),
]);

/** Makes a video of the form. The answer has no id where the user was asked about the price and decided against it. */
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
  },
  z.object({ jobId: z.string().optional() }),
);
/** The form as it stands now, to be there also when the page's tab is closed. */
export const draft = request("draft", { kept: keptFormSchema }, granted);
/** Prompts of the user's own jobs, each once, newest first. */
export const prompts = request("prompts", {}, z.object({ prompts: z.array(z.string()) }));
/** What the user's own videos of the same work typically took, ms; missing without any. */
export const runTime = request(
  "runTime",
  { parameters: parametersValueSchema },
  z.object({ typical: z.number().optional() }),
);
export const price = request("price", {}, priceSchema);
export const formRequests = { generate, draft, prompts, runTime, price };

/** Something from elsewhere is laid over the form. */
const draftEvent = event("draft", { patch: formPatchSchema });
export const formEvents = [draftEvent] as const;
