import type { z } from "zod";
import type { Problem } from "../model/problem.ts";
import { classify, networkProblem, retryAfterOf } from "./failure.ts";
import {
  cancelledSchema,
  errorSchema,
  errorText,
  presentable,
  requestIdSchema,
  resultSchema,
  statusOfCode,
  statusSchema,
  submittedSchema,
} from "./wire.ts";

/** The model that this product is made for. */
export const modelId = "community/wan-2-2/fun-inpaint";

/** How long one exchange may take, ms. */
export interface Timeouts {
  readonly submit: number;
  readonly read: number;
}

/** A pair of large images on a slow line needs minutes to go up; a read never does. */
const defaultTimeouts: Timeouts = { submit: 300_000, read: 30_000 };
/** No answer of this API comes near this size; what is longer is not one of its answers. */
const maximumAnswer = 4 * 1024 * 1024;

/** What became of a submit. Only `accepted` and `unclear` can have cost money. */
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

/** What /status says. `ended` only means that /result must be asked (field notes, fact 2). */
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

/** What the service says to a cancel: only a queued request can be cancelled (field notes, fact 4). */
export type Cancellation =
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
   * The token that the request was sent with, where it is still there. It goes first: another account's token would not
   * be shown the request. Where the service refuses it, a read is tried with `token`.
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

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code: number | undefined;
  readonly message: string;
  readonly retryAfter: number | undefined;
  /** Makes a text of this answer fit to be shown and stored. */
  readonly present: (text: string) => string;
}

/** A client of the RunComfy Model API over an injected fetch (API document, section 3; field notes, section 1). */
export function createClient(options: ClientOptions): Client {
  const now = options.now ?? Date.now;
  const timeouts = options.timeouts ?? defaultTimeouts;
  const host = new URL(options.base).host;

  async function exchange(
    method: "GET" | "POST",
    path: string,
    token: string,
    timeout: number,
    body?: string,
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
      const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Accept: "application/json" };
      const init: RequestInit = { method, headers, redirect: "manual", signal: AbortSignal.timeout(timeout) };
      if (body !== undefined) {
        headers["Content-Type"] = "application/json";
        init.body = body;
      }
      const response = await options.fetch(new URL(path, options.base).href, init);
      const text = await readText(response);
      log(response.status);
      const json = parseJson(text);
      const error = errorSchema.safeParse(json);
      const fields = error.success ? error.data : undefined;
      const present = (words: string) => presentable(words, token);
      return {
        status: response.status,
        body: json,
        code: fields?.error_code ?? fields?.code,
        message: present(
          fields?.error_message || fields?.message || errorText(fields?.error) || errorText(fields?.detail),
        ),
        retryAfter: retryAfterOf(response.headers, now()),
        present,
      };
    } catch (error) {
      log(classify(error).reason);
      throw error;
    }
  }

  /** The tokens to try, those that a header can carry; a store that fails counts as one without. */
  async function findTokens(): Promise<string[]> {
    const found = await Promise.all([options.sentWith, options.token].map((find) => find?.().catch(() => undefined)));
    const usable = found.filter((token) => token !== undefined).filter((token) => /^[\x21-\x7e]+$/.test(token));
    return [...new Set(usable)];
  }

  /** What a read that failed means, whichever call it was. */
  function unread(answer: Answer): Unread {
    return { phase: "unread", problem: readProblem(answer), retryAfter: answer.retryAfter };
  }

  async function read<T>(
    method: "GET" | "POST",
    path: string,
    understand: (answer: Answer) => T | Unread,
  ): Promise<T | Unread> {
    const tokens = await findTokens();
    try {
      for (const token of tokens) {
        const answer = await exchange(method, path, token, timeouts.read);
        const isRefused = knownProblem(answer)?.code === "tokenRefused" || statusOf(answer) === 403;
        if (!isRefused || token === tokens.at(-1)) {
          return understand(answer);
        }
      }
    } catch (error) {
      return { phase: "unread", problem: networkProblem(classify(error, options.base), host), retryAfter: undefined };
    }
    return { phase: "unread", problem: { code: "tokenMissing" }, retryAfter: undefined };
  }

  return {
    async submit(body, goes = () => true) {
      const [token] = await findTokens();
      if (token === undefined) {
        return { outcome: "refused", problem: { code: "tokenMissing" } };
      }
      if (!goes()) {
        return { outcome: "heldBack" };
      }
      try {
        return understandSubmission(
          await exchange("POST", `/v1/models/${modelId}`, token, timeouts.submit, JSON.stringify(body)),
        );
      } catch (error) {
        const failure = classify(error, options.base);
        switch (failure.kind) {
          case "notSent":
            return { outcome: "notSent", problem: networkProblem(failure, host) };
          case "certificate":
            return { outcome: "refused", problem: networkProblem(failure, host) };
          case "unknown":
            return { outcome: "unclear", problem: { code: "submitUnclear", reason: failure.reason } };
        }
      }
    },

    status: (requestId) =>
      read("GET", requestPath(requestId, "status"), (answer) => understandStatus(answer) ?? unread(answer)),
    result: (requestId) =>
      read(
        "GET",
        `${requestPath(requestId, "result")}?include_cost=true`,
        (answer) => understandResult(answer) ?? unread(answer),
      ),
    cancel: (requestId) =>
      read("POST", requestPath(requestId, "cancel"), (answer) => understandCancellation(answer) ?? unread(answer)),
  };
}

function requestPath(requestId: string, call: "status" | "result" | "cancel"): string {
  return `/v1/requests/${requestIdSchema.parse(requestId)}/${call}`;
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) {
    return "";
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maximumAnswer) {
      throw new Error("The answer is too long.");
    }
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<S extends z.ZodType>(schema: S, answer: Answer): z.output<S> | undefined {
  return answer.status >= 200 && answer.status < 300 && answer.code === undefined
    ? schema.safeParse(answer.body).data
    : undefined;
}

/** The status that an error stands for: the first three digits of its code where they are one (field notes, 1). */
function statusOf(answer: Answer): number {
  return (answer.code === undefined ? undefined : statusOfCode(answer.code)) ?? answer.status;
}

/** Problems with words of their own, told by code first and status second; undefined for all others. */
function knownProblem(answer: Answer): Problem | undefined {
  const status = statusOf(answer);
  if (answer.code === 400002 || status === 402) {
    return { code: "noBalance" };
  }
  if (answer.code === 400004 || status === 401) {
    return { code: "tokenRefused" };
  }
  return undefined;
}

function understandSubmission(answer: Answer): Submission {
  const submitted = parsed(submittedSchema, answer);
  if (submitted !== undefined) {
    return { outcome: "accepted", requestId: submitted.request_id };
  }
  const status = statusOf(answer);
  if (status === 429) {
    return { outcome: "throttled", retryAfter: answer.retryAfter };
  }
  if (status >= 400 && status < 500) {
    const problem = knownProblem(answer) ?? {
      code: "refused",
      status: answer.status,
      serviceCode: answer.code,
      message: answer.message,
    };
    return { outcome: "refused", problem };
  }
  return {
    outcome: "unclear",
    problem: { code: "submitUnclear", reason: `HTTP ${answer.status}${answer.message && `: ${answer.message}`}` },
  };
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
      return { phase: "running", word: status.status.slice(0, 60) };
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
      const video = result.output?.video ?? result.output?.videos?.find((address) => address !== undefined);
      return video === undefined
        ? { phase: "empty", cost: result.cost }
        : { phase: "succeeded", video, cost: result.cost };
    }
    case "failed":
      return {
        phase: "failed",
        message: answer.present(errorText(result.error) || errorText(result.failure_reason)),
        cost: result.cost,
      };
    case "cancelled":
    case "canceled":
      return { phase: "cancelled", cost: result.cost };
    default:
      return { phase: "notReady" };
  }
}

function understandCancellation(answer: Answer): Cancellation | undefined {
  const cancelled = parsed(cancelledSchema, answer);
  if (cancelled === undefined) {
    return statusOf(answer) === 409 ? { phase: "tooLate" } : undefined;
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

function readProblem(answer: Answer): Problem {
  const known = knownProblem(answer);
  if (known !== undefined) {
    return known;
  }
  switch (statusOf(answer)) {
    case 403:
      return { code: "notOurs" };
    case 404:
    case 410:
      return { code: "requestUnknown" };
    case 429:
      return { code: "throttled" };
    default:
      return { code: "serviceTrouble", status: answer.status, reason: answer.message.slice(0, 200) };
  }
}
