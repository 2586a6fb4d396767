import * as z from "zod";

/**
 * The service's answers as they come over the wire, each field optional that an answer was seen without. Shapes:
 * `docs/service.md`, "Calls" and "Errors".
 */

const word = z.string().transform((text) => text.trim().toLowerCase());

/** Request ids as RunComfy's own client accepts them: letters, digits, `_`, `-`, 1 to 128 long (`docs/service.md`, "Calls"). */
export const requestIdSchema = z.string().regex(/^[\w-]{1,128}$/);

/** A code as a number or its digits. Zero, null and words are no codes: they stand in successes too. */
const code = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().positive())
  .optional()
  .catch(undefined);

/**
 * The HTTP status that an error code stands for: itself, or the first three of its six digits; undefined for codes of
 * another scheme.
 */
export function statusOfCode(code: number): number | undefined {
  const digits = String(code);
  const status = digits.length === 3 || digits.length === 6 ? Number(digits.slice(0, 3)) : 0;
  return status >= 400 && status < 600 ? status : undefined;
}

/** The numbers in the fields for codes, of whatever scheme. */
export const numberedSchema = z.object({ error_code: code, code });

/** An error can be the body of any status, 200 included. The message stands under one of several names. */
export const errorSchema = z.object({
  error_code: code,
  // Seen in errors once; elsewhere a `code` of 200 means success.
  code: code.transform((value) => (value !== undefined && statusOfCode(value) === undefined ? undefined : value)),
  error_message: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.unknown().optional(),
  detail: z.unknown().optional(),
});

export const submittedSchema = z.object({ request_id: requestIdSchema });

export const statusSchema = z.object({
  status: word,
  queue_position: z.number().int().nonnegative().optional().catch(undefined),
});

/**
 * USD that one video can cost or be priced at by a unit. What lies outside is nobody's price, and sums of it would be no
 * numbers any more.
 */
export const usdSchema = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number().nonnegative().max(10_000));

const address = z.string().min(1).optional().catch(undefined);

export const resultSchema = z.object({
  status: word,
  output: z
    .object({ video: address, videos: z.array(address).optional().catch(undefined) })
    .nullish()
    .catch(undefined),
  cost: usdSchema.optional().catch(undefined),
  error: z.unknown().optional(),
  failure_reason: z.unknown().optional(),
});

export const cancelledSchema = z.object({
  status: word.optional().catch(undefined),
  outcome: word.optional().catch(undefined),
});

/** Errors are looked into this deep: what lies deeper was made to exhaust the reader. */
const deepest = 8;

/** Text of an error of any shape: a string, an array of entries, an object with one of the known fields, any JSON. */
export function errorText(value: unknown, depth = 0): string {
  if (value === undefined || value === null || value === "" || depth > deepest) {
    return "";
  }
  if (typeof value === "string") {
    return value;
  }
  if (Array.isArray(value)) {
    return value
      .map((entry) => errorText(entry, depth + 1))
      .filter(Boolean)
      .join("; ");
  }
  if (typeof value === "object") {
    for (const key of ["error_message", "message", "msg", "details", "detail", "error", "failure_reason"]) {
      const text = errorText(Reflect.get(value, key), depth + 1);
      if (text !== "") {
        return text;
      }
    }
  }
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}

/**
 * What may be shown and stored of a text of the service: without the token, images and addresses that it echoes, at most
 * 500 characters.
 */
export function presentable(text: string, token: string): string {
  return text
    .replaceAll(token, "…")
    .replace(/\b(data:|https?:\/\/)[^\s"'<>]+/gi, "…")
    .slice(0, 500);
}
