import * as vscode from "vscode";
import { isFinished, wasNeverSent } from "../jobs/facts.ts";
import type { JobService } from "../jobs/service.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { pluralText } from "../shared/texts.ts";
import { ask, mention } from "./tell.ts";

/**
 * Removes all finished videos from the list, if the user says so. What needs attention, or may be paid for without a video,
 * stays, as do all files.
 * @throws {ProblemError} `journalBusy`
 */
export async function clearFinished(jobs: Pick<JobService, "list" | "removeFinished">): Promise<void> {
  const finished = jobs.list().filter(({ progress }) => isFinished(progress));
  const { length } = finished;
  if (length === 0) {
    mention(vscode.l10n.t("There are no finished videos to clear."));
    return;
  }
  const question = pluralText(
    length,
    vscode.l10n.t("Clear {0} finished video from the list?", length),
    vscode.l10n.t("Clear {0} finished videos from the list?", length),
  );
  const details = [
    vscode.l10n.t("Videos and recipes in your folders stay where they are."),
    vscode.l10n.t("Videos that need your attention, and those that RunComfy may still charge for, stay in the list."),
  ];
  if (await ask(question, details, vscode.l10n.t("Clear"))) {
    await inList(() => jobs.removeFinished(finished.map(({ id }) => id)));
  }
}

/**
 * Cancels all videos that were never sent, if the user says so. One that is sent while the question is open goes on.
 * @throws {ProblemError} `journalBusy`
 */
export async function cancelWaiting(jobs: Pick<JobService, "list" | "get" | "cancel">): Promise<void> {
  const waiting = jobs.list().filter(wasNeverSent);
  const { length } = waiting;
  if (length === 0) {
    mention(vscode.l10n.t("No video is waiting to be sent."));
    return;
  }
  const question = pluralText(
    length,
    vscode.l10n.t("Cancel {0} video that hasn’t been sent?", length),
    vscode.l10n.t("Cancel {0} videos that haven’t been sent?", length),
  );
  const detail = vscode.l10n.t("RunComfy charges nothing for them. Videos that are already at RunComfy continue.");
  if (await ask(question, [detail], vscode.l10n.t("Cancel All Waiting"), vscode.l10n.t("Keep Waiting"))) {
    await inList(async () => {
      // Newest first: the one whose turn is next goes last.
      for (const { id } of waiting) {
        await cancelUnsent(jobs, id);
      }
    });
  }
}

async function cancelUnsent(jobs: Pick<JobService, "get" | "cancel">, id: string): Promise<void> {
  const job = jobs.get(id);
  if (job === undefined || !wasNeverSent(job)) {
    return;
  }
  try {
    await jobs.cancel(id);
  } catch (error) {
    const moved = error instanceof ProblemError && ["notPossibleNow", "jobUnknown"].includes(error.problem.code);
    if (!moved) {
      throw error;
    }
  }
}

/** Shows in the list that work on it goes on. */
function inList(work: () => Promise<void>): Thenable<void> {
  return vscode.window.withProgress({ location: { viewId: "wanFlf2v.jobs" } }, work);
}
