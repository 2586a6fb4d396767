import * as z from "zod";
import { INPUT_SCHEMA } from "./catalogue.ts";
import { imageProblem } from "./images.ts";

/** What a submitted body asks for, after defaults. Sizes in pixels; `out` is what comes back (`docs/service.md`, "540 sizes"). */
export type RunInputs = {
  readonly start: string;
  readonly end: string;
  readonly size: Size;
  readonly out: Size;
  readonly frames: number;
  readonly fps: number;
};
export type Size = { readonly width: number; readonly height: number };

/** One complaint of strict validation; the list of them is the `detail` of a 422 answer. */
export type Complaint = { readonly loc: readonly string[]; readonly msg: string };

const { properties } = INPUT_SCHEMA;

function wholeSize(text: string): Size {
  const match = /^(\d+)x(\d+) /.exec(text);
  return match ? { width: Number(match[1]), height: Number(match[2]) } : { width: 720, height: 1280 };
}

/**
 * The size a video comes back in for a requested size: every side rounded down to a multiple of 8, so the two 540 sizes
 * return 960x536 and 536x960 (`docs/service.md`, "The model", "540 sizes").
 */
export function returnedSize(size: Size): Size {
  return { width: size.width - (size.width % 8), height: size.height - (size.height % 8) };
}

function has<T>(values: readonly T[], value: unknown): value is T {
  return values.some((candidate) => candidate === value);
}

/**
 * Reads a body the lax way the hosted service does (`docs/service.md`, "The model"): unknown keys are
 * ignored, and a missing or senseless value quietly becomes its default, also the two sample images.
 */
export function laxInputs(body: Readonly<Record<string, unknown>>): RunInputs {
  const text = (key: "110_image" | "112_image") => {
    const value = body[key];
    return typeof value === "string" && value !== "" ? value : properties[key].default;
  };
  const sizes = properties["111_widthx111_height"];
  const sizeText = body["111_widthx111_height"];
  const size = wholeSize(has(sizes.enum, sizeText) ? sizeText : sizes.default);
  const frames = body["111_length"];
  const rate = properties["159_frame_rate"];
  const fps = body["159_frame_rate"];
  return {
    start: text("110_image"),
    end: text("112_image"),
    size,
    out: returnedSize(size),
    frames: has(properties["111_length"].enum, frames) ? frames : properties["111_length"].default,
    fps:
      typeof fps === "number" && Number.isInteger(fps) && fps >= rate.minimum && fps <= rate.maximum
        ? fps
        : rate.default,
  };
}

const image = z.string().superRefine((value, context) => {
  const problem = imageProblem(value);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const strictBody = z.strictObject({
  "99_text": z.string().min(1),
  "110_image": image,
  "112_image": image,
  "111_widthx111_height": z.enum(properties["111_widthx111_height"].enum).optional(),
  "111_length": z.union([z.literal(81), z.literal(141)]).optional(),
  "159_frame_rate": z.int().min(12).max(24).optional(),
  "96_noise_seed": z.int().optional(),
  "96_steps": z.int().min(6).max(20).optional(),
  "96_cfg": z.number().min(0.6).max(2).optional(),
  "93_shift": z.number().min(1).max(15).optional(),
});

/** The images of a body that are no addresses. */
export function dataUriComplaints(body: Readonly<Record<string, unknown>>): Complaint[] {
  return ["110_image", "112_image"]
    .filter((key) => String(body[key]).startsWith("data:"))
    .map((key) => ({ loc: ["body", key], msg: "URL scheme should be 'https'" }));
}

/** Everything that the input schema of the API page forbids in a body; empty when nothing does. */
export function strictComplaints(body: unknown): Complaint[] {
  const parsed = strictBody.safeParse(body);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({ loc: ["body", ...issue.path.map(String)], msg: issue.message }));
}
