import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Job } from "../../../src/jobs/job.ts";
import type { Fetch } from "../../../src/net/fetch.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { conform, freshStorage, service, submit, until } from "./engines.ts";

// Two real engines over one journal: the window that sends stands still until the other has called its job unclear.

beforeEach(() => service.changeSettings({ timing: { queueMs: null, runMs: 0 } }));

interface Windows {
  /** The window that took over. */
  readonly other: ReturnType<typeof startEngine>;
  readonly id: string;
  /** How many POSTs have left, the one that was held included. */
  readonly posts: () => number;
  /** Lets the answer of the first POST come, and waits until it is written down. */
  readonly answered: () => Promise<void>;
}

/**
 * @param answer what becomes of the first POST once its window goes on.
 * @param sending what the user does while it is on its way.
 */
async function standStill(
  answer: (pass: () => Promise<Response>) => Promise<Response> | Response,
  work: (windows: Windows) => Promise<void>,
  sending: (window: ReturnType<typeof startEngine>, id: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const storage = freshStorage();
  const held = Promise.withResolvers<void>();
  let posts = 0;
  const fetchOf: Fetch = async (input, init) => {
    if (init?.method !== "POST" || !String(input).includes("/models/")) {
      return fetch(input, init);
    }
    posts += 1;
    if (posts > 1) {
      return fetch(input, init);
    }
    await held.promise;
    return answer(() => fetch(input, init));
  };
  let still: number | undefined;
  const common = { storage, token: service.token, fetch: fetchOf };
  const late = startEngine({ ...common, ports: { conform, monotonic: () => still ?? performance.now() } });
  const id = await submit({ jobs: late.jobs, storage });
  await until(() => posts === 1);
  await sending(late, id);
  still = performance.now();
  // Its clock is ten times as fast: the time that a POST is left to its window need not be waited for.
  const monotonic = () => performance.now() * 10;
  const other = startEngine({ ...common, ports: { conform, monotonic, sendingTime: 6000 } });
  try {
    const { submittedAt } = await other.reaches(id, "unclear");
    assert.ok(submittedAt !== undefined, "what may be paid for belongs to the time of its POST");
    const answered = async () => {
      still = undefined;
      held.resolve();
      await until(() => late.lines.some((line) => line.startsWith(`${id} submitting -> `)));
    };
    await work({ other, id, posts: () => posts, answered });
  } finally {
    await late[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  }
}

const json = (status: number, body: object, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
const unclearWithId = () => json(500, { request_id: "paid-late", error_message: "x" });
const throttled = () => json(429, { error_code: 429001 }, { "retry-after": "0" });
const namedBy = ({ progress }: Job) =>
  ("requestId" in progress && progress.requestId) ||
  ("problem" in progress && progress.problem?.code === "submitUnclear" && progress.problem.requestId);

describe("an answer that comes late and is not clear, but names the request", () => {
  it("gives its id to the job that is still unclear", () =>
    standStill(unclearWithId, async (windows) => {
      await windows.answered();
      const job = windows.other.jobs.get(windows.id);
      assert.equal(job?.progress.state, "unclear");
      assert.equal(job && namedBy(job), "paid-late");
      assert.equal(windows.posts(), 1);
    }));

  it("gives it to the job that was dropped meanwhile, which can be taken up by it", () =>
    standStill(unclearWithId, async ({ other, id, answered }) => {
      await other.jobs.drop(id);
      await answered();
      const job = other.jobs.get(id);
      assert.equal(job?.progress.state, "failed");
      assert.equal(job && namedBy(job), "paid-late");
      assert.equal(other.jobs.list().length, 1);
    }));

  it("gets a job of its own where the job was sent again or removed meanwhile", async () => {
    await standStill(unclearWithId, async ({ other, id, answered, posts }) => {
      await other.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
      await other.reaches(id, "queued");
      await answered();
      assert.equal(posts(), 2);
      assert.deepEqual(
        other.jobs
          .list()
          .map((job) => [job.id === id, job.progress.state, namedBy(job) === "paid-late"])
          .sort(),
        [
          [false, "unclear", true],
          [true, "queued", false],
        ],
      );
    });
    await standStill(unclearWithId, async ({ other, id, answered }) => {
      await other.jobs.drop(id);
      await other.jobs.remove(id);
      await answered();
      assert.deepEqual(other.jobs.list().map(namedBy), ["paid-late"]);
    });
  });
});

describe("a job that was called unclear", () => {
  it("is not sent by itself when it turns out that it was not taken", () =>
    standStill(throttled, async ({ other, id, answered, posts }) => {
      await answered();
      const { progress } = await other.reaches(id, "failed", "queued");
      assert.deepEqual(progress, { state: "failed", problem: { code: "notSentAfterAll" } });
      assert.equal(posts(), 1);
      assert.equal(other.jobs.spend().unreported, 0, "nothing was paid");
    }));

  it("and was cancelled during its POST is cancelled, and never sent", () =>
    standStill(
      throttled,
      async ({ other, id, answered, posts }) => {
        await answered();
        assert.equal((await other.reaches(id, "cancelled", "queued")).progress.state, "cancelled");
        assert.equal(posts(), 1);
      },
      (window, id) => window.jobs.cancel(id),
    ));

  it("and was cancelled during its POST is cancelled at the service that took it", () =>
    standStill(
      (pass) => pass(),
      async ({ other, id, answered, posts }) => {
        await answered();
        other.jobs.wake();
        await other.reaches(id, "cancelled");
        assert.ok(service.ledger.exchanges.some(({ call }) => call === "cancel"));
        assert.equal(posts(), 1);
      },
      (window, id) => window.jobs.cancel(id),
    ));
});
