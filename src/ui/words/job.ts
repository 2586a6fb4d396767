import * as vscode from "vscode";
import { isFinishedUnsaved, isLeft, refusalOf } from "../../jobs/facts.ts";
import { canBeTakenUp, costOf, isDenied, isEnded, type Job, type Progress, requestIdOf } from "../../jobs/job.ts";
import type { RunTimes } from "../../jobs/steps/spacing.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import { aboutText } from "../../shared/model/money.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { estimateText } from "../../shared/texts.ts";
import { deniedText } from "./denied.ts";
import { type JobAction, jobActions, mayBeImages } from "./jobActions.ts";
import { plain } from "./plain.ts";
import { problemText } from "./problem.ts";
import { settingText } from "./setting.ts";
import { failureText, troubleText } from "./trouble.ts";
import { waitingReason, waitingText } from "./waiting.ts";

/** A video that takes longer than this is slow, ms. */
const draggingAfter = 10 * 60_000;

/** What the words for a job depend on besides the job itself. */
interface Surroundings {
  /** The run times of the user's earlier jobs of the same kind, the only estimate there is. */
  readonly runTimes?: RunTimes | undefined;
  /** The image upload that is set up. */
  readonly uploader?: UploadKind | undefined;
  /** How many videos are rendered at once. */
  readonly atOnce?: number | undefined;
}

/** A job's state in words, and the actions that it offers. */
export interface JobText {
  /** The state in one sentence, with the queue position where there is one. */
  readonly state: string;
  /** Why it failed or waits, or what to know about it. */
  readonly detail?: string;
  /** What delays a request that was sent, in a few words. */
  readonly trouble?: string;
  /** Why it was not sent yet or why it failed, in a few words. */
  readonly reason?: string;
  /** In the order of use: the next step first. */
  readonly actions: readonly JobAction[];
}

/**
 * What an ended request cost, in words; undefined if nothing was sent, or the request may not be over.
 * @param amountText writes an amount in USD; to the cent if missing
 */
export function costText({ progress }: Job, amountText = aboutText): string | undefined {
  const cost = costOf(progress);
  if (!isEnded(progress) || requestIdOf(progress) === undefined || (cost === undefined && isLeft(progress))) {
    return undefined;
  }
  return cost === undefined
    ? vscode.l10n.t("Cost not reported")
    : vscode.l10n.t("Cost: {0} USD", amountText(cost, vscode.env.language));
}

/** Puts a job into words (`docs/jobs.md`, "States"; an honest cancel: "Laws", 5). */
export function jobText(job: Job, { uploader, ...around }: Surroundings = {}): JobText {
  return { ...stateText(job, around), actions: jobActions(job, uploader) };
}

function stateText(
  job: Job,
  { runTimes, atOnce }: Pick<Surroundings, "runTimes" | "atOnce">,
): Omit<JobText, "actions"> {
  const { progress } = job;
  const withProblem = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: problemText(problem, requestIdOf(progress) !== undefined).message };
  const withTrouble = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: troubleDetail(job, problem), trouble: troubleText(problem) };
  switch (progress.state) {
    case "preparing":
      return { state: vscode.l10n.t("Preparing images") };
    case "waiting":
      return {
        state: waitingText(job, progress.reason, atOnce),
        ...waitingReason(progress.reason),
        ...(progress.problem?.code === "settingInvalid"
          ? { detail: settingText(progress.problem) }
          : withProblem(progress.problem)),
      };
    case "submitting":
      return { state: vscode.l10n.t("Sending") };
    case "unclear":
      return { state: vscode.l10n.t("Submission unconfirmed"), ...withProblem(progress.problem) };
    case "queued":
      return {
        state:
          // If the service doesn't answer, the position is an old one.
          progress.position === undefined || progress.problem !== undefined
            ? vscode.l10n.t("In the queue")
            : vscode.l10n.t("In the queue, position {0}", progress.position),
        ...(progress.problem === undefined ? cancelDetail(job) : withTrouble(progress.problem)),
      };
    case "running":
      return {
        state:
          progress.word === undefined
            ? renderingText(runTimes)
            : vscode.l10n.t("Status at RunComfy: “{0}”", plain(progress.word)),
        ...(progress.problem === undefined
          ? {
              detail: [job.cancel === undefined ? uncancellable() : cancelDetail(job).detail, watchedSince(job)]
                .filter((line) => line !== undefined)
                .join(" "),
            }
          : withTrouble(progress.problem)),
      };
    case "downloading":
      return { state: vscode.l10n.t("Saving"), ...withTrouble(progress.problem) };
    case "needsAction":
      return { state: vscode.l10n.t("Needs attention"), ...withTrouble(progress.problem) };
    case "saved":
      return {
        state: vscode.l10n.t("Saved"),
        ...(job.cancel === undefined
          ? {}
          : { detail: vscode.l10n.t("It was too late to cancel, so the video was saved.") }),
      };
    case "failed":
      return {
        state: failedText(progress),
        ...failedDetail(job, isDenied(progress) ? deniedText(job) : failedMessage(progress)),
        ...failedReason(progress),
      };
    case "cancelled":
      return {
        state: vscode.l10n.t("Cancelled"),
        detail:
          progress.requestId === undefined
            ? vscode.l10n.t("It was never sent, so nothing was charged.")
            : vscode.l10n.t("RunComfy removed it from the queue. It’s unknown whether RunComfy charges for it."),
      };
  }
}

/** What delays a request that was sent, what happens by itself, and whether a cancel waits for it to be over. */
function troubleDetail(job: Job, problem: Problem): string {
  const { progress, cancel } = job;
  const message = isDenied(progress)
    ? deniedText(job)
    : progress.state === "downloading" && isFetchedAgain(problem)
      ? vscode.l10n.t("{0}. Nothing is lost. This will be retried automatically.", troubleText(problem))
      : problemText(problem, true).message;
  return cancel === "asked"
    ? vscode.l10n.t(
        "{0} Your cancel request is sent as soon as possible; until then the video may start, and you may be charged.",
        message,
      )
    : message;
}

/** Problems whose sentence advises what their user cannot do while the download goes on by itself. */
function isFetchedAgain({ code }: Problem): boolean {
  return code === "videoExpired" || code === "notAVideo";
}

/** A request that its user has left is no failure: it may continue, and cost money. One that was refused is one. */
function failedText(progress: Extract<Progress, { state: "failed" }>): string {
  if (!isLeft(progress) || refusalOf(progress) !== undefined) {
    return vscode.l10n.t("Failed");
  }
  return progress.problem.code === "watchStopped" ? vscode.l10n.t("No longer watched") : vscode.l10n.t("Discarded");
}

/** Why it failed. A problem's advice for a video that is still followed doesn't apply once it was discarded. */
function failedMessage(progress: Extract<Progress, { state: "failed" }>): string {
  const { problem } = progress;
  if (canBeTakenUp(progress) && costOf(progress) === undefined && isFinishedUnsaved(progress)) {
    return vscode.l10n.t(
      "{0}. You discarded this video, which RunComfy has probably charged for. Resume watching to try again at no extra cost.",
      troubleText(problem),
    );
  }
  return canBeTakenUp(progress) && problem.code !== "watchStopped"
    ? costOf(progress) === undefined
      ? vscode.l10n.t(
          "{0}. You discarded this video; RunComfy may have charged for it. Resume watching to try again at no extra cost.",
          troubleText(problem),
        )
      : vscode.l10n.t(
          "{0}. You discarded this video, which is paid for. Resume watching to try again at no extra cost.",
          troubleText(problem),
        )
    : problemText(problem, requestIdOf(progress) !== undefined).message;
}

/** Why it failed, in a few words; nothing for a request that its user has left, unless another one was refused since. */
function failedReason(progress: Extract<Progress, { state: "failed" }>): { reason?: string } {
  const refused = refusalOf(progress);
  return isLeft(progress) && refused === undefined ? {} : { reason: failureText(refused ?? progress.problem) };
}

function renderingText(runTimes: RunTimes | undefined): string {
  return runTimes === undefined
    ? vscode.l10n.t("Rendering")
    : vscode.l10n.t("Rendering, usually about {0}", estimateText(runTimes.typical));
}

function failedDetail(job: Job, message: string): { detail: string } {
  const hint = mayBeImages(job)
    ? ` ${vscode.l10n.t("The images were embedded in the request. If it keeps failing, try uploading them instead.")}`
    : "";
  return { detail: `${message}${hint}` };
}

/** Since when a slow request has been followed, to show that it isn't forgotten. */
function watchedSince(job: Job): string | undefined {
  const since = new Date(job.submittedAt ?? job.createdAt);
  if (Date.now() - since.getTime() < draggingAfter) {
    return undefined;
  }
  const isToday = since.toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat(vscode.env.language, {
    timeStyle: "short",
    ...(!isToday && { dateStyle: "medium" }),
  }).format(since);
  return vscode.l10n.t("Watching since {0}.", time);
}

/** Why a video that is being rendered offers no cancel. */
function uncancellable(): string {
  return vscode.l10n.t("RunComfy can cancel a video only while it’s in the queue.");
}

function cancelDetail(job: Job): { detail?: string } {
  switch (job.cancel) {
    case "asked":
      return { detail: vscode.l10n.t("Asking RunComfy to cancel.") };
    case "tooLate":
      return {
        detail: vscode.l10n.t(
          "Too late to cancel: the video is already rendering. You may be charged for it, and it will be saved.",
        ),
      };
    case undefined:
      return {};
  }
}
