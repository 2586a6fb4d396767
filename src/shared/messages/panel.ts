/** What page and host say to each other about the whole panel. */
import * as z from "zod";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { parameterNames } from "../model/parameters.ts";
import { formPatchSchema, parametersValueSchema, wordKeys } from "./form.ts";
import { jobViewSchema } from "./jobs.ts";
import { studioKeys } from "./pair.ts";
import { event, request, wish } from "./rpc.ts";
import { shownProblemSchema } from "./shownProblem.ts";
import { reviewStringKeys } from "./videos.ts";

const stringKeys = [
  "title",
  "chooseStart",
  "chooseEnd",
  "dropHint",
  "replaceStart",
  "replaceEnd",
  "clearStart",
  "clearEnd",
  "swap",
  "loadingImage",
  "pixels",
  "promptPlaceholder",
  "promptCount",
  "countWord",
  "countWords",
  "countCharacter",
  "countCharacters",
  "settings",
  "advanced",
  "advancedSet",
  "hosting",
  "hostingSettings",
  "hosting.auto",
  "hosting.dataUri",
  "hosting.s3",
  "hosting.put",
  "about",
  "range",
  "modelDefault",
  "settingDefault",
  "useBest",
  "seedPlaceholder",
  "seedDraw",
  "reset",
  "frames",
  "framesExperimental",
  "summary",
  "summaryFlawed",
  "generate",
  "generating",
  "generateKeys",
  "videos",
  "noVideos",
  "elapsed",
  "savedAs",
  "facts",
  "seedFact",
  "reuseSeed",
  "seedReused",
  "loadingVideo",
  "videoLabel",
  "videoFailed",
  "announcement",
  "dismiss",
  "startMissing",
  "endMissing",
  "promptEmpty",
  "notANumber",
  "notWhole",
  "outOfRange",
  "startAnew",
  "backToDraft",
  "draftBack",
  "startedAnew",
  "pairMovedOn",
  "unexpected",
  ...reviewStringKeys,
  ...wordKeys,
  ...studioKeys,
] as const;

/** Every text of the page. A text with `{0}`, `{1}`, … has those places filled by the page. */
export const stringsSchema = z.record(z.enum(stringKeys), z.string());
export type PanelStrings = z.infer<typeof stringsSchema>;

/** Title and help of each of the model's inputs, in the user's language. */
export const parameterTextsSchema = z.record(
  z.enum(parameterNames),
  z.object({ title: z.string(), description: z.string() }),
);
export type ParameterTexts = z.infer<typeof parameterTextsSchema>;

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

/** All that a page begins with. */
const stateSchema = z.object({
  strings: stringsSchema,
  texts: parameterTextsSchema,
  /** BCP 47 tag of the language that numbers are written in. */
  language: z.string(),
  settings: settingsSchema,
  jobs: z.array(jobViewSchema),
  /** The last form that the host was told, of whichever version of this page. */
  kept: z.unknown().optional(),
  /** What was put into the draft while no page was there to take it, oldest first. */
  patches: z.array(formPatchSchema),
});
export type PanelState = z.infer<typeof stateSchema>;

/** The page is there. Always its first message. */
export const ready = request("ready", {}, stateSchema);
/** One of the commands that a shown problem offered. `said`: what the command has to say to its user. */
export const command = wish(
  "command",
  { command: z.string(), setting: z.string().optional() },
  z.object({ said: z.string().optional() }),
);
export const panelRequests = { ready, command };

const settingsEvent = event("settings", { settings: settingsSchema });
export const panelEvents = [settingsEvent] as const;
