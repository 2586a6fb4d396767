import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Order } from "../../src/jobs/job.ts";
import { Journal } from "../../src/jobs/journal.ts";
import { leaseTime } from "../../src/jobs/runner.ts";

const order: Order = {
  start: { kind: "unknown" },
  end: { kind: "unknown" },
  prompt: "",
  parameters: { seed: 1 },
  service: "http://127.0.0.1:1",
  folder: "/nowhere",
  root: "/nowhere",
  name: "take",
};
const hour = 3_600_000;
const nobodyGone = () => false;

describe("leases and a clock that is set back", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wan-flf2v-leases-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const withJob = (name: string, leaseEnd: number) => {
    const journal = Journal.open(join(folder, name));
    journal.insert({ id: "job", createdAt: 0, order, progress: { state: "preparing" } }, "old", leaseEnd);
    return journal;
  };

  it("a lease of the time before does not keep a job from others for longer than any lease", () => {
    const journal = withJob("back.sqlite", 10 * hour + leaseTime);
    const now = 8 * hour;
    assert.equal(journal.claim("new", now, now + leaseTime, nobodyGone), false);
    const later = now + leaseTime;
    assert.equal(journal.claim("new", later, later + leaseTime, nobodyGone), true);
    assert.deepEqual(journal.owned("new", later), ["job"]);
    journal.close();
  });

  it("an owner that lives keeps its job over the change", () => {
    const journal = withJob("alive.sqlite", 10 * hour + leaseTime);
    const now = 8 * hour;
    assert.equal(journal.claim("new", now, now + leaseTime, nobodyGone), false);
    assert.equal(journal.claim("old", now + 2500, now + 2500 + leaseTime, nobodyGone), false);
    const later = now + leaseTime;
    assert.equal(journal.claim("new", later, later + leaseTime, nobodyGone), false);
    assert.deepEqual(journal.owned("old", later), ["job"]);
    journal.close();
  });
});
