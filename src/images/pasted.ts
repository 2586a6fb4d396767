import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { imageKinds } from "../shared/model/imageKinds.ts";
import { readPicture } from "./read.ts";

/**
 * Saves a picture that came without a file, from the clipboard or from outside the editor, and gives the absolute path
 * of its file: `<folder>/<SHA-256>.<kind>`. The same picture always gets the same path.
 * @throws ImageError if the bytes are not a picture that can be used
 */
export async function keepPicture(folder: string, bytes: Uint8Array): Promise<string> {
  const { format } = await readPicture({ bytes });
  const path = join(folder, `${createHash("sha256").update(bytes).digest("hex")}.${imageKinds[format].extensions[0]}`);
  if (await seePicture(folder, path)) {
    return path;
  }
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${randomUUID()}.part`);
  try {
    await writeFile(part, bytes, { flush: true });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return path;
}

/**
 * Notes that a kept picture is in use now, so that it stays; any other path is left alone.
 * @returns true if there is such a kept picture
 */
export async function seePicture(folder: string, path: string): Promise<boolean> {
  if (dirname(path) !== folder || !KEPT.test(basename(path))) {
    return false;
  }
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** How long a kept picture stays after its last use, ms. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** How long it stays in any case, ms: somebody is working with it. */
const FRESH_MS = 24 * 3_600_000;
/**
 * How long it stays after it was first found to be unneeded, ms: one wrong clock must not delete what exists nowhere
 * else.
 */
const LAST_CALL_MS = 7 * 24 * 3_600_000;
/** The most pictures that are kept besides those that are needed and those that are fresh. */
const MOST_KEPT = 100;

/**
 * Removes kept pictures that nobody needs any more: not named in `needed` and not used for 30 days, or not among the
 * hundred used last. They go a week after they were first found to be such. A picture used within a day stays, and so
 * does every file with another name.
 * @param folder as of `keepPicture`
 * @param needed absolute paths
 * @param now ms since 1970
 * @returns how many were removed
 */
export async function tidyPictures(folder: string, needed: ReadonlySet<string>, now: number): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const unneeded: { path: string; seen: number }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const seen = await changedAt(path);
    if (seen !== undefined && (KEPT.test(name) || PART.test(name)) && !needed.has(path)) {
      unneeded.push({ path, seen });
    }
  }
  unneeded.sort((a, b) => b.seen - a.seen);
  const old = unneeded.filter(
    ({ path, seen }, rank) =>
      now - seen > (PART.test(path) ? FRESH_MS : KEPT_MS) || (rank >= MOST_KEPT && now - seen > FRESH_MS),
  );
  const marks = new Set(names.filter((name) => MARK.test(name)).map((name) => join(folder, name)));
  let removed = 0;
  for (const { path } of old) {
    const mark = `${path}.old`;
    const found = marks.delete(mark) ? await changedAt(mark) : undefined;
    if (found === undefined || found > now) {
      await writeFile(mark, "");
      await utimes(mark, new Date(now), new Date(now));
    } else if (now - found >= LAST_CALL_MS) {
      await rm(path, { force: true });
      await rm(mark, { force: true });
      removed += 1;
    }
  }
  // Their picture is needed again, or gone, or was old only by a wrong clock.
  for (const mark of marks) {
    await rm(mark, { force: true });
  }
  return removed;
}

/** When a plain file was last changed, ms since 1970; undefined if there is none. */
async function changedAt(path: string): Promise<number | undefined> {
  const file = await lstat(path).catch(() => undefined);
  return file?.isFile() ? file.mtimeMs : undefined;
}

/** The names of kept pictures, and of those that a crash left half-written. */
const KEPT = /^[0-9a-f]{64}\.[a-z]{3,4}$/;
const PART = /[0-9a-f-]{36}\.part$/;
/** The names of empty files whose time says since when a picture is unneeded. */
const MARK = /^([0-9a-f]{64}\.[a-z]{3,4}|[0-9a-f-]{36}\.part)\.old$/;
