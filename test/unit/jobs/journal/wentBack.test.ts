import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Progress } from "../../../../src/jobs/job.ts";
import { known, lost, older, olderNamed, savedAs } from "./knowing.ts";

// Backups, syncs and restores: the journal is older than the world, or empty.

describe("a journal under a window that has it open", () => {
  const wrongs: Record<string, (file: string, before: Buffer) => void> = {
    "gets older content in place": (file, before) => writeFileSync(file, before),
    "is emptied in place": (file) => truncateSync(file, 0),
    "is cut off in place": (file) => truncateSync(file, 5000),
  };
  for (const [what, wrong] of Object.entries(wrongs)) {
    const everything = (window: ReturnType<typeof known>): Buffer => {
      const { add, become } = window;
      for (const id of ["sent", "posting", "unclear", "named", "stopped", "saved", "cancelled", "refused"]) {
        add(id);
      }
      const before = readFileSync(window.file);
      become("sent", { state: "queued", requestId: "paid-sent" }, { submittedAt: 2000, sentWith: "stored:a" });
      become("posting", { state: "submitting", attempt: "a" });
      become("unclear", { state: "unclear", problem: lost, attempt: "b" });
      become("named", { state: "unclear", problem: { ...lost, requestId: "paid-named" } });
      become("stopped", { state: "failed", requestId: "paid-stopped", problem: { code: "watchStopped" } });
      become("saved", { ...savedAs("paid-saved"), cost: 0.25 }, { endedAt: 3000 });
      become("cancelled", { state: "cancelled" }, { endedAt: 3000 });
      become("refused", { state: "failed", problem: { code: "noBalance" } }, { endedAt: 3000 });
      return before;
    };

    for (const first of ["list", "transaction"] as const) {
      it(`which ${what}, loses nothing that the window knows (${first} first), and its user is told once`, () => {
        using window = known();
        const { journal, file, jobs, told } = window;
        const content = everything(window);
        const [before, spent, tokens] = [jobs(), journal.charges.spend(0), journal.tokensInUse()];
        wrong(file, content);
        if (first === "transaction") {
          const seen: unknown[] = [];
          journal.change("sent", ({ progress }) => {
            seen.push(progress);
            return undefined;
          });
          assert.deepEqual(seen, [before.sent], "nothing is decided by what stands there");
        }
        assert.deepEqual(jobs(), before);
        assert.equal(journal.get("sent")?.submittedAt, 2000);
        assert.deepEqual(journal.charges.spend(0), spent);
        assert.deepEqual(journal.tokensInUse(), tokens);
        assert.equal(told(), 1);
        assert.equal(journal.claimNotification("saved"), false);
        // For windows to come, too.
        using next = known(file);
        assert.deepEqual(next.jobs(), before);
        assert.equal(next.told(), 0);
        window.add("new");
        assert.equal(Object.keys(next.jobs()).length, 9);
        assert.deepEqual([told(), next.told()], [1, 0]);
      });
    }

    it(`which ${what}, is put back by each window as far as it knows more`, () => {
      using one = known();
      const content = everything(one);
      using two = known(one.file);
      two.jobs();
      one.journal.change("posting", () => ({ progress: { state: "queued", requestId: "paid-posting" } }));
      wrong(one.file, content);
      assert.deepEqual(two.jobs().posting, { state: "submitting", attempt: "a" });
      assert.deepEqual(one.jobs().posting, { state: "queued", requestId: "paid-posting" });
      assert.deepEqual(two.jobs(), one.jobs());
    });
  }

  it("which gets older content in place, sends nothing of it that may have been sent since", () => {
    using window = known();
    const { journal, file, add, become, jobs, told } = window;
    add("removed", undefined, { createdAt: 1000 });
    add("waiting", undefined, { createdAt: 1001 });
    const before = readFileSync(file);
    become("removed", { state: "submitting", attempt: "a" });
    become("removed", { state: "queued", requestId: "paid" });
    become("removed", savedAs("paid"));
    const spent = journal.charges.spend(0);
    journal.remove("removed");
    journal.forget("removed");
    journal.list();
    writeFileSync(file, before);
    assert.deepEqual(jobs(), { removed: olderNamed, waiting: { state: "waiting", reason: "turn" } });
    assert.equal(journal.charges.requestOf("removed"), "paid");
    assert.deepEqual(journal.charges.spend(0), spent);
    assert.equal(told(), 1);
  });

  it("which gets content of an earlier version in place, is brought up to date and loses nothing", () => {
    using window = known();
    window.add("one");
    const earlier = `${window.file}.earlier`;
    writeFileSync(earlier, readFileSync(window.file));
    const db = new DatabaseSync(earlier);
    db.exec(`DROP TABLE trail; ALTER TABLE jobs DROP COLUMN revision; DROP INDEX charges_asking; DROP INDEX charges_pauses;
      ALTER TABLE charges DROP COLUMN asking_until; ALTER TABLE charges DROP COLUMN not_before;
      PRAGMA user_version = 4;`);
    db.close();
    window.become("one", { state: "queued", requestId: "paid" });
    writeFileSync(window.file, readFileSync(earlier));
    assert.deepEqual(window.jobs(), { one: { state: "queued", requestId: "paid" } });
    assert.equal(window.told(), 1);
  });

  it("which is emptied in place, keeps what waits, for its user to decide: another window may have sent it", () => {
    using window = known();
    window.add("waiting");
    window.add("preparing", { state: "preparing" });
    truncateSync(window.file, 0);
    assert.deepEqual(window.jobs(), { waiting: older, preparing: older });
    assert.equal(window.told(), 1);
  });

  it("goes on as it is where another window sends again, refuses, removes and lets go", () => {
    using here = known();
    for (const id of ["again", "throttled", "removed", "named"]) {
      here.add(id, { state: "submitting", attempt: "a" }, { createdAt: 1000 });
    }
    here.become("again", { state: "unclear", problem: lost });
    here.become("named", { state: "failed", problem: { ...lost, requestId: "r" } });
    here.become("removed", { state: "failed", requestId: "paid", problem: { code: "watchStopped" } });
    using there = known(here.file);
    there.become("again", { state: "waiting", reason: "turn" });
    there.become("named", { state: "waiting", reason: "turn" });
    there.become("throttled", { state: "waiting", reason: "throttled" });
    there.journal.remove("removed");
    there.journal.forget("removed");
    // More commits than this window could tell one from the other.
    for (let index = 0; index < 1100; index += 1) {
      there.journal.change("again", () => ({ runningAt: index }));
    }
    assert.deepEqual(here.jobs(), there.jobs());
    const { again: _, named: __, throttled: ___, ...others } = here.jobs();
    assert.deepEqual(
      Object.values(others),
      [{ state: "unclear", problem: { ...lost, requestId: "r" } }],
      "kept besides",
    );
    assert.equal(here.told() + there.told(), 0);
  });

  it("is not written to by a look, nor by a decision to leave it alone", () => {
    using here = known();
    using there = known(here.file);
    here.add("one");
    there.journal.changedByOthers();
    here.jobs();
    here.journal.change("one", () => undefined);
    here.journal.leases.release("nobody");
    assert.equal(there.journal.changedByOthers(), false);
  });
});

describe("a file that takes the journal's place", () => {
  const inPlaceOf = (file: string, content: Buffer) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };

  it("gets every job that can still be taken up or may be paid for, also of those that have ended", () => {
    for (const [name, progress] of Object.entries({
      stopped: { state: "failed", requestId: "paid", problem: { code: "watchStopped" } },
      dropped: { state: "failed", problem: { ...lost, requestId: "paid" } },
      lost: { state: "failed", problem: lost },
      standing: { state: "failed", requestId: "paid", problem: { code: "noVideo" } },
    } satisfies Record<string, Progress>)) {
      using window = known();
      window.add("one");
      window.become("one", progress);
      rmSync(window.file);
      assert.deepEqual(window.jobs(), { one: progress }, name);
    }
  });

  it("is not sent from what was removed from the list since it was copied", () => {
    using window = known();
    window.add("one");
    const before = readFileSync(window.file);
    window.become("one", { state: "queued", requestId: "paid" });
    window.become("one", savedAs("paid"));
    window.journal.remove("one");
    window.journal.forget("one");
    window.journal.list();
    inPlaceOf(window.file, before);
    assert.deepEqual(window.jobs(), { one: olderNamed });
    assert.equal(window.journal.charges.requestOf("one"), "paid");
  });

  it("never gets a row without a request's id in the place of one that has it", () => {
    const withId: Progress[] = [
      { state: "queued", requestId: "paid" },
      { state: "unclear", problem: { ...lost, requestId: "paid" } },
      { state: "failed", requestId: "paid", problem: { code: "watchStopped" } },
    ];
    const without: Progress[] = [
      { state: "waiting", reason: "turn" },
      { state: "unclear", problem: lost },
      { state: "failed", problem: lost },
      { state: "failed", problem: { code: "noBalance" } },
      { state: "cancelled" },
    ];
    for (const named of withId) {
      for (const bare of without) {
        for (const [mine, theirs] of [
          [named, bare],
          [bare, named],
        ] as const) {
          using window = known();
          window.add("one");
          using other = known();
          other.add("one", theirs);
          window.become("one", mine);
          inPlaceOf(window.file, readFileSync(other.file));
          assert.deepEqual(window.jobs(), { one: named }, JSON.stringify([mine, theirs]));
        }
      }
    }
  });

  it("does not make a request forgotten that may be paid, for a refusal that came before it", () => {
    const refused: Progress = { state: "failed", problem: { code: "noBalance" } };
    for (const progress of [
      { state: "submitting", attempt: "a" },
      { state: "unclear", problem: lost },
    ] satisfies Progress[]) {
      using window = known();
      window.add("one");
      window.become("one", refused);
      const before = readFileSync(window.file);
      window.become("one", progress);
      inPlaceOf(window.file, before);
      assert.deepEqual(window.jobs(), { one: progress });
    }
  });
});
