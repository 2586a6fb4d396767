/** What panel and page say to each other about the pair and its framing. Part of the messages of `protocol.ts`. */
import * as z from "zod";
import { resolutions } from "../model/parameters.ts";
import { cropPlanSchema, pairPlansSchema } from "../model/plan.ts";

const bytesSchema = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

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

export const studioRequests = [
  /** A picture that came without a file: pasted, or dropped from outside the editor. `name` is for people. */
  z.object({ kind: z.literal("keep"), bytes: bytesSchema, name: z.string() }),
  /** The picture as it would be sent. */
  z.object({
    kind: z.literal("preview"),
    path: z.string(),
    resolution: z.enum(resolutions),
    plan: cropPlanSchema,
  }),
  z.object({ kind: z.literal("recentPairs") }),
] as const;
export type StudioRequest = z.infer<(typeof studioRequests)[number]>;

export const studioAnswers = {
  keep: z.object({ path: z.string() }),
  /** A PNG of exactly the resolution's size. */
  preview: z.object({ bytes: bytesSchema }),
  /** Newest first, each once, only of files that are still there. */
  recentPairs: z.object({ pairs: z.array(recentPairSchema) }),
} satisfies Record<StudioRequest["kind"], z.ZodType>;
