import assert from "node:assert/strict";
import { readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Upload } from "../../../../src/jobs/journal/uploads.ts";
import { freshFile, job } from "../jobs.ts";
import { known, lost, older, savedAs } from "./knowing.ts";

/** An upload that stands on the storage. */
const upload = (id: string, of: string): Upload => ({
  id,
  job: of,
  side: "start",
  created_at: 1000,
  state: "uploading",
  facts: { place: { kind: "put", url: `https://storage.example/${id}.png`, name: `${id}.png` }, name: id, tries: 0 },
});

describe("older content under a window", () => {
  const inPlace = (file: string, content: Buffer) => writeFileSync(file, content);
  const renamed = (file: string, content: Buffer) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };
  for (const [how, put] of Object.entries({ "in place": inPlace, "by rename": renamed })) {
    it(`sends nothing that was lost, dropped and removed before the window was opened (${how})`, () => {
      let before: Buffer;
      const file = freshFile();
      {
        using earlier = known(file);
        earlier.add("one");
        before = readFileSync(file);
        earlier.become("one", { state: "submitting", attempt: "a" });
        earlier.become("one", { state: "unclear", problem: lost }, { submittedAt: 2000 });
        earlier.become("one", { state: "failed", problem: lost }, { endedAt: 3000 });
        earlier.journal.remove("one");
        earlier.journal.forget("one");
      }
      using window = known(file);
      assert.deepEqual(window.jobs(), {});
      put(file, before);
      assert.deepEqual(window.jobs(), { one: older });
    });

    it(`keeps both of two requests that one job was sent as (${how})`, () => {
      using window = known();
      window.add("one");
      const elsewhere = freshFile();
      {
        using other = known(elsewhere);
        other.add("one");
        other.become("one", { state: "queued", requestId: "paid-there" });
        other.become("one", { state: "queued", requestId: "paid-there", position: 1 });
      }
      window.become("one", { state: "queued", requestId: "paid-here" });
      put(window.file, readFileSync(elsewhere));
      for (let look = 0; look < 2; look += 1) {
        const ids = Object.values(window.jobs()).map((progress) => "requestId" in progress && progress.requestId);
        assert.deepEqual(ids.sort(), ["paid-here", "paid-there"]);
      }
    });

    it(`keeps a request of its own that a job was sent again after (${how})`, () => {
      using window = known();
      window.add("one");
      window.become("one", { state: "unclear", problem: { ...lost, requestId: "named" } });
      const before = readFileSync(window.file);
      window.become("one", { state: "waiting", reason: "turn" });
      window.become("one", { state: "submitting", attempt: "b" });
      const now = window.jobs();
      assert.equal(Object.keys(now).length, 2);
      put(window.file, before);
      assert.deepEqual(window.jobs(), now, "the POST under way stays, and the named request is there once");
    });

    it(`leaves a job saved and removed that was (${how})`, () => {
      using window = known();
      window.add("one", { state: "running", requestId: "paid" });
      const before = readFileSync(window.file);
      window.become("one", savedAs("paid"));
      window.journal.remove("one");
      window.journal.forget("one");
      window.journal.list();
      put(window.file, before);
      assert.deepEqual(window.jobs(), {});
      assert.deepEqual(
        window.journal.removed().map(({ id }) => id),
        ["one"],
        "and is cleared up once more",
      );
    });
  }

  it("gets the costs of the month back, also beside a job of a clock that was far ahead, and none that was counted anew", () => {
    using window = known();
    const { journal, add, become, file } = window;
    const now = 1_800_000_000_000;
    add("ahead", { state: "running", requestId: "a" }, { createdAt: now + 365 * 24 * 3_600_000 });
    add("one", undefined, { createdAt: now });
    add("two", undefined, { createdAt: now });
    const before = readFileSync(file);
    become("one", { state: "queued", requestId: "p" }, { submittedAt: now });
    become("one", { ...savedAs("p"), cost: 2 });
    become("two", { state: "unclear", problem: lost }, { submittedAt: now });
    become("two", { state: "failed", problem: lost });
    assert.equal(journal.charges.lost("two"), 1);
    // Its request is found: it is counted by that, and no longer as lost.
    become("two", { state: "queued", requestId: "q" });
    become("two", { ...savedAs("q"), cost: 3 });
    for (const id of ["one", "two"]) {
      journal.remove(id);
      journal.forget(id);
    }
    journal.list();
    const spent = journal.charges.spend(0);
    assert.equal(spent.reported, 5);
    using later = known(file);
    later.jobs();
    writeFileSync(file, before);
    assert.equal(later.journal.charges.spend(0).reported, 0);
    later.jobs();
    assert.deepEqual(later.journal.charges.spend(0).reported, 5);
    window.jobs();
    assert.equal(journal.charges.lost("two"), 0);
    assert.deepEqual(journal.charges.spend(0).unreported, spent.unreported);
  });

  it("counts a request once that was lost in the copy and has turned up since", () => {
    using window = known();
    const { journal, add, become, file } = window;
    add("one", { state: "unclear", problem: lost });
    become("one", { state: "failed", problem: lost });
    const before = readFileSync(file);
    become("one", { state: "queued", requestId: "found" });
    become("one", { ...savedAs("found"), cost: 1 });
    const spent = journal.charges.spend(0);
    writeFileSync(file, before);
    window.jobs();
    assert.deepEqual(journal.charges.spend(0), spent);
  });

  it("gets the uploads back that are still to be deleted, and none that were", () => {
    for (const wrong of [
      (file: string, before: Buffer) => writeFileSync(file, before),
      (file: string) => truncateSync(file),
    ]) {
      using window = known();
      const { journal, add, become, file } = window;
      add("one");
      const before = readFileSync(file);
      for (const id of ["here", "deleted"]) {
        journal.uploads.begin(upload(id, "one"), "me", 0);
        journal.uploads.landed(upload(id, "one"));
      }
      journal.uploads.forget("deleted");
      wrong(file, before);
      window.jobs();
      assert.deepEqual(
        journal.uploads.usable("one", "start").map(({ id }) => id),
        ["here"],
      );
      become("one", savedAs("paid"));
      assert.notEqual(journal.uploads.nextDue(), undefined);
    }
  });

  it("does not undo what was decided since another window put its memory back", () => {
    using one = known();
    one.add("job", { state: "unclear", problem: lost, attempt: "a" });
    using two = known(one.file);
    two.jobs();
    truncateSync(one.file, 0);
    one.jobs();
    one.become("job", { state: "waiting", reason: "turn" }, { order: { ...job("job").order, lost: [""] } });
    one.become("job", { state: "submitting", attempt: "b" });
    assert.deepEqual(two.jobs(), { job: { state: "submitting", attempt: "b" } });
    assert.deepEqual(two.journal.get("job")?.order.lost, [""]);
    assert.deepEqual(one.jobs(), two.jobs());
  });

  it("gets back what was committed, and nothing of what was undone", () => {
    using window = known();
    const { journal, add, file } = window;
    add("one", { state: "unclear", problem: lost });
    const undone = new Error("undone");
    const undo = () => {
      journal.change("one", () => ({ progress: { state: "waiting", reason: "turn" } }));
      journal.list();
      throw undone;
    };
    assert.throws(() => journal.insert(job("two"), "me", 0, undo), undone);
    truncateSync(file, 0);
    assert.deepEqual(window.jobs(), { one: { state: "unclear", problem: lost } });
  });

  it("does not take what was written a moment ago, before anybody looked", () => {
    using window = known();
    window.jobs();
    window.journal.insert(job("one", { state: "queued", requestId: "paid" }), "me", 0);
    truncateSync(window.file, 0);
    assert.deepEqual(window.jobs(), { one: { state: "queued", requestId: "paid" } });
  });
});
