/** What page and host say to each other about the list of jobs. */
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
  /** The same for all videos made from the same two images; absent where the images are not known. */
  pair: z.string().optional(),
  /** What the page measured since the window was opened. */
  measures: measuresSchema.optional(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** Does one of the actions that a job's view offers. */
export const act = wish("act", { jobId: z.string(), action: z.string() }, granted);
export const jobRequests = { act };

/** What the user sees of the jobs has changed. Newest first. */
const jobsEvent = event("jobs", { jobs: z.array(jobViewSchema) });
export const jobEvents = [jobsEvent] as const;
