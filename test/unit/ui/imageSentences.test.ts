import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageErrorFacts } from "../../../src/images/errors.ts";
import { ImageError } from "../../../src/images/errors.ts";
import { imageProblem } from "../../../src/images/imageProblem.ts";
import { problemSchema } from "../../../src/shared/model/problem.ts";
import { played } from "./stage.ts";

const { problemText } = played.problemSentences;

const path = "/project/images/shore.png";
const said = (facts: ImageErrorFacts) =>
  problemText(problemSchema.parse(imageProblem(new ImageError({ ...facts, detail: "vips_tracked: oops" }), path)))
    .message;

test("each reason why an image cannot be used has its own words, and the library's are not among them", () => {
  for (const [code, words] of [
    ["missing", /no longer exists/],
    ["empty", /empty file/],
    ["notAnImage", /is not an image/],
    ["unsupported", /uses a format that isn’t supported/],
    ["unreadable", /is damaged or can’t be read/],
    ["changing", /changed before the video was sent/],
    ["harmful", /made the image reader fail twice.*until the file changes/],
  ] as const) {
    const message = said({ code });
    assert.match(message, words);
    assert.match(message, /^shore\.png /);
    assert.doesNotMatch(message, /vips/);
  }
});

test("too large says for what: its file, its kind, or the memory; each with what would do", () => {
  assert.equal(
    said({ code: "tooLarge", byteLength: 300 * 1024 * 1024 }),
    "shore.png is too large to open (300 MB). Nothing was sent. Choose an image file of at most 256 MB.",
  );
  assert.match(
    said({ code: "tooLarge", width: 12_000, height: 9000, maxPixels: 64_200_000 }),
    /12000 × 9000.* 64\.2 megapixels/,
  );
  const message = said({ code: "tooLarge", width: 12_000, height: 9000 });
  assert.match(message, /doesn’t fit in the available memory/);
  assert.doesNotMatch(message, /damaged/);
});
