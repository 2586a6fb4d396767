import type { FaultPlan } from "../../support/service/service.ts";
import type { Row, Sight } from "../row.ts";

type Effects = FaultPlan[number]["do"];

const asked: Sight = {
  state: "queued",
  says: "queue",
  offers: ["cancel", "copyRequestId", "openAccount", "stopWatching"],
  then: [{ user: "cancel" }],
};
const cancelled: Sight = { state: "cancelled", says: "from the queue", offers: ["remove"] };

/** A cancel of a queued request whose first answers are spoilt; asked again until it is heard. */
function again(name: string, effects: Effects, cancels: number, more: Partial<Row> = {}): Row {
  return {
    name: `cancel: ${name}`,
    timing: { queueMs: null },
    faults: [{ on: "cancel", nth: 1, do: effects }],
    sees: [asked, cancelled],
    never: ["failed", "downloading", "needsAction"],
    books: { paid: 0, cancels },
    ...more,
  };
}

export const cancelRows: readonly Row[] = [
  again("in the queue", { delayMs: 10 }, 1),
  again("500", { respond: { status: 500, empty: true } }, 2),
  again("429", { respond: { status: 429, empty: true } }, 2),
  again("401", { respond: { status: 401, empty: true } }, 2),
  again("reset before it was heard", { resetBeforeAccept: true }, 2),
  again("granted, answer lost", { resetAfterAccept: true }, 1),
  again("granted, answered with 502", { acceptThenRespond: { status: 502, empty: true } }, 1),
  again("granted, answered with nothing", { acceptThenRespond: { status: 202, empty: true } }, 1),
  again("no answer", { hangBefore: true }, 2, { impatient: true }),
  again("an error code in a 200", { errorIn200: { error_code: 500001, error_message: "oops" } }, 2),
  again("a page", { html: true }, 2),
  {
    name: "cancel: too late, so the video is saved",
    timing: { runMs: null },
    sees: [
      { state: "running", then: [{ user: "cancel" }] },
      { state: "running", cancel: "tooLate", says: "Too late", then: [{ service: "ends all runs" }] },
      { state: "saved", cancel: "tooLate", says: "too late to cancel" },
    ],
    never: ["cancelled", "failed"],
    books: { cancels: 1 },
  },
  {
    name: "cancel: too late, told by 409",
    timing: { runMs: null },
    faults: [{ on: "cancel", do: { respond: { status: 409, empty: true } } }],
    sees: [
      { state: "running", then: [{ user: "cancel" }] },
      { state: "running", cancel: "tooLate", says: "Too late", then: [{ service: "ends all runs" }] },
      { state: "saved", cancel: "tooLate" },
    ],
    books: { cancels: 1 },
  },
  {
    name: "cancel: promised, but the run goes on",
    timing: { runMs: null },
    faults: [{ on: "cancel", do: { respond: { status: 202, json: { status: "cancellation_requested" } } } }],
    sees: [
      { state: "running", then: [{ user: "cancel" }] },
      { state: "running", cancel: "tooLate", says: "Too late", then: [{ service: "ends all runs" }] },
      { state: "saved" },
    ],
    never: ["cancelled", "failed"],
    books: { cancels: 1 },
  },
  {
    name: "cancel: of a request that has ended meanwhile",
    timing: { queueMs: null },
    faults: [{ on: "status", nth: 1, do: { statusWord: "in_queue" } }],
    sees: [{ ...asked, then: [{ service: "ends all runs" }, { user: "cancel" }] }, { state: "saved" }],
    never: ["cancelled", "failed"],
    books: { cancels: 1 },
  },
  {
    name: "cancel: while the request is on its way",
    timing: { queueMs: null },
    faults: [{ on: "submit", do: { delayMs: 400 } }],
    sees: [
      { state: "submitting", then: [{ service: "is being asked" }, { user: "cancel" }] },
      { state: "queued" },
      cancelled,
    ],
    never: ["failed", "unclear"],
    books: { paid: 0, cancels: 1 },
  },
  {
    name: "cancel: in the moment before the request leaves",
    sees: [
      { state: "submitting", then: [{ user: "cancel" }] },
      { state: "cancelled", says: "never sent" },
    ],
    never: ["failed", "unclear", "queued"],
    books: { posts: 0, accepted: 0, paid: 0 },
  },
  {
    name: "cancel: while a request is on its way whose answer gets lost; then its id is entered to get the video",
    faults: [{ on: "submit", do: { delayMs: 400, resetAfterAccept: true } }],
    sees: [
      { state: "submitting", then: [{ service: "is being asked" }, { user: "cancel" }] },
      { state: "unclear", problem: "submitUnclear", then: [{ user: "adopt", id: "accepted" }] },
      { state: "saved" },
    ],
    never: ["failed", "cancelled"],
    books: { cancels: 0 },
  },
  {
    name: "cancel: while a request is on its way that is then throttled",
    faults: [{ on: "submit", do: { delayMs: 400, respond: { status: 429, empty: true } } }],
    sees: [
      { state: "submitting", then: [{ service: "is being asked" }, { user: "cancel" }] },
      { state: "cancelled", says: "never sent" },
    ],
    never: ["failed", "unclear", "queued"],
    books: { posts: 1, accepted: 0, paid: 0 },
  },
  {
    name: "cancel: while a request is on its way that is then refused",
    faults: [{ on: "submit", do: { delayMs: 400, respond: { status: 422, json: { detail: "no" } } } }],
    sees: [
      { state: "submitting", then: [{ service: "is being asked" }, { user: "cancel" }] },
      { state: "cancelled", says: "never sent" },
    ],
    never: ["failed", "unclear", "queued"],
    books: { posts: 1, accepted: 0, paid: 0 },
  },
  {
    name: "cancel: before the service can be reached",
    address: "gate",
    sees: [
      { state: "waiting", says: "can’t be reached", then: [{ user: "cancel" }] },
      { state: "cancelled", says: "never sent" },
    ],
    books: { posts: 0, accepted: 0, paid: 0 },
  },
];
