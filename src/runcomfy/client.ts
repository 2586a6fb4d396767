import type { z } from "zod";
import { classify, networkProblem } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import { BrokenAnswer, readText } from "../net/reading.ts";
import { modelId } from "../shared/model/modelId.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import { type Answer, statusOf, understand } from "./answer.ts";
import { type OneShot, oneShot } from "./oneShot.ts";
import { knownProblem, type SubmitOutcome, unclear, understandSubmission } from "./submission.ts";
import {
  cancelledSchema,
  errorText,
  namingSchema,
  requestIdIn,
  requestIdSchema,
  resultSchema,
  statusSchema,
} from "./wire.ts";

/** How long one exchange may take, ms. */
interface Timeouts {
  readonly submit: number;
  readonly read: number;
}

/** Uploading a pair of large images on a slow line takes minutes; a read never does. */
const defaultTimeouts: Timeouts = { submit: 300_000, read: 30_000 };
/** Bytes. No answer of this API comes near this size; what is longer is not one of its answers. */
const maximumAnswer = 4 * 1024 * 1024;

/** A read that says nothing about the request: ask again later. `retryAfter` in ms, if the service named it. */
export interface Unread {
  readonly phase: "unread";
  readonly problem: Problem;
  readonly retryAfter: number | undefined;
}

/** What /status says. `ended` only means that /result must be asked (`docs/service.md`, "Calls"). */
export type Status =
  | { readonly phase: "queued"; readonly position: number | undefined }
  | { readonly phase: "running"; readonly serviceStatus: string | undefined }
  | { readonly phase: "ended" }
  | { readonly phase: "cancelled" }
  | Unread;

/** What /result says; `cost` in USD, if reported. `empty`: a success without a video, whose result may still arrive. */
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

export interface ClientOptions {
  /** Origin of the API, for example `https://model-api.runcomfy.net`. */
  readonly base: string;
  readonly fetch: Fetch;
  /** Read before each call, so that a new token counts at once. */
  readonly token: () => Promise<string | undefined>;
  /**
   * The token that the request is sent with, if it still exists. A submit uses no other one. A read tries it first,
   * because the service does not show the request to another account's token; if the service refuses it, the read uses
   * `token`.
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
  submit(body: Readonly<Record<string, string | number>>, goes?: () => boolean): Promise<SubmitOutcome>;
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
   * The tokens to read with and the one to pay with, if a header can carry them, and what is wrong with the token
   * store.
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

  /** A read that failed, whichever call it was. */
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
        // fetch would repeat a POST without a body by itself, too.
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
      // If the token of this account cannot be read, no other account may pay.
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
          // A server that answers has seen enough of the request, however much of it was handed out.
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

/** False for an answer that names another request: it says nothing about this one. */
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
 * True if the answer's state is the service's statement about the request. Next to an error code it is one if the
 * answer names the request and the code is not about the read (`docs/service.md`, "Errors").
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
      return { phase: "running", serviceStatus: undefined };
    case "completed":
    case "succeeded":
    case "failed":
      return { phase: "ended" };
    case "cancelled":
    case "canceled":
      return { phase: "cancelled" };
    default:
      return { phase: "running", serviceStatus: answer.present(status.status).slice(0, 60) };
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

/**
 * The problem that an answer to a read reports. A page reports nothing; only the service's own codes say that a request
 * does not exist.
 */
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
