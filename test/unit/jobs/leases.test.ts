import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { LeaseWatch, leaseStamps, leaseTime } from "../../../src/jobs/leases.ts";
import { newOwner } from "../../../src/jobs/owner.ts";

/** A POST may take so long, ms (`runcomfy/client.ts`). */
const longestPost = 300_000;

function watch() {
  let elapsed = 0;
  const leases = new LeaseWatch(() => elapsed);
  return { leases, after: (ms: number) => (elapsed += ms) };
}

const lease = (stamp: number, state = "running", owner = "elsewhere|1|x") => ({ id: "job", state, owner, stamp });

describe("a lease that is watched", () => {
  it("is free when nobody has it", () => {
    assert.equal(watch().leases.isFree({ id: "job", state: "running", owner: null, stamp: null }), true);
  });

  it("stays its owner's as long as the stamp changes, however the stamps jump: the time of day may be set", () => {
    const { leases, after } = watch();
    for (const stamp of [10_000, 9_000_000_000, 5, -90 * 24 * 3_600_000, 6]) {
      assert.equal(leases.isFree(lease(stamp)), false);
      after(leaseTime - 1);
      assert.equal(leases.isFree(lease(stamp)), false);
    }
  });

  it("is free once its stamp has stood still for the time of a lease, whatever time it names", () => {
    for (const stamp of [0, Date.now() + 90 * 24 * 3_600_000]) {
      const { leases, after } = watch();
      assert.equal(leases.isFree(lease(stamp)), false);
      after(leaseTime);
      assert.equal(leases.isFree(lease(stamp)), true);
    }
  });

  it("is left to a silent owner for as long as a POST can take: its answer may still be written down", () => {
    const { leases, after } = watch();
    assert.equal(leases.isFree(lease(1, "submitting")), false);
    after(longestPost + leaseTime);
    assert.equal(leases.isFree(lease(1, "submitting")), false);
    after(60_000);
    assert.equal(leases.isFree(lease(1, "submitting")), true);
  });

  it("is free at once when its owner is a process that has ended", async () => {
    const process = spawn(globalThis.process.execPath, ["--eval", ""]);
    const [place = ""] = newOwner().split("|");
    const owner = `${place}|${process.pid}|x`;
    await once(process, "close");
    assert.equal(watch().leases.isFree(lease(1, "submitting", owner)), true);
  });

  it("is not free because a process of that number has ended elsewhere: in another container, before a restart", async () => {
    const process = spawn(globalThis.process.execPath, ["--eval", ""]);
    const [place = ""] = newOwner().split("|");
    await once(process, "close");
    const [host = "", ...rest] = place.split("/");
    for (const other of [host, [host, "another-boot", ...rest.slice(1)].join("/"), `${place}1`]) {
      assert.equal(watch().leases.isFree(lease(1, "submitting", `${other}|${process.pid}|x`)), false, other);
    }
  });

  it("of this process is not free", () => {
    assert.equal(watch().leases.isFree(lease(1, "submitting", newOwner())), false);
  });
});

describe("a stamp", () => {
  it("is a later one each time, also when the clock stands or is set back", () => {
    const times = [1000, 1000, 0, 5000];
    const stamp = leaseStamps(() => times.shift() ?? 0);
    const given = [stamp(), stamp(), stamp(), stamp()];
    assert.deepEqual(given, [11_000, 11_001, 11_002, 15_000]);
  });
});
