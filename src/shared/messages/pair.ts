/** What page and host say to each other about the pair and its framing. */
import * as z from "zod";
import { resolutions } from "../model/parameters.ts";
import { cropPlanSchema, pairPlansSchema } from "../model/plan.ts";
import { sideSchema } from "../model/side.ts";
import { bytesSchema, request, wish } from "./rpc.ts";

const imageSchema = z.object({
  bytes: bytesSchema,
  mime: z.string(),
  name: z.string(),
  /** Pixels of the original, turned upright. */
  width: z.number(),
  height: z.number(),
  /** What had to be assumed of its colors, in words. */
  assumed: z.string().optional(),
  /** Of the file that is shown, hex. */
  sha256: z.string(),
});
export type ImageView = z.infer<typeof imageSchema>;

const recentPairSchema = z.object({
  /** Absolute paths. */
  start: z.string(),
  end: z.string(),
  /** As a person reads them. */
  startName: z.string(),
  endName: z.string(),
  plans: pairPlansSchema,
});
export type RecentPair = z.infer<typeof recentPairSchema>;

/** A small picture of an image file. */
export const image = request("image", { path: z.string() }, imageSchema);
/** Lets the user choose an image file. The answer has no path where they cancelled. */
export const pick = request("pick", { side: sideSchema }, z.object({ path: z.string().optional() }));
/** Files dropped on the page, as addresses. `others`: how many of them are no file of this machine. */
export const drop = request(
  "drop",
  { uris: z.array(z.string()) },
  z.object({ paths: z.array(z.string()), others: z.int() }),
);
/** Makes a file of a picture that came without one: pasted, or dropped from outside the editor. `name` is for people. */
export const keep = wish("keep", { bytes: bytesSchema, name: z.string() }, z.object({ path: z.string() }));
/** The picture as it would be sent: a PNG of exactly the resolution's size. */
export const preview = request(
  "preview",
  { path: z.string(), resolution: z.enum(resolutions), plan: cropPlanSchema },
  z.object({ bytes: bytesSchema }),
);
/** Pairs of the user's jobs: newest first, each once, only of files that are still there. */
export const recentPairs = request("recentPairs", {}, z.object({ pairs: z.array(recentPairSchema) }));
export const pairRequests = { image, pick, drop, keep, preview, recentPairs };
