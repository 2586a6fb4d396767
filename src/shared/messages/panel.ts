/** Messages between page and host about the whole panel. */
import * as z from "zod";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { formPatchSchema, parametersValueSchema } from "./form.ts";
import { jobViewSchema } from "./jobs.ts";
import { event, granted, request, wish } from "./rpc.ts";
import { shownProblemSchema } from "./shownProblem.ts";

/** What the page needs from the user's settings. */
const settingsSchema = z.object({
  /** The user's own values for the model's defaults. */
  defaults: parametersValueSchema,
  /** How images get to the service by default. */
  hosting: hostingChoiceSchema,
  /** What is wrong with a setting. The model's own value replaces it. */
  trouble: shownProblemSchema.optional(),
});
export type PanelSettings = z.infer<typeof settingsSchema>;

/** Everything that a page starts with. */
const stateSchema = z.object({
  settings: settingsSchema,
  /** All jobs, newest first. */
  jobs: z.array(jobViewSchema),
  /** The last form that the host received, from any version of this page. */
  kept: z.unknown().optional(),
  /** Changes to the form that arrived while there was no page, oldest first. */
  patches: z.array(formPatchSchema),
  /** The job that was put on the stage while there was no page, if no change to the form came after it. */
  shown: z.string().optional(),
});
export type PanelState = z.infer<typeof stateSchema>;

/** The page is ready. Always its first message. */
export const ready = request("ready", {}, stateSchema);
/** Commands that the page offers itself, whatever problems there are. */
export const ownCommands = {
  clearFinished: "wanFlf2v.clearFinished",
  cancelWaiting: "wanFlf2v.cancelWaiting",
} as const;
/** Runs a command that the page or a displayed problem offered. `said` is the command's message to the user. */
export const command = wish(
  "command",
  { command: z.string(), setting: z.string().optional() },
  z.object({ said: z.string().optional() }),
);
/** The job on the stage, if its picture is in view. */
export const inView = request("inView", { jobId: z.string().optional() }, granted);
export const panelRequests = { ready, command, inView };

const settingsEvent = event("settings", { settings: settingsSchema });
/** The panel came to the front, or went behind another editor. */
const seenEvent = event("seen", { isSeen: z.boolean() });
export const panelEvents = [settingsEvent, seenEvent] as const;
