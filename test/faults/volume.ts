import { execFile, execFileSync } from "node:child_process";
import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A small file system in memory, which can really be full or read-only. */
export interface Volume {
  readonly path: string;
  /** Leaves so many bytes free; all of them again with `undefined`. */
  fill(free: number | undefined): void;
  setReadOnly(readOnly: boolean): void;
  remove(): Promise<void>;
}

/** Whether this process may mount volumes (`main.ts` sees to it where the system lets it). */
export async function canMount(scratch: string): Promise<boolean> {
  try {
    await (await mount(join(scratch, "trial"), 65536)).remove();
    return true;
  } catch {
    return false;
  }
}

/** Mounts an empty volume of so many bytes. */
export async function mount(path: string, bytes: number): Promise<Volume> {
  await mkdir(path, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
  const filler = join(path, "filler");
  return {
    path,
    fill(free) {
      remove(filler);
      if (free !== undefined) {
        fillWith(filler, free);
      }
    },
    setReadOnly(readOnly) {
      execFileSync("mount", ["-o", `remount,${readOnly ? "ro" : "rw"}`, path]);
    },
    async remove() {
      await run("umount", ["-l", path]);
    },
  };
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
      throw error;
    }
  }
}

function fillWith(filler: string, free: number): void {
  const reserve = `${filler}.reserve`;
  if (free > 0) {
    writeUntilFull(reserve, free);
  }
  writeUntilFull(filler, Number.POSITIVE_INFINITY);
  remove(reserve);
}

function writeUntilFull(file: string, bytes: number): void {
  const page = Buffer.alloc(4096);
  const handle = openSync(file, "w");
  try {
    for (let written = 0; written < bytes; written += page.length) {
      writeSync(handle, page);
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) {
      throw error;
    }
  } finally {
    closeSync(handle);
  }
}
