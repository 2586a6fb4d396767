import * as vscode from "vscode";
import { isOpened, refusalOf, requestOf } from "../../jobs/facts.ts";
import { canBeTakenUp, type Job, mayBePaid, openBefore, type Progress } from "../../jobs/job.ts";
import { carriesImages } from "../../jobs/steps/hostPair.ts";
import { type ActionId, actionTable } from "../../shared/jobs/actions.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { plain } from "./plain.ts";

/** Something the user can do with a job. */
export interface JobAction {
  readonly id: ActionId;
  readonly label: string;
  /** What it means now, in a few words. */
  readonly hint?: string;
}

/** What an action is called where nothing more exact is known. */
export function actionLabel(id: ActionId): string {
  return vscode.l10n.t(actionTable[id].label);
}

/** @param label says it more exactly than the action's own */
function action(id: ActionId, label = actionLabel(id)): JobAction {
  return { id, label };
}

/**
 * What the user can do with a job now, in the order of use: the next step first.
 * @param uploader the image upload that is set up
 */
export function jobActions(job: Job, uploader: UploadKind | undefined): readonly JobAction[] {
  const { progress } = job;
  const cancel = action("cancel");
  const stopWatching = action("stopWatching");
  switch (progress.state) {
    case "preparing":
      return [cancel];
    case "waiting":
      return [
        ...(progress.reason === "token" ? [action("setToken")] : []),
        ...(progress.reason === "setting" ? [action("openSettings")] : []),
        { ...cancel, hint: vscode.l10n.t("Nothing sent yet") },
      ];
    case "submitting":
      return [];
    case "unclear":
      return [...answerLostActions(progress), action("drop")];
    case "queued":
      return [
        ...troubleActions(progress.problem),
        ...openActions(job),
        ...(job.cancel === undefined ? [{ ...cancel, hint: vscode.l10n.t("Still queued") }] : []),
        ...requestActions(progress.problem),
        stopWatching,
      ];
    case "running":
      return [
        ...troubleActions(progress.problem),
        ...openActions(job),
        ...requestActions(progress.problem),
        stopWatching,
      ];
    case "downloading":
      return [...troubleActions(progress.problem), ...requestActions(progress.problem), stopWatching];
    case "needsAction":
      return [...openActions(job), ...standingActions(progress.problem)];
    case "saved":
      return [
        action("open"),
        action("reveal"),
        action("copyPath"),
        action("insertSnippet"),
        action("openRecipe"),
        ...(job.order.recipe === undefined ? [] : [action("useTake")]),
        ...(isOpened(job) ? [action("remove")] : []),
      ];
    case "failed":
      return [
        ...refusalActions(refusalOf(progress) ?? progress.problem, uploader),
        ...openActions(job),
        ...failedActions(job, progress),
        action("remove"),
      ];
    case "cancelled":
      return [action("remove")];
  }
}

function failedActions(job: Job, progress: Extract<Progress, { state: "failed" }>): JobAction[] {
  if (mayBePaid(progress)) {
    return answerLostActions(progress);
  }
  if (canBeTakenUp(progress)) {
    return [action("takeUp"), ...lookActions()];
  }
  if (progress.requestId !== undefined) {
    const { start, end } = job.order;
    const isKnown = start.kind !== "unknown" && end.kind !== "unknown";
    return [
      ...(isKnown ? [action("tryAgain")] : []),
      ...(mayBeImages(job) ? [action("setUpUpload")] : []),
      ...lookActions(),
    ];
  }
  const isForToken = progress.problem.code === "tokenRefused" || progress.problem.code === "tokenMissing";
  return [...(isForToken ? [action("setTokenAndSend")] : []), action("sendAgain", vscode.l10n.t("Send Again"))];
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

/** What leads to the request of a job that is followed, unless the actions against `problem` offer it already. */
function requestActions(problem: Problem | undefined): JobAction[] {
  const isOffered = troubleActions(problem).some(({ id }) => id === "copyRequestId");
  return isOffered ? [] : [action("copyRequestId"), action("openAccount")];
}

/** What helps with a refusal: credit, or an upload for images that the service didn't accept inside the request. */
function refusalActions(problem: Problem, uploader: UploadKind | undefined): JobAction[] {
  switch (problem.code) {
    case "noBalance":
      return [action("addCredit")];
    case "dataUriRefused":
    case "imagesTooLarge":
      return uploader === undefined ? [action("setUpUpload")] : [action("sendWithUpload")];
    default:
      return [];
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

/** Embedded images may be the reason for a failure (`docs/service.md`, "Images"), if its words allow that. */
export function mayBeImages(job: Job): boolean {
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
