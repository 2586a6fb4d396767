import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { withJournal } from "./rows.ts";
import type { World } from "./world.ts";

interface Row {
  readonly table: "jobs" | "uploads";
  readonly isReadable: boolean;
  readonly id: string;
  /** All columns as they were put there. */
  readonly text: string;
}

/** What a version of the product that does not exist yet writes into the journal, and what a bad disk does to it. */
export class Foreign {
  readonly #world: World;
  readonly #rows: Row[] = [];
  #number = 0;
  isSpoilt = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Puts a row there that this version cannot know. */
  put(): void {
    if (this.isSpoilt) {
      return;
    }
    const { random } = this.#world;
    this.#number += 1;
    const kind = random.pick(["state", "problem", "cancel", "upload", "fields"] as const);
    // What this version can read is a job like any other: all that it does not know of it stays.
    const id = `${kind === "fields" ? "future" : "foreign"}-${this.#number}`;
    this.#world.trace(`--- a row of another version: ${kind} ${id}`);
    const done = withJournal(this.#world.journal, (db) => {
      if (kind === "upload") {
        this.#putUpload(db, id);
        return { table: "uploads" as const, text: textOf(db, "uploads", id) };
      }
      this.#putJob(db, id, kind);
      return { table: "jobs" as const, text: textOf(db, "jobs", id) };
    });
    if (done === undefined) {
      return;
    }
    this.#rows.push({ ...done, id, isReadable: kind === "fields" });
    if (kind !== "upload") {
      const folder = join(this.#world.storage, "images", id);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "start.png"), "conformed elsewhere");
    }
  }

  #putJob(db: DatabaseSync, id: string, kind: "state" | "problem" | "cancel" | "fields"): void {
    const problem = { problem: { code: "fromTheFuture", hours: 3 } };
    const progress = {
      state: { state: "dreaming", requestId: id },
      problem: { state: "running", requestId: id, ...problem },
      cancel: { state: "cancelled" },
      fields: { state: "needsAction", requestId: id, problem: { code: "noVideo" }, mood: "good" },
    }[kind];
    const order = {
      start: { kind: "file", path: "/elsewhere.png", sourceSha256: "00", copy: "start.png", sha256: "00" },
      end: { kind: "unknown" },
      prompt: id,
      parameters: { seed: 1 },
      service: "https://model-api.runcomfy.net",
      folder: join(this.#world.folder, "videos"),
      root: this.#world.folder,
      name: id,
      ...(kind === "fields" && { future: [1, 2, 3] }),
    };
    db.prepare(
      'INSERT INTO jobs (id, created_at, state, progress, "order", cancel, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ).run(
      id,
      this.#world.clock(),
      progress.state,
      JSON.stringify(progress),
      JSON.stringify(order),
      kind === "cancel" ? "perhaps" : null,
      kind === "cancel" ? this.#world.clock() : null,
    );
  }

  #putUpload(db: DatabaseSync, id: string): void {
    const facts = { place: { kind: "balloon", string: 3 }, name: "x.png", tries: 0 };
    db.prepare(
      "INSERT INTO uploads (id, job, side, created_at, state, facts, due_at) VALUES (?, ?, 'start', ?, 'deleting', ?, 0)",
    ).run(id, "job-of-another-version", this.#world.clock(), JSON.stringify(facts));
  }

  /** Spoils a page of the journal's file that nothing is stored in yet. */
  spoil(): void {
    if (this.isSpoilt) {
      return;
    }
    const place = withJournal(this.#world.journal, (db) => {
      const page = db.prepare("SELECT rootpage AS n FROM sqlite_schema WHERE name = 'uploads_by_job'").get()?.n;
      const size = db.prepare("PRAGMA page_size").get()?.page_size;
      return (Number(page) - 1) * Number(size);
    });
    if (place === undefined) {
      return;
    }
    this.isSpoilt = true;
    this.#world.trace("--- a page of the journal is spoilt");
    const file = openSync(this.#world.journal, "r+");
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, place);
    closeSync(file);
  }

  /** Whether all of it is still as it was put there. */
  check(): void {
    for (const { table, id, text, isReadable } of this.#rows) {
      const now = withJournal(this.#world.journal, (db) => textOf(db, table, id));
      if (isReadable) {
        if (now?.includes("future") === true && !now.includes('future\\":[1,2,3]')) {
          this.#world.violation("foreign", `${id} has lost what this version does not know: ${now}`);
        }
        continue;
      }
      if (now !== text) {
        this.#world.violation("foreign", `${id} was ${text} and is ${now}`);
      }
      if (table === "jobs" && !existsSync(join(this.#world.storage, "images", id, "start.png"))) {
        this.#world.violation("deleted", `the images of ${id} are gone`);
      }
    }
  }
}

function textOf(db: DatabaseSync, table: "jobs" | "uploads", id: string): string {
  return JSON.stringify(db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id) ?? null);
}
