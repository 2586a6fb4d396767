import type { ActionId } from "../../../src/shared/jobs/actions.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import type { FaultPlan } from "../../support/service/service.ts";
import type { Row, Sight } from "../row.ts";
import {
  droppedOffers,
  imagesRefusedOffers,
  noBalanceOffers,
  refusedOffers,
  tokenRefusedOffers,
  unclearOffers,
} from "./offers.ts";

type Effects = FaultPlan[number]["do"];

const hour = 3_600_000;

/** What helps with a refusal besides sending again. */
const offersFor: Partial<Record<string, readonly ActionId[]>> = {
  dataUriRefused: imagesRefusedOffers,
  noBalance: noBalanceOffers,
  tokenRefused: tokenRefusedOffers,
};

/** Refused in plain words: nothing was made, nothing is owed, and the user may send again. */
function refused(name: string, effects: Effects, problem: Problem["code"], says = ""): Row {
  return {
    name: `submit refused: ${name}`,
    faults: [{ on: "submit", do: effects }],
    sees: [{ state: "failed", problem, says, offers: offersFor[problem] ?? refusedOffers }],
    never: ["unclear", "queued"],
    books: { posts: 1, accepted: 0, paid: 0 },
  };
}

/** No answer that tells: never repeated, the user decides. */
function unclear(name: string, accepted: 0 | 1, effects: Effects, more: Partial<Row> = {}): Row {
  return {
    name: `submit unclear: ${name}`,
    faults: [{ on: "submit", nth: 1, do: effects }],
    sees: [{ state: "unclear", problem: "submitUnclear", offers: unclearOffers }],
    never: ["failed", "queued"],
    books: { posts: 1, accepted, paid: accepted },
    ...more,
  };
}

/** Odd, but accepted all the same. */
function accepted(name: string, effects: Effects, more: Partial<Row> = {}): Row {
  return {
    name: `submit accepted: ${name}`,
    faults: [{ on: "submit", do: effects }],
    never: ["unclear", "failed"],
    ...more,
  };
}

/** Turned away for now: waits and is sent again. */
function throttled(name: string, effects: Effects, more: Partial<Row> = {}): Row {
  return {
    name: `submit throttled: ${name}`,
    faults: [{ on: "submit", nth: 1, do: effects }],
    sees: [{ state: "waiting", says: "accepts no more requests", offers: ["cancel"] }, { state: "saved" }],
    never: ["unclear", "failed"],
    books: { posts: 2 },
    ...more,
  };
}

const lost: Sight = { state: "unclear", problem: "submitUnclear" };
const error = (code: number, text: string) => ({ error_code: code, error_message: text });

export const submitRows: readonly Row[] = [
  { name: "nothing goes wrong", cost: 0.253125 },

  refused(
    "400 with the code of a wrong model",
    { respond: { status: 400, json: error(400001, "InvalidResourceIdentifier") } },
    "refused",
    "(400001): InvalidResourceIdentifier. Nothing was charged.",
  ),
  refused(
    "400 with the code of an empty balance",
    { respond: { status: 400, json: error(400002, "InsufficientResources") } },
    "noBalance",
    "balance",
  ),
  refused(
    "400 with the code of a bad token",
    { respond: { status: 400, json: error(400004, "UserAccountError") } },
    "tokenRefused",
    "token",
  ),
  refused("401", { respond: { status: 401, empty: true } }, "tokenRefused"),
  refused("402", { respond: { status: 402, empty: true } }, "noBalance"),
  refused(
    "403 with a message alone",
    { respond: { status: 403, json: { message: "Forbidden" } } },
    "dataUriRefused",
    "Forbidden.",
  ),
  refused("404", { respond: { status: 404, json: {} } }, "refused", "(404)"),
  refused("405", { respond: { status: 405, empty: true } }, "dataUriRefused", "(405)"),
  refused("409 without a body", { respond: { status: 409, empty: true } }, "dataUriRefused", "(409)"),
  refused("413", { respond: { status: 413, empty: true } }, "dataUriRefused", "(413)"),
  refused("415", { respond: { status: 415, json: { detail: "Unsupported" } } }, "dataUriRefused", "Unsupported."),
  refused(
    "422 with a list of complaints",
    {
      respond: {
        status: 422,
        json: { ...error(422001, "Validation failed"), detail: [{ loc: ["body", "110_image"], msg: "not a URL" }] },
      },
    },
    "dataUriRefused",
    "Validation failed",
  ),
  refused(
    "422 with nothing but a list of complaints",
    { respond: { status: 422, json: { detail: [{ loc: ["body", "110_image"], msg: "not a URL" }] } } },
    "dataUriRefused",
    "not a URL",
  ),
  refused(
    "{code, error} in place of the documented names",
    {
      respond: { status: 400, json: { code: 400002, error: "no money" } },
    },
    "noBalance",
  ),
  {
    name: "submit refused, then sent again by the user",
    faults: [{ on: "submit", nth: 1, do: { respond: { status: 402, empty: true } } }],
    sees: [{ state: "failed", problem: "noBalance", then: [{ user: "sendAgain" }] }, { state: "saved" }],
    books: { posts: 2 },
  },

  unclear("the code of an empty balance in a 200", 0, { errorIn200: error(400002, "InsufficientResources") }),
  unclear("the code of a bad token in a 200", 0, { errorIn200: error(401001, "token") }),
  unclear("the code of too many requests in a 503", 1, {
    acceptThenRespond: { status: 503, json: error(429001, "Too many requests") },
  }),
  unclear("404 with a page", 0, { respond: { status: 404, text: "<h1>Not Found</h1>" } }),
  unclear("413 of a proxy", 0, { respond: { status: 413, text: "Request Entity Too Large" } }),
  unclear("429 of a proxy", 0, { respond: { status: 429, text: "slow down" }, retryAfter: 1 }),
  unclear("500", 0, { respond: { status: 500, text: "Internal Server Error" } }),
  unclear("502 before it was accepted", 0, { respond: { status: 502, text: "bad gateway" } }),
  unclear("502 after it was accepted", 1, { acceptThenRespond: { status: 502, text: "bad gateway" } }),
  unclear("503 with Retry-After", 0, { respond: { status: 503, text: "later" }, retryAfter: 1 }),
  unclear("504 after it was accepted", 1, { acceptThenRespond: { status: 504, text: "gateway timeout" } }),
  unclear("200 with an internal error's code", 1, { acceptThenRespond: { status: 200, json: error(500001, "oops") } }),
  unclear("200 without a body", 1, { acceptThenRespond: { status: 200, empty: true } }),
  unclear("200 with a page", 0, { html: true }),
  unclear("200 with text", 1, { acceptThenRespond: { status: 200, text: "OK" } }),
  unclear("200 with a list", 1, { acceptThenRespond: { status: 200, json: [] } }),
  unclear("200 without a request id", 1, { acceptThenRespond: { status: 200, json: { status: "in_queue" } } }),
  unclear("200 with a path for a request id", 1, {
    acceptThenRespond: { status: 200, json: { request_id: "../../v1/models" } },
  }),
  unclear("204", 1, { acceptThenRespond: { status: 204, empty: true } }),
  unclear("redirect of the POST", 0, { redirect: { location: "https://elsewhere.example/", status: 307 } }),
  unclear("reset before it was accepted", 0, { resetBeforeAccept: true }),
  unclear("reset after it was accepted", 1, { resetAfterAccept: true }),
  unclear("no answer, not accepted", 0, { hangBefore: true }, { impatient: true }),
  unclear("no answer, accepted", 1, { hangAfter: true }, { impatient: true }),
  unclear("answer cut in the middle", 1, { truncate: { afterBytes: 20 } }),
  unclear("answer cut in the middle, without a length", 1, { truncate: { afterBytes: 20, length: "none" } }),
  unclear("answer stalls in the middle", 1, { stall: { afterBytes: 20 } }, { impatient: true }),
  unclear(
    "lost, then the user enters the request's id",
    1,
    { resetAfterAccept: true },
    {
      sees: [{ ...lost, then: [{ user: "adopt", id: "accepted" }] }, { state: "saved" }],
      never: ["failed"],
      books: {},
    },
  ),
  unclear(
    "lost, then the user enters an id that nobody knows",
    1,
    { resetAfterAccept: true },
    {
      sees: [
        { ...lost, then: [{ user: "adopt", id: "unknown" }] },
        { state: "queued", problem: "requestUnknown", then: [{ clock: 7 * hour }] },
        { state: "needsAction", problem: "requestUnknown" },
      ],
      never: ["failed"],
      books: {},
    },
  ),
  unclear(
    "lost, then sent again and paid twice by the user's choice",
    1,
    { resetAfterAccept: true },
    {
      sees: [{ ...lost, then: [{ user: "sendAgain" }] }, { state: "saved" }],
      never: ["failed"],
      books: { posts: 2, accepted: 2, paid: 2 },
    },
  ),
  unclear(
    "never arrived, then sent again",
    0,
    { resetBeforeAccept: true },
    {
      sees: [{ ...lost, then: [{ user: "sendAgain" }] }, { state: "saved" }],
      never: ["failed"],
      books: { posts: 2 },
    },
  ),
  unclear(
    "lost, then dropped",
    1,
    { resetAfterAccept: true },
    {
      sees: [
        { ...lost, then: [{ user: "drop" }] },
        { state: "failed", problem: "submitUnclear", offers: droppedOffers },
      ],
      never: [],
    },
  ),
  unclear(
    "lost and dropped, then its id is found after all",
    1,
    { resetAfterAccept: true },
    {
      sees: [
        { ...lost, then: [{ user: "drop" }] },
        { state: "failed", problem: "submitUnclear", then: [{ user: "adopt", id: "accepted" }] },
        { state: "saved" },
      ],
      never: [],
    },
  ),
  unclear(
    "lost, then the window reloads",
    1,
    { resetAfterAccept: true },
    {
      sees: [{ ...lost, then: [{ window: "reloads" }] }, lost],
    },
  ),

  accepted(
    "202",
    { acceptThenRespond: { status: 202, json: { request_id: "none" } } },
    {
      sees: [
        { state: "queued", problem: "requestUnknown", then: [{ clock: 7 * hour }] },
        { state: "needsAction", problem: "requestUnknown" },
      ],
    },
  ),
  accepted("wrong content type", { wrongContentType: "text/plain" }),
  accepted("no length", { noContentLength: true }),
  accepted("answer in slow bytes", { slowBytes: { chunk: 40, intervalMs: 40 } }),
  accepted("answer after a second", { delayMs: 1000 }),

  throttled("429 without Retry-After", { respond: { status: 429, empty: true } }),
  throttled("429 with seconds", { respond: { status: 429, json: { message: "slow down" } }, retryAfter: 120 }),
  throttled("429 with a date that is over", {
    respond: { status: 429, empty: true },
    retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT",
  }),
  throttled("429 with a date in a lifetime", {
    respond: { status: 429, empty: true },
    retryAfter: "Wed, 21 Oct 2099 07:28:00 GMT",
  }),
  throttled("429 with nonsense for Retry-After", { respond: { status: 429, empty: true }, retryAfter: "soon" }),
  throttled("its code in a 200", { errorIn200: error(429001, "Too many requests") }),
  throttled(
    "not sent again before the time asked for",
    { respond: { status: 429, empty: true }, retryAfter: 2 },
    { ownPace: true, apart: { call: "submit", ms: 1990 } },
  ),
  throttled(
    "cancelled while it waits",
    { respond: { status: 429, empty: true }, retryAfter: 3600 },
    {
      sees: [
        { state: "waiting", says: "accepts no more", then: [{ user: "cancel" }] },
        { state: "cancelled", says: "never sent" },
      ],
      books: { posts: 1, accepted: 0, paid: 0 },
    },
  ),
];
