/** Messages between page and host about the list of jobs. */
import * as z from "zod";
import { states } from "../jobs/states.ts";
import { parametersValueSchema } from "./form.ts";
import { event, granted, wish } from "./rpc.ts";
import { measuresSchema } from "./videos.ts";

/** One job as the page shows it. Times are in ms since 1970. */
export const jobViewSchema = z.object({
  id: z.string(),
  /** The base name of the video. */
  name: z.string(),
  state: z.enum(states),
  /** The state in words, with the queue position if there is one. */
  sentence: z.string(),
  detail: z.string().optional(),
  /** True while something delays a job that has been sent; `detail` says what. */
  isHeldUp: z.boolean(),
  /** True if the user has left it while its request may continue at the service. */
  isLeft: z.boolean(),
  /** What the user can do with it now. The page sends the id back in `act`. */
  actions: z.array(z.object({ id: z.string(), label: z.string() })),
  prompt: z.string(),
  /** Missing if they aren't known. */
  parameters: parametersValueSchema.optional(),
  /** When the elapsed time starts, ms since 1970; only while the job is in progress. */
  since: z.number().optional(),
  /** Path of the saved video, relative to the workspace if it is inside. */
  video: z.string().optional(),
  /** What it cost, in words; only after it has ended. */
  cost: z.string().optional(),
  /** Equal for all videos made from the same two images; missing if the images are unknown. */
  pair: z.string().optional(),
  /** What the page has measured since the window was opened. */
  measures: measuresSchema.optional(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** Runs one of the actions that a job's view offers. */
const act = wish("act", { jobId: z.string(), action: z.string() }, granted);
export const jobRequests = { act };

/** Something that the user sees of the jobs has changed. Newest first. */
const jobsEvent = event("jobs", { jobs: z.array(jobViewSchema) });
export const jobEvents = [jobsEvent] as const;
