import { retryAfterOf } from "../net/failure.ts";
import { parseJson } from "../shared/json.ts";
import { errorSchema, errorText, numberedSchema, presentable, requestIdIn, requestIdOf, statusOfCode } from "./wire.ts";

/** One answer of the service, or of something in between that answered instead. */
export interface Answer {
  readonly status: number;
  /** A page is anything that is neither empty nor JSON. It comes from a proxy or a gateway, never from the service. */
  readonly form: "empty" | "json" | "page";
  /** Its JSON; undefined for any other form. */
  readonly body: unknown;
  /** The request that it names: at the top level of its JSON, anywhere in a page. */
  readonly requestId: string | undefined;
  /** The error code that decides what it means. */
  readonly code: number | undefined;
  /** Every number in a field for codes, including those of another scheme. */
  readonly codes: readonly number[];
  /** Its error message, safe to show and store. */
  readonly message: string;
  /** ms, if the answer says it. */
  readonly retryAfter: number | undefined;
  /** Makes a text of this answer safe to show and store. */
  readonly present: (text: string) => string;
}

/** Reads a response and its text. Never throws. `token` is removed from what is shown; `now` is in ms. */
export function understand(response: Response, text: string, token: string, now: number): Answer {
  const body = parseJson(text);
  const fields = errorSchema.safeParse(body).data;
  const numbered = numberedSchema.safeParse(body).data;
  const form = text.trim() === "" ? "empty" : body === undefined ? "page" : "json";
  const present = (raw: string) => presentable(raw, token);
  return {
    status: response.status,
    form,
    body,
    requestId: form === "page" ? requestIdIn(text, token) : requestIdOf(body, token),
    code: fields?.error_code ?? fields?.code,
    codes: [numbered?.error_code, numbered?.code].filter((each) => each !== undefined),
    message: present(fields?.error_message || fields?.message || errorText(fields?.error) || errorText(fields?.detail)),
    retryAfter: retryAfterOf(response.headers, now),
    present,
  };
}

/**
 * The status that an error stands for: the first three digits of its code if they are one (`docs/service.md`,
 * "Errors").
 */
export function statusOf(answer: Answer): number {
  return (answer.code === undefined ? undefined : statusOfCode(answer.code)) ?? answer.status;
}
