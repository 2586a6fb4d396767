import * as z from "zod";
import { frozenParametersSchema } from "./draft.ts";
import { cropPlanSchema } from "./plan.ts";

/** One image of a recipe: a path relative to the recipe's own folder (`/` on every system) or a public address. */
const recipeImageSchema = z.object({
  path: z.string().optional(),
  /** The file's name alone, in place of a path that would tell how folders outside the project are called. */
  name: z.string().optional(),
  url: z.string().optional(),
  /** SHA-256 of the original's bytes, hex. */
  sha256: z.string().optional(),
  /** SHA-256 of the conformed image that was sent, hex. */
  conformedSha256: z.string().optional(),
  /** How it was brought to the video's frame; without one, its middle was kept. */
  crop: cropPlanSchema.optional(),
});
export type RecipeImage = z.infer<typeof recipeImageSchema>;

/**
 * Everything needed to make a video again, nothing secret: no token, no address of the result. It stands next to the
 * video as `<video name>.flf.json` and is made to be read and compared in version control.
 */
export const recipeSchema = z.object({
  recipe: z.literal(1),
  model: z.string(),
  prompt: z.string(),
  start: recipeImageSchema,
  end: recipeImageSchema,
  /** Only what was sent; a missing key was left to the model. */
  parameters: frozenParametersSchema,
  video: z.object({
    file: z.string(),
    sha256: z.string(),
    codec: z.string(),
    width: z.number(),
    height: z.number(),
    frames: z.number(),
    fps: z.number(),
    /** Seconds. */
    duration: z.number(),
    /** Frames that the file lists, where some of them are never shown. */
    listed: z.number().optional(),
    /** True where it begins without a key frame: its first frames may not be shown by every player. */
    keyless: z.boolean().optional(),
  }),
  requestId: z.string(),
  /** When Generate was pressed and when the video was saved, ISO 8601. */
  createdAt: z.string(),
  savedAt: z.string(),
  /** USD, where the service told it. */
  cost: z.number().optional(),
});
export type Recipe = z.infer<typeof recipeSchema>;
