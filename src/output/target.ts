import { randomUUID } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ProblemError } from "../model/problem.ts";
import { codeOf, folderProblem } from "./files.ts";

/**
 * Makes sure, before anything is paid, that a video can be saved into a folder which need not exist yet.
 * @returns the nearest folder above, or the folder itself, that exists.
 * @throws {ProblemError} `folderUnusable`.
 */
export async function checkWritable(folder: string): Promise<string> {
  const root = await nearestExisting(folder);
  const probe = join(root, `.${randomUUID()}.probe`);
  try {
    // Asking the system for the right to write is no proof on network volumes; writing is.
    await (await open(probe, "wx")).close();
    return root;
  } catch (error) {
    throw folderProblem(error, folder);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    try {
      if ((await stat(candidate)).isDirectory()) {
        return candidate;
      }
      throw new ProblemError({ code: "folderUnusable", path: candidate, reason: "notAFolder" });
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || candidate === dirname(candidate)) {
        throw folderProblem(error, folder);
      }
    }
  }
}
