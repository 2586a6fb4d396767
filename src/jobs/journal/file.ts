import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { ProblemError } from "../../shared/model/problem.ts";
import { mend, mendingFile } from "./mend.ts";
import { migrations } from "./schema.ts";
import { isBroken, lockWait, Spoilt } from "./sql.ts";

/**
 * Opens the journal's file, or creates it for its user alone. A file that is no journal is copied and reported through
 * `setAside`, and its readable rows are kept (`mend.ts`). Throws the lock's error if another window holds a lock.
 * @throws {ProblemError} `journalNewer` if a later version of the extension wrote the file, which then stays untouched.
 */
export function openJournalFile(file: string, setAside: (path: string) => void): DatabaseSync {
  makePrivate(file);
  let broken = existsSync(mendingFile(file));
  if (!broken) {
    try {
      return openDatabase(file);
    } catch (error) {
      broken = isBroken(error);
      if (!broken) {
        throw error;
      }
    }
  }
  mend(file, { setAside, migrate: (db) => migrate(db, file), check: () => openDatabase(file).close() });
  return openDatabase(file);
}

/**
 * Identifies the file that is at the path now: "none" if the folder has none, undefined if that is unknown (the folder is
 * gone, a share does not answer).
 */
export function identityOf(file: string): string | undefined {
  try {
    const met = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (met === undefined) {
      return existsSync(dirname(file)) ? "none" : undefined;
    }
    return `${met.dev}:${met.ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Gives the version of a journal's tables, 0 for a new file.
 * @throws {ProblemError} `journalNewer`
 */
function refuseNewer(db: DatabaseSync, file: string): number {
  const { user_version: version } = z
    .object({ user_version: z.number() })
    .parse(db.prepare("PRAGMA user_version").get());
  if (version > migrations.length) {
    throw new ProblemError({ code: "journalNewer", path: file });
  }
  return version;
}

/**
 * True for a journal with the tables of this version.
 * @throws {ProblemError} `journalNewer`
 */
export function isCurrent(db: DatabaseSync, file: string): boolean {
  return refuseNewer(db, file) === migrations.length;
}

/** The journal holds prompts, paths and addresses that nobody else on the machine may read. */
function makePrivate(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // SQLite would create the file for everybody. Its side files get the permissions of the file.
  if (!existsSync(file)) {
    closeSync(openSync(file, "a", 0o600));
  }
  for (const [path, rights] of [
    [folder, 0o700],
    [file, 0o600],
  ] as const) {
    const met = statSync(path);
    if ((path === folder || met.isFile()) && (met.mode & 0o077) !== 0) {
      try {
        chmodSync(path, rights);
      } catch {
        // Another user's folder, or a file system without permissions: the journal works there, too.
      }
    }
  }
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: lockWait });
  try {
    // Before anything that could write: a later version may even use another kind of file.
    const version = refuseNewer(db, file);
    // EXTRA also syncs the folder after the rollback journal is gone: a commit that returned survives a power cut.
    db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;");
    // Opening a current journal takes no lock that others would have to wait for.
    if (version < migrations.length) {
      db.exec("BEGIN IMMEDIATE");
      migrate(db, file);
      db.exec("COMMIT");
    }
    const check = z.object({ quick_check: z.string() }).parse(db.prepare("PRAGMA quick_check(1)").get());
    if (check.quick_check !== "ok") {
      throw new Spoilt(check.quick_check);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Brings the tables up to date, inside the caller's transaction. */
function migrate(db: DatabaseSync, file: string): void {
  for (const migration of migrations.slice(refuseNewer(db, file))) {
    db.exec(migration);
  }
  db.exec(`PRAGMA user_version = ${migrations.length}`);
}
