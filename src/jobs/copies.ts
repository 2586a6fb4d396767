import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readPlain } from "../files/plain.ts";
import { MAX_FILE_BYTES } from "../images/limits.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { FrozenImage } from "./job.ts";
import type { Ports } from "./ports.ts";

type Place = Pick<Ports, "storage" | "checkpoint">;

function folderOf(ports: Pick<Ports, "storage">, id: string): string {
  return join(ports.storage, "images", id);
}

/** Keeps a conformed image for as long as its job needs it. Gives the copy's name in the job's folder. */
export async function storeCopy(ports: Place, id: string, side: Side, png: Uint8Array): Promise<string> {
  const folder = folderOf(ports, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${side}.png`;
  // Another window may read or write the same copy at this moment: each writes its own file, which then takes the name.
  const fresh = join(folder, `${name}.${randomUUID()}`);
  const handle = await open(fresh, "w");
  ports.checkpoint(`copying:${side}`);
  try {
    await handle.writeFile(png);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, join(folder, name));
  ports.checkpoint(`copied:${side}`);
  return name;
}

/** Absolute path of an image's conformed copy; undefined for an address. */
export function copyPath(ports: Pick<Ports, "storage">, id: string, image: FrozenImage): string | undefined {
  return image.kind === "file" && image.copy !== undefined ? join(folderOf(ports, id), image.copy) : undefined;
}

/**
 * The bytes of an image's conformed copy, as it was prepared. The original never takes its place.
 * @throws {ProblemError} `imageLost` when there is no readable copy, or its bytes have changed.
 */
export async function readCopy(ports: Pick<Ports, "storage">, id: string, image: FrozenImage): Promise<Uint8Array> {
  const copy = copyPath(ports, id, image);
  try {
    const bytes = copy === undefined ? undefined : await readPlain(copy, MAX_FILE_BYTES);
    if (bytes !== undefined && bytes.byteLength > 0 && isAsPrepared(image, bytes)) {
      return bytes;
    }
  } catch (error) {
    throw new ProblemError({ code: "imageLost" }, { cause: error });
  }
  throw new ProblemError({ code: "imageLost" });
}

/** Jobs of early versions keep no hash of their copies. */
function isAsPrepared(image: FrozenImage, bytes: Uint8Array): boolean {
  const known = image.kind === "file" ? image.sha256 : undefined;
  return known === undefined || createHash("sha256").update(bytes).digest("hex") === known;
}

/**
 * Removes the copies of jobs that are no longer known.
 * @param isKnown true for a job that has a row in the journal, readable or not.
 */
export async function removeOrphans(
  ports: Pick<Ports, "storage">,
  isKnown: (id: string) => boolean | Promise<boolean>,
): Promise<void> {
  const ids = await readdir(join(ports.storage, "images")).catch(() => []);
  for (const id of ids) {
    if (!(await isKnown(id))) {
      await removeCopies(ports, id);
    }
  }
}

/** Removes a job's copies. */
export async function removeCopies(ports: Pick<Ports, "storage">, id: string): Promise<void> {
  await rm(folderOf(ports, id), { recursive: true, force: true });
}
