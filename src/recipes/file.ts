import * as z from "zod";
import { frozenParametersSchema, parametersSchema } from "../shared/model/draft.ts";
import { cropPlanSchema } from "../shared/model/plan.ts";
import { recipeImageSchema, recipeVideoSchema } from "../shared/model/recipe.ts";

// A recipe as a person writes it and as the program completes it. A person must write `start`, `end` and `prompt`. The program
// adds `video`, `requestId`, `createdAt`, `savedAt`, `cost`, `rendered` and `takes`, and changes nothing else.

/** What identified an image when a video was rendered. Without hash and address, it is not known. */
const renderedImageSchema = z.object({
  /** SHA-256 of the file's bytes, hex. */
  sha256: z.string().optional(),
  /** SHA-256 of the image's URL, hex: the URL itself may be private. */
  address: z.string().optional(),
  /** SHA-256 of the conformed image, as sent, hex. */
  conformedSha256: z.string().optional(),
  /** How the file was fitted to the video's frame. Without a plan, the crop kept the center. */
  crop: cropPlanSchema.optional(),
});
export type RenderedImage = z.infer<typeof renderedImageSchema>;

/** What a video was rendered with. A missing prompt or missing parameters are not known. */
const renderSchema = z.object({
  model: z.string(),
  start: renderedImageSchema,
  end: renderedImageSchema,
  prompt: z.string().optional(),
  /** Only what was sent. The model used its own value for a missing key. */
  parameters: frozenParametersSchema.optional(),
});
export type Render = z.infer<typeof renderSchema>;

/** One video of a recipe. The picked one stands in the recipe itself, the others in `takes`, each with the same keys. */
const takeShape = {
  video: recipeVideoSchema,
  requestId: z.string().optional(),
  /** When Generate was pressed and when the video was saved, ISO 8601. */
  createdAt: z.string().optional(),
  savedAt: z.string().optional(),
  /** USD, if the service reported it. */
  cost: z.number().min(0).optional(),
  rendered: renderSchema.optional(),
};
const takeSchema = z.object(takeShape);
export type Take = z.infer<typeof takeSchema>;

/** The keys of a take, in the order in which the program writes them. */
export const takeKeys = [
  "video",
  "requestId",
  "createdAt",
  "savedAt",
  "cost",
  "rendered",
] as const satisfies readonly (keyof typeof takeShape)[];

/** The most takes of a recipe. */
const mostTakes = 1000;

/** A recipe's file. `start` and `end` have been made objects: a person may write a path or an https URL alone. */
export const recipeFileSchema = z.object({
  $schema: z.string().optional(),
  recipe: z.literal(1).optional(),
  model: z.string().optional(),
  start: recipeImageSchema,
  end: recipeImageSchema,
  prompt: z.string().optional(),
  /** A missing key means the model's own value, a missing resolution the best fit, a missing seed one of its own per video. */
  parameters: parametersSchema.optional(),
  ...takeShape,
  video: takeShape.video.optional(),
  takes: z.array(z.unknown()).max(mostTakes).pipe(z.array(takeSchema)).optional(),
});
export type RecipeFile = z.infer<typeof recipeFileSchema>;

/** Every key that a recipe's own object, an image and a take may have. */
export const knownKeys = {
  recipe: Object.keys(recipeFileSchema.shape),
  image: Object.keys(recipeImageSchema.shape),
  take: Object.keys(takeShape),
} as const;

/** The take that counts; undefined if nothing was rendered yet. */
export function pickedTake(recipe: RecipeFile): Take | undefined {
  const { video, requestId, createdAt, savedAt, cost, rendered } = recipe;
  return video && { video, requestId, createdAt, savedAt, cost, rendered };
}
