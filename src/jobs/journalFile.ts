import { mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { ProblemError } from "../model/problem.ts";
import { createCharges } from "./charges.ts";
import { uploadTable } from "./uploadBook.ts";

/** Forward only: entry N brings a journal from version N to N + 1. Never change an entry that was released. */
const migrations = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     created_at INTEGER NOT NULL,
     submitted_at INTEGER,
     running_at INTEGER,
     ran_until INTEGER,
     ended_at INTEGER,
     cancel TEXT,
     notified INTEGER NOT NULL DEFAULT 0,
     state TEXT NOT NULL,
     progress TEXT NOT NULL,
     "order" TEXT NOT NULL,
     owner TEXT,
     owned_until INTEGER
   ) STRICT;
   CREATE INDEX jobs_by_state ON jobs (state);`,
  `ALTER TABLE jobs ADD COLUMN sent_with TEXT;
   ${createCharges}`,
  uploadTable,
];

/**
 * Opens the journal's file or makes it. One that is no journal is renamed, never deleted, and reported through `setAside`.
 * @throws {ProblemError} `journalNewer` when a later version of the extension wrote it; the file is left alone.
 */
export function openJournalFile(file: string, setAside: (path: string) => void): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const met = identityOf(file);
  try {
    return openDatabase(file);
  } catch (error) {
    if (error instanceof ProblemError || !isBroken(error)) {
      throw error;
    }
    // Another window may have done it meanwhile, and what stands there now is its new journal.
    if (identityOf(file) === met) {
      const aside = `${file}.unreadable-${Date.now()}`;
      renameSync(file, aside);
      setAside(aside);
    }
    return openDatabase(file);
  }
}

/** Which file stands there, whatever its name; undefined for none. */
function identityOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Thrown for a file that is a database and has spoilt pages. */
class Spoilt extends Error {
  override readonly name = "Spoilt";
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    // Before anything that could write: a later version's file may even be of another kind.
    refuseNewer(db, file);
    // EXTRA also syncs the folder after the rollback journal is gone: a commit that returned survives a power cut.
    db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;");
    db.exec("BEGIN IMMEDIATE");
    for (const migration of migrations.slice(refuseNewer(db, file))) {
      db.exec(migration);
    }
    db.exec(`PRAGMA user_version = ${migrations.length}`);
    const check = z.object({ quick_check: z.string() }).parse(db.prepare("PRAGMA quick_check(1)").get());
    if (check.quick_check !== "ok") {
      throw new Spoilt(check.quick_check);
    }
    db.exec("COMMIT");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Gives the version of a journal's tables, 0 for a new file. */
function refuseNewer(db: DatabaseSync, file: string): number {
  const { user_version: version } = z
    .object({ user_version: z.number() })
    .parse(db.prepare("PRAGMA user_version").get());
  if (version > migrations.length) {
    throw new ProblemError({ code: "journalNewer", path: file });
  }
  return version;
}

/** SQLite's codes for "this is no database": SQLITE_CORRUPT 11 and SQLITE_NOTADB 26. */
function isBroken(error: unknown): boolean {
  if (error instanceof Spoilt) {
    return true;
  }
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "errcode") : undefined;
  return typeof code === "number" && [11, 26].includes(code & 0xff);
}
