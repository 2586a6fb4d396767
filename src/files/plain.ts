import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { codeOf } from "../shared/errors.ts";

/**
 * The one way to read a file by a path that others can write at: a repository, a program that synchronizes, a user. Opening a
 * pipe waits for its writer, and a device may have no end; a few of them stop every file operation of the process.
 */

/** Else opening a pipe would wait for its writer. Windows has neither the flag nor such files. */
const forReading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Why a path is not read: what is there is no plain file (`notAFile`) or longer than it may be (`tooLarge`), or it grew or
 * shrank meanwhile (`changing`).
 */
export class NotPlain extends Error {
  override readonly name = "NotPlain";
  readonly reason: "notAFile" | "tooLarge" | "changing";
  /** Bytes, with `tooLarge`. */
  readonly size: number | undefined;

  constructor(reason: NotPlain["reason"], size?: number) {
    super(reason);
    this.reason = reason;
    this.size = size;
  }
}

/** An open file with its size in bytes as it was then. To be closed by the caller. */
interface PlainFile {
  readonly file: FileHandle;
  readonly size: number;
}

/**
 * Opens a plain file to be read; what it is and how large is asked of the open file itself.
 * @param most bytes that it may have
 * @throws {NotPlain} `notAFile` or `tooLarge`; what the file system says stays as it is.
 */
export async function openPlain(path: string, most: number): Promise<PlainFile> {
  const file = await open(path, forReading).catch((error: unknown) => {
    throw isNoFile(error) ? new NotPlain("notAFile") : error;
  });
  try {
    const stat = await file.stat();
    checkPlain(stat, most);
    return { file, size: stat.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * As `openPlain`, for a thread of its own. Gives the descriptor, to be closed by the caller.
 * @throws {NotPlain} `notAFile`; what the file system says stays as it is.
 */
export function openPlainNow(path: string): number {
  const handle = openSync(path, forReading);
  try {
    checkPlain(fstatSync(handle), Number.POSITIVE_INFINITY);
    return handle;
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/**
 * The bytes of a plain file at once, for short files and where nothing may happen in between.
 * @param most bytes that it may have
 * @throws {NotPlain}; what the file system says stays as it is.
 */
export function readPlainNow(path: string, most: number): Uint8Array {
  const handle = openPlainNow(path);
  try {
    checkPlain(fstatSync(handle), most);
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

function checkPlain(stat: { isFile(): boolean; size: number }, most: number): void {
  if (!stat.isFile()) {
    throw new NotPlain("notAFile");
  }
  if (stat.size > most) {
    throw new NotPlain("tooLarge", stat.size);
  }
}

/** A folder on Windows, a socket or a device that is not there elsewhere. */
function isNoFile(error: unknown): boolean {
  return ["EISDIR", "ENXIO", "ENODEV"].includes(codeOf(error));
}

/**
 * The bytes of a plain file. No more is read than it had when it was opened, also where it grows meanwhile.
 * @param most bytes that it may have
 * @throws {NotPlain}; what the file system says stays as it is.
 */
export async function readPlain(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { file, size } = await openPlain(path, most);
  try {
    // One byte more than it has: a file that has grown is still being written.
    const bytes = new Uint8Array(size + 1);
    if ((await fill(file, bytes, 0)) !== size) {
      throw new NotPlain("changing");
    }
    return bytes.subarray(0, size);
  } finally {
    await file.close();
  }
}

/** Bytes that are given at once. */
const stretch = 1024 * 1024;

/**
 * The bytes of a plain file from front to back, as many as it had when it was opened; each piece is good until the next.
 * @param most bytes that it may have
 * @throws {NotPlain}; what the file system says stays as it is.
 */
export async function* piecesOf(path: string, most: number): AsyncGenerator<Uint8Array> {
  const { file, size } = await openPlain(path, most);
  try {
    const held = new Uint8Array(Math.min(stretch, size + 1));
    for (let at = 0; at <= size; ) {
      const length = await fill(file, held, at);
      at += length;
      if (at > size || (length < held.byteLength && at < size)) {
        throw new NotPlain("changing");
      }
      yield held.subarray(0, length);
      if (length < held.byteLength) {
        break;
      }
    }
  } finally {
    await file.close();
  }
}

/** Reads until the bytes are full or the file is over. Gives how many came. */
async function fill(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  let length = 0;
  while (length < bytes.byteLength) {
    const { bytesRead } = await file.read(bytes, length, bytes.byteLength - length, at + length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return length;
}
