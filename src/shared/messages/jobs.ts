/** Messages between page and host about the list of jobs. */
import * as z from "zod";
import { actionIds } from "../jobs/actions.ts";
import { signSchema } from "../jobs/signs.ts";
import { stateSchema } from "../jobs/states.ts";
import { parametersValueSchema } from "./form.ts";
import { bytesSchema, event, granted, request, wish } from "./rpc.ts";
import { measuresSchema } from "./videos.ts";

const actionSchema = z.enum(actionIds);

/** One job as the page shows it. Times are in ms since 1970. */
export const jobViewSchema = z.object({
  id: z.string(),
  /** When it was created. */
  at: z.number(),
  /** From when its age counts: its end, or else its creation. */
  agedFrom: z.number(),
  /** The base name of the video. */
  name: z.string(),
  /** What tells its folder from those of other videos with its name; missing if there are none. */
  folder: z.string().optional(),
  state: stateSchema,
  sign: signSchema,
  /** The state in words, with the queue position if there is one. */
  sentence: z.string(),
  detail: z.string().optional(),
  /** True if the command that clears finished videos takes it off the list. */
  isFinished: z.boolean(),
  /** True while the command that cancels waiting videos cancels it: no request of it was ever sent. */
  isUnsent: z.boolean(),
  /** True while it goes on only if its user does something. */
  needsUser: z.boolean(),
  /** What the user can do with it now. The page sends the id back in `act`. */
  actions: z.array(z.object({ id: actionSchema, label: z.string(), hint: z.string().optional() })),
  prompt: z.string(),
  /** Missing if they aren't known. */
  parameters: parametersValueSchema.optional(),
  /** When the elapsed time starts, ms since 1970; only while the job is in progress. */
  since: z.number().optional(),
  /** Path of the saved video, relative to the workspace if it is inside. */
  video: z.string().optional(),
  /** What it cost, in words; only after it has ended. */
  cost: z.string().optional(),
  /** What it cost, USD, if the service reported it. */
  usd: z.number().optional(),
  /** Equal for all videos made from the same two images (`pairId`); missing if the images are unknown. */
  pair: z.string().optional(),
  /** Its number among the videos of its pair; missing if the images are unknown. */
  take: z.int().optional(),
  /** Whether it is the take that counts in its recipe; missing unless it was rendered from one. */
  isPicked: z.boolean().optional(),
  /** What the page has measured since the window was opened. */
  measures: measuresSchema.optional(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** Runs one of the actions that a job's view offers. */
const act = wish("act", { jobId: z.string(), action: actionSchema }, granted);
/** A small picture of an image that a video was made from. */
const thumbnailSchema = z.object({ bytes: bytesSchema, mime: z.string() });
/** Small pictures of both images of a job, as sent; one is missing if it is neither kept nor still in its place unchanged. */
export const thumbnails = request(
  "thumbnails",
  { jobId: z.string() },
  z.object({ start: thumbnailSchema.optional(), end: thumbnailSchema.optional() }),
);
export const jobRequests = { act, thumbnails };

/** The jobs that are new or look different to the user now, and the ids of those that left the list. */
const jobsEvent = event("jobs", { changed: z.array(jobViewSchema), removed: z.array(z.string()) });
/** Puts a job on the stage. */
const showEvent = event("show", { jobId: z.string() });
export const jobEvents = [jobsEvent, showEvent] as const;
