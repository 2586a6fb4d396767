import * as z from "zod";
import { INPUT_SCHEMA, type Property } from "./catalogue.ts";
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

/** What the input schema allows for a value. */
function allowed({ type, enum: choices, minimum, maximum }: Property): z.ZodType<string | number> {
  if (choices !== undefined) return z.literal(choices);
  if (type === "string") return z.string().min(1);
  const number = type === "integer" ? z.int() : z.number();
  return number.min(minimum ?? Number.MIN_SAFE_INTEGER).max(maximum ?? Number.MAX_SAFE_INTEGER);
}

/**
 * Reads a body the lax way the hosted service does (`docs/service.md`, "The model"): unknown keys are
 * ignored, and a missing or senseless value quietly becomes its default, also the two sample images.
 */
export function laxInputs(body: Readonly<Record<string, unknown>>): RunInputs {
  const values = new Map(
    Object.entries(INPUT_SCHEMA.properties).map(([key, property]) => {
      const parsed = allowed(property).safeParse(body[key]);
      return [key, parsed.success ? parsed.data : property.default];
    }),
  );
  const size = wholeSize(String(values.get("111_widthx111_height")));
  return {
    start: String(values.get("110_image")),
    end: String(values.get("112_image")),
    size,
    out: returnedSize(size),
    frames: Number(values.get("111_length")),
    fps: Number(values.get("159_frame_rate")),
  };
}

const image = z.string().superRefine((value, context) => {
  const problem = imageProblem(value);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const imageKeys = ["110_image", "112_image"];

const strictBody = z.strictObject(
  Object.fromEntries(
    Object.entries(INPUT_SCHEMA.properties).map(([key, property]) => {
      const schema = imageKeys.includes(key) ? image : allowed(property);
      return [key, INPUT_SCHEMA.required.includes(key) ? schema : schema.optional()];
    }),
  ),
);

/** The images of a body that are no addresses. */
export function dataUriComplaints(body: Readonly<Record<string, unknown>>): Complaint[] {
  return imageKeys
    .filter((key) => String(body[key]).startsWith("data:"))
    .map((key) => ({ loc: ["body", key], msg: "URL scheme should be 'https'" }));
}

/** Everything that the input schema of the API page forbids in a body; empty when nothing does. */
export function strictComplaints(body: unknown): Complaint[] {
  const parsed = strictBody.safeParse(body);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({ loc: ["body", ...issue.path.map(String)], msg: issue.message }));
}
