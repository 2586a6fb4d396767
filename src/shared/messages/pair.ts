/** Messages between page and host about the pair and its framing. */
import * as z from "zod";
import { resolutions } from "../model/parameters.ts";
import { cropPlanSchema, pairPlansSchema } from "../model/plan.ts";
import { sideSchema } from "../model/side.ts";
import { bytesSchema, request, wish } from "./rpc.ts";

const imageSchema = z.object({
  bytes: bytesSchema,
  mime: z.string(),
  name: z.string(),
  /** Size of the original in pixels, with its orientation applied. */
  width: z.number(),
  height: z.number(),
  /** What had to be assumed about its colors, in words. */
  assumed: z.string().optional(),
  /** SHA-256 of the displayed file, hex. */
  sha256: z.string(),
});
export type ImageView = z.infer<typeof imageSchema>;

const recentPairSchema = z.object({
  /** Absolute paths. */
  start: z.string(),
  end: z.string(),
  /** File names for display. */
  startName: z.string(),
  endName: z.string(),
  plans: pairPlansSchema,
});
export type RecentPair = z.infer<typeof recentPairSchema>;

/** A thumbnail of an image file. `edge` is its longest edge in pixels, if it is to be smaller than the frames need. */
export const image = request("image", { path: z.string(), edge: z.int().min(1).optional() }, imageSchema);
/** Lets the user choose an image file. The answer has no path if they cancelled. */
export const pick = request("pick", { side: sideSchema }, z.object({ path: z.string().optional() }));
/**
 * Files dropped on the page, as URIs. `paths` are the images among them, `others` counts those that are not files on this machine,
 * and `unopened` says which videos can't be opened.
 */
export const drop = request(
  "drop",
  { uris: z.array(z.string()) },
  z.object({ paths: z.array(z.string()), others: z.int(), unopened: z.string().optional() }),
);
/** Saves a picture that has no file: pasted, or dropped from outside the editor. `name` is for display. */
export const keep = wish("keep", { bytes: bytesSchema, name: z.string() }, z.object({ path: z.string() }));
/** The picture as it would be sent: a PNG in exactly the size of the resolution. */
export const preview = request(
  "preview",
  { path: z.string(), resolution: z.enum(resolutions), plan: cropPlanSchema },
  z.object({ bytes: bytesSchema }),
);
/** Pairs of the user's jobs without duplicates, newest first. Both files still exist. */
export const recentPairs = request("recentPairs", {}, z.object({ pairs: z.array(recentPairSchema) }));
export const pairRequests = { image, pick, drop, keep, preview, recentPairs };
