import { basename } from "node:path";
import * as vscode from "vscode";
import { workspaceVariable } from "../../output/writtenPath.ts";
import type { ShownProblem } from "../../shared/messages/panel.ts";
import { rangeText } from "../../shared/model/draft.ts";
import { unitPriceText } from "../../shared/model/money.ts";
import { parameterTable, settableWords } from "../../shared/model/parameters.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { tooLargeText } from "./image.ts";
import { capText, folderText } from "./limit.ts";
import { certificateText, unreachableText } from "./network.ts";
import { plainProblem } from "./plainProblem.ts";
import { sourceText } from "./source.ts";
import { notPossibleText } from "./state.ts";

const setToken = { command: "wanFlf2v.setToken", label: vscode.l10n.t("Set API Token…") };
const openSettings = { command: "wanFlf2v.openHostingSettings", label: vscode.l10n.t("Image Hosting Settings") };
const setCredentials = {
  command: "wanFlf2v.setHostingCredentials",
  label: vscode.l10n.t("Set Image Hosting Credentials…"),
};
const testHosting = { command: "wanFlf2v.testHosting", label: vscode.l10n.t("Test Image Hosting") };
const setCap = { command: "wanFlf2v.setMonthlyCap", label: vscode.l10n.t("Set Monthly Cap…") };
const changeSettings = { command: "wanFlf2v.openSettings", label: vscode.l10n.t("Open Settings") };
const openRunComfy = { command: "wanFlf2v.openAccount", label: vscode.l10n.t("Open RunComfy") };
const showLog = { command: "wanFlf2v.showLog", label: vscode.l10n.t("Show Log") };

/**
 * A problem in words: what happened, what it means for money and files, what to do now; with the field it belongs to and
 * the commands that help. `sent`: the service has the request already, so that money and video hang on it.
 */
export function problemText(problem: Problem, sent = false): ShownProblem {
  return sentenceFor(plainProblem(problem), sent);
}

function sentenceFor(problem: Problem, sent: boolean): ShownProblem {
  switch (problem.code) {
    case "promptEmpty":
      return { field: "prompt", message: vscode.l10n.t("Write a prompt: say what changes between the two images.") };
    case "parameterInvalid": {
      const field = settableWords.find((word) => word === problem.word);
      const title = field === undefined ? problem.word : vscode.l10n.t(parameterTable[field].title);
      const range = field === undefined ? "" : rangeText(field);
      return {
        ...(field && { field }),
        message: vscode.l10n.t("{0} cannot be {1}. Possible: {2}.", title, problem.value, range),
      };
    }
    case "parameterUnknown":
      return { message: vscode.l10n.t("The model has no parameter {0}. Nothing was sent.", problem.key) };
    case "argumentInvalid":
      return {
        message: vscode.l10n.t(
          "The argument {0} is missing or has the wrong form. Nothing was sent.",
          problem.argument,
        ),
      };
    case "imageAddressInvalid":
    case "imageAddressPrivate":
    case "notAFile":
      return sourceText(problem);
    case "imageMissing":
      return { message: vscode.l10n.t("{0} is not there any more. Choose another image.", basename(problem.path)) };
    case "imageEmpty":
      return { message: vscode.l10n.t("{0} is an empty file. Choose another image.", basename(problem.path)) };
    case "notAnImage":
      return {
        message: vscode.l10n.t(
          "{0} is not an image. Choose a PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP file.",
          basename(problem.path),
        ),
      };
    case "imageUnreadable":
      return {
        message: vscode.l10n.t(
          "{0} is damaged or cannot be read. Export it again or choose another image.",
          basename(problem.path),
        ),
      };
    case "imageUnsupported":
      return {
        message: vscode.l10n.t(
          "{0} is of a kind that cannot be read here. Save it as PNG and choose that file.",
          basename(problem.path),
        ),
      };
    case "imageTooLarge":
      return { message: tooLargeText(problem) };
    case "imageHarmful":
      return {
        message: vscode.l10n.t(
          "{0} made the image reader fail twice, so it is skipped until the file changes. Nothing was sent. Save it as PNG and choose that file.",
          basename(problem.path),
        ),
        actions: [showLog],
      };
    case "imageChanged":
      return {
        message: vscode.l10n.t(
          "{0} changed before the video was sent, so nothing was sent and nothing paid. Generate again.",
          basename(problem.path),
        ),
      };
    case "imageLost":
      return {
        message: vscode.l10n.t(
          "The prepared images of this video are gone, so nothing was sent and nothing paid. Generate again.",
        ),
      };
    case "workerFailed":
      return {
        message:
          problem.reason === "timedOut"
            ? vscode.l10n.t("Preparing the images took too long and was ended. Nothing was sent. Try again.")
            : problem.reason === "notLoaded"
              ? vscode.l10n.t("The image reader could not be loaded. Nothing was sent. Install the extension again.")
              : vscode.l10n.t("The images could not be prepared ({0}). Nothing was sent. Try again.", problem.reason),
        actions: [showLog],
      };
    case "noFolder":
      return {
        message: vscode.l10n.t(
          "No folder is open that the video could be saved in. Open a folder, or set an absolute output folder. Nothing was sent.",
        ),
        actions: [
          { command: "workbench.action.files.openFolder", label: vscode.l10n.t("Open Folder…") },
          changeSettings,
        ],
      };
    case "imagesTooLarge":
      return {
        message: vscode.l10n.t(
          "The images do not fit into one request ({0} MB each at most), so nothing was sent and nothing paid. Send them with image upload.",
          (problem.limit / 1048576).toFixed(1),
        ),
      };
    case "storageNotConfigured":
      return {
        message: vscode.l10n.t(
          "Image upload is chosen, but the setting {0} is empty or has the wrong form. Nothing was sent and nothing paid.",
          problem.setting,
        ),
        actions: [openSettings],
      };
    case "credentialsMissing":
      return {
        message: vscode.l10n.t(
          "There are no credentials for your image storage {0}: neither in the secret storage nor in AWS variables or profile files. Nothing was sent and nothing paid.",
          problem.host,
        ),
        actions: [setCredentials],
      };
    case "storageUnreachable":
      return {
        message:
          problem.locked === true
            ? vscode.l10n.t(
                "VS Code’s secret storage cannot be read, so the credentials for your image storage {0} are not known. Unlock your keyring; it will be tried again, and nothing was paid.",
                problem.host,
              )
            : vscode.l10n.t(
                "Your image storage {0} cannot be reached ({1}). It will be tried again; nothing was paid.",
                problem.host,
                problem.reason,
              ),
      };
    case "storageRefused":
      return {
        message: refusedText(problem),
        actions: refusedActions(problem),
      };
    case "dataUriRefused":
      return {
        message: vscode.l10n.t(
          "RunComfy refused the request ({0}): {1} The images went inside the request, and RunComfy’s documentation promises only https addresses, so that may be why. Nothing was paid.",
          problem.serviceCode ?? problem.status,
          sentence(problem.message),
        ),
        actions: [showLog],
      };
    case "settingInvalid":
      return {
        message: vscode.l10n.t(
          "The setting {0} cannot be {1}. Correct it and try again; nothing was sent.",
          problem.setting,
          problem.value,
        ),
        actions: [{ ...changeSettings, setting: problem.setting }],
      };
    case "variableUnknown":
      return {
        message: vscode.l10n.t({
          message: "{0} cannot hold {1}. It can begin with {2}. Nothing was sent.",
          args: [problem.where, problem.variable, `~, ${workspaceVariable}`],
          comment: ["{0} is the name of a setting, {2} a list of what is filled in"],
        }),
        // It may stand in an argument of a command, too.
        actions: [
          problem.where.startsWith("wanFlf2v.") ? { ...changeSettings, setting: problem.where } : changeSettings,
        ],
      };
    case "capReached":
      return { message: capText(problem), actions: [setCap] };
    case "capUnsure":
      return {
        message: vscode.l10n.t(
          "What this video costs is not known, so your monthly cap of {0} USD cannot be kept for sure. Nothing was sent.",
          unitPriceText(problem.cap, vscode.env.language),
        ),
        actions: [setCap],
      };
    case "tokenMissing":
      return {
        message: sent
          ? vscode.l10n.t(
              "An API token of RunComfy is needed to fetch this video. Nothing is lost: set it and the job goes on.",
            )
          : vscode.l10n.t("An API token of RunComfy is needed. Nothing was sent."),
        actions: [setToken],
      };
    case "tokenRefused":
      return {
        message: sent
          ? vscode.l10n.t(
              "RunComfy refused the API token, so the video cannot be followed. Nothing is lost: set a valid token of the same account and the job goes on.",
            )
          : vscode.l10n.t(
              "RunComfy refused the API token: it is wrong, expired or revoked. Nothing was paid. Set a valid one and try again.",
            ),
        actions: [setToken],
      };
    case "tokenStoreFails":
      return {
        message: sent
          ? vscode.l10n.t(
              "VS Code’s secret storage cannot be read, so the video cannot be followed. Nothing is lost: unlock your keyring and the job goes on.",
            )
          : vscode.l10n.t(
              "VS Code’s secret storage cannot be read, so nothing is sent and nothing paid. Unlock your keyring; what waits is then sent.",
            ),
        actions: [showLog],
      };
    case "tokenMalformed":
      return {
        message: sent
          ? vscode.l10n.t(
              "The environment variable {0} holds no API token, so the video cannot be followed. Nothing is lost: set a token of the same account and the job goes on.",
              problem.variable,
            )
          : vscode.l10n.t(
              "The environment variable {0} holds no API token: it must be the token alone, without quotes or “Bearer”. Nothing was sent. Correct it and restart VS Code, or set the token here.",
              problem.variable,
            ),
        actions: [setToken],
      };
    case "noBalance":
      return {
        message: vscode.l10n.t(
          "The RunComfy account has no balance left. Nothing was paid. Add credit there, then send again.",
        ),
        actions: [openRunComfy],
      };
    case "refused":
      return {
        message: vscode.l10n.t(
          "RunComfy refused the request ({0}): {1} Nothing was paid.",
          problem.serviceCode ?? problem.status,
          sentence(problem.message),
        ),
        actions: [showLog],
      };
    case "throttled":
      return { message: vscode.l10n.t("RunComfy takes no more requests at the moment. It will be tried again.") };
    case "unreachable":
      return { message: unreachableText(problem) };
    case "certificate":
      return { message: certificateText(problem, sent) };
    case "serviceTrouble":
      return {
        message: vscode.l10n.t(
          "RunComfy did not answer properly ({0}). The video goes on there; it will be asked again.",
          problem.reason || (problem.status ?? "?"),
        ),
      };
    case "notOurs":
      return {
        message: vscode.l10n.t(
          "RunComfy says that this request belongs to another account. Set the token it was sent with; it is asked again now and then.",
        ),
        actions: [setToken],
      };
    case "requestUnknown":
      return {
        message: vscode.l10n.t(
          "RunComfy says that it does not know this request. It is asked again now and then; look at your generations there.",
        ),
      };
    case "submitUnclear":
      if (problem.refused !== undefined && problem.refused.code !== "notSentAfterAll") {
        const { message, actions = [] } = sentenceFor(plainProblem(problem.refused), false);
        return {
          message: vscode.l10n.t({
            message:
              "Sending again was refused: {0} RunComfy’s answer to an earlier request got lost; that one may still be paid for.",
            args: [message],
            comment: ["{0} is why, one or several sentences"],
          }),
          actions: [...actions.filter(({ command }) => command !== openRunComfy.command), openRunComfy],
        };
      }
      return {
        message:
          problem.requestId === undefined
            ? vscode.l10n.t(
                "RunComfy’s answer got lost ({0}): the video may or may not be paid for. Look at your generations there before you send again.",
                problem.reason,
              )
            : vscode.l10n.t(
                "RunComfy’s answer is not clear ({0}), but it names the request {1}: the video may be paid for. Enter that request id before you send again.",
                problem.reason,
                problem.requestId,
              ),
        actions: [openRunComfy],
      };
    case "unexpected":
      return {
        message: vscode.l10n.t(
          "Unexpected error ({0}). It goes on by itself, and nothing is sent twice. The log tells more.",
          problem.reason,
        ),
        actions: [showLog],
      };
    case "requestFollowed":
      return { message: vscode.l10n.t("Another video in the list has this request. Nothing was changed.") };
    case "notSentAfterAll":
      return {
        message: vscode.l10n.t(
          "It did turn out that RunComfy never got the request. Nothing was paid; you can send it again.",
        ),
      };
    case "watchStopped":
      return {
        message: vscode.l10n.t(
          "You stopped watching this video. RunComfy may finish it and charge for it. Take it up again to fetch it; that costs nothing more.",
        ),
      };
    case "generationFailed":
      return {
        message: vscode.l10n.t(
          "RunComfy could not make the video: {0}",
          problem.message === "" ? vscode.l10n.t("no reason was given.") : sentence(problem.message),
        ),
      };
    case "noVideo":
      return {
        message: vscode.l10n.t("RunComfy says the video is done but names no file. It is asked again; it is paid for."),
      };
    case "hostNotTrusted":
      return {
        message: problem.never
          ? vscode.l10n.t(
              "RunComfy named {0} as the place of the video. Videos are never fetched from such an address. Retry later, or look at your generations there.",
              problem.host,
            )
          : vscode.l10n.t(
              "The video is stored on {0}, which is not a known host of RunComfy. It was not downloaded.",
              problem.host,
            ),
      };
    case "videoExpired":
      return {
        message: vscode.l10n.t(
          "The video is no longer at RunComfy’s storage. Retry, or look at your generations there.",
        ),
      };
    case "downloadFailed":
      return {
        message: vscode.l10n.t(
          "The download broke off ({0}). It will be tried again; nothing is lost.",
          problem.reason,
        ),
      };
    case "notAVideo":
      return {
        message: vscode.l10n.t(
          "What RunComfy sent is not a whole video: {0} Retry the download; it costs nothing.",
          notAVideoText(problem.reason),
        ),
      };
    case "videoCheckFailed":
      return {
        message:
          problem.path === undefined
            ? vscode.l10n.t(
                "The video was downloaded, but its file could not be checked: {0} The copy was removed; the video is paid for and can be downloaded again at no cost.",
                checkFailedText(problem.reason),
              )
            : vscode.l10n.t(
                "The video’s file could not be checked: {0} It stays as {1} and can be checked again at no cost.",
                checkFailedText(problem.reason),
                problem.path,
              ),
      };
    case "videoTooLarge":
      return {
        message: vscode.l10n.t(
          "The video is larger than the limit of {0} MB. Raise the limit in the settings, then retry.",
          Math.round(problem.limit / 1048576),
        ),
        actions: [{ ...changeSettings, setting: "wanFlf2v.maximumVideoSize" }],
      };
    case "fileTooLargeToShow":
      return {
        message: vscode.l10n.t(
          "{0} is larger than {1} MB, too large to be shown here. Open it from the list.",
          basename(problem.path),
          Math.round(problem.limit / 1048576),
        ),
      };
    case "folderUnusable":
      return { message: folderText(problem.path, problem.reason) };
    case "journalNewer":
      return {
        message: vscode.l10n.t(
          "A newer version of this extension wrote the list of videos. Update the extension; nothing was changed or lost.",
        ),
      };
    case "journalUnreadable":
      return {
        message: vscode.l10n.t(
          "The list of videos was damaged. What could be read of it was kept; a copy is at {0}. A video that is missing now can be fetched by its request id.",
          problem.path,
        ),
      };
    case "journalWentBack":
      return {
        message: vscode.l10n.t(
          "Something emptied the list of videos or put an older one in its place. What this window knew of your videos was put back, and nothing is sent twice. A video that is missing now can be fetched by its request id.",
        ),
      };
    case "journalBusy":
      return {
        message: vscode.l10n.t(
          "Another program has the list of videos locked. Nothing was changed. Try again in a moment.",
        ),
      };
    case "jobUnknown":
      return { message: vscode.l10n.t("This video is no longer in the list.") };
    case "notPossibleNow":
      return { message: notPossibleText(problem.state) };
  }
}

/** S3's word for a signature that does not fit the request as it arrived. */
const wrongSignature = "SignatureDoesNotMatch";

function refusedActions({ reason, serviceCode }: Extract<Problem, { code: "storageRefused" }>) {
  if (reason !== "credentials") {
    return [openSettings];
  }
  return serviceCode === wrongSignature ? [testHosting, setCredentials] : [setCredentials, openSettings];
}

function notAVideoText(reason: Extract<Problem, { code: "notAVideo" }>["reason"]): string {
  switch (reason) {
    case "empty":
      return vscode.l10n.t("the file is empty.");
    case "unknownFormat":
      return vscode.l10n.t("the file is of another kind.");
    case "noVideo":
      return vscode.l10n.t("there are no pictures in it.");
    case "truncated":
      return vscode.l10n.t("its end is missing.");
    case "damaged":
      return vscode.l10n.t("the file is damaged.");
    case "encrypted":
      return vscode.l10n.t("the file is encrypted.");
    case "noTimes":
      return vscode.l10n.t("the file does not say when its frames are shown.");
    case "tooLong":
      return vscode.l10n.t("the file lists far more frames than any such video has.");
    case "other":
      return vscode.l10n.t("the file cannot be read.");
  }
}

function checkFailedText(reason: Extract<Problem, { code: "videoCheckFailed" }>["reason"]): string {
  switch (reason) {
    case "time":
      return vscode.l10n.t("it took too long.");
    case "memory":
      return vscode.l10n.t("it took too much memory.");
    case "crashed":
      return vscode.l10n.t("it broke off.");
  }
}

function refusedText({ host, status, reason, serviceCode }: Extract<Problem, { code: "storageRefused" }>): string {
  const said = serviceCode ?? `HTTP ${status}`;
  switch (reason) {
    case "credentials":
      if (serviceCode === wrongSignature) {
        return vscode.l10n.t(
          "Your image storage {0} did not take the image ({1}): the secret key is wrong, or a proxy before the storage changes host or path of the address. Nothing was sent to RunComfy and nothing paid.",
          host,
          said,
        );
      }
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): the credentials are wrong or may not write there. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "place":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): there is no such bucket or folder. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "region":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): check the region and the endpoint. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "redirect":
      return vscode.l10n.t(
        "Your image storage {0} wants the image sent elsewhere ({1}): check the region and the address. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "clock":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): the clock of this computer is wrong. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "other":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}). Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
  }
}

/** The service's own words, as a sentence that ours can follow. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
