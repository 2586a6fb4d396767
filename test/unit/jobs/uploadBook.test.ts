import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Journal } from "../../../src/jobs/journal.ts";
import type { Upload } from "../../../src/jobs/uploadBook.ts";
import { freshFile, job, saved } from "./jobs.ts";

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
  return { a: a.uploads, b: b.uploads, [Symbol.dispose]: () => [a, b].forEach((journal) => void journal.close()) };
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
    both.a.forgetDoomed();
    assert.deepEqual(ids(both.a.claim("a", 1000, 2000, nobodyIsGone)), ["going"]);
    assert.deepEqual(ids(both.a.usable("j1", "start")), ["needed"]);
  });
});
