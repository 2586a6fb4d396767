import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import type { Change } from "../../../../src/jobs/journal/change.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import type { Upload } from "../../../../src/jobs/journal/uploads.ts";
import { freshFile, job } from "../jobs.ts";

// Backups, syncs and restores: the journal is older than the world, or empty.

const savedAs = (requestId: string): Progress & { state: "saved" } => ({
  state: "saved",
  requestId,
  video: "/p/v.mp4",
  recipe: "/p/v.flf.json",
});

/** A window that has the journal open, and what it tells its user. */
function known(file = freshFile()) {
  let told = 0;
  const journal = Journal.open(file, undefined, () => {
    told += 1;
  });
  const become = (id: string, progress: Progress, changes: Change = {}) => {
    journal.change(id, () => ({ ...changes, progress }));
    // As views do after each change.
    journal.list();
  };
  return {
    file,
    journal,
    become,
    told: () => told,
    add: (id: string, progress?: Progress, changes: Partial<Job> = {}) => {
      journal.insert(job(id, progress, changes), "me", 0);
      journal.list();
    },
    jobs: () => Object.fromEntries(journal.list().map(({ id, progress }) => [id, progress])),
    [Symbol.dispose]: () => journal.close(),
  };
}

const lost = { code: "submitUnclear", reason: "timeout" } as const;
const older = { state: "unclear", problem: { code: "submitUnclear", reason: "older journal" } };
const olderNamed = { state: "unclear", problem: { ...older.problem, requestId: "paid" } };

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
    here.journal.release("nobody");
    assert.equal(there.journal.changedByOthers(), false);
  });
});

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

  it("does not take what was written a moment ago, before anybody looked", () => {
    using window = known();
    window.jobs();
    window.journal.insert(job("one", { state: "queued", requestId: "paid" }), "me", 0);
    truncateSync(window.file, 0);
    assert.deepEqual(window.jobs(), { one: { state: "queued", requestId: "paid" } });
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
