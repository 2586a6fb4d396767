/** What page and host say to each other about finished videos. */
import * as z from "zod";
import { seenSchema } from "../model/draft.ts";
import { sideSchema } from "../model/side.ts";
import { bytesSchema, granted, request, wish } from "./rpc.ts";

/** The PSNR in dB that stands for pictures in which nothing differs, and the highest that is told. */
export const identical = 99;

const endMeasureSchema = z.object({
  /** Structural similarity, 1 is identical. */
  ssim: z.number().min(-1).max(1.000001),
  /** Peak signal-to-noise ratio in dB. */
  psnr: z.number().min(0).max(identical),
});
export type EndMeasure = z.infer<typeof endMeasureSchema>;

/** How much the ends of a video are like the images that it was made from, by luma. */
export const measuresSchema = z.object({
  /** Pixels of the video. */
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  /** The first frame against the start image; absent where they cannot be compared. */
  start: endMeasureSchema.optional(),
  /** The last frames, in their order, against the end image; absent where they cannot be compared. */
  end: z.array(endMeasureSchema).min(1).max(8).optional(),
});
export type Measures = z.infer<typeof measuresSchema>;

const jobId = z.string();

export const video = request("video", { jobId }, z.object({ bytes: bytesSchema }));
/** The job's own copy of an image as PNG, as it was sent. The answer has no bytes where no copy is kept. */
export const input = request("input", { jobId, side: sideSchema }, z.object({ bytes: bytesSchema.optional() }));
/** The host keeps what the page measured, so that a page that comes back need not measure again. */
export const measured = request("measured", { jobId, measures: measuresSchema }, granted);
/**
 * Keeps a frame as PNG beside its video. `frame` counts from 1; `path` is absolute, `shown` is as people of this workspace
 * write it.
 */
export const saveFrame = wish(
  "saveFrame",
  { jobId, frame: z.int().positive(), bytes: bytesSchema },
  z.object({ path: z.string(), shown: z.string() }),
);
/**
 * Sends the same pair, prompt and parameters with a new seed, at once. The answer has no id where the user was asked about
 * the price and decided against it.
 */
export const again = wish("again", { jobId }, z.object({ jobId: z.string().optional() }));
/** Puts pair, prompt and parameters into the form. `seen`: the picture files as the video was made of them. */
export const reuse = wish("reuse", { jobId }, z.object({ seen: seenSchema }));
export const videoRequests = { video, input, measured, saveFrame, again, reuse };
