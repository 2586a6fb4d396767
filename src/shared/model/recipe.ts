import * as z from "zod";
import { frozenParametersSchema } from "./draft.ts";
import { cropPlanSchema } from "./plan.ts";

/** One image of a recipe: a path relative to the recipe's own folder (with `/` on every system) or a public URL. */
export const recipeImageSchema = z.object({
  path: z.string().optional(),
  /** The file's name alone, if a path would reveal the names of folders outside the project. */
  name: z.string().optional(),
  url: z.string().optional(),
  /** SHA-256 of the original's bytes, hex. */
  sha256: z.string().optional(),
  /** SHA-256 of the conformed image, as sent, hex. */
  conformedSha256: z.string().optional(),
  /** How it was fitted to the video's frame. Without a plan, the crop kept the center. */
  crop: cropPlanSchema.optional(),
});
export type RecipeImage = z.infer<typeof recipeImageSchema>;

/** The facts of a saved video, as players show it. */
export const recipeVideoSchema = z.object({
  file: z.string(),
  sha256: z.string(),
  codec: z.string(),
  width: z.number(),
  height: z.number(),
  frames: z.number(),
  fps: z.number(),
  /** Seconds. */
  duration: z.number(),
  /** The number of frames that the file lists, if some of them are never shown. */
  listed: z.number().optional(),
  /** True if it does not start with a key frame: some players may not show its first frames. */
  keyless: z.boolean().optional(),
});

/**
 * Everything needed to make a video again. It contains nothing secret: no token, no URL of the result. It lies next to the
 * video as `<video name>.flf.json`, and its format suits reading and comparing in version control.
 */
export const recipeSchema = z.object({
  recipe: z.literal(1),
  model: z.string(),
  /** Missing if the video was recovered from its request's id. */
  prompt: z.string().optional(),
  start: recipeImageSchema,
  end: recipeImageSchema,
  /**
   * Only what was sent. The model used its own value for a missing key. Without any, the video was recovered from its request's
   * id, and nothing is known of them.
   */
  parameters: frozenParametersSchema.optional(),
  video: recipeVideoSchema,
  requestId: z.string(),
  /** When Generate was pressed and when the video was saved, ISO 8601. */
  createdAt: z.string(),
  savedAt: z.string(),
  /** USD, if the service reported it. */
  cost: z.number().min(0).optional(),
});
export type Recipe = z.infer<typeof recipeSchema>;
