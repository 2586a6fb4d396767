import type { Problem } from "../shared/model/problem.ts";
import { type Answer, statusOf } from "./answer.ts";
import { statusOfCode } from "./wire.ts";

/** What became of a submit: `docs/paid-once.md`. Only `accepted` and `unclear` can have cost money. */
export type SubmitOutcome =
  | { readonly outcome: "accepted"; readonly requestId: string }
  | { readonly outcome: "notSent"; readonly problem: Problem }
  /** `goes` forbade it at the last moment. */
  | { readonly outcome: "heldBack" }
  | { readonly outcome: "throttled"; readonly retryAfter: number | undefined }
  | { readonly outcome: "refused"; readonly problem: Problem }
  | { readonly outcome: "unclear"; readonly problem: Problem };

/**
 * What an answer to a paid POST means. The rule and its reasons: `docs/paid-once.md`, whose table this is, row by row: an id
 * is never thrown away, and nothing counts as not paid unless the answer says so without contradicting itself.
 */
export function understandSubmission(answer: Answer): SubmitOutcome {
  const { status, form, codes, requestId } = answer;
  if (requestId !== undefined) {
    const isWhole = form === "json" && status >= 200 && status < 300;
    return isWhole ? { outcome: "accepted", requestId } : unclear(reasonOf(answer), requestId);
  }
  // A proxy that wants a sign-in answers for itself, in any form.
  if (form === "page" || status === 407) {
    return unclear(reasonOf(answer));
  }
  const meant = codes.map(statusOfCode);
  if (meant.every((each) => each === 429) && (status === 429 || (status === 200 && codes.length > 0))) {
    return { outcome: "throttled", retryAfter: answer.retryAfter };
  }
  if ([status, ...meant].every((each) => each !== undefined && each >= 400 && each < 500)) {
    return {
      outcome: "refused",
      problem: knownProblem(answer) ?? {
        code: "refused",
        status,
        serviceCode: answer.code,
        message: answer.message,
      },
    };
  }
  return unclear(reasonOf(answer));
}

/** A submit that may have been accepted, with the id that its answer named, if any. */
export function unclear(reason: string, requestId?: string): Extract<SubmitOutcome, { outcome: "unclear" }> {
  return {
    outcome: "unclear",
    problem: { code: "submitUnclear", reason, ...(requestId !== undefined && { requestId }) },
  };
}

/** Problems with sentences of their own, recognized by code first and status second; undefined for all others. */
export function knownProblem(answer: Answer): Problem | undefined {
  const status = statusOf(answer);
  if (answer.code === 400002 || status === 402) {
    return { code: "noBalance" };
  }
  if (answer.code === 400004 || status === 401) {
    return { code: "tokenRefused" };
  }
  return undefined;
}

function reasonOf({ status, codes, message }: Answer): string {
  return `${[`HTTP ${status}`, ...codes].join(", ")}${message && `: ${message}`}`;
}
