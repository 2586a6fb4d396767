import * as vscode from "vscode";
import { isFinishedUnsaved, nameOf, requestOf } from "../jobs/facts.ts";
import { costOf, type Job, type Progress } from "../jobs/job.ts";
import { unitPriceText } from "../shared/model/money.ts";
import { accountPage } from "./accountPage.ts";
import { ask, choose, mention } from "./tell.ts";
import { plain } from "./words/plain.ts";

/** Copies a request's id to the clipboard, if there is one. */
export async function copyRequestId(requestId: string | undefined): Promise<void> {
  if (requestId !== undefined) {
    await vscode.env.clipboard.writeText(requestId);
    mention(vscode.l10n.t("Request ID copied to the clipboard."));
  }
}

/** Asks before we stop watching a video. */
export function confirmStop(job: Job): Promise<boolean> {
  return ask(
    vscode.l10n.t("Stop watching {0}?", plain(nameOf(job))),
    [
      vscode.l10n.t(
        "This doesn’t cancel the video at RunComfy, which may finish it and charge for it. It stays in the list with its request ID. Resume Watching fetches it at no extra cost, as long as RunComfy keeps it.",
      ),
    ],
    vscode.l10n.t("Stop Watching"),
    vscode.l10n.t("Keep Watching"),
  );
}

/**
 * Asks before leaving a request that may be paid for, and offers to copy its id. Pressing Enter twice must never put the
 * request out of reach, so the first button copies its id, or looks for it if it is unknown.
 */
export async function confirmLeaving(job: Job, step: "drop" | "remove"): Promise<boolean> {
  const { progress } = job;
  const requestId = requestOf(progress);
  const name = plain(nameOf(job));
  const isDrop = step === "drop";
  const question = isDrop ? vscode.l10n.t("Discard {0}?", name) : vscode.l10n.t("Remove {0} from the list?", name);
  const charged = chargeText(progress);
  const detail = isDrop ? dropDetail(requestId, charged) : removeDetail(requestId, charged);
  const yes = isDrop ? vscode.l10n.t("Discard") : vscode.l10n.t("Remove from List");
  const keep = vscode.l10n.t("Keep");
  if (requestId === undefined) {
    return (await lookOr(question, detail, yes, keep)) === yes;
  }
  const copy = vscode.l10n.t("Copy Request ID");
  const choice = await choose(question, [detail], [copy, yes], keep);
  if (choice !== copy) {
    return choice === yes;
  }
  await vscode.env.clipboard.writeText(requestId);
  return ask(question, [detail, vscode.l10n.t("Request ID copied to the clipboard.")], yes, keep);
}

/** What is known about the charge for a request. */
function chargeText(progress: Progress): string {
  const cost = costOf(progress);
  if (cost !== undefined) {
    return vscode.l10n.t("RunComfy charged {0} USD for this video.", unitPriceText(cost, vscode.env.language));
  }
  return isFinishedUnsaved(progress)
    ? vscode.l10n.t("RunComfy finished this video and has probably charged for it.")
    : vscode.l10n.t("RunComfy may have charged for this video, or may still charge for it.");
}

function dropDetail(requestId: string | undefined, charged: string): string {
  return requestId === undefined
    ? vscode.l10n.t(
        "RunComfy’s answer was lost, so the video may already be rendering and paid for. It stays in the list as discarded. With its request ID you can still fetch it.",
      )
    : vscode.l10n.t("{0} It stays in the list as discarded, with its request ID {1}.", charged, plain(requestId));
}

function removeDetail(requestId: string | undefined, charged: string): string {
  return requestId === undefined
    ? vscode.l10n.t(
        "RunComfy’s answer was lost, so the video may already be rendering and paid for. Once you remove it, only your RunComfy history shows it.",
      )
    : vscode.l10n.t(
        "{0} This also removes its request ID {1} from the list. Keep a copy: “Recover Video from Request ID…” fetches the video at no extra cost.",
        charged,
        plain(requestId),
      );
}

/** Asks before sending a request a second time. If the first one's id is known, the first button fetches its video. */
export async function chooseSecondPayment(requestId: string | undefined): Promise<"send" | "fetch" | undefined> {
  const question = vscode.l10n.t("Send this video again?");
  const send = vscode.l10n.t("Send Again");
  if (requestId === undefined) {
    const detail = vscode.l10n.t(
      "RunComfy’s answer to the first request was lost, so that video may already be rendering and paid for. If it is, sending again charges you a second time. Check your RunComfy history: with the request ID you can fetch that video here at no cost.",
    );
    return (await lookOr(question, detail, send)) === send ? "send" : undefined;
  }
  const fetch = vscode.l10n.t("Fetch First Video");
  const choice = await choose(
    question,
    [
      vscode.l10n.t(
        "RunComfy’s answer to the first request was unclear, but it names request {0}, so that video may already be rendering and paid for. If it is, sending again charges you a second time. Fetching the first video costs nothing extra.",
        plain(requestId),
      ),
    ],
    [fetch, send],
  );
  return choice === fetch ? "fetch" : choice === send ? "send" : undefined;
}

/**
 * Asks before an action that may lose a request whose id is unknown. The key that opened the question must not confirm it, so
 * the first button opens the history at RunComfy, which shows the id.
 */
async function lookOr(question: string, detail: string, yes: string, stay?: string): Promise<string | undefined> {
  const look = vscode.l10n.t("Open RunComfy History");
  const choice = await choose(question, [detail], [look, yes], stay);
  if (choice === look) {
    await vscode.env.openExternal(accountPage);
  }
  return choice;
}

/** Asks for a request's id; `known` is the one that the service's answer named. Returns undefined if the user cancelled. */
export async function askRequestId(known?: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    ...(known !== undefined && { value: known }),
    title: vscode.l10n.t("Request ID"),
    prompt:
      known === undefined
        ? vscode.l10n.t("Request ID from your RunComfy history")
        : vscode.l10n.t("Request ID named in RunComfy’s answer. Press Enter to fetch its video."),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\w-]{1,128}$/.test(text.trim()) ? undefined : vscode.l10n.t("Use only letters, digits, “-” and “_”."),
  });
}
