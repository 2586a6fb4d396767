import assert from "node:assert/strict";
import { test } from "node:test";
import { agedFrom, isOpened, openedPrefix } from "../../../src/jobs/facts.ts";
import { takeNumbers } from "../../../src/jobs/takes.ts";
import { job, order, saved } from "./jobs.ts";

/** A video of the same pair, opened from its file. */
const opened = (name: string) => {
  const id = `${openedPrefix}${name}`;
  return job(id, { state: "saved", requestId: "", video: `/other/${name}.mp4`, recipe: "" }, { order });
};

test("a video that was opened from its file counts for no other: it has the number in its name, or none", () => {
  const own = [saved("second", 1), saved("first", 1)];
  const files = [opened("harbour-007"), opened("harbour")];
  assert.deepEqual(files.map(isOpened), [true, true]);
  const alone = takeNumbers(own);
  const together = takeNumbers([...own, ...files]);
  assert.deepEqual(
    [...alone],
    [
      ["first", 1],
      ["second", 2],
    ],
  );
  assert.deepEqual(Object.fromEntries(together), { ...Object.fromEntries(alone), [`${openedPrefix}harbour-007`]: 7 });
});

test("a job's age counts from its end, or else from its creation", () => {
  assert.equal(agedFrom(job("a", undefined, { createdAt: 1 })), 1);
  assert.equal(agedFrom(job("a", undefined, { createdAt: 1, endedAt: 5 })), 5);
});
