/**
 * How page and host communicate. Each message from the page is a request with an id, and the host answers it or says why it
 * refuses. The host also sends events, which have no id. One object defines each message, and both ends parse with it.
 */
import * as z from "zod";
import { type ShownProblem, shownProblemSchema } from "./shownProblem.ts";

/** A request from the page, and its answer. */
export interface RequestType<Kind extends string, Fields, Answer> {
  readonly kind: Kind;
  /** The request's fields besides its kind. */
  readonly fields: z.ZodType<Fields>;
  /** The host's answer if it grants the request. */
  readonly answer: z.ZodType<Answer>;
  /** The user asked for it and is waiting: a failure must reach them even if the page that asked is gone. */
  readonly isWish: boolean;
}

/** A request that the page makes for itself. If the page is gone when it fails, nobody needs to know. */
export function request<const Kind extends string, Shape extends z.ZodRawShape, Answer>(
  kind: Kind,
  fields: Shape,
  answer: z.ZodType<Answer>,
): RequestType<Kind, z.infer<z.ZodObject<Shape>>, Answer> {
  return { kind, fields: z.object(fields), answer, isWish: false };
}

/** A request that the user makes. A failure reaches them wherever they are by then. */
export function wish<const Kind extends string, Shape extends z.ZodRawShape, Answer>(
  kind: Kind,
  fields: Shape,
  answer: z.ZodType<Answer>,
): RequestType<Kind, z.infer<z.ZodObject<Shape>>, Answer> {
  return { ...request(kind, fields, answer), isWish: true };
}

/** What the host reports to the page unasked. */
export function event<const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, fields: Shape) {
  return z.object({ kind: z.literal(kind), ...fields });
}

/** The answer to a granted request that returns nothing. */
export const granted = z.object({});

/** Bytes in a message. */
export const bytesSchema = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

/** What every message from the page has, even if its request is invalid. */
export const messageIdSchema = z.object({ id: z.int() });

export const answerSchema = z.object({ kind: z.literal("answer"), id: z.int(), value: z.unknown() });
export const failureSchema = z.object({ kind: z.literal("failure"), id: z.int(), problem: shownProblemSchema });

/** Why the host refused a request, in words for the user. The host throws it, and the page receives it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problem: ShownProblem;

  constructor(problem: ShownProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}
