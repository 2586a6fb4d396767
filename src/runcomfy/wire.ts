import * as z from "zod";

/**
 * The service's answers on the wire. A field is optional if an answer was seen without it. Shapes: `docs/service.md`,
 * "Calls" and "Errors".
 */

/** A status or an outcome in the service's own words. */
const serviceStatus = z.string().transform((text) => text.trim().toLowerCase());

/** Request ids as RunComfy's own client accepts them: letters, digits, `_`, `-`, 1 to 128 long (`docs/service.md`, "Calls"). */
export const requestIdSchema = z.string().regex(/^[\w-]{1,128}$/);

/** A code as a number or its digits. Zero, null and text are not codes: successes have them too. */
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

/** The numbers in the fields for codes, of any scheme. */
export const numberedSchema = z.object({ error_code: code, code });

/** An error can be the body of any status, 200 included. Its message has one of several names. */
export const errorSchema = z.object({
  error_code: code,
  // Seen in errors once; elsewhere a `code` of 200 means success.
  code: code.transform((value) => (value !== undefined && statusOfCode(value) === undefined ? undefined : value)),
  error_message: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.unknown().optional(),
  detail: z.unknown().optional(),
});

const submittedSchema = z.object({ request_id: requestIdSchema });

/** The request that an answer to a read names, if it names one. */
export const namingSchema = z.object({ request_id: z.union([z.string(), z.number()]).nullish().catch(undefined) });

/**
 * The request id at the top level of an answer's JSON. One that contains the token does not count, because ids are
 * shown and stored.
 */
export function requestIdOf(body: unknown, token: string): string | undefined {
  const found = submittedSchema.safeParse(body).data?.request_id;
  return found !== undefined && carries(found, token) ? undefined : found;
}

/** The request id in a text that is not JSON, or is incomplete. */
export function requestIdIn(text: string, token: string): string | undefined {
  const [, found] = /"request_id"\s*:\s*"([^"\\]{1,128})"/.exec(text) ?? [];
  return requestIdOf({ request_id: found }, token);
}

export const statusSchema = z.object({
  status: serviceStatus,
  queue_position: z.number().int().nonnegative().optional().catch(undefined),
});

/**
 * USD that one video can cost, or a price per unit. A value outside is not a price, and sums of such values would
 * overflow.
 */
export const usdSchema = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number().nonnegative().max(10_000));

const address = z.string().min(1).optional().catch(undefined);

export const resultSchema = z.object({
  status: serviceStatus,
  output: z
    .object({ video: address, videos: z.array(address).optional().catch(undefined) })
    .nullish()
    .catch(undefined),
  cost: usdSchema.optional().catch(undefined),
  error: z.unknown().optional(),
  failure_reason: z.unknown().optional(),
});

export const cancelledSchema = z.object({
  status: serviceStatus.optional().catch(undefined),
  outcome: serviceStatus.optional().catch(undefined),
});

/** The deepest level of errors and descriptions that is read. Anything deeper was made to exhaust the reader. */
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

/** A shorter token can occur in an id by chance. */
const shortestSecret = 12;

/** True for an id that is or contains the token, in any case. */
function carries(id: string, token: string): boolean {
  const [one, other] = [id.toLowerCase(), token.toLowerCase()];
  return one === other || (other.length >= shortestSecret && one.includes(other));
}

/** Matches every form that a token can have in a text, in any case. */
function formsOf(token: string): RegExp {
  const forms = [token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token)];
  return new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "gi");
}

/** A JSON value with the token removed from all its texts. Anything too deep is left out. */
export function withoutToken(value: unknown, token: string): unknown {
  const forms = formsOf(token);
  const clean = (part: unknown, depth: number): unknown => {
    if (typeof part === "string") {
      return part.replace(forms, "…");
    }
    if (typeof part !== "object" || part === null) {
      return part;
    }
    if (depth > deepest) {
      return undefined;
    }
    return Array.isArray(part)
      ? part.map((entry) => clean(entry, depth + 1))
      : Object.fromEntries(
          Object.entries(part).map(([key, entry]) => [key.replace(forms, "…"), clean(entry, depth + 1)]),
        );
  };
  return clean(value, 0);
}

/**
 * A text of the service that is safe to show and store: without the token, and without images and addresses that it
 * echoes; at most 500 characters.
 */
export function presentable(text: string, token: string): string {
  return text
    .replace(formsOf(token), "…")
    .replace(/\b(data:|https?:\/\/)[^\s"'<>]+/gi, "…")
    .slice(0, 500);
}
