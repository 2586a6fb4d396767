import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { mayBePaid } from "../../../src/jobs/job.ts";
import { uncapped } from "../../support/engine/engine.ts";
import { refused } from "../../support/problems.ts";
import type { FaultPlan } from "../../support/service/service.ts";
import { calls, engine, freshStorage, service, submit, until } from "./engines.ts";

// What becomes of the answer to a paid request, whatever happens around it.

describe("a window whose log is closed before it has ended, as VS Code closes it", () => {
  it("writes down the answer of a paid request that was on its way", async () => {
    service.setFaults([{ on: "submit", do: { delayMs: 1000 } }]);
    let closed = false;
    const log = () => {
      if (closed) {
        throw new Error("Channel has been closed");
      }
    };
    const storage = freshStorage();
    const window = engine({ log }, storage);
    const id = await submit(window);
    await until(() => calls("submit") === 1);
    closed = true;
    await window.jobs.dispose();
    await using next = engine({}, storage);
    await next.reaches(id, "saved", "unclear");
    assert.equal(next.jobs.get(id)?.progress.state, "saved");
    assert.equal(service.requests().length, 1);
  });

  it("loses nothing when log and notifications throw at every word", async () => {
    const broken = () => {
      throw new Error("Channel has been closed");
    };
    await using window = engine({ log: broken, leftBehind: broken, answerUnsaved: broken });
    await window.reaches(await submit(window), "saved", "unclear", "failed");
    assert.equal(window.jobs.list()[0]?.progress.state, "saved");
    assert.equal(calls("submit"), 1);
  });
});

describe("an answer that cannot be written down", () => {
  const answers: Record<string, FaultPlan> = {
    "that accepts": [],
    "that is not clear and names the request": [
      { on: "submit", do: { respond: { status: 500, json: { request_id: "named" } } } },
    ],
  };
  for (const [what, faults] of Object.entries(answers)) {
    it(`(${what}) is told to its user by the request's id after some seconds, and written down once it can be`, async () => {
      service.setFaults(faults);
      const storage = freshStorage();
      const told: string[] = [];
      let blocker: DatabaseSync | undefined;
      await using window = engine(
        {
          // A second of this clock is ten seconds of the tests'.
          monotonic: () => performance.now() * 10,
          checkpoint: (name) => {
            if (name === "answered") {
              blocker = new DatabaseSync(join(storage, "journal.sqlite"));
              blocker.exec("BEGIN EXCLUSIVE");
            }
          },
          answerUnsaved: (requestId) => {
            told.push(requestId);
            blocker?.close();
          },
        },
        storage,
      );
      const id = await submit(window);
      const { progress } = await window.reaches(id, "queued", "running", "downloading", "saved", "unclear");
      if (faults.length > 0) {
        assert.ok(progress.state === "unclear" && progress.problem.code === "submitUnclear");
        assert.equal(progress.problem.requestId, "named");
        assert.deepEqual(told, ["named"]);
      } else {
        assert.deepEqual(
          told,
          service.requests().map(({ requestId }) => requestId),
        );
        await window.reaches(id, "saved");
      }
      assert.equal(calls("submit"), 1);
    });
  }
});

describe("a request that an unclear answer named", () => {
  /** A job whose first POST was answered by an error that names a request. */
  async function submitNaming(window: ReturnType<typeof engine>, requestId: string): Promise<string> {
    const answer = { status: 500, json: { request_id: requestId } };
    service.setFaults([{ on: "submit", nth: 1, do: { acceptThenRespond: answer } }]);
    const id = await submit(window);
    await window.reaches(id, "unclear");
    return id;
  }

  it("is kept in the list when its job is sent again, and can be fetched by its id", async () => {
    await using window = engine();
    const id = await submitNaming(window, "named-1");
    await window.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
    await window.reaches(id, "saved");
    const [kept] = window.jobs.list().filter((job) => job.id !== id);
    assert.ok(kept?.progress.state === "unclear");
    assert.deepEqual(kept.progress.problem, { code: "submitUnclear", reason: "HTTP 500", requestId: "named-1" });
    assert.equal(calls("submit"), 2);
  });

  it("is kept in the list when its user enters another id", async () => {
    await using window = engine();
    const id = await submitNaming(window, "named-2");
    await window.jobs.adopt(id, "mistyped");
    const [kept] = window.jobs.list().filter((job) => job.id !== id);
    assert.ok(kept?.progress.state === "unclear");
    assert.deepEqual(kept.progress.problem, { code: "submitUnclear", reason: "HTTP 500", requestId: "named-2" });
  });

  it("whose job is sent again and then cancelled or refused may still be paid, and its user can look for it", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { resetAfterAccept: true } },
      { on: "submit", nth: 2, do: { respond: { status: 422, json: { detail: "no" } } } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
    const { progress } = await window.reaches(id, "failed", "cancelled");
    assert.ok(mayBePaid(progress));
    await assert.rejects(window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    const [request] = service.requests();
    assert.ok(request !== undefined);
    await window.jobs.adopt(id, request.requestId);
    await window.reaches(id, "saved");
    assert.equal(calls("submit"), 2);
  });
});

describe("Send Again", () => {
  it("does not pay a second time for a user who was asked about a job that was not sent yet", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { respond: { status: 422, json: { detail: "no" } } } },
      { on: "submit", nth: 2, do: { resetAfterAccept: true } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "failed");
    // Two windows ask their user at the same time; nothing can be paid twice as far as both know.
    await window.jobs.sendAgain(id, uncapped);
    const { submittedAt } = await window.reaches(id, "unclear");
    assert.ok(submittedAt !== undefined, "what may be paid for belongs to the time of its POST");
    await assert.rejects(async () => window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    assert.equal(window.jobs.get(id)?.progress.state, "unclear");
    assert.equal(calls("submit"), 2);
  });
});
