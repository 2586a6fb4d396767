import * as vscode from "vscode";
import { canBeTakenUp, costOf, isEnded, type Job, mayBePaid, type Progress, requestIdOf } from "../../jobs/job.ts";
import { carriesImages } from "../../jobs/steps/hostPair.ts";
import type { RunTimes } from "../../jobs/steps/spacing.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import { unitPriceText } from "../../shared/model/money.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { ActionId } from "../actionIds.ts";
import { isLeft, refusalOf, requestOf } from "../jobFacts.ts";
import { durationText } from "./duration.ts";
import { plain } from "./plain.ts";
import { problemText } from "./problem.ts";
import { troubleText } from "./trouble.ts";

/** A video that takes longer than that drags on, ms. */
const draggingAfter = 10 * 60_000;

/** Something the user can do with a job. */
interface JobAction {
  readonly id: ActionId;
  readonly label: string;
}

/** Where a job stands, in words, and what can be done about it. */
export interface JobText {
  readonly state: string;
  readonly detail?: string;
  /** What holds a request up that was sent, in a few words. */
  readonly trouble?: string;
  readonly actions: readonly JobAction[];
}

/** What an ended request cost, in words; undefined where nothing was sent, or it is not over as far as is known. */
export function costText({ progress }: Job): string | undefined {
  const cost = costOf(progress);
  if (!isEnded(progress) || requestIdOf(progress) === undefined || (cost === undefined && isLeft(progress))) {
    return undefined;
  }
  return cost === undefined
    ? vscode.l10n.t("Cost: not reported by RunComfy")
    : vscode.l10n.t("Cost {0} USD", unitPriceText(cost, vscode.env.language));
}

/**
 * Puts a job into words (`docs/jobs.md`, "States"; an honest cancel: "Laws", 5). `runTimes` are those of the
 * user's earlier jobs of the same work: the only estimate there is; `uploader` is the image upload that is set up.
 */
export function jobText(job: Job, runTimes?: RunTimes, uploader?: UploadKind): JobText {
  const { progress } = job;
  const withProblem = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: problemText(problem, requestIdOf(progress) !== undefined).message };
  const withTrouble = (problem: Problem | undefined) =>
    problem === undefined ? {} : { ...withProblem(problem), trouble: troubleText(problem) };
  const cancel: JobAction = { id: "cancel", label: vscode.l10n.t("Cancel") };
  const stopWatching: JobAction = { id: "stopWatching", label: vscode.l10n.t("Stop Watching…") };
  switch (progress.state) {
    case "preparing":
      return { state: vscode.l10n.t("Preparing the images"), actions: [cancel] };
    case "waiting":
      return {
        state: waitingText(progress.reason),
        ...(progress.problem?.code === "settingInvalid"
          ? { detail: wrongSettingText(progress.problem) }
          : withProblem(progress.problem)),
        actions: [
          ...(progress.reason === "token" ? [setToken()] : []),
          ...(progress.reason === "setting" ? [openSettings()] : []),
          { id: "cancel", label: vscode.l10n.t("Cancel (not sent yet)") },
        ],
      };
    case "submitting":
      return { state: vscode.l10n.t("Sending"), actions: [] };
    case "unclear":
      return {
        state: vscode.l10n.t("Unclear whether it was sent"),
        ...withProblem(progress.problem),
        actions: [...answerLostActions(progress), { id: "drop", label: vscode.l10n.t("Drop") }],
      };
    case "queued":
      return {
        state:
          // Where it does not answer, the place is one of before.
          progress.position === undefined || progress.problem !== undefined
            ? vscode.l10n.t("In the queue")
            : vscode.l10n.t("In the queue, position {0}", progress.position),
        ...(progress.problem === undefined ? cancelDetail(job) : withTrouble(progress.problem)),
        actions: [
          ...troubleActions(progress.problem),
          ...(job.cancel === undefined ? [{ ...cancel, label: vscode.l10n.t("Cancel (still queued)") }] : []),
          stopWatching,
        ],
      };
    case "running":
      return {
        state:
          progress.word === undefined
            ? renderingText(runTimes)
            : vscode.l10n.t("At the service: “{0}”", plain(progress.word)),
        ...(progress.problem === undefined
          ? { ...watchedSince(job), ...cancelDetail(job) }
          : withTrouble(progress.problem)),
        actions: [...troubleActions(progress.problem), stopWatching],
      };
    case "downloading":
      return {
        state: vscode.l10n.t("Saving"),
        ...withTrouble(progress.problem),
        actions: [...troubleActions(progress.problem), stopWatching],
      };
    case "needsAction":
      return {
        state: vscode.l10n.t("Needs you"),
        ...withTrouble(progress.problem),
        actions: standingActions(progress.problem),
      };
    case "saved":
      return {
        state: vscode.l10n.t("Saved"),
        ...(job.cancel === undefined
          ? {}
          : { detail: vscode.l10n.t("It could not be cancelled any more, so it was saved.") }),
        actions: [
          { id: "open", label: vscode.l10n.t("Open") },
          { id: "reveal", label: vscode.l10n.t("Reveal in Explorer") },
          { id: "copyPath", label: vscode.l10n.t("Copy Path") },
          { id: "insertSnippet", label: vscode.l10n.t("Insert into HTML or Markdown") },
          { id: "openRecipe", label: vscode.l10n.t("Open Recipe") },
        ],
      };
    case "failed":
      return {
        state: failedText(progress),
        ...failedDetail(job, failedReason(progress)),
        actions: [
          ...uploadActions(refusalOf(progress) ?? progress.problem, uploader),
          ...failedActions(progress),
          remove(),
        ],
      };
    case "cancelled":
      return {
        state: vscode.l10n.t("Cancelled"),
        detail:
          progress.requestId === undefined
            ? vscode.l10n.t("It was never sent, so nothing was paid.")
            : vscode.l10n.t("RunComfy took it out of the queue. Whether it charges for that is not known."),
        actions: [remove()],
      };
  }
}

/** A request that its user has left is no failure: it may go on, and cost. One that was refused is one. */
function failedText(progress: Extract<Progress, { state: "failed" }>): string {
  if (!isLeft(progress) || refusalOf(progress) !== undefined) {
    return vscode.l10n.t("Failed");
  }
  return progress.problem.code === "watchStopped" ? vscode.l10n.t("Not watched") : vscode.l10n.t("Given up");
}

/** Why it failed. What a problem advises while its video is still followed is no advice once that was given up. */
function failedReason(progress: Extract<Progress, { state: "failed" }>): string {
  const { problem } = progress;
  return canBeTakenUp(progress) && problem.code !== "watchStopped"
    ? vscode.l10n.t(
        "{0}. You gave this video up; RunComfy may have charged for it. Take it up again to try once more; that costs nothing more.",
        troubleText(problem),
      )
    : problemText(problem, requestIdOf(progress) !== undefined).message;
}

/** It waits, and goes by itself: there is nothing to be tried again. */
function wrongSettingText(problem: Extract<Problem, { code: "settingInvalid" }>): string {
  return vscode.l10n.t("The setting {0} cannot be {1}.", plain(problem.setting), plain(problem.value));
}

function failedActions(progress: Extract<Progress, { state: "failed" }>): JobAction[] {
  if (mayBePaid(progress)) {
    return answerLostActions(progress);
  }
  if (canBeTakenUp(progress)) {
    return [{ id: "takeUp", label: vscode.l10n.t("Take Up Again") }, ...lookActions()];
  }
  return progress.requestId === undefined ? [{ id: "sendAgain", label: vscode.l10n.t("Send Again") }] : [];
}

/** What can be done while nobody knows whether the request arrived: first what leads to its video. */
function answerLostActions(progress: Progress): JobAction[] {
  const adopt: JobAction = { id: "adopt", label: vscode.l10n.t("Enter Request ID…") };
  return [
    ...(requestOf(progress) === undefined ? [look(), adopt] : [adopt, ...lookActions()]),
    { id: "sendAgain", label: vscode.l10n.t("Send Again…") },
  ];
}

/** What helps a request on that is followed, or tells more of it. */
function troubleActions(problem: Problem | undefined): JobAction[] {
  switch (problem?.code) {
    case "tokenMissing":
    case "tokenRefused":
      return [setToken()];
    case "notOurs":
      return [setToken(), ...lookActions()];
    case "requestUnknown":
    case "serviceTrouble":
    case "noVideo":
      return lookActions();
    default:
      return [];
  }
}

function lookActions(): JobAction[] {
  return [look(), { id: "copyRequestId", label: vscode.l10n.t("Copy Request ID") }];
}

function look(): JobAction {
  return { id: "openAccount", label: vscode.l10n.t("Look at RunComfy") };
}

function setToken(): JobAction {
  return { id: "setToken", label: vscode.l10n.t("Set API Token…") };
}

function openSettings(): JobAction {
  return { id: "openSettings", label: vscode.l10n.t("Open Settings") };
}

function renderingText(runTimes: RunTimes | undefined): string {
  return runTimes === undefined
    ? vscode.l10n.t("Rendering")
    : vscode.l10n.t("Rendering, typically {0}", durationText(runTimes.typical));
}

/** What an image inside the request may have to do with the failure, or not: nobody knows (`docs/service.md`, "Images"). */
function failedDetail(job: Job, message: string): { detail: string } {
  const hint =
    job.progress.state === "failed" && job.progress.problem.code === "generationFailed" && carriesImages(job)
      ? ` ${vscode.l10n.t("The images went inside the request. If this goes on, image upload may help.")}`
      : "";
  return { detail: `${message}${hint}` };
}

/** Images that did not get there inside the request can be uploaded, where that is set up. */
function uploadActions(problem: Problem, uploader: UploadKind | undefined): JobAction[] {
  if (problem.code !== "dataUriRefused" && problem.code !== "imagesTooLarge") {
    return [];
  }
  return uploader === undefined
    ? [{ id: "setUpUpload", label: vscode.l10n.t("Set Up Image Upload…") }]
    : [{ id: "sendWithUpload", label: vscode.l10n.t("Send with Image Upload") }];
}

function remove(): JobAction {
  return { id: "remove", label: vscode.l10n.t("Remove from List") };
}

function waitingText(reason: Extract<Job["progress"], { state: "waiting" }>["reason"]): string {
  switch (reason) {
    case "turn":
      return vscode.l10n.t("Waiting for its turn");
    case "unreachable":
      return vscode.l10n.t("Waiting: RunComfy cannot be reached. It will be sent when it can be.");
    case "throttled":
      return vscode.l10n.t("Waiting: RunComfy takes no more requests at the moment.");
    case "token":
      return vscode.l10n.t("Waiting for an API token");
    case "setting":
      return vscode.l10n.t("Waiting: a setting is wrong. It will be sent once you fix it.");
    case "fault":
      return vscode.l10n.t("Waiting: something went wrong here. It will be tried again.");
    case "storage":
      return vscode.l10n.t("Waiting: your image storage cannot be reached. It will be sent when it can be.");
  }
}

/** Since when a request has been followed, where it drags on: such a one is seen to. */
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
  return { detail: vscode.l10n.t("Watched since {0}.", time) };
}

function cancelDetail(job: Job): { detail?: string } {
  switch (job.cancel) {
    case "asked":
      return { detail: vscode.l10n.t("Asking RunComfy to cancel it.") };
    case "tooLate":
      return { detail: vscode.l10n.t("Too late to cancel: it runs, may be charged, and will be saved.") };
    case undefined:
      return {};
  }
}

function standingActions(problem: Problem): JobAction[] {
  const drop: JobAction = { id: "drop", label: vscode.l10n.t("Drop") };
  const retry: JobAction = { id: "retry", label: vscode.l10n.t("Retry") };
  switch (problem.code) {
    case "hostNotTrusted":
      return problem.never
        ? [retry, drop]
        : [
            { id: "trustHost", label: vscode.l10n.t("Download Once") },
            { id: "alwaysTrustHost", label: vscode.l10n.t("Always Trust {0}", plain(problem.host)) },
            drop,
          ];
    case "folderUnusable":
      return [{ id: "chooseFolder", label: vscode.l10n.t("Choose Folder…") }, retry, drop];
    default:
      return [retry, ...lookActions(), drop];
  }
}
