import * as z from "zod";

/** A fraction of an edge: 0 is left or top, 1 is right or bottom. */
const fraction = z.number().min(0).max(1);

/** How far a crop may zoom in. 1 keeps as much of the picture as covering the frame allows. */
export const maximumZoom = 4;

/** What fills the rest of the frame around an uncropped picture: the picture itself, blurred, or one color. */
const fitFillSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("blur") }),
  z.strictObject({
    kind: z.literal("color"),
    /** sRGB as `#rrggbb`, lower case. */
    color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
]);

/**
 * How a picture is fitted to the video's frame: cropped around a focus point, or shown whole with the rest of the frame
 * filled. A crop keeps its focus as close to the center as the picture's edges allow. The plan is plain JSON, because a draft,
 * a job's order and a recipe store it.
 */
export const cropPlanSchema = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("crop"),
    focus: z.strictObject({ x: fraction, y: fraction }),
    zoom: z.number().min(1).max(maximumZoom),
  }),
  z.strictObject({ mode: z.literal("fit"), fill: fitFillSchema }),
]);
export type CropPlan = z.infer<typeof cropPlanSchema>;

/** The default plan: cover the frame and keep the center. A missing plan means the same. */
export const centerCrop: CropPlan & { mode: "crop" } = { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 };

/** The plans of a pair; a missing one means {@link centerCrop}. */
export const pairPlansSchema = z.strictObject({ start: cropPlanSchema.optional(), end: cropPlanSchema.optional() });
export type PairPlans = z.infer<typeof pairPlansSchema>;
