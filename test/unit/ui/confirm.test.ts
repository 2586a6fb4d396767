import assert from "node:assert/strict";
import { test } from "node:test";
import type { Price } from "../../../src/shared/model/price.ts";
import type { Budget } from "../../../src/ui/confirm.ts";
import { played, stage } from "./stage.ts";

const { askPayment } = played.confirm;

const perSecond: Price = { kind: "known", usd: 0.05, unit: "second" };
const parameters = { resolution: "1280x720 (16:9)", length: 141, fps: 24 } as const;
const estimate = (0.05 * 141) / 24;
const videoCaps = { day: null, month: null };
/** What the settings say, and a price. */
const budget = (change: Partial<Budget>): Budget => ({
  confirmAbove: null,
  cap: null,
  spend: () => ({ reported: 0, unreported: 0, expected: 0 }),
  videoCaps,
  videos: () => assert.fail("read"),
  price: async () => perSecond,
  lastPrice: () => ({ kind: "unknown" }),
  ...change,
});

test("without a limit or a cap nobody is asked, and no price is looked up", async () => {
  const none = budget({ price: () => assert.fail("looked up"), lastPrice: () => perSecond });
  assert.deepEqual(await askPayment(none, parameters), { estimate, cap: null, videoCaps, acceptsUnknown: false });
  assert.deepEqual(stage.messages, []);
});

test("up to the limit nobody is asked", async () => {
  assert.equal((await askPayment(budget({ confirmAbove: 0.3 }), parameters))?.estimate, estimate);
  assert.deepEqual(stage.messages, []);
});

test("above the limit the question names price, size and duration, and only a yes goes on", async () => {
  assert.equal(await askPayment(budget({ confirmAbove: 0.2 }), parameters), undefined);
  const [asked] = stage.messages;
  assert.equal(asked?.message, "Generate for about 0.29 USD?");
  assert.equal(asked.detail !== undefined, true);
  assert.match(
    asked.detail ?? "",
    /^1280 × 720 · 141 frames at 24 fps = 5\.88 sec\n0\.05 USD per second: .*may differ\./,
  );
  assert.match(asked.detail ?? "", /above 0\.20 USD/);
  stage.answers.push("Generate Video");
  assert.equal((await askPayment(budget({ confirmAbove: 0.2 }), parameters))?.estimate, estimate);
});

const unpriced: readonly Price[] = [
  { kind: "unknown" },
  { kind: "noToken" },
  { kind: "known", usd: 1, unit: "megapixel" },
];

test("a price that is not known is asked about as such", async () => {
  for (const price of unpriced) {
    assert.equal(await askPayment(budget({ confirmAbove: 100, price: async () => price }), {}), undefined);
    assert.equal(stage.messages.at(-1)?.message, "Generate this video? Its cost is unknown.");
    assert.match(stage.messages.at(-1)?.detail ?? "", /^720 × 1280 · 81 frames at 16 fps = 5\.06 sec\n/);
  }
});

test("with a cap, a price that is not known is asked about each time, and the answer says so", async () => {
  for (const price of unpriced) {
    stage.answers.push("Generate Video");
    const payment = await askPayment(budget({ cap: 5, price: async () => price }), {});
    assert.deepEqual(payment, { estimate: undefined, cap: 5, videoCaps, acceptsUnknown: true });
    assert.match(stage.messages.at(-1)?.detail ?? "", /your monthly cap of 5\.00 USD can’t be guaranteed\.$/);
  }
  assert.equal(stage.messages.length, unpriced.length);
});

test("within the cap nobody is asked; beyond it nobody is asked either, since it is refused", async () => {
  const spend = () => ({ reported: 4, unreported: 1, expected: 0.8 });
  assert.equal((await askPayment(budget({ cap: 5.1, spend }), parameters))?.cap, 5.1);
  const refused = { problem: { code: "capReached", cap: 5, spent: 4.8, estimate } };
  await assert.rejects(askPayment(budget({ cap: 5, confirmAbove: 0, spend }), parameters), refused);
  await assert.rejects(askPayment(budget({ cap: 4.8, price: async () => ({ kind: "unknown" }), spend }), parameters), {
    problem: { code: "capReached", cap: 4.8, spent: 4.8 },
  });
  assert.deepEqual(stage.messages, []);
});

test("caps on the number of videos need no price and no question; beyond one it is refused before any question", async () => {
  const caps = { day: 3, month: 20 };
  const counted = (day: number, confirmAbove: number | null = null) =>
    budget({
      ...{ confirmAbove, videoCaps: caps, videos: () => ({ day, month: 19 }) },
      price: () => assert.fail("looked up"),
    });
  assert.deepEqual((await askPayment(counted(2), parameters))?.videoCaps, caps);
  for (const limit of [null, 0]) {
    await assert.rejects(askPayment(counted(3, limit), parameters), {
      problem: { code: "videosReached", per: "day", made: 3, cap: 3 },
    });
  }
  assert.deepEqual(stage.messages, []);
});

test("a refusal by number says what happened, that nothing was sent, and leads to its setting", () => {
  const { message, actions } = played.problemSentences.problemText({
    code: "videosReached",
    per: "month",
    made: 21,
    cap: 20,
  });
  assert.equal(
    message,
    "You reached your cap of 20 videos per month. Made or in progress this month: 21. Nothing was sent.",
  );
  assert.deepEqual(
    actions?.map(({ command, setting }) => [command, setting]),
    [["wanFlf2v.openSettings", "wanFlf2v.videosPerMonth"]],
  );
  const today = played.problemSentences.problemText({ code: "videosReached", per: "day", made: 1, cap: 1 });
  assert.match(today.message, /^You reached your cap of 1 video per day\. Made or in progress today: 1\./);
});
