import { basename } from "node:path";
import * as vscode from "vscode";
import type { Job } from "../jobs/job.ts";
import type { RunTimes } from "../jobs/spacing.ts";
import { rangeText } from "../model/draft.ts";
import { parameterTable, settableWords } from "../model/parameters.ts";
import type { Problem } from "../model/problem.ts";
import type { ActionId } from "./actionIds.ts";
import { durationText } from "./durations.ts";
import type { ShownProblem } from "./panel/protocol.ts";

const { t } = vscode.l10n;

const setToken = { command: "wanFlf2v.setToken", label: t("Set API Token…") };
const showLog = { command: "wanFlf2v.showLog", label: t("Show Log") };

/**
 * A problem in words: what happened, what it means for money and files, what to do now; with the field it belongs to and
 * the commands that help.
 */
export function problemText(problem: Problem): ShownProblem {
  switch (problem.code) {
    case "promptEmpty":
      return { field: "prompt", message: t("Write a prompt: say what changes between the two images.") };
    case "parameterInvalid": {
      const field = settableWords.find((word) => word === problem.word);
      const title = field === undefined ? problem.word : t(parameterTable[field].title);
      const range = field === undefined ? "" : rangeText(field);
      return { ...(field && { field }), message: t("{0} cannot be {1}. Possible: {2}.", title, problem.value, range) };
    }
    case "parameterUnknown":
      return { message: t("The model has no parameter {0}. Nothing was sent.", problem.key) };
    case "argumentInvalid":
      return {
        message: t("The argument {0} is missing or not of the right form. Nothing was sent.", problem.argument),
      };
    case "imageMissing":
      return { message: t("{0} is not there any more. Choose another image.", basename(problem.path)) };
    case "imageEmpty":
      return { message: t("{0} is an empty file. Choose another image.", basename(problem.path)) };
    case "notAnImage":
      return {
        message: t(
          "{0} is not an image. Choose a PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP file.",
          basename(problem.path),
        ),
      };
    case "imageUnreadable":
      return {
        message: t(
          "{0} is damaged or cannot be read. Export it again or choose another image.",
          basename(problem.path),
        ),
      };
    case "imageUnsupported":
      return {
        message: t(
          "{0} is of a kind that cannot be read here. Save it as PNG and choose that file.",
          basename(problem.path),
        ),
      };
    case "imageTooLarge":
      return {
        message: t(
          "{0} is too large to be opened safely ({1} × {2} pixels). Choose an image of at most 16384 pixels an edge and 200 megapixels.",
          basename(problem.path),
          problem.width,
          problem.height,
        ),
      };
    case "imageChanged":
      return {
        message: t(
          "{0} changed before the video was sent, so nothing was sent and nothing paid. Generate again.",
          basename(problem.path),
        ),
      };
    case "imageLost":
      return {
        message: t("The prepared images of this video are gone, so nothing was sent and nothing paid. Generate again."),
      };
    case "workerFailed":
      return {
        message: t("The images could not be prepared ({0}). Nothing was sent. Try again.", problem.reason),
        actions: [showLog],
      };
    case "noFolder":
      return {
        message: t(
          "No folder is open that the video could be saved in. Open a folder, or set an absolute output folder. Nothing was sent.",
        ),
        actions: [
          { command: "workbench.action.files.openFolder", label: t("Open Folder…") },
          { command: "wanFlf2v.openSettings", label: t("Open Settings") },
        ],
      };
    case "settingInvalid":
      return {
        message: t(
          "The setting {0} cannot be {1}. Correct it and try again; nothing was sent.",
          problem.setting,
          problem.value,
        ),
        actions: [{ command: "wanFlf2v.openSettings", label: t("Open Settings") }],
      };
    case "tokenMissing":
      return { message: t("An API token of RunComfy is needed. Nothing was sent."), actions: [setToken] };
    case "tokenRefused":
      return {
        message: t(
          "RunComfy refused the API token: it is wrong, expired or revoked. Nothing was paid. Set a valid one and try again.",
        ),
        actions: [setToken],
      };
    case "noBalance":
      return {
        message: t("The RunComfy account has no balance left. Nothing was paid. Add credit there, then send again."),
        actions: [{ command: "wanFlf2v.openAccount", label: t("Open RunComfy") }],
      };
    case "refused":
      return {
        message: t(
          "RunComfy refused the request ({0}): {1} Nothing was paid.",
          problem.serviceCode ?? problem.status,
          sentence(problem.message),
        ),
        actions: [showLog],
      };
    case "throttled":
      return { message: t("RunComfy takes no more requests at the moment. It will be tried again.") };
    case "unreachable":
      return { message: t("{0} cannot be reached ({1}). It will be tried again.", problem.host, problem.reason) };
    case "certificate":
      return {
        message: t(
          "The certificate of {0} is not trusted ({1}), so nothing was sent. Check the network's proxy and certificates.",
          problem.host,
          problem.reason,
        ),
      };
    case "serviceTrouble":
      return {
        message: t(
          "RunComfy did not answer properly ({0}). The video goes on there; it will be asked again.",
          problem.reason || (problem.status ?? "?"),
        ),
      };
    case "notOurs":
      return {
        message: t("This request belongs to another RunComfy account. Set the token it was sent with and retry."),
        actions: [setToken],
      };
    case "requestUnknown":
      return {
        message: t("RunComfy does not know this request (any more). If it is listed in your generations there, retry."),
      };
    case "submitUnclear":
      return {
        message: t(
          "RunComfy’s answer got lost ({0}): the video may or may not be paid for. Look at your generations there before you send again.",
          problem.reason,
        ),
        actions: [{ command: "wanFlf2v.openAccount", label: t("Open RunComfy") }],
      };
    case "generationFailed":
      return {
        message: t(
          "RunComfy could not make the video: {0}",
          problem.message === "" ? t("no reason was given.") : sentence(problem.message),
        ),
      };
    case "noVideo":
      return { message: t("RunComfy says the video is done but names no file. Retry later; it is paid for.") };
    case "hostNotTrusted":
      return {
        message: t(
          "The video lies on {0}, which is not a known host of RunComfy. It was not downloaded.",
          problem.host,
        ),
      };
    case "videoExpired":
      return { message: t("The video is no longer at RunComfy’s storage. Retry, or look at your generations there.") };
    case "downloadFailed":
      return { message: t("The download broke off ({0}). It will be tried again; nothing is lost.", problem.reason) };
    case "notAVideo":
      return {
        message: t(
          "What RunComfy sent is not a whole video ({0}). Retry the download; it costs nothing.",
          problem.reason,
        ),
      };
    case "videoTooLarge":
      return {
        message: t(
          "The video is larger than the limit of {0} MB. Raise the limit in the settings, then retry.",
          Math.round(problem.limit / 1048576),
        ),
        actions: [{ command: "wanFlf2v.openSettings", label: t("Open Settings") }],
      };
    case "folderUnusable":
      return { message: folderText(problem.path, problem.reason) };
    case "journalNewer":
      return {
        message: t(
          "A newer version of this extension wrote the list of videos. Update the extension; nothing was changed or lost.",
        ),
      };
    case "journalUnreadable":
      return {
        message: t(
          "The list of videos was unreadable and was set aside as {0}. Videos under way can be recovered by their request id.",
          problem.path,
        ),
      };
    case "jobUnknown":
      return { message: t("There is no such video in the list (any more).") };
    case "notPossibleNow":
      return { message: t("That is not possible any more: things have moved on.") };
  }
}

function folderText(path: string, reason: Extract<Problem, { code: "folderUnusable" }>["reason"]): string {
  switch (reason) {
    case "missing":
      return t("The folder {0} is gone. Choose another folder for the video.", path);
    case "readOnly":
      return t("The folder {0} cannot be written to. Choose another folder for the video.", path);
    case "notAFolder":
      return t("{0} is not a folder. Choose another folder for the video.", path);
    case "full":
      return t("There is no room left for the video in {0}. Make room or choose another folder.", path);
    case "other":
      return t("The video cannot be saved in {0}. Choose another folder for it.", path);
  }
}

/** The service's own words, as a sentence that ours can follow. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Something the user can do with a job. */
export interface JobAction {
  readonly id: ActionId;
  readonly label: string;
}

/** Where a job stands, in words, and what can be done about it. */
export interface JobText {
  readonly state: string;
  readonly detail?: string;
  readonly actions: readonly JobAction[];
}

/**
 * Puts a job into words (architecture, "The job: states and laws"; an honest cancel: law 5). `runTimes` are those of the
 * user's earlier jobs of the same work: the only estimate there is.
 */
export function jobText(job: Job, runTimes?: RunTimes): JobText {
  const { progress } = job;
  const withProblem = (problem: Problem | undefined) =>
    problem === undefined ? {} : { detail: problemText(problem).message };
  const cancel: JobAction = { id: "cancel", label: t("Cancel") };
  switch (progress.state) {
    case "preparing":
      return { state: t("Preparing the images"), actions: [cancel] };
    case "waiting":
      return { state: waitingText(progress.reason), actions: [{ id: "cancel", label: t("Cancel (not sent yet)") }] };
    case "submitting":
      return { state: t("Sending"), actions: [] };
    case "unclear":
      return {
        state: t("Unclear whether it was sent"),
        ...withProblem(progress.problem),
        actions: [
          { id: "openAccount", label: t("Look at RunComfy") },
          { id: "adopt", label: t("Enter Request ID…") },
          { id: "sendAgain", label: t("Send Again…") },
          { id: "drop", label: t("Drop") },
        ],
      };
    case "queued":
      return {
        state: progress.position === undefined ? t("In the queue") : t("In the queue, position {0}", progress.position),
        ...(progress.problem === undefined ? cancelDetail(job) : withProblem(progress.problem)),
        actions: job.cancel === undefined ? [{ id: "cancel", label: t("Cancel (still queued)") }] : [],
      };
    case "running":
      return {
        state: progress.word === undefined ? renderingText(runTimes) : t("At the service: “{0}”", progress.word),
        ...(progress.problem === undefined ? cancelDetail(job) : withProblem(progress.problem)),
        actions: [],
      };
    case "downloading":
      return { state: t("Saving"), ...withProblem(progress.problem), actions: [] };
    case "needsAction":
      return { state: t("Needs you"), ...withProblem(progress.problem), actions: standingActions(progress.problem) };
    case "saved":
      return {
        state: t("Saved"),
        ...(job.cancel === undefined ? {} : { detail: t("It could not be cancelled any more, so it was saved.") }),
        actions: [
          { id: "open", label: t("Open") },
          { id: "reveal", label: t("Reveal in Explorer") },
          { id: "copyPath", label: t("Copy Path") },
          { id: "openRecipe", label: t("Open Recipe") },
        ],
      };
    case "failed":
      return {
        state: t("Failed"),
        ...withProblem(progress.problem),
        actions:
          progress.requestId === undefined ? [{ id: "sendAgain", label: t("Send Again") }, remove()] : [remove()],
      };
    case "cancelled":
      return {
        state: t("Cancelled"),
        detail:
          progress.requestId === undefined
            ? t("It was never sent, so nothing was paid.")
            : t("RunComfy took it out of the queue. Whether it charges for that is not known."),
        actions: [remove()],
      };
  }
}

function renderingText(runTimes: RunTimes | undefined): string {
  return runTimes === undefined ? t("Rendering") : t("Rendering, typically {0}", durationText(runTimes.typical));
}

function remove(): JobAction {
  return { id: "remove", label: t("Remove from List") };
}

function waitingText(reason: "turn" | "unreachable" | "throttled" | "token"): string {
  switch (reason) {
    case "turn":
      return t("Waiting for its turn");
    case "unreachable":
      return t("Waiting: RunComfy cannot be reached. It is sent when it can.");
    case "throttled":
      return t("Waiting: RunComfy takes no more requests at the moment.");
    case "token":
      return t("Waiting for an API token");
  }
}

function cancelDetail(job: Job): { detail?: string } {
  switch (job.cancel) {
    case "asked":
      return { detail: t("Asking RunComfy to cancel it.") };
    case "tooLate":
      return { detail: t("Too late to cancel: it runs, may be charged, and will be saved.") };
    case undefined:
      return {};
  }
}

function standingActions(problem: Problem): JobAction[] {
  const drop: JobAction = { id: "drop", label: t("Drop") };
  const retry: JobAction = { id: "retry", label: t("Retry") };
  switch (problem.code) {
    case "hostNotTrusted":
      return [
        { id: "trustHost", label: t("Download Once") },
        { id: "alwaysTrustHost", label: t("Always Trust {0}", problem.host) },
        drop,
      ];
    case "folderUnusable":
      return [{ id: "chooseFolder", label: t("Choose Folder…") }, retry, drop];
    default:
      return [retry, { id: "openAccount", label: t("Look at RunComfy") }, drop];
  }
}
