import type { z } from "zod";
import { classify, networkProblem } from "../net/failure.ts";
import { BrokenAnswer, readText } from "../net/reading.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import { type Answer, statusOf, understand } from "./answer.ts";
import { type OneShot, oneShot } from "./oneShot.ts";
import { knownProblem, unclear, understandSubmission } from "./submission.ts";
import {
  cancelledSchema,
  errorText,
  namingSchema,
  requestIdIn,
  requestIdSchema,
  resultSchema,
  statusSchema,
} from "./wire.ts";

/** The model that this product is made for. */
export const modelId = "community/wan-2-2/fun-inpaint";

/** How long one exchange may take, ms. */
interface Timeouts {
  readonly submit: number;
  readonly read: number;
}

/** A pair of large images on a slow line needs minutes to go up; a read never does. */
const defaultTimeouts: Timeouts = { submit: 300_000, read: 30_000 };
/** Bytes. No answer of this API comes near this size; what is longer is not one of its answers. */
const maximumAnswer = 4 * 1024 * 1024;

/** What became of a submit: `docs/paid-once.md`. Only `accepted` and `unclear` can have cost money. */
export type Submission =
  | { readonly outcome: "accepted"; readonly requestId: string }
  | { readonly outcome: "notSent"; readonly problem: Problem }
  /** `goes` forbade it at the last moment. */
  | { readonly outcome: "heldBack" }
  | { readonly outcome: "throttled"; readonly retryAfter: number | undefined }
  | { readonly outcome: "refused"; readonly problem: Problem }
  | { readonly outcome: "unclear"; readonly problem: Problem };

/** A read that told nothing about the request: ask again later. `retryAfter` in ms where the service named it. */
export interface Unread {
  readonly phase: "unread";
  readonly problem: Problem;
  readonly retryAfter: number | undefined;
}

/** What /status says. `ended` only means that /result must be asked (`docs/service.md`, "Calls"). */
export type Status =
  | { readonly phase: "queued"; readonly position: number | undefined }
  | { readonly phase: "running"; readonly word: string | undefined }
  | { readonly phase: "ended" }
  | { readonly phase: "cancelled" }
  | Unread;

/** What /result says; `cost` in USD where it is told. `empty`: a success without a video, which can be a result that lags behind. */
export type Result =
  | { readonly phase: "succeeded"; readonly video: string; readonly cost: number | undefined }
  | { readonly phase: "empty"; readonly cost: number | undefined }
  | { readonly phase: "failed"; readonly message: string; readonly cost: number | undefined }
  | { readonly phase: "cancelled"; readonly cost: number | undefined }
  | { readonly phase: "notReady" }
  | Unread;

/** What the service says to a cancel: only a queued request can be cancelled (`docs/service.md`, "Calls"). */
type Cancellation =
  | { readonly phase: "cancelled" }
  | { readonly phase: "tooLate" }
  | { readonly phase: "requested" }
  | Unread;

/** One exchange, for the log: never a body, a token or a result's address. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number | string;
  readonly ms: number;
}

export type Fetch = typeof globalThis.fetch;

export interface ClientOptions {
  /** Origin of the API, for example `https://model-api.runcomfy.net`. */
  readonly base: string;
  readonly fetch: Fetch;
  /** Asked before each call, so that a token set anew counts at once. */
  readonly token: () => Promise<string | undefined>;
  /**
   * The token that the request is sent with, where it is still there: a submit takes no other one. With a read it goes first,
   * as another account's token would not be shown the request; where the service refuses it, the read is tried with `token`.
   */
  readonly sentWith?: () => Promise<string | undefined>;
  readonly onExchange?: (exchange: Exchange) => void;
  readonly now?: () => number;
  readonly timeouts?: Timeouts;
}

export interface Client {
  /**
   * Sends a paid request once. Never throws and never repeats. `body` is the input object, keyed as on the wire.
   * @param goes asked right before the request leaves, with nothing in between that takes time
   */
  submit(body: Readonly<Record<string, string | number>>, goes?: () => boolean): Promise<Submission>;
  status(requestId: string): Promise<Status>;
  result(requestId: string): Promise<Result>;
  cancel(requestId: string): Promise<Cancellation>;
}

/** A client of the RunComfy Model API over an injected fetch (`docs/service.md`, "Calls"). */
export function createClient(options: ClientOptions): Client {
  const now = options.now ?? Date.now;
  const timeouts = options.timeouts ?? defaultTimeouts;
  const host = new URL(options.base).host;

  async function exchange(
    method: "GET" | "POST",
    path: string,
    token: string,
    timeout: number,
    body?: OneShot,
  ): Promise<Answer> {
    const started = now();
    const log = (status: number | string) => {
      try {
        options.onExchange?.({ method, path, status, ms: now() - started });
      } catch {
        // The log of a closing window fails; the answer, which may be paid for, must not be lost with it.
      }
    };
    try {
      const response = await options.fetch(new URL(path, options.base).href, {
        method,
        headers: { Authorization: `Bearer ${token}`, Accept: "application/json", ...body?.headers },
        redirect: "manual",
        signal: AbortSignal.timeout(timeout),
        ...body?.init,
      });
      const text = await readText(response, maximumAnswer);
      log(response.status);
      return understand(response, text, token, now());
    } catch (error) {
      log(classify(error).reason);
      throw error;
    }
  }

  /**
   * The tokens to read with and the one to pay with, as far as a header can carry them, and what is wrong with the place where
   * they are kept.
   */
  async function findTokens(): Promise<{
    tokens: string[];
    paying: string | undefined;
    problem: Problem | undefined;
  }> {
    const found = await Promise.allSettled([options.sentWith, options.token].map(async (find) => find?.()));
    const failed = found.find((each) => each.status === "rejected");
    const tokens = found.map((each) =>
      each.status === "fulfilled" && each.value !== undefined && /^[\x21-\x7e]+$/.test(each.value)
        ? each.value
        : undefined,
    );
    const told = failed?.reason instanceof ProblemError ? failed.reason.problem : undefined;
    return {
      tokens: [...new Set(tokens.filter((token) => token !== undefined))],
      paying: options.sentWith === undefined ? tokens[1] : tokens[0],
      problem: failed && (told ?? { code: "tokenStoreFails" }),
    };
  }

  /** What a read that failed means, whichever call it was. */
  function unread(answer: Answer, problem: Problem = readProblem(answer)): Unread {
    return { phase: "unread", problem, retryAfter: answer.retryAfter };
  }

  async function read<T>(
    method: "GET" | "POST",
    requestId: string,
    call: string,
    understandRead: (answer: Answer) => T | undefined,
  ): Promise<T | Unread> {
    const path = `/v1/requests/${requestIdSchema.parse(requestId)}/${call}`;
    const { tokens, problem } = await findTokens();
    try {
      for (const token of tokens) {
        // A POST without a body is one that fetch repeats by itself, too.
        const body = method === "POST" ? oneShot("") : undefined;
        const answer = await exchange(method, path, token, timeouts.read, body);
        const isRefused =
          answer.form !== "page" && (knownProblem(answer)?.code === "tokenRefused" || statusOf(answer) === 403);
        if (!isRefused || token === tokens.at(-1)) {
          return isAbout(answer, requestId)
            ? (understandRead(answer) ?? unread(answer))
            : unread(answer, mixedUp(answer));
        }
      }
    } catch (error) {
      return { phase: "unread", problem: networkProblem(classify(error, options.base), host), retryAfter: undefined };
    }
    return { phase: "unread", problem: problem ?? { code: "tokenMissing" }, retryAfter: undefined };
  }

  return {
    async submit(body, goes = () => true) {
      const { paying, problem } = await findTokens();
      // Whoever cannot read the token of this account must not pay from another one.
      if (problem !== undefined) {
        return { outcome: "notSent", problem };
      }
      if (paying === undefined) {
        const missing = { code: "tokenMissing" } as const;
        return options.sentWith === undefined
          ? { outcome: "refused", problem: missing }
          : { outcome: "notSent", problem: missing };
      }
      const shot = oneShot(JSON.stringify(body), "application/json");
      if (!goes()) {
        return { outcome: "heldBack" };
      }
      try {
        return understandSubmission(await exchange("POST", `/v1/models/${modelId}`, paying, timeouts.submit, shot));
      } catch (error) {
        const isIncomplete = shot.withdraw();
        if (error instanceof BrokenAnswer) {
          // Whoever answers has seen enough of the request, however much of it was given out.
          return unclear(classify(error).reason, requestIdIn(error.text, paying));
        }
        const failure = classify(error, options.base, isIncomplete ? "incomplete" : "whole");
        switch (failure.kind) {
          case "notSent":
            return { outcome: "notSent", problem: networkProblem(failure, host) };
          case "certificate":
            return { outcome: "refused", problem: networkProblem(failure, host) };
          case "unknown":
            return unclear(failure.reason);
        }
      }
    },

    status: (requestId) => read("GET", requestId, "status", understandStatus),
    result: (requestId) => read("GET", requestId, "result?include_cost=true", understandResult),
    cancel: (requestId) => read("POST", requestId, "cancel", understandCancellation),
  };
}

/** False for an answer that names another request: whoever mixed them up, it says nothing of this one. */
function isAbout(answer: Answer, requestId: string): boolean {
  const named = namedIn(answer);
  return named === undefined || named.toLowerCase() === requestId.toLowerCase();
}

/** The request that an answer to a read says it is about. */
function namedIn({ body }: Answer): string | undefined {
  const named = namingSchema.safeParse(body).data?.request_id;
  const name = named === undefined || named === null ? "" : String(named).trim();
  return name === "" ? undefined : name;
}

function mixedUp({ status }: Answer): Problem {
  return { code: "serviceTrouble", status, reason: "another request" };
}

/**
 * True where the answer's state is the service's word on the request, also beside an error code: then it names the request,
 * and the code is not about the read (field notes, section 1).
 */
function isItsWord(answer: Answer): boolean {
  const { code } = answer;
  return (
    code === undefined ||
    (namedIn(answer) !== undefined && ![401, 403, 404, 429].includes(statusOf(answer)) && code !== 400004)
  );
}

function parsed<S extends z.ZodType>(schema: S, answer: Answer): z.output<S> | undefined {
  return answer.status >= 200 && answer.status < 300 && isItsWord(answer)
    ? schema.safeParse(answer.body).data
    : undefined;
}

function understandStatus(answer: Answer): Status | undefined {
  const status = parsed(statusSchema, answer);
  if (status === undefined) {
    return undefined;
  }
  switch (status.status) {
    case "in_queue":
    case "queued":
    case "pending":
    case "waiting":
      return { phase: "queued", position: status.queue_position };
    case "in_progress":
    case "running":
    case "processing":
    case "starting":
      return { phase: "running", word: undefined };
    case "completed":
    case "succeeded":
    case "failed":
      return { phase: "ended" };
    case "cancelled":
    case "canceled":
      return { phase: "cancelled" };
    default:
      return { phase: "running", word: answer.present(status.status).slice(0, 60) };
  }
}

function understandResult(answer: Answer): Result | undefined {
  if (answer.code === 400005) {
    return { phase: "notReady" };
  }
  const result = parsed(resultSchema, answer);
  if (result === undefined) {
    return undefined;
  }
  switch (result.status) {
    case "succeeded":
    case "completed": {
      const addresses = [result.output?.video, ...(result.output?.videos ?? [])];
      const video = addresses.find((address) => address !== undefined && isHostPresentable(answer, address));
      return video === undefined
        ? { phase: "empty", cost: result.cost }
        : { phase: "succeeded", video, cost: result.cost };
    }
    case "failed":
      return {
        phase: "failed",
        message:
          answer.present(errorText(result.error) || errorText(result.failure_reason)) ||
          answer.message ||
          String(answer.code ?? ""),
        cost: result.cost,
      };
    case "cancelled":
    case "canceled":
      return { phase: "cancelled", cost: result.cost };
    default:
      return { phase: "notReady" };
  }
}

/** False for an address that would show the token to whoever resolves its host, and to whoever is asked to trust it. */
function isHostPresentable(answer: Answer, address: string): boolean {
  const host = URL.parse(address)?.host ?? "";
  return answer.present(host) === host;
}

function understandCancellation(answer: Answer): Cancellation | undefined {
  const cancelled = parsed(cancelledSchema, answer);
  if (cancelled === undefined) {
    return statusOf(answer) === 409 && answer.form !== "page" ? { phase: "tooLate" } : undefined;
  }
  switch (cancelled.outcome ?? cancelled.status) {
    case "cancelled":
    case "canceled":
      return { phase: "cancelled" };
    case "not_cancellable":
      return { phase: "tooLate" };
    default:
      return { phase: "requested" };
  }
}

/** What an answer to a read says of it. A page says nothing; only the service's own codes say that a request is not there. */
function readProblem(answer: Answer): Problem {
  const trouble: Problem = { code: "serviceTrouble", status: answer.status, reason: answer.message.slice(0, 200) };
  if (answer.form === "page" || answer.status >= 500) {
    return trouble;
  }
  const known = knownProblem(answer);
  if (known !== undefined) {
    return known;
  }
  switch (answer.code) {
    case 403001:
      return { code: "notOurs" };
    case 404001:
      return { code: "requestUnknown" };
    default:
      return statusOf(answer) === 429 ? { code: "throttled" } : trouble;
  }
}
