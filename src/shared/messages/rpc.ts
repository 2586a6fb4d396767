/**
 * How page and host talk. The page asks: each of its messages is a request with an id, and the host answers it or says why
 * not. The host also tells: events without an id. Each message is one object, which both ends parse it with.
 */
import * as z from "zod";
import { type ShownProblem, shownProblemSchema } from "./shownProblem.ts";

/** A request of the page and its answer. */
export interface RequestType<Kind extends string, Fields, Answer> {
  readonly kind: Kind;
  /** What the request says besides its kind. */
  readonly fields: z.ZodType<Fields>;
  /** What the host answers when it grants the request. */
  readonly answer: z.ZodType<Answer>;
  /** The user asked for it and waits: a failure must reach them, even where the page that asked is gone. */
  readonly isWish: boolean;
}

/** A request that the page makes for itself. When it fails and the page is gone, nobody misses the answer. */
export function request<const Kind extends string, Shape extends z.ZodRawShape, Answer>(
  kind: Kind,
  fields: Shape,
  answer: z.ZodType<Answer>,
): RequestType<Kind, z.infer<z.ZodObject<Shape>>, Answer> {
  return { kind, fields: z.object(fields), answer, isWish: false };
}

/** A request that the user makes: a failure reaches them wherever they are by then. */
export function wish<const Kind extends string, Shape extends z.ZodRawShape, Answer>(
  kind: Kind,
  fields: Shape,
  answer: z.ZodType<Answer>,
): RequestType<Kind, z.infer<z.ZodObject<Shape>>, Answer> {
  return { ...request(kind, fields, answer), isWish: true };
}

/** What the host tells the page without being asked. */
export function event<const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, fields: Shape) {
  return z.object({ kind: z.literal(kind), ...fields });
}

/** The answer to a request that is granted and gives nothing. */
export const granted = z.object({});

/** Bytes as a message carries them. */
export const bytesSchema = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

/** What every message of the page has, whether or not its request is one. */
export const messageIdSchema = z.object({ id: z.int() });

export const answerSchema = z.object({ kind: z.literal("answer"), id: z.int(), value: z.unknown() });
export const failureSchema = z.object({ kind: z.literal("failure"), id: z.int(), problem: shownProblemSchema });

/** A request that the host did not grant, in words for the user. The host throws it, and the page gets it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problem: ShownProblem;

  constructor(problem: ShownProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}
