import { randomInt } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { insertRow, isWhole, journalTables, readableRows } from "./rowCopy.ts";
import { isBroken, lockWait } from "./sql.ts";

// A spoilt journal is never renamed: other windows have it open, and SQLite's rollback file goes by the path. It is copied
// as it is, what can be read of it is put into a fresh journal, and that is written into the same file, for all windows.

interface Mending {
  /** Is told where the spoilt bytes are. */
  readonly setAside: (path: string) => void;
  /** Makes the tables of a new journal, in a transaction of the caller. */
  readonly migrate: (db: DatabaseSync) => void;
  /** Throws where the journal is still broken. */
  readonly check: () => void;
}

/** The new content until it is in its place: a window that was ended in between leaves it to the next one. */
export const mendingFile = (file: string): string => `${file}.mending`;
const asidePrefix = (file: string): string => `${file}.unreadable-`;

/** Copied at once, bytes. */
const chunk = 1 << 20;
/** SQLite's header: a page size stands at 16, the change counter at 24 and 92, the application's id at 68. */
const [pageSizeAt, counterAt, markAt, validForAt] = [16, 24, 68, 92];

/**
 * Turns a file that is no journal (any more) into one. Throws the lock's error if another window uses or mends the file;
 * then nothing changed.
 */
export function mend(file: string, { setAside, migrate, check }: Mending): void {
  const side = mendingFile(file);
  // SQLite would create it for everybody.
  closeSync(openSync(side, "a", 0o600));
  const fresh = new DatabaseSync(side, { timeout: lockWait });
  let isCleared = false;
  try {
    // Keeps the lock across all transactions, until the file is closed.
    fresh.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA; BEGIN EXCLUSIVE");
    const mark = markOf(fresh);
    if (mark !== 0) {
      fresh.exec("COMMIT");
      // Another window was killed in the middle of this.
      holding(file, (spoilt) => {
        if (markIn(spoilt) !== mark) {
          putInPlace(side, spoilt);
        }
      });
    } else if (isSound(check)) {
      // Another window has mended it meanwhile.
      fresh.exec("ROLLBACK");
    } else {
      const aside = `${asidePrefix(file)}${Date.now()}`;
      holding(file, (spoilt) => {
        copyTo(aside, spoilt);
        migrate(fresh);
        salvage(aside, fresh);
        fresh.exec(`PRAGMA application_id = ${randomInt(1, 2 ** 31)}; PRAGMA schema_version = ${randomInt(1e6, 1e9)}`);
        fresh.exec("COMMIT");
        putInPlace(side, spoilt);
      });
      setAside(aside);
    }
    isCleared = cleared(side);
  } finally {
    fresh.close();
  }
  if (!isCleared) {
    cleared(side);
  }
}

/** Removes the file with the new content, if possible while it is locked. Gives false if it must be closed first. */
function cleared(side: string): boolean {
  try {
    rmSync(`${side}-journal`, { force: true });
    rmSync(side, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** True if a journal was set aside within so many ms: somebody may still need what its jobs had. */
export function wasSetAside(file: string, now: number, within: number): boolean {
  const prefix = basename(asidePrefix(file));
  return readdirSync(dirname(file)).some(
    (name) => name.startsWith(prefix) && Math.abs(now - Number(name.slice(prefix.length))) < within,
  );
}

function isSound(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!isBroken(error)) {
      throw error;
    }
    return false;
  }
}

/** Runs `work` on the file with all other windows locked out, as far as SQLite can still lock it. */
function holding(file: string, work: (fd: number) => void): void {
  // The file is closed after the lock: closing it drops all locks that this process holds on it.
  const fd = openSync(file, "r+");
  const lock = new DatabaseSync(file, { timeout: lockWait });
  try {
    try {
      lock.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      // If not even the first page can be read, no window can write to the file either.
      if (!isBroken(error)) {
        throw error;
      }
    }
    work(fd);
  } finally {
    lock.close();
    closeSync(fd);
  }
}

function markOf(db: DatabaseSync): number {
  return z.object({ application_id: z.number() }).parse(db.prepare("PRAGMA application_id").get()).application_id;
}

function markIn(fd: number): number {
  const mark = Buffer.alloc(4);
  return readSync(fd, mark, 0, 4, markAt) === 4 ? mark.readInt32BE() : 0;
}

function* chunks(fd: number, from: number): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
  const buffer = Buffer.alloc(chunk);
  for (let at = from; ; ) {
    const read = readSync(fd, buffer, 0, chunk, at);
    if (read === 0) {
      return;
    }
    yield { bytes: buffer.subarray(0, read), at };
    at += read;
  }
}

function copyTo(path: string, from: number): void {
  const fd = openSync(path, "wx", 0o600);
  try {
    for (const { bytes, at } of chunks(from, 0)) {
      writeAll(fd, bytes, at);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes the new content over the old, first page last: that page makes it complete. */
function putInPlace(side: string, fd: number): void {
  const from = openSync(side, "r");
  try {
    const header = Buffer.alloc(100);
    readSync(from, header, 0, header.length, 0);
    const pageSize = header.readUInt16BE(pageSizeAt);
    let length = pageSize;
    for (const { bytes, at } of chunks(from, pageSize)) {
      writeAll(fd, bytes, at);
      length = at + bytes.length;
    }
    ftruncateSync(fd, length);
    fsyncSync(fd);
    const first = Buffer.alloc(pageSize);
    readSync(from, first, 0, pageSize, 0);
    // A new change counter makes windows that have the file open drop their cached pages.
    const counter = randomInt(1e6, 2 ** 31);
    first.writeUInt32BE(counter, counterAt);
    first.writeUInt32BE(counter, validForAt);
    writeAll(fd, first, 0);
    fsyncSync(fd);
  } finally {
    closeSync(from);
  }
}

function writeAll(fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

/** Copies every row that is readable and complete. */
function salvage(aside: string, into: DatabaseSync): void {
  const from = new DatabaseSync(aside, { readOnly: true });
  try {
    for (const table of journalTables) {
      for (const row of readableRows(from, table)) {
        if (isWhole(row)) {
          insertRow(into, table, row);
        }
      }
    }
  } finally {
    from.close();
  }
}
