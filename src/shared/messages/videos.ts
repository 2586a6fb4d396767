/** What panel and page say to each other about finished videos. Part of the messages of `protocol.ts`. */
import * as z from "zod";

const reviewedSideSchema = z.enum(["start", "end"]);

/** Bytes as a message carries them. */
const bytesSchema = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

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
const measuresSchema = z.object({
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

/** What a job's view says for the review of its video. */
export const reviewViewSchema = z.object({
  /** The same for all videos made from the same two images; absent where the images are not known. */
  pair: z.string().optional(),
  /** What was measured since the window was opened. */
  measures: measuresSchema.optional(),
});
export type ReviewView = z.infer<typeof reviewViewSchema>;

const jobId = z.string();

export const reviewRequests = [
  /** The job's own copy of an image, as it was sent. */
  z.object({ kind: z.literal("input"), jobId, side: reviewedSideSchema }),
  z.object({ kind: z.literal("measured"), jobId, measures: measuresSchema }),
  /** A frame as PNG, to be kept beside the video. `frame` counts from 1. */
  z.object({ kind: z.literal("saveFrame"), jobId, frame: z.int().positive(), bytes: bytesSchema }),
  /** The same pair, prompt and parameters with a new seed, at once. */
  z.object({ kind: z.literal("again"), jobId }),
  /** Pair, prompt and parameters into the draft. */
  z.object({ kind: z.literal("reuse"), jobId }),
] as const;
type ReviewRequest = z.infer<(typeof reviewRequests)[number]>;

export const reviewAnswers = {
  /** Without bytes where no copy is kept. */
  input: z.object({ bytes: bytesSchema.optional() }),
  measured: z.object({}),
  /** `path` is absolute; `shown` is as people of this workspace write it. */
  saveFrame: z.object({ path: z.string(), shown: z.string() }),
  /** Without an id where the user was asked and decided against it. */
  again: z.object({ jobId: z.string().optional() }),
  /** With the picture files as the video was made of them: SHA-256, hex. */
  reuse: z.object({ seen: z.object({ start: z.string().optional(), end: z.string().optional() }) }),
} satisfies Record<ReviewRequest["kind"], z.ZodType>;
