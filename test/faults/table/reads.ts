import type { Problem } from "../../../src/shared/model/problem.ts";
import type { FaultPlan } from "../../support/service/service.ts";
import type { Row, Sight } from "../row.ts";
import { imagesFailedOffers, renderFailedOffers, standingOffers } from "./offers.ts";

type Effects = FaultPlan[number]["do"];

const hour = 3_600_000;

/** The service says for so many hours that it does not know the request. */
const unknownFor = (state: "queued" | "running", hours: number): Sight => ({
  state,
  problem: "requestUnknown",
  then: [{ clock: hours * hour }],
});

const error = (code: number, text: string) => ({ error_code: code, error_message: text });

/** What can be wrong with an answer to a read, and what the user reads meanwhile. The job goes on in every case. */
const passing: readonly {
  readonly name: string;
  readonly effects: Effects;
  readonly problem: Problem["code"];
  readonly impatient?: true;
}[] = [
  { name: "500", effects: { respond: { status: 500, text: "Internal Server Error" } }, problem: "serviceTrouble" },
  {
    name: "502 with a page",
    effects: { respond: { status: 502, text: "<h1>Bad Gateway</h1>" } },
    problem: "serviceTrouble",
  },
  { name: "503", effects: { respond: { status: 503, empty: true } }, problem: "serviceTrouble" },
  { name: "504", effects: { respond: { status: 504, text: "timeout" } }, problem: "serviceTrouble" },
  { name: "429", effects: { respond: { status: 429, empty: true } }, problem: "throttled" },
  { name: "408", effects: { respond: { status: 408, empty: true } }, problem: "serviceTrouble" },
  {
    name: "400 with an unknown code",
    effects: { respond: { status: 400, json: error(400099, "?") } },
    problem: "serviceTrouble",
  },
  { name: "401", effects: { respond: { status: 401, json: error(401001, "token") } }, problem: "tokenRefused" },
  {
    name: "400 with a bad token's code",
    effects: { respond: { status: 400, json: error(400004, "token") } },
    problem: "tokenRefused",
  },
  { name: "403", effects: { respond: { status: 403, json: error(403001, "PermissionDenied") } }, problem: "notOurs" },
  {
    name: "404",
    effects: { respond: { status: 404, json: error(404001, "ResourceNotFound") } },
    problem: "requestUnknown",
  },
  {
    name: "an internal error's code in a 200",
    effects: { errorIn200: error(500001, "oops") },
    problem: "serviceTrouble",
  },
  {
    name: "an unknown request's code in a 200",
    effects: { errorIn200: error(404001, "gone") },
    problem: "requestUnknown",
  },
  { name: "empty body", effects: { respond: { status: 200, empty: true } }, problem: "serviceTrouble" },
  { name: "a sign-in page", effects: { html: true }, problem: "serviceTrouble" },
  { name: "text", effects: { respond: { status: 200, text: "OK" } }, problem: "serviceTrouble" },
  { name: "null", effects: { respond: { status: 200, json: null } }, problem: "serviceTrouble" },
  {
    name: "no status in it",
    effects: { respond: { status: 200, json: { request_id: "x" } } },
    problem: "serviceTrouble",
  },
  {
    name: "a number for a status",
    effects: { respond: { status: 200, json: { status: 3 } } },
    problem: "serviceTrouble",
  },
  {
    name: "a redirect to a stranger",
    effects: { redirect: { location: "https://elsewhere.example/" } },
    problem: "serviceTrouble",
  },
  {
    name: "an answer without an end in sight",
    effects: { respond: { status: 200, text: "x".repeat(5_000_000) } },
    problem: "serviceTrouble",
  },
  { name: "reset", effects: { resetBeforeAccept: true }, problem: "serviceTrouble" },
  { name: "cut in the middle", effects: { truncate: { afterBytes: 20 } }, problem: "serviceTrouble" },
  { name: "no answer", effects: { hangBefore: true }, problem: "serviceTrouble", impatient: true },
  { name: "stalls in the middle", effects: { stall: { afterBytes: 20 } }, problem: "serviceTrouble", impatient: true },
];

const passingRows: readonly Row[] = (["status", "result"] as const).flatMap((call) =>
  passing.map(
    ({ name, effects, problem, impatient }): Row => ({
      name: `${call}: ${name}, twice`,
      faults: [{ on: call, times: 2, do: effects }],
      ...(impatient && { impatient }),
      sees: [{ state: call === "status" ? "queued" : "running", problem }, { state: "saved" }],
      never: ["failed", "needsAction", "cancelled", "unclear"],
    }),
  ),
);

/** Odd answers of /status that the job takes in its stride. */
function status(name: string, effects: Effects, sees: readonly Sight[] = [{ state: "saved" }], times = 2): Row {
  return {
    name: `status: ${name}`,
    faults: [{ on: "status", times, do: effects }],
    sees,
    never: ["failed", "needsAction", "cancelled", "unclear"],
  };
}

const saved: Sight = { state: "saved" };

const statusRows: readonly Row[] = [
  status("a word nobody knows", { statusWord: "warming_up" }, [{ state: "running", says: "“warming_up”" }, saved]),
  status("cancellation_requested", { statusWord: "cancellation_requested" }, [{ state: "running" }, saved]),
  status("other letters and spaces", { statusWord: " IN_PROGRESS " }, [{ state: "running", says: "Rendering" }, saved]),
  status("pending for queued", { statusWord: "pending" }, [{ state: "queued" }, saved]),
  status("processing for running", { statusWord: "processing" }, [{ state: "running", says: "Rendering" }, saved]),
  status("succeeded for completed", { statusWord: "succeeded" }),
  status("failed, while the result succeeded", { statusWord: "failed" }, [saved], 99),
  status(
    "complete, misspelt to the end",
    { statusWord: "complete" },
    [{ state: "running", says: "“complete”" }, saved],
    999,
  ),
  status(
    "in_progress for ever, while the result is there",
    { statusWord: "in_progress" },
    [{ state: "running" }, saved],
    999,
  ),
  status("in_queue after its end", { statusWord: "in_queue" }, [{ state: "queued" }, saved], 3),
  status("wrong content type", { wrongContentType: "text/html" }, [saved], 9),
  status("bytes in drips", { slowBytes: { chunk: 60, intervalMs: 20 } }, [saved], 9),
  status(
    "a queue position that is none",
    {
      respond: { status: 200, json: { status: "in_queue", queue_position: "next" } },
    },
    [{ state: "queued", says: "In the queue" }, saved],
  ),
  status(
    "a queue position",
    {
      respond: { status: 200, json: { status: "in_queue", queue_position: 4 } },
    },
    [{ state: "queued", says: "position 4" }, saved],
  ),
  status(
    "an error code that says there is none",
    {
      respond: { status: 200, json: { status: "in_progress", error_code: null, error_message: null } },
    },
    [{ state: "running", says: "Rendering" }, saved],
  ),
  status(
    "a code that says all is well",
    {
      respond: { status: 200, json: { status: "in_progress", code: 0, message: "ok" } },
    },
    [{ state: "running", says: "Rendering" }, saved],
  ),
  {
    name: "status: 503 with Retry-After is not asked again before",
    faults: [{ on: "status", nth: 1, do: { respond: { status: 503, empty: true }, retryAfter: 3 } }],
    ownPace: true,
    apart: { call: "status", ms: 2990 },
  },
  {
    name: "status: 404 for good",
    faults: [{ on: "status", do: { respond: { status: 404, json: error(404001, "ResourceNotFound") } } }],
    sees: [unknownFor("queued", 7), { state: "needsAction", problem: "requestUnknown", offers: standingOffers }],
    never: ["failed"],
  },
  {
    name: "status: 410 for good",
    faults: [{ on: "status", do: { respond: { status: 410, json: error(404001, "Gone") } } }],
    sees: [unknownFor("queued", 7), { state: "needsAction", problem: "requestUnknown", offers: standingOffers }],
  },
  {
    name: "status: 403 for good",
    faults: [{ on: "status", do: { respond: { status: 403, json: error(403001, "PermissionDenied") } } }],
    sees: [
      { state: "queued", problem: "notOurs", then: [{ clock: 7 * hour }] },
      { state: "needsAction", problem: "notOurs", offers: standingOffers },
    ],
  },
  ...[403, 404, 410].flatMap((status) =>
    [{ empty: true } as const, { text: "<h1>default backend</h1>" }, { json: { message: "no" } }].map((body) => ({
      name: `status: ${status} for eight times with ${Object.keys(body)[0]}, which is not the service's word`,
      faults: [{ on: "status", times: 8, do: { respond: { status, ...body } } } as const],
      never: ["failed", "needsAction", "unclear"] as const,
    })),
  ),
  {
    name: "status: the request has expired",
    faults: [{ on: "status", do: { expire: true } }],
    sees: [unknownFor("queued", 7), { state: "needsAction", problem: "requestUnknown" }],
  },
  {
    name: "status: unknown for long, then retried by the user",
    faults: [{ on: "status", do: { respond: { status: 404, json: error(404001, "ResourceNotFound") } } }],
    sees: [
      unknownFor("queued", 7),
      { state: "needsAction", problem: "requestUnknown", then: [{ faults: [] }, { user: "retry" }] },
      saved,
    ],
  },
  {
    name: "status: unknown for long, then known again, without the user",
    faults: [{ on: "status", do: { respond: { status: 404, json: error(404001, "ResourceNotFound") } } }],
    sees: [unknownFor("queued", 7), { state: "needsAction", problem: "requestUnknown", then: [{ faults: [] }] }, saved],
    heals: true,
  },
  {
    name: "status: unknown for five hours, and followed all the same",
    faults: [{ on: "status", do: { respond: { status: 404, json: error(404001, "ResourceNotFound") } } }],
    during: [
      { at: "status", nth: 2, deeds: [{ clock: 5 * hour }] },
      { at: "status", nth: 12, deeds: [{ faults: [] }] },
    ],
    never: ["needsAction", "failed", "unclear"],
  },
  {
    name: "status: 502 for twenty times",
    faults: [{ on: "status", times: 20, do: { respond: { status: 502, empty: true } } }],
    never: ["failed", "needsAction", "unclear"],
  },
  {
    name: "status: cancelled at the service",
    timing: { queueMs: null },
    faults: [{ on: "status", do: { statusWord: "canceled" } }],
    sees: [{ state: "cancelled", offers: ["remove"] }],
  },
];

/** A run that failed says so in many shapes; what it says must be read. */
function failed(
  name: string,
  run: Exclude<Effects["failRun"], undefined>,
  says: string,
  offers = renderFailedOffers,
): Row {
  return {
    name: `result failed: ${name}`,
    faults: [{ on: "submit", do: { failRun: run } }],
    sees: [{ state: "failed", problem: "generationFailed", says, offers }],
    never: ["needsAction", "downloading"],
    books: { paid: run.charged ? 1 : 0 },
    cost: run.charged ? 0.253125 : 0,
  };
}

function result(name: string, effects: Effects, times: number, more: Partial<Row> = {}): Row {
  return {
    name: `result: ${name}`,
    faults: [{ on: "result", times, do: effects }],
    never: ["failed", "cancelled", "unclear"],
    ...more,
  };
}

const noVideo: Partial<Row> = {
  during: [{ at: "result", nth: 3, deeds: [{ clock: 605_000 }] }],
  sees: [{ state: "needsAction", problem: "noVideo", offers: standingOffers }],
  books: { downloads: 0 },
};

const resultRows: readonly Row[] = [
  failed("a text", { error: "CUDA out of memory" }, "CUDA out of memory."),
  failed("charged", { error: "Content blocked", charged: true }, "Content blocked."),
  failed(
    "a list of objects",
    {
      error: [{ errorCode: 7, error: "Node 96 failed", debugInfo: "…" }, { message: "and more" }],
    },
    "Node 96 failed; and more.",
  ),
  failed("an object with a message", { error: { message: "Workflow failed" } }, "Workflow failed."),
  failed("entries with details", { error: [{ details: "bad input" }] }, "bad input.", imagesFailedOffers),
  failed("an object in an object", { error: { error: { detail: "deep" } } }, "deep."),
  failed("failure_reason", { error: "timeout on GPU", field: "failure_reason" }, "timeout on GPU."),
  failed("an object that says nothing known", { error: { a: 1 } }, '{"a":1}.'),
  failed("a number", { error: 17 }, "17."),
  failed("null", { error: null }, "no reason was given.", imagesFailedOffers),
  failed("an empty text", { error: "" }, "no reason was given.", imagesFailedOffers),
  failed("an empty list", { error: [] }, "no reason was given.", imagesFailedOffers),
  failed("a very long text", { error: "x".repeat(20_000) }, "xxxxx"),
  {
    name: "result failed: then no sending again of what was paid",
    faults: [{ on: "submit", do: { failRun: { error: "x" } } }],
    sees: [
      { state: "failed", problem: "generationFailed", then: [{ window: "reloads" }] },
      { state: "failed", problem: "generationFailed" },
    ],
    books: { paid: 0 },
  },

  result("still in_progress for three reads", { resultLag: { times: 3 } }, 9),
  result("400005 for three reads", { resultLag: { times: 3, as: "400005" } }, 9),
  result("400005 in a 200 twice", { errorIn200: error(400005, "not ready") }, 2),
  result("a word nobody knows, twice", { statusWord: "finalizing" }, 2),
  result("completed for succeeded", { statusWord: "completed" }, 9),
  result("trouble, then not ready, then there", { respond: { status: 502, empty: true } }, 1, {
    faults: [
      { on: "result", nth: 1, do: { respond: { status: 502, empty: true } } },
      { on: "result", nth: 2, times: 2, do: { errorIn200: error(400005, "not ready") } },
    ],
    sees: [{ state: "running", problem: "serviceTrouble" }, { state: "running" }, saved],
  }),
  result("unknown now and then, never for good", { respond: { status: 404, empty: true } }, 1, {
    faults: [
      { on: "result", nth: 1, times: 3, do: { respond: { status: 404, json: error(404001, "?") } } },
      { on: "result", nth: 4, do: { errorIn200: error(400005, "not ready") } },
      { on: "result", nth: 5, times: 3, do: { respond: { status: 404, json: error(404001, "?") } } },
    ],
    never: ["needsAction", "failed"],
  }),
  result("success without output, twice", { resultEmptyOutput: true }, 2),
  result("success without output for ten minutes", { resultEmptyOutput: true }, 99, noVideo),
  result("success without output, then retried", { resultEmptyOutput: true }, 3, {
    ...noVideo,
    sees: [{ state: "needsAction", problem: "noVideo", then: [{ user: "retry" }] }, saved],
    books: {},
  }),
  result("null for output", { respond: { status: 200, json: { status: "succeeded", output: null } } }, 2),
  result("a text for output", { respond: { status: 200, json: { status: "succeeded", output: "done" } } }, 2),
  result(
    "an empty list of videos",
    { respond: { status: 200, json: { status: "succeeded", output: { videos: [] } } } },
    2,
  ),
  result("an empty address", { respond: { status: 200, json: { status: "succeeded", output: { video: "" } } } }, 2),
  result(
    "an image and no video",
    { respond: { status: 200, json: { status: "succeeded", output: { image: "https://a.runcomfy.net/a.png" } } } },
    99,
    noVideo,
  ),
  result(
    "addresses of inputs and no output",
    {
      respond: {
        status: 200,
        json: { status: "succeeded", inputs: { "110_image": "https://a.runcomfy.net/video.mp4" } },
      },
    },
    99,
    noVideo,
  ),
  result("videos alone", { onlyVideosArray: true }, 9),
  result("several videos", { severalVideos: true }, 9),
  result("a companion image", { companionImage: true }, 9),
  result("echoed inputs", { echoInputs: true }, 9),
  result("the cost comes late", { costLag: { times: 5 } }, 9, { cost: null }),
  result("wrong content type", { wrongContentType: "video/mp4" }, 9),
  result("bytes in drips", { slowBytes: { chunk: 100, intervalMs: 20 } }, 9),
  result("cancelled", { statusWord: "cancelled" }, 9, {
    sees: [{ state: "cancelled", offers: ["remove"] }],
    never: ["failed", "needsAction"],
  }),
  result("404 for good", { respond: { status: 404, json: error(404001, "ResourceNotFound") } }, 999, {
    sees: [unknownFor("running", 7), { state: "needsAction", problem: "requestUnknown", offers: standingOffers }],
  }),
];

export const readRows: readonly Row[] = [...passingRows, ...statusRows, ...resultRows];
