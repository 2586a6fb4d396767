import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsIn, rowsSeen } from "../../../src/page/gallery/layout.ts";
import { found, grouped } from "../../../src/page/gallery/order.ts";
import { moved } from "../../../src/page/kit/moved.ts";
import type { JobView } from "../../../src/shared/messages/jobs.ts";

test("as many columns as fit, and never none", () => {
  assert.deepEqual(
    [0, 100, 203, 204, 1260].map((width) => columnsIn(width, 96, 12)),
    [1, 1, 1, 2, 11],
  );
});

test("only the rows in view are drawn, and those nearly in view", () => {
  const rows = (top: number) => rowsSeen(top, 800, 100, 50, 200);
  assert.deepEqual(rows(0), { from: 0, to: 10 });
  assert.deepEqual(rows(-1050), { from: 8, to: 21 });
  assert.deepEqual(rows(900), { from: 0, to: 1 });
  assert.deepEqual(rows(2000), { from: 0, to: 0 });
  assert.deepEqual(rows(-9000), { from: 50, to: 50 });
});

test("arrow keys move in rows through groups that each begin a row", () => {
  // In three columns: 0 | 1 2 | 3 4 5, 6 7
  const sizes = [1, 2, 5];
  const all = Array.from({ length: 8 }, (_, index) => index);
  const by = (key: string) => all.map((here) => moved(key, here, sizes, 3));
  assert.deepEqual(by("ArrowDown"), [1, 3, 4, 6, 7, 7, 6, 7]);
  assert.deepEqual(by("ArrowUp"), [0, 0, 0, 1, 2, 2, 3, 4]);
  assert.deepEqual(by("ArrowLeft"), [0, 0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(by("ArrowRight"), [1, 2, 3, 4, 5, 6, 7, 7]);
  assert.deepEqual([by("Home").at(-1), by("End")[0], by("a")[0]], [0, 7, undefined]);
});

function job(id: string, state: JobView["state"], other: Partial<JobView> = {}): JobView {
  return {
    ...{
      id,
      at: 0,
      name: `name-${id}`,
      state,
      sentence: "",
      sign: state,
      isFinished: false,
      isUnsent: false,
      agedFrom: 0,
      needsUser: false,
    },
    ...{ actions: [], prompt: "", parameters: {}, ...other },
  };
}

test("a job that waits for its user comes first whatever its state, and one that was left is done", () => {
  const jobs = [
    job("a", "saved"),
    job("b", "waiting", { needsUser: true }),
    job("c", "running"),
    job("d", "failed", { sign: "left" }),
    job("e", "needsAction", { needsUser: true }),
  ];
  assert.deepEqual(
    grouped(jobs).map((group) => [group.id, group.jobs.map(({ id }) => id).join("")]),
    [
      ["attention", "be"],
      ["progress", "c"],
      ["done", "ad"],
    ],
  );
  assert.deepEqual(grouped([]), []);
});

test("a search takes words in any order and case, in prompt, name and path", () => {
  const jobs = [job("a", "saved", { prompt: "Night FALLS" }), job("b", "saved", { video: "clips/Gull.mp4" })];
  const ids = (search: string) =>
    found(jobs, search)
      .map(({ id }) => id)
      .join("");
  assert.deepEqual(["falls night", "GULL", "name-", "name night", "x", "  "].map(ids), ["a", "b", "ab", "a", "", "ab"]);
});
