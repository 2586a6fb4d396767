/** What page and host say to each other about the whole panel. */
import * as z from "zod";
import { hostingChoiceSchema } from "../model/hosting.ts";
import { formPatchSchema, parametersValueSchema } from "./form.ts";
import { jobViewSchema } from "./jobs.ts";
import { event, request, wish } from "./rpc.ts";
import { shownProblemSchema } from "./shownProblem.ts";

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
