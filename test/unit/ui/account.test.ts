import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import type { Difference } from "../../../src/runcomfy/drift.ts";
import type { Account } from "../../../src/ui/account.ts";
import { job, order } from "../jobs/jobs.ts";
import { played, stage } from "./stage.ts";

// What is said of account, model and tokens, in every case that a user can meet.

const none: Account = {
  source: undefined,
  sight: undefined,
  balance: { kind: "unknown" },
  spend: { reported: 0, unreported: 0, expected: 0 },
  cap: null,
  defaults: {},
};
const known: Account = {
  ...none,
  source: "secret",
  sight: { kind: "seen", price: { kind: "known", usd: 0.0125, unit: "second" }, schema: undefined },
  balance: { kind: "known", usd: -3.254 },
  spend: { reported: 1.2, unreported: 2, expected: 0.506 },
  cap: 20,
  defaults: { length: 141 },
};
const rows = (facts: Account) =>
  played.account
    .accountItems(facts, "en")
    .map(({ label, description, detail }) => [label, description, detail].join("|"));
const month = new Intl.DateTimeFormat("en", { month: "long" }).format(new Date());

test("without a token every row says what is missing", () => {
  assert.deepEqual(rows(none), [
    "API token|none|Select this item to set one",
    "Balance|needs an API token|",
    "Base price|needs an API token|",
    "One video with your defaults|needs an API token|",
    `Spent in ${month}|0.00 USD|`,
    "Monthly cap|none|",
    "Model|needs an API token|",
  ]);
});

test("what is known is told, what is not is said to be not told, and a sum with gaps says so", () => {
  assert.deepEqual(rows(known), [
    "API token|valid|From VS Code’s secret storage",
    "Balance|-3.25 USD|",
    "Base price|0.0125 USD per second|",
    "One video with your defaults|about 0.11 USD|",
    `Spent in ${month}|at least 1.20 USD; 2 videos with no cost reported|At base price, about 0.51 USD more for videos in progress or with no cost reported`,
    "Monthly cap|20.00 USD|",
    "Model|not reported by RunComfy|",
  ]);
});

test("a token that is refused, and one that could not be checked", () => {
  const [refused, balance] = rows({ ...none, source: "RUNCOMFY_TOKEN", sight: { kind: "refused" } });
  assert.equal(
    refused,
    "API token|rejected by RunComfy: mistyped, expired or revoked|From the environment variable RUNCOMFY_TOKEN",
  );
  assert.equal(balance, "Balance|unknown|");
  const [unread] = rows({ ...none, source: "cli", sight: { kind: "unread", reason: "ENOTFOUND" } });
  assert.match(
    unread ?? "",
    /couldn’t be checked \(ENOTFOUND\)\|From the token file of RunComfy’s command-line client/,
  );
});

test("every difference of the model says what is so and what it means", () => {
  const limit = (end: "minimum" | "maximum", here: number, there: number): Difference => ({
    kind: "limit",
    word: "steps",
    end,
    here,
    there,
  });
  for (const [difference, text] of [
    [
      { kind: "newChoices", word: "resolution", values: ["1920x1080 (16:9)"] },
      "Resolution: RunComfy now also offers 1920x1080 (16:9). This version can’t request that yet.",
    ],
    [
      { kind: "goneChoices", word: "length", values: ["141"] },
      "Number of Frames: RunComfy no longer lists 141. A video",
    ],
    [limit("maximum", 20, 30), "Steps: RunComfy now accepts values up to 30; this version offers up to 20."],
    [limit("minimum", 6, 4), "Steps: RunComfy now accepts values down to 4; this version offers 6 and above."],
    [
      limit("maximum", 20, 10),
      "Steps: RunComfy now accepts values only up to 10. You can still set a value up to 20 here",
    ],
    [limit("minimum", 6, 8), "Steps: RunComfy now accepts only 8 and above. You can still set a value down to 6 here"],
    [{ kind: "default", word: "shift", here: "8", there: "5" }, "Shift: RunComfy’s default is now 5, no longer 8."],
    [{ kind: "gone", word: "shift" }, "Shift: RunComfy no longer lists this parameter. It is still sent and may be"],
    [{ kind: "new", title: "Style", required: false }, "Style: This parameter is new at RunComfy. This version leaves"],
    [{ kind: "new", title: "Style", required: true }, "Style: RunComfy now requires this new parameter"],
    [{ kind: "imagesMoved" }, "RunComfy now expects the start and end images under different names"],
  ] satisfies [Difference, string][]) {
    const words = played.drift.differenceText(difference);
    assert.ok(words.startsWith(text), words);
  }
});

test("a token that videos depend on, also those their user has left, is removed only after a question that names them", async () => {
  const sent = (name: string, progress: Progress, sentWith: string): Job =>
    job(name, progress, { sentWith, order: { ...order, name } });
  const jobs = [
    sent("door", { state: "running", requestId: "r1" }, "stored:a"),
    sent("sea", { state: "queued", requestId: "r2" }, "stored:b"),
    sent("done", { state: "saved", requestId: "r3", video: "/v", recipe: "/r" }, "stored:a"),
    sent("left", { state: "failed", requestId: "r5", problem: { code: "watchStopped" } }, "stored:a"),
    sent("elsewhere", { state: "running", requestId: "r4" }, "RUNCOMFY_TOKEN"),
  ];
  assert.equal(await played.removal.confirmRemoval(jobs.filter(({ id }) => id === "done" || id === "elsewhere")), true);
  assert.equal(stage.messages.length, 0);
  assert.equal(await played.removal.confirmRemoval(jobs), false);
  const asked = stage.messages.at(-1);
  assert.equal(asked?.message, "Remove the API token that 3 videos were sent with?");
  assert.match(asked.detail ?? "", /you need a token of the same account.*\n\ndoor\nsea\nleft$/);
  stage.answers.push("Remove API Token");
  assert.equal(await played.removal.confirmRemoval(jobs), true);
});
