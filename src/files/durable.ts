import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { codeOf } from "../shared/errors.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** Turns a failed file operation in `folder` into what the user can do about it; any other error stays what it is. */
export function folderProblem(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) {
    return error;
  }
  const reason = (() => {
    switch (codeOf(error)) {
      case "ENOENT":
        return "missing";
      case "ENOTDIR":
      case "EEXIST":
        return "notAFolder";
      case "EACCES":
      case "EPERM":
      case "EROFS":
        return "readOnly";
      case "ENOSPC":
      case "EDQUOT":
        return "full";
      default:
        return "other";
    }
  })();
  return new ProblemError({ code: "folderUnusable", path: folder, reason }, { cause: error });
}

/** Pauses while something else holds a file, ms: a virus scanner or a program that synchronizes lets go within seconds. */
const grips = [20, 50, 100, 200, 400, 800] as const;

/** Does a file operation, and again for a moment where the system refuses it as it does while another program holds the file. */
export async function untilReleased<T>(operation: () => Promise<T>): Promise<T> {
  for (const pause of grips) {
    try {
      return await operation();
    } catch (error) {
      if (!["EPERM", "EBUSY", "EACCES"].includes(codeOf(error))) {
        throw error;
      }
      await setTimeout(pause);
    }
  }
  return operation();
}

/** Makes a file's or folder's content durable. Systems that cannot sync a folder do not need it. */
export async function flush(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES", "ENOTSUP"].includes(codeOf(error))) {
      throw error;
    }
  }
}

/** Writes a file whose content is on disk when this resolves. */
export async function writeDurably(file: string, text: string, opened: () => void = () => undefined): Promise<void> {
  const handle = await open(file, "w");
  opened();
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
