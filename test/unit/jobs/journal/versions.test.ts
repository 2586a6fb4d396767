import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import type { Change } from "../../../../src/jobs/journal/change.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { refused } from "../../../support/problems.ts";
import { freshFile, job, order } from "../jobs.ts";

// This version and a later one on the same journal, in both orders. What the later one writes is made up from a seed; a
// failure names the seed, and FLF_SEED runs that one alone.

type Random = (below: number) => number;
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[random(from.length)] ?? from[0];
}

const problem = { code: "folderUnusable", path: "/p", reason: "full" } as const;
const progresses: readonly [Progress, ...Progress[]] = [
  { state: "preparing" },
  { state: "waiting", reason: "unreachable", problem },
  { state: "submitting", attempt: "a" },
  { state: "unclear", problem: { code: "submitUnclear", reason: "x" } },
  { state: "queued", requestId: "r", position: 2 },
  { state: "running", requestId: "r", problem },
  { state: "downloading", requestId: "r", placing: { video: "/p/v.mp4", sha256: "cc" } },
  { state: "needsAction", requestId: "r", problem },
  { state: "saved", requestId: "r", video: "/p/v.mp4", recipe: "/p/v.flf.json" },
  { state: "failed", problem },
  { state: "cancelled", requestId: "r" },
];

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A copy with fields that only the later version knows, at every depth but the parameters': a video with one more of these
 * would be another video without it.
 */
function withUnknown(random: Random, value: Json): Json {
  const deeper = Object.entries(value).map(([name, inner]) => [
    name,
    isObject(inner) && name !== "parameters" ? withUnknown(random, inner) : inner,
  ]);
  const added = [`new${random(3)}`, pick<unknown>(random, [1, "text", null, [1, { a: 1 }], { deep: { er: true } }])];
  return Object.fromEntries([...deeper, added]);
}

/** Words that this version does not know, each by what it does to a row. */
const surprises: readonly [Surprise, ...Surprise[]] = [
  (row) => ({ ...row, state: "paused", progress: { ...row.progress, state: "paused" } }),
  (row) => ({ ...row, cancel: "granted" }),
  (row) => ({ ...row, progress: { ...row.progress, problem: { code: "ofTheFuture", why: 1 }, reason: "moon" } }),
  (row) => ({ ...row, order: { ...row.order, start: { kind: "hologram" } } }),
  (row) => ({ ...row, order: { ...row.order, hosting: "carrierPigeon" } }),
  (row) => ({ ...row, order: { ...row.order, parameters: { seed: 7, loop: true } } }),
  (row) => ({ ...row, order: { ...row.order, prompt: { blocks: [] } } }),
];
interface Written {
  readonly id: string;
  readonly state: string;
  readonly cancel: string | null;
  readonly progress: Json;
  readonly order: Json;
}
type Surprise = (row: Written) => Written;

function written(random: Random, id: string): { row: Written; isReadable: boolean } {
  const progress = pick(random, progresses);
  const plain = { id, state: progress.state, cancel: null, progress: { ...progress }, order: { ...order } };
  const row = { ...plain, progress: withUnknown(random, plain.progress), order: withUnknown(random, plain.order) };
  if (random(2) === 0) {
    return { row, isReadable: true };
  }
  const strange = pick(random, surprises)(row);
  // A problem is looked at only in the states that have one.
  const isSeen = "problem" in progress || strange.progress === row.progress || strange.state === "paused";
  return isSeen ? { row: strange, isReadable: false } : { row, isReadable: true };
}

function put(db: DatabaseSync, { id, state, cancel, progress, order: what }: Written): void {
  db.prepare(
    `INSERT INTO jobs (id, created_at, ended_at, state, progress, "order", cancel, sent_with) VALUES (?, 1, 1, ?, ?, ?, ?, 'token-of-' || ?)`,
  ).run(id, state, JSON.stringify(progress), JSON.stringify(what), cancel, id);
  const place = JSON.stringify({ place: { kind: "put", url: "https://f.example/x", name: "x" }, name: "x", tries: 0 });
  db.prepare(
    "INSERT INTO uploads (id, job, side, created_at, state, facts, due_at) VALUES (?, ?, 'start', 1, 'uploaded', ?, 0)",
  ).run(`of-${id}`, id, place);
}

type Stored = Record<string, SQLOutputValue>;
const all = (db: DatabaseSync, table: string): Map<string, Stored> =>
  new Map(
    db
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => [String(row.id), row]),
  );

/** Everything that a window of this version may do to a journal. */
const week = 7 * 24 * 3_600_000;
function use(random: Random, journal: Journal): void {
  const ids = journal.list().map(({ id }) => id);
  journal.leases.claim("me", 5, () => true);
  for (const id of [...ids, "strange-0", "strange-1", "strange-2"]) {
    journal.change(id, (current) => change(random, current));
    journal.change(id, () => ({ cancel: "asked" }), "me");
    journal.remove(id);
    journal.forget(id);
    journal.tellCost(id, "r", 0.25);
    journal.claimNotification(id);
  }
  journal.charges.spend(0);
  journal.leases.release("me");
  journal.leases.claim("you", 20_000, () => true);
  for (const { id } of journal.uploads.claim("me", 10, 20, () => true)) {
    journal.uploads.deleted(id, "me");
  }
  journal.uploads.forgetDeletable();
  journal.prune(5, 10);
  journal.prune(5, 10 + 2 * week);
}
function change(random: Random, { progress, order: what }: Job): Change | undefined {
  return pick<Change | undefined>(random, [
    undefined,
    { cancel: "asked" },
    { order: { ...what, folder: "/elsewhere", estimate: 1 } },
    { progress: { ...progress } },
    { progress: { state: "running", requestId: "r", problem: { code: "throttled" } } },
    { progress: { state: "needsAction", requestId: "r", problem: { ...problem, reason: "missing" } } },
    { progress: { state: "queued", requestId: "r" }, sentWith: "other", submittedAt: 3 },
  ]);
}

/** The paths of all fields that only the later version knows. */
function unknownPaths(value: unknown, path = ""): string[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([name, inner]) =>
        name.startsWith("new") ? [`${path}/${name}=${JSON.stringify(inner)}`] : unknownPaths(inner, `${path}/${name}`),
      )
    : [];
}
/** Without those inside of what was replaced as a whole: a problem, an image of another kind. */
const lasting = (json: unknown) => unknownPaths(JSON.parse(String(json))).filter((path) => !path.includes("/problem/"));

const seeds = process.env.FLF_SEED === undefined ? 150 : 1;
const first = Number(process.env.FLF_SEED ?? randomInt(1e9));

describe("what a later version wrote", () => {
  it("is not hidden, leased, deleted or overwritten by this one, whatever it does", (test) => {
    test.diagnostic(`first seed ${first}`);
    for (let seed = first; seed < first + seeds; seed += 1) {
      const random = randomFrom(seed);
      const say = (what: string) => `FLF_SEED=${seed}: ${what}`;
      const file = freshFile();
      const journal = Journal.open(file);
      const db = new DatabaseSync(file);
      db.exec("PRAGMA synchronous = OFF");
      const rows = Array.from({ length: 6 }, (_, index) => written(random, `strange-${index}`));
      // In both orders: before this version has looked at the journal, and after.
      if (random(2) === 0) {
        journal.list();
      }
      rows.forEach(({ row }) => void put(db, row));
      db.prepare(
        `INSERT INTO uploads (id, job, side, created_at, state, facts, due_at) VALUES ('strange', 'gone', 'start', 1, ?, ?, 0)`,
      ).run(
        ...(random(2) === 0 ? (["uploaded", '{"place":{"kind":"moon"}}'] as const) : (["orbiting", "{}"] as const)),
      );
      const before = { jobs: all(db, "jobs"), uploads: all(db, "uploads") };
      const unreadable = rows.filter(({ isReadable }) => !isReadable).map(({ row }) => row.id);
      const readable = rows.filter(({ isReadable }) => isReadable).map(({ row }) => row.id);
      assert.equal(journal.unreadable(), unreadable.length, say(JSON.stringify(rows)));
      assert.deepEqual(
        journal
          .list()
          .map(({ id }) => id)
          .sort(),
        readable,
        say("listed"),
      );
      assert.ok(journal.tokensInUse().length >= unreadable.filter((id) => !isOver(before.jobs.get(id))).length);
      if (readable.length === 0) {
        assert.equal(journal.countActive(), 0, say("nothing to step"));
      }
      use(random, journal);
      const after = { jobs: all(db, "jobs"), uploads: all(db, "uploads") };
      for (const id of unreadable) {
        assert.deepEqual(after.jobs.get(id), before.jobs.get(id), say(`${id} is as it was`));
        assert.deepEqual(
          after.uploads.get(`of-${id}`),
          before.uploads.get(`of-${id}`),
          say(`${id}'s upload is as it was`),
        );
        assert.ok(journal.has(id), say("its copies are no orphans"));
      }
      assert.deepEqual(after.uploads.get("strange"), before.uploads.get("strange"), say("the strange upload"));
      for (const id of readable) {
        const [was, is] = [before.jobs.get(id), after.jobs.get(id)];
        for (const column of is === undefined ? [] : ["progress", "order"]) {
          const now = lasting(is?.[column]);
          for (const path of lasting(was?.[column]).filter((each) => !each.startsWith("/placing/"))) {
            assert.ok(now.includes(path), say(`${id} ${column} lost ${path}: ${JSON.stringify([was, is])}`));
          }
        }
      }
      db.close();
      journal.close();
    }
  });

  it("is nothing that a window keeps looking at: neither its jobs nor its uploads make work", () => {
    const file = freshFile();
    const journal = Journal.open(file);
    const db = new DatabaseSync(file);
    for (const [index, surprise] of surprises.entries()) {
      const progress: Progress = { state: "waiting", reason: "turn", problem };
      const row = { id: `j${index}`, state: "waiting", cancel: null, progress: { ...progress }, order: { ...order } };
      put(db, surprise(row));
    }
    db.exec(`UPDATE uploads SET facts = '{"place":{"kind":"moon"}}' WHERE id = 'of-j0'`);
    assert.equal(journal.countActive(), 0);
    assert.equal(journal.leases.claim("me", 1, () => true).taken, false);
    assert.deepEqual(journal.leases.owned("me"), []);
    assert.equal(journal.uploads.nextDue(), undefined);
    db.close();
    journal.close();
  });

  it("takes the journal over as soon as it has: this one writes nothing any more, and shows what it showed", () => {
    const file = freshFile();
    const journal = Journal.open(file);
    journal.insert(job("one", { state: "queued", requestId: "r" }), "me", 10);
    journal.insert(job("two", { state: "failed", problem }), "me", 10);
    journal.list();
    const newer = new DatabaseSync(file);
    const { user_version: version } = newer.prepare("PRAGMA user_version").get() ?? {};
    newer.exec(`PRAGMA user_version = ${Number(version) + 1}`);
    newer.close();
    const before = readFileSync(file);
    const writes: readonly (() => unknown)[] = [
      () => journal.insert(job("three"), "me", 10),
      () => journal.change("one", () => ({ cancel: "asked" })),
      () => journal.remove("two"),
      () => journal.forget("two"),
      () => journal.leases.claim("me", 1, () => true),
      () => journal.leases.release("me"),
      () => journal.prune(5, 10),
      () => journal.tellCost("two", "r", 1),
      () => journal.claimNotification("one"),
      () => journal.uploads.claim("me", 1, 10, () => true),
      () => journal.uploads.forgetDeletable(),
      () => journal.uploads.again("x"),
      () => journal.uploads.release("me"),
      () => journal.charges.found("one"),
      () => journal.charges.tell("r", 1),
    ];
    for (const write of writes) {
      assert.throws(write, refused("journalNewer"));
    }
    assert.ok(readFileSync(file).equals(before));
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      ["one", "two"],
    );
    journal.close();
  });
});

function isOver(row: Stored | undefined): boolean {
  return ["saved", "failed", "cancelled"].includes(String(row?.state));
}
