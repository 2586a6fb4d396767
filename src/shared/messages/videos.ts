/** Messages between page and host about finished videos. */
import * as z from "zod";
import { seenSchema } from "../model/draft.ts";
import { sideSchema } from "../model/side.ts";
import { bytesSchema, granted, request, wish } from "./rpc.ts";

/** The PSNR in dB that stands for identical pictures. It is also the highest value that is reported. */
export const identical = 99;

const endMeasureSchema = z.object({
  /** Structural similarity; 1 means identical. */
  ssim: z.number().min(-1).max(1.000001),
  /** Peak signal-to-noise ratio in dB. */
  psnr: z.number().min(0).max(identical),
});
export type EndMeasure = z.infer<typeof endMeasureSchema>;

/** How closely the first and last frames of a video match the images that it was made from. Compares luma. */
export const measuresSchema = z.object({
  /** Size of the video in pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  /** The first frame against the start image; missing if they cannot be compared. */
  start: endMeasureSchema.optional(),
  /** The last frames, in playback order, against the end image; missing if they cannot be compared. */
  end: z.array(endMeasureSchema).min(1).max(8).optional(),
});
export type Measures = z.infer<typeof measuresSchema>;

const jobId = z.string();

export const video = request("video", { jobId }, z.object({ bytes: bytesSchema }));
/** The job's own copy of an image, a PNG exactly as sent. The answer has no bytes if no copy was kept. */
export const input = request("input", { jobId, side: sideSchema }, z.object({ bytes: bytesSchema.optional() }));
/** Stores the page's measurements at the host, so that a reopened page need not measure again. */
const measured = request("measured", { jobId, measures: measuresSchema }, granted);
/**
 * Saves a frame as PNG next to its video. `frame` counts from 1. `path` is absolute; `shown` is relative to the workspace if
 * the file is inside.
 */
export const saveFrame = wish(
  "saveFrame",
  { jobId, frame: z.int().positive(), bytes: bytesSchema },
  z.object({ path: z.string(), shown: z.string() }),
);
/**
 * Sends the same pair, prompt and parameters with a new seed, right away. The answer has no id if the user declined the
 * price.
 */
export const again = wish("again", { jobId }, z.object({ jobId: z.string().optional() }));
/** Puts the pair, prompt and parameters into the form. `seen` identifies the picture files that the video was made from. */
export const reuse = wish("reuse", { jobId }, z.object({ seen: seenSchema }));
export const videoRequests = { video, input, measured, saveFrame, again, reuse };
