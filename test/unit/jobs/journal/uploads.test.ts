import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Progress } from "../../../../src/jobs/job.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import type { Upload } from "../../../../src/jobs/journal/uploads.ts";
import type { Ports } from "../../../../src/jobs/ports.ts";
import { Uploads } from "../../../../src/jobs/uploads/uploads.ts";
import { freshFile, job, order, saved } from "../jobs.ts";

const nobodyIsGone = () => false;
const name = "0123456789abcdef0123456789abcdef.png";

const upload = (id: string, jobId = "j1"): Upload => ({
  id,
  job: jobId,
  side: "start",
  created_at: 1000,
  state: "uploading",
  facts: { place: { kind: "put", url: `https://files.example/${id}.png`, name }, name, tries: 0 },
});

/** Two windows over one journal, with a job that is on its way and one that has ended. */
function windows() {
  const file = freshFile();
  const [a, b] = [Journal.open(file), Journal.open(file)];
  a.insert(job("j1"), "a", 20_000);
  a.insert(saved("ended", 5), "a", 20_000);
  return {
    file,
    journal: a,
    a: a.uploads,
    b: b.uploads,
    [Symbol.dispose]: () => [a, b].forEach((journal) => void journal.close()),
  };
}

const ids = (uploads: readonly Upload[]) => uploads.map(({ id }) => id);

describe("the book of uploads", () => {
  it("knows of an upload from before it begins, and gives it to each later try of its job", () => {
    using both = windows();
    both.a.begin(upload("u1"), "a", 5000);
    assert.deepEqual(both.b.usable("j1", "start"), [upload("u1")]);
    both.a.landed(upload("u1"));
    assert.deepEqual(both.b.usable("j1", "start"), [{ ...upload("u1"), state: "uploaded" }]);
    assert.deepEqual(both.b.usable("j1", "end"), []);
    assert.deepEqual(both.b.claim("b", 9000, 9999, nobodyIsGone), [], "its job needs it");
    assert.equal(both.b.nextDue(), undefined);
  });

  it("gives what an ended or unknown job has left to one window at a time", () => {
    using both = windows();
    for (const id of ["ended", "nobody"]) {
      both.a.landed(upload(id, id));
    }
    assert.deepEqual(ids(both.a.claim("a", 1000, 2000, nobodyIsGone)), ["ended", "nobody"]);
    assert.deepEqual(both.b.claim("b", 1500, 3000, nobodyIsGone), []);
    assert.equal(both.b.nextDue(), 2000);
    assert.deepEqual(ids(both.b.claim("b", 1500, 3000, (owner) => owner === "a")), ["ended", "nobody"], "a has died");
    assert.deepEqual(ids(both.a.claim("a", 3000, 4000, nobodyIsGone)), ["ended", "nobody"], "b took too long");
    both.b.deleted("ended", "b");
    assert.equal(both.a.nextDue(), 4000, "b lost it, so its word does not count");
    both.a.deleted("ended", "a");
    both.a.deleted("nobody", "a");
    assert.equal(both.a.nextDue(), undefined);
  });

  it("leaves an upload alone that is still under way, also when its job was cancelled meanwhile", () => {
    using both = windows();
    both.a.begin(upload("u1", "ended"), "a", 5000);
    assert.deepEqual(both.b.claim("b", 4999, 9999, nobodyIsGone), []);
    both.a.broke(upload("u1", "ended"));
    assert.deepEqual(ids(both.b.claim("b", 4999, 9999, nobodyIsGone)), ["u1"]);
  });

  it("learns anew of an object that lands after it was deleted", () => {
    using both = windows();
    both.a.begin(upload("u1", "ended"), "a", 1000);
    assert.equal(both.b.claim("b", 1000, 2000, nobodyIsGone).length, 1);
    both.b.deleted("u1", "b");
    both.a.landed(upload("u1", "ended"));
    assert.deepEqual(ids(both.b.claim("b", 1500, 2000, nobodyIsGone)), ["u1"]);
    both.a.landed(upload("u1", "ended"));
    both.b.deleted("u1", "b");
    assert.deepEqual(ids(both.b.claim("b", 1600, 2000, nobodyIsGone)), ["u1"], "it landed while it was being deleted");
  });

  it("never uses an object again that is being deleted", () => {
    using both = windows();
    both.a.landed(upload("u1"));
    both.a.again("u1");
    assert.deepEqual(both.b.usable("j1", "start"), []);
    assert.deepEqual(ids(both.b.claim("b", 1000, 2000, nobodyIsGone)), ["u1"]);
  });

  it("lists what could not be deleted, waits before the next try, and leaves the rest to the user", () => {
    using both = windows();
    const problem = { code: "storageUnreachable", host: "files.example", reason: "ECONNREFUSED" } as const;
    both.a.landed(upload("u1", "ended"));
    const [taken] = both.a.claim("a", 1000, 2000, nobodyIsGone);
    assert.ok(taken !== undefined);
    const tried = { ...taken, facts: { ...taken.facts, tries: 1, problem } };
    both.a.notDeleted(tried, 6000);
    assert.deepEqual(both.b.leftovers(), [tried]);
    assert.equal(both.b.nextDue(), 6000);
    assert.deepEqual(both.b.claim("b", 5999, 9999, nobodyIsGone), []);
    both.a.notDeleted(tried, "left");
    assert.equal(both.b.nextDue(), undefined);
    assert.deepEqual(both.b.leftovers(), [{ ...tried, state: "left" }]);
    both.b.again("u1");
    assert.deepEqual(ids(both.b.claim("b", 6000, 9999, nobodyIsGone)), ["u1"]);
    both.b.forget("u1");
    assert.deepEqual(both.a.leftovers(), []);
  });

  it("takes no time for true that a clock which was set back since has left", () => {
    using both = windows();
    const day = 24 * 3_600_000;
    both.a.begin(upload("owned", "ended"), "a", 3 * day);
    both.a.landed(upload("due", "ended"));
    both.a.notDeleted({ ...upload("due", "ended"), state: "deleting" }, 4 * day);
    assert.deepEqual(both.b.claim("b", 0, 1000, nobodyIsGone), [], "a look corrects them");
    assert.ok((both.b.nextDue() ?? 0) <= 3_600_000);
    assert.deepEqual(ids(both.b.claim("b", 3_600_000, 3_700_000, nobodyIsGone)), ["due", "owned"]);
  });

  it("makes no work of rows that this version cannot read, and leaves them", () => {
    using both = windows();
    for (const id of ["strange", "torn", "plain"]) {
      both.a.landed(upload(id, "ended"));
    }
    const db = new DatabaseSync(both.file);
    db.exec(`UPDATE uploads SET facts = '{"place":{"kind":"moon"},"name":"x","tries":0}' WHERE id = 'strange'`);
    db.exec("UPDATE uploads SET facts = '{' WHERE id = 'torn'");
    assert.deepEqual(ids(both.b.claim("b", 1000, 2000, nobodyIsGone)), ["plain"]);
    both.b.deleted("plain", "b");
    assert.equal(both.b.nextDue(), undefined);
    both.b.forgetDeletable();
    assert.equal(db.prepare("SELECT count(*) AS n FROM uploads WHERE owner IS NULL").get()?.n, 2);
    db.close();
  });

  const week = 7 * 24 * 3_600_000;
  const unclear: Progress = { state: "unclear", problem: { code: "submitUnclear", reason: "x" } };
  const left: readonly [string, Progress, Progress][] = [
    ["dropped while its request may be in the queue", unclear, { ...unclear, state: "failed" }],
    ["sent again, and then cancelled", unclear, { state: "waiting", reason: "turn" }],
    [
      "given up while its request runs",
      { state: "running", requestId: "r" },
      { state: "failed", requestId: "r", problem: { code: "requestUnknown" } },
    ],
  ];
  /** Two windows, and a job with an image on the storage that went from one state to the other and then ended. */
  function windowsAfter(before: Progress, after: Progress) {
    const both = windows();
    both.journal.insert(job("left", before), "a", 0);
    both.a.landed(upload("u1", "left"));
    both.journal.change("left", () => ({ progress: after, endedAt: 5 }));
    if (after.state === "waiting") {
      both.journal.change("left", () => ({ progress: { state: "cancelled" } }));
    }
    return both;
  }
  for (const [what, before, after] of left) {
    it(`keeps the images of a job that was ${what}, for a week and a last call`, () => {
      using both = windowsAfter(before, after);
      const now = 1e6;
      assert.deepEqual(both.b.claim("b", now, now + 10, nobodyIsGone), []);
      assert.equal(both.b.nextDue(), now + week);
      assert.equal(both.b.nextDue(false), undefined, "nothing that a session would wait for");
      // Out of the list, its request is where it was.
      both.journal.remove("left");
      both.journal.forget("left");
      assert.deepEqual(both.b.claim("b", now + week - 1, now + week, nobodyIsGone), []);
      assert.deepEqual(both.b.claim("b", now + week, now + week + 10, nobodyIsGone), [], "first seen to be over");
      assert.equal(both.b.nextDue(), now + 2 * week);
      assert.deepEqual(both.b.claim("b", now + 2 * week - 1, now + 2 * week, nobodyIsGone), []);
      assert.deepEqual(ids(both.b.claim("b", now + 2 * week, now + 2 * week + 10, nobodyIsGone)), ["u1"]);
    });

    it(`keeps the images of a job that was ${what}, whatever one session with a wrong clock looks at`, () => {
      using both = windowsAfter(before, after);
      const now = 1e6;
      const claimed = (at: number) => ids(both.b.claim("b", at, at + 10, nobodyIsGone));
      assert.deepEqual(claimed(now), []);
      for (const at of [8 * 24 * 3_600_000, 91 * 24 * 3_600_000]) {
        assert.deepEqual(claimed(now + at), []);
        assert.deepEqual(claimed(now + at + week - 1), []);
        assert.deepEqual(claimed(now), [], "the clock is right again");
      }
      // What the wrong one has seen is no week ago: it counts from the first look by the right one.
      assert.deepEqual(claimed(now + week), []);
      assert.deepEqual(claimed(now + 2 * week - 1), []);
      assert.deepEqual(claimed(now + 2 * week), ["u1"]);
    });
  }

  it("keeps them no longer once that request is known to have ended", () => {
    using both = windows();
    both.journal.insert(job("left", unclear), "a", 0);
    both.a.landed(upload("u1", "left"));
    both.journal.change("left", () => ({ progress: { ...unclear, state: "failed" } }));
    both.journal.change("left", () => ({ progress: { state: "queued", requestId: "found" } }));
    assert.deepEqual(both.b.claim("b", 1000, 2000, nobodyIsGone), []);
    both.journal.change("left", () => ({ progress: { state: "cancelled", requestId: "found" } }));
    assert.deepEqual(ids(both.b.claim("b", 1000, 2000, nobodyIsGone)), ["u1"]);
  });

  it("keeps them where another request of the job is still lost, though the job itself has its video", () => {
    using both = windows();
    both.journal.insert(job("twice", unclear), "a", 0);
    both.a.landed(upload("u1", "twice"));
    const again = { ...order, lost: ["first"] };
    both.journal.change("twice", () => ({ progress: { state: "waiting", reason: "turn" }, order: again }));
    both.journal.change("twice", () => ({ progress: { state: "queued", requestId: "second" } }));
    both.journal.change("twice", () => ({ progress: saved("second", 5).progress }));
    assert.deepEqual(both.b.claim("b", 1000, 2000, nobodyIsGone), []);
    assert.deepEqual(both.b.claim("b", 1000 + week, 2000 + week, nobodyIsGone), []);
    assert.deepEqual(ids(both.b.claim("b", 1000 + 2 * week, 2000 + 2 * week, nobodyIsGone)), ["u1"]);
  });

  it("forgets what the user wants to keep, but not what is being deleted", () => {
    using both = windows();
    for (const [id, jobId] of [
      ["kept", "ended"],
      ["needed", "j1"],
      ["going", "ended"],
    ] as const) {
      both.a.landed(upload(id, jobId));
    }
    both.a.again("going");
    both.a.forgetDeletable();
    assert.deepEqual(ids(both.a.claim("a", 1000, 2000, nobodyIsGone)), ["going"]);
    assert.deepEqual(ids(both.a.usable("j1", "start")), ["needed"]);
  });
});

it("is neither deleted nor forgotten while it is not known whether it is to be", async () => {
  using both = windows();
  both.a.landed(upload("u1", "ended"));
  const looked = Promise.withResolvers<void>();
  const removed = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  let deleteUploads: boolean | undefined;
  const ports: Partial<Ports> = {
    now: () => 9000,
    limits: () => {
      setImmediate(looked.resolve);
      return { jobsAtOnce: 1, videoBytes: 1, trustedHosts: [], keepEnded: 1, deleteUploads, recipeInVideo: false };
    },
    hosting: {
      inline: () => Promise.reject(new Error("unused")),
      storage: Object.assign(Object.create(null), { remove: async () => removed.resolve() }),
    },
    log: () => undefined,
    checkpoint: () => undefined,
  };
  const uploads = new Uploads(both.journal, Object.assign(Object.create(null), ports), "me", done.resolve);
  uploads.look();
  await looked.promise;
  assert.notEqual(both.b.nextDue(), undefined, "it is still known");
  deleteUploads = true;
  uploads.look();
  await Promise.all([removed.promise, done.promise]);
  assert.equal(both.b.nextDue(), undefined);
  await uploads.dispose();
});
