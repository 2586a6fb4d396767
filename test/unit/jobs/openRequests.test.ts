import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { mayBePaid } from "../../../src/jobs/job.ts";
import type { Client } from "../../../src/runcomfy/client.ts";
import type { SubmitOutcome } from "../../../src/runcomfy/submission.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import { uncapped } from "../../support/engine/engine.ts";
import { refused } from "../../support/problems.ts";
import { engine, freshStorage, service, submit, until } from "./engines.ts";

// Requests whose answer got lost, and what their users make of them.

const lost = (requestId?: string): SubmitOutcome => ({
  outcome: "unclear",
  problem: { code: "submitUnclear", reason: "reset", ...(requestId !== undefined && { requestId }) },
});
const unread = async () => ({ phase: "unread", problem: { code: "throttled" }, retryAfter: undefined }) as const;

/** A service that gives these answers to the POSTs, one after the other, and none to a read. */
function answering(...answers: readonly SubmitOutcome[]) {
  let posts = 0;
  const client = (): Client => ({
    submit: async (_body, goes = () => true) => {
      if (!goes()) {
        return { outcome: "heldBack" };
      }
      posts += 1;
      return answers[posts - 1] ?? lost();
    },
    status: unread,
    result: unread,
    cancel: unread,
  });
  return { client, posts: () => posts };
}

const knowing = { ...uncapped, acceptsSecond: true } as const;

describe("a job that is sent again after its answer got lost, and fails before that POST", () => {
  const place: Problem = { code: "storageRefused", host: "h", status: 403, reason: "credentials" };
  it("stays one that may be paid for", async () => {
    const { client, posts } = answering(lost());
    await using window = engine({ client });
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await rm(join(window.storage, "images", id), { recursive: true });
    await window.jobs.sendAgain(id, knowing);
    const { progress } = await window.reaches(id, "failed");
    assert.ok(progress.state === "failed" && progress.problem.code === "submitUnclear");
    assert.equal(progress.problem.refused?.code, "imageLost");
    assert.ok(mayBePaid(progress));
    await assert.rejects(window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    assert.equal(posts(), 1);
    await window.jobs.adopt(id, "found");
    await window.reaches(id, "queued");
  });

  it("tells the refusal of the second POST, too", async () => {
    const { client } = answering(lost(), { outcome: "refused", problem: place });
    await using window = engine({ client });
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.sendAgain(id, knowing);
    const { progress } = await window.reaches(id, "failed");
    assert.deepEqual(progress, {
      state: "failed",
      problem: { code: "submitUnclear", reason: "an earlier request", refused: place },
    });
  });
});

describe("a request that an answer named", () => {
  it("is kept in the transaction that sends its job again or gives it another request", async () => {
    for (const decide of ["sendAgain", "adopt"] as const) {
      const { client } = answering(lost("NAMED"), { outcome: "accepted", requestId: "second" });
      const storage = freshStorage();
      const ended = Promise.withResolvers<void>();
      // The window ends right after the decision: nothing that it would do then happens.
      let isArmed = false;
      const checkpoint = (name: string) => {
        if (isArmed && name === "after:decision") {
          ended.resolve();
          throw new Error("the window is gone");
        }
      };
      await using window = engine({ client, checkpoint }, storage);
      const id = await submit(window);
      await window.reaches(id, "unclear");
      isArmed = true;
      void (decide === "adopt" ? window.jobs.adopt(id, "other") : window.jobs.sendAgain(id, knowing)).catch(
        () => undefined,
      );
      await ended.promise;
      await until(() => JSON.stringify(window.jobs.list().map(({ progress }) => progress)).includes("NAMED"));
      assert.equal(window.jobs.list().length, 2);
    }
  });

  it("is one job's alone: entered in two windows at once, for a fresh job or for one that is open for it", async () => {
    const { client } = answering(lost(), lost(), lost("NAMED"));
    const storage = freshStorage();
    await using one = engine({ client }, storage);
    await using two = engine({ client }, storage);
    const ids: string[] = [];
    for (let made = 0; made < 3; made += 1) {
      const id = await submit(one);
      await one.reaches(id, "unclear");
      ids.push(id);
    }
    const [first = "", second = "", third = ""] = ids;
    const outcomes = await Promise.allSettled([one.jobs.adopt(first, "found"), two.jobs.adopt(second, "found")]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const left = one.jobs.get(first)?.progress.state === "unclear" ? first : second;
    await assert.rejects(one.jobs.adopt(left, "NAMED"), refused("requestFollowed"));
    // Recovering it goes on with the job that is open for it, and makes none besides.
    const target = { service: service.url, folder: storage };
    assert.equal(await two.jobs.recover("NAMED", target), third);
    assert.equal((await two.reaches(third, "queued")).progress.state, "queued");
    assert.equal(two.jobs.list().length, 3);
    const again = await Promise.all([one.jobs.recover("fresh", target), two.jobs.recover("fresh", target)]);
    assert.equal(again[0], again[1]);
    assert.equal(one.jobs.list().length, 4);
  });

  it("that was mistyped and is denied makes room for the right one, and is kept besides", async () => {
    const { client } = answering(lost());
    const denied = async () => ({ ...(await unread()), problem: { code: "requestUnknown" } }) as const;
    await using window = engine({ client: () => ({ ...client(), status: denied }) });
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.adopt(id, "typo");
    await until(() => JSON.stringify(window.jobs.get(id)?.progress).includes("requestUnknown"));
    await assert.rejects(window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    await window.jobs.stopWatching(id);
    await window.jobs.adopt(id, "right");
    const named = window.jobs.list().map(({ progress }) => ("requestId" in progress ? progress.requestId : ""));
    assert.deepEqual(named.sort(), ["right", "typo"]);
    await until(() => JSON.stringify(window.jobs.get(id)?.progress).includes("requestUnknown"));
    await window.jobs.sendAgain(id, knowing);
    assert.equal((await window.reaches(id, "unclear")).order.lost?.length, 1);
    assert.equal(window.jobs.list().length, 3);
  });

  it("is not fetched a second time where the list tells how it ended", async () => {
    await using window = engine();
    const id = await submit(window);
    const { progress } = await window.reaches(id, "saved");
    assert.ok(progress.state === "saved");
    const target = { service: service.url, folder: join(window.storage, "videos") };
    await assert.rejects(window.jobs.recover(progress.requestId, target), refused("requestFollowed"));
    assert.equal(window.jobs.list().length, 1);
  });
});
