import * as vscode from "vscode";
import { isFinishedUnsaved, isLeft, refusalOf, requestOf } from "../../jobs/facts.ts";
import {
  canBeTakenUp,
  costOf,
  isDenied,
  isEnded,
  type Job,
  mayBePaid,
  openBefore,
  type Progress,
  requestIdOf,
} from "../../jobs/job.ts";
import { carriesImages } from "../../jobs/steps/hostPair.ts";
import type { RunTimes } from "../../jobs/steps/spacing.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import { unitPriceText } from "../../shared/model/money.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { estimateText } from "../../shared/texts.ts";
import type { ActionId } from "./actionIds.ts";
import { actionTable } from "./actionIds.ts";
import { deniedText } from "./denied.ts";
import { plain } from "./plain.ts";
import { problemText } from "./problem.ts";
import { settingText } from "./setting.ts";
import { troubleText } from "./trouble.ts";

/** A video that takes longer than this is slow, ms. */
const draggingAfter = 10 * 60_000;

/** Something the user can do with a job. */
interface JobAction {
  readonly id: ActionId;
  readonly label: string;
}

/** @param label says it more exactly than the action's own */
function action(id: ActionId, label = vscode.l10n.t(actionTable[id].label)): JobAction {
  return { id, label };
}

/** A job's state in words, and the actions that it offers. */
export interface JobText {
  /** The state in one sentence, with the queue position where there is one. */
  readonly state: string;
  /** Why it failed or waits, or what to know about it. */
  readonly detail?: string;
  /** What delays a request that was sent, in a few words. */
  readonly trouble?: string;
  readonly actions: readonly JobAction[];
}

/** What an ended request cost, in words; undefined if nothing was sent, or the request may not be over. */
export function costText({ progress }: Job): string | undefined {
  const cost = costOf(progress);
  if (!isEnded(progress) || requestIdOf(progress) === undefined || (cost === undefined && isLeft(progress))) {
    return undefined;
  }
  return cost === undefined
    ? vscode.l10n.t("Cost not reported")
    : vscode.l10n.t("Cost: {0} USD", unitPriceText(cost, vscode.env.language));
}

/**
 * Puts a job into words (`docs/jobs.md`, "States"; an honest cancel: "Laws", 5). `runTimes` are those of the user's earlier
 * jobs of the same kind, the only estimate there is; `uploader` is the image upload that is set up.
 */
export function jobText(job: Job, runTimes?: RunTimes, uploader?: UploadKind): JobText {
  const { progress } = job;
  const withProblem = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: problemText(problem, requestIdOf(progress) !== undefined).message };
  const withTrouble = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: troubleDetail(job, problem), trouble: troubleText(problem) };
  const cancel = action("cancel");
  const stopWatching = action("stopWatching");
  switch (progress.state) {
    case "preparing":
      return { state: vscode.l10n.t("Preparing images"), actions: [cancel] };
    case "waiting":
      return {
        state: waitingText(job, progress.reason),
        ...(progress.problem?.code === "settingInvalid"
          ? { detail: settingText(progress.problem) }
          : withProblem(progress.problem)),
        actions: [
          ...(progress.reason === "token" ? [action("setToken")] : []),
          ...(progress.reason === "setting" ? [action("openSettings")] : []),
          action("cancel", vscode.l10n.t("Cancel (not sent yet)")),
        ],
      };
    case "submitting":
      return { state: vscode.l10n.t("Sending"), actions: [] };
    case "unclear":
      return {
        state: vscode.l10n.t("Submission unconfirmed"),
        ...withProblem(progress.problem),
        actions: [...answerLostActions(progress), action("drop")],
      };
    case "queued":
      return {
        state:
          // If the service doesn't answer, the position is an old one.
          progress.position === undefined || progress.problem !== undefined
            ? vscode.l10n.t("In the queue")
            : vscode.l10n.t("In the queue, position {0}", progress.position),
        ...(progress.problem === undefined ? cancelDetail(job) : withTrouble(progress.problem)),
        actions: [
          ...troubleActions(progress.problem),
          ...openActions(job),
          ...(job.cancel === undefined ? [action("cancel", vscode.l10n.t("Cancel (still queued)"))] : []),
          stopWatching,
        ],
      };
    case "running":
      return {
        state:
          progress.word === undefined
            ? renderingText(runTimes)
            : vscode.l10n.t("Status at RunComfy: “{0}”", plain(progress.word)),
        ...(progress.problem === undefined
          ? { ...watchedSince(job), ...cancelDetail(job) }
          : withTrouble(progress.problem)),
        actions: [...troubleActions(progress.problem), ...openActions(job), stopWatching],
      };
    case "downloading":
      return {
        state: vscode.l10n.t("Saving"),
        ...withTrouble(progress.problem),
        actions: [...troubleActions(progress.problem), stopWatching],
      };
    case "needsAction":
      return {
        state: vscode.l10n.t("Needs attention"),
        ...withTrouble(progress.problem),
        actions: [...openActions(job), ...standingActions(progress.problem)],
      };
    case "saved":
      return {
        state: vscode.l10n.t("Saved"),
        ...(job.cancel === undefined
          ? {}
          : { detail: vscode.l10n.t("It was too late to cancel, so the video was saved.") }),
        actions: [action("open"), action("reveal"), action("copyPath"), action("insertSnippet"), action("openRecipe")],
      };
    case "failed":
      return {
        state: failedText(progress),
        ...failedDetail(job, isDenied(progress) ? deniedText(job) : failedReason(progress)),
        actions: [
          ...uploadActions(refusalOf(progress) ?? progress.problem, uploader),
          ...(mayBeImages(job) ? [action("setUpUpload")] : []),
          ...openActions(job),
          ...failedActions(progress),
          action("remove"),
        ],
      };
    case "cancelled":
      return {
        state: vscode.l10n.t("Cancelled"),
        detail:
          progress.requestId === undefined
            ? vscode.l10n.t("It was never sent, so nothing was charged.")
            : vscode.l10n.t("RunComfy removed it from the queue. It’s unknown whether RunComfy charges for it."),
        actions: [action("remove")],
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
function failedReason(progress: Extract<Progress, { state: "failed" }>): string {
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

function failedActions(progress: Extract<Progress, { state: "failed" }>): JobAction[] {
  if (mayBePaid(progress)) {
    return answerLostActions(progress);
  }
  if (canBeTakenUp(progress)) {
    return [action("takeUp"), ...lookActions()];
  }
  if (progress.requestId !== undefined) {
    return [];
  }
  const isForToken = progress.problem.code === "tokenRefused" || progress.problem.code === "tokenMissing";
  return [...(isForToken ? [action("setToken")] : []), action("sendAgain", vscode.l10n.t("Send Again"))];
}

/** The actions while nobody knows whether the request arrived: first those that lead to its video. */
function answerLostActions(progress: Progress): JobAction[] {
  const adopt = action("adopt");
  return [
    ...(requestOf(progress) === undefined ? [action("openAccount"), adopt] : [adopt, ...lookActions()]),
    action("sendAgain"),
  ];
}

/** The actions while the service denies an id that the user typed: the answer to the POST is as lost as before. */
function openActions(job: Job): JobAction[] {
  return openBefore(job) === undefined ? [] : [action("adopt"), action("sendAgain")];
}

/** The actions that help a followed request, or tell more about it. */
function troubleActions(problem: Problem | undefined): JobAction[] {
  switch (problem?.code) {
    case "tokenMissing":
    case "tokenRefused":
      return [action("setToken")];
    case "notOurs":
      return [action("setToken"), ...lookActions()];
    case "requestUnknown":
    case "serviceTrouble":
    case "noVideo":
      return lookActions();
    default:
      return [];
  }
}

function lookActions(): JobAction[] {
  return [action("openAccount"), action("copyRequestId")];
}

function renderingText(runTimes: RunTimes | undefined): string {
  return runTimes === undefined
    ? vscode.l10n.t("Rendering")
    : vscode.l10n.t("Rendering, usually about {0}", estimateText(runTimes.typical));
}

/** Embedded images may be the reason for a failure (`docs/service.md`, "Images"), if its words allow that. */
function mayBeImages(job: Job): boolean {
  const { progress } = job;
  return (
    progress.state === "failed" &&
    progress.problem.code === "generationFailed" &&
    carriesImages(job) &&
    /^\s*$|image|picture|base64|\bdata\b|\bur[il]s?\b|download|fetch|load|decod|\binputs?\b/i.test(
      progress.problem.message,
    )
  );
}

function failedDetail(job: Job, message: string): { detail: string } {
  const hint = mayBeImages(job)
    ? ` ${vscode.l10n.t("The images were embedded in the request. If it keeps failing, try uploading them instead.")}`
    : "";
  return { detail: `${message}${hint}` };
}

/** Images that the service didn't accept inside the request can be uploaded, if that is set up. */
function uploadActions(problem: Problem, uploader: UploadKind | undefined): JobAction[] {
  if (problem.code !== "dataUriRefused" && problem.code !== "imagesTooLarge") {
    return [];
  }
  return uploader === undefined ? [action("setUpUpload")] : [action("sendWithUpload")];
}

function waitingText({ order }: Job, reason: Extract<Progress, { state: "waiting" }>["reason"]): string {
  switch (reason) {
    case "turn":
      return vscode.l10n.t("Waiting for its turn");
    case "unreachable":
      // An earlier POST of it may be paid for.
      return order.lost === undefined
        ? vscode.l10n.t(
            "RunComfy can’t be reached. Nothing was sent or charged; the video is sent as soon as RunComfy answers.",
          )
        : vscode.l10n.t("RunComfy can’t be reached. The video is sent again as soon as RunComfy answers.");
    case "throttled":
      return vscode.l10n.t("Waiting: RunComfy currently accepts no more requests.");
    case "token":
      return vscode.l10n.t("Waiting for an API token");
    case "setting":
      return vscode.l10n.t("Waiting: a setting is invalid. The video will be sent once you correct it.");
    case "fault":
      return vscode.l10n.t("Waiting: something went wrong here. This will be retried automatically.");
    case "storage":
      return vscode.l10n.t("Waiting: your image storage can’t be reached. The video will be sent once it can be.");
  }
}

/** Since when a slow request has been followed, to show that it isn't forgotten. */
function watchedSince(job: Job): { detail?: string } {
  const since = new Date(job.submittedAt ?? job.createdAt);
  if (Date.now() - since.getTime() < draggingAfter) {
    return {};
  }
  const isToday = since.toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat(vscode.env.language, {
    timeStyle: "short",
    ...(!isToday && { dateStyle: "medium" }),
  }).format(since);
  return { detail: vscode.l10n.t("Watching since {0}.", time) };
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

function standingActions(problem: Problem): JobAction[] {
  const drop = action("drop");
  const retry = action("retry");
  switch (problem.code) {
    case "hostNotTrusted":
      return problem.never
        ? [retry, drop]
        : [
            action("trustHost", vscode.l10n.t("Download Once")),
            action("alwaysTrustHost", vscode.l10n.t("Always Trust {0}", plain(problem.host))),
            drop,
          ];
    case "folderUnusable":
      return [action("chooseFolder"), retry, ...lookActions(), drop];
    default:
      return [retry, ...lookActions(), drop];
  }
}
