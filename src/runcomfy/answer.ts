import { retryAfterOf } from "../net/failure.ts";
import { parseJson } from "../shared/json.ts";
import { errorSchema, errorText, numberedSchema, presentable, requestIdIn, requestIdOf, statusOfCode } from "./wire.ts";

/** One answer of the service, or of whoever stands in its place. */
export interface Answer {
  readonly status: number;
  /** A page is whatever is neither empty nor JSON: a proxy's or a gateway's word, never the service's. */
  readonly form: "empty" | "json" | "page";
  /** Its JSON; undefined for any other form. */
  readonly body: unknown;
  /** The request that it names: at the top of its JSON, in a page wherever it stands. */
  readonly requestId: string | undefined;
  /** The error code that it is read by. */
  readonly code: number | undefined;
  /** Each number that stands in a field for codes, also those of another scheme. */
  readonly codes: readonly number[];
  /** What it says of an error, fit to be shown and stored. */
  readonly message: string;
  /** ms where it is told. */
  readonly retryAfter: number | undefined;
  /** Makes a text of this answer fit to be shown and stored. */
  readonly present: (text: string) => string;
}

/** What a response and its text say. Never throws. `token` is kept out of what is shown; `now` in ms. */
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

/** The status that an error stands for: the first three digits of its code where they are one (`docs/service.md`, "Errors"). */
export function statusOf(answer: Answer): number {
  return (answer.code === undefined ? undefined : statusOfCode(answer.code)) ?? answer.status;
}
