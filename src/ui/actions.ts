import * as vscode from "vscode";
import { outputFolderFor, type Settings } from "../host/settings.ts";
import { type Job, mayBePaid, type Progress } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { Payment } from "../model/budget.ts";
import { checkParameters } from "../model/draft.ts";
import type { UploadKind } from "../model/hosting.ts";
import type { Parameters } from "../model/parameters.ts";
import { ProblemError } from "../model/problem.ts";
import { type ActionId, actionIds } from "./actionIds.ts";
import { insertSnippet } from "./insertSnippet.ts";
import { ask } from "./tell.ts";

/** Where a person finds all generations of their account. */
const accountPage = vscode.Uri.parse("https://www.runcomfy.com/profile");

/** What a user can do with a job, the same from panel, list and notification. */
export class JobActions {
  readonly #jobs: JobService;
  readonly #settings: Settings;
  readonly #askPayment: (parameters: Parameters) => Promise<Payment | undefined>;

  /** @param askPayment asks whether a video may be paid for; undefined where it may not. */
  constructor(
    jobs: JobService,
    settings: Settings,
    askPayment: (parameters: Parameters) => Promise<Payment | undefined>,
  ) {
    this.#jobs = jobs;
    this.#settings = settings;
    this.#askPayment = askPayment;
  }

  /**
   * Does one action, asking first where money or a choice hangs on it. A question left unanswered changes nothing.
   * @throws {ProblemError} when the action is not possible (any more).
   */
  async run(id: string, action: string): Promise<void> {
    const known = actionIds.find((candidate) => candidate === action);
    const job = this.#jobs.get(id);
    if (known === undefined || job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    await this.#run(job, known);
  }

  async #run(job: Job, action: ActionId): Promise<void> {
    const { id, progress } = job;
    switch (action) {
      case "cancel":
        return this.#jobs.cancel(id);
      case "stopWatching":
        if (await confirmStop()) {
          await this.#jobs.stopWatching(id);
        }
        return;
      case "sendAgain":
        return this.#sendAgain(job);
      case "sendWithUpload": {
        const uploader = this.#settings.uploader();
        return uploader === undefined ? this.#run(job, "setUpUpload") : this.#sendAgain(job, uploader);
      }
      case "setUpUpload":
        await vscode.commands.executeCommand("wanFlf2v.openHostingSettings");
        return;
      case "adopt": {
        const requestId = await askRequestId(namedRequest(progress));
        if (requestId !== undefined) {
          await this.#jobs.adopt(id, requestId);
        }
        return;
      }
      case "retry":
      case "takeUp":
        return this.#jobs.retry(id);
      case "chooseFolder": {
        const folder = await askFolder();
        if (folder !== undefined) {
          await this.#jobs.chooseFolder(id, folder);
        }
        return;
      }
      case "trustHost":
        return this.#jobs.trustHost(id);
      case "alwaysTrustHost":
        if (progress.state === "needsAction" && progress.problem.code === "hostNotTrusted") {
          await this.#settings.trustHost(progress.problem.host);
          await this.#jobs.retry(id);
        }
        return;
      case "drop":
        return this.#jobs.drop(id);
      case "remove":
        return this.#jobs.remove(id);
      case "openAccount":
        await vscode.env.openExternal(accountPage);
        return;
      case "open":
      case "reveal":
      case "copyPath":
      case "insertSnippet":
      case "openRecipe":
        if (progress.state === "saved") {
          await showFile(action, progress);
        }
    }
  }

  async #sendAgain({ id, order, progress }: Job, hosting?: UploadKind): Promise<void> {
    const isSecond = mayBePaid(progress);
    if (!isSecond || (await confirmSecondPayment())) {
      const payment = await this.#askPayment(checkParameters(order.parameters));
      if (payment !== undefined) {
        await this.#jobs.sendAgain(id, { ...payment, ...(isSecond && { acceptsSecond: true }) }, hosting);
      }
    }
  }

  /** Asks for a request id and a folder's worth of settings, and fetches that request's video. Gives the job's id. */
  async recover(): Promise<string | undefined> {
    const requestId = await askRequestId();
    if (requestId === undefined) {
      return undefined;
    }
    return this.#jobs.recover(requestId, {
      service: this.#settings.service(),
      folder: outputFolderFor(this.#settings, undefined),
    });
  }
}

export { accountPage };

/** Does one of the actions on a saved video's files, which need no job any more. */
export async function showFile(
  action: "open" | "reveal" | "copyPath" | "insertSnippet" | "openRecipe",
  saved: { video: string; recipe: string },
): Promise<void> {
  const video = vscode.Uri.file(saved.video);
  switch (action) {
    case "open":
      await vscode.commands.executeCommand("vscode.open", video);
      return;
    case "reveal":
      await vscode.commands.executeCommand(
        vscode.workspace.getWorkspaceFolder(video) === undefined ? "revealFileInOS" : "revealInExplorer",
        video,
      );
      return;
    case "copyPath":
      await vscode.env.clipboard.writeText(saved.video);
      return;
    case "insertSnippet":
      await insertSnippet(saved.video);
      return;
    case "openRecipe":
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(saved.recipe));
  }
}

function confirmSecondPayment(): Promise<boolean> {
  return ask(
    vscode.l10n.t("Send this video again?"),
    [
      vscode.l10n.t(
        "RunComfy’s answer to the first request got lost, so that one may be running and paid for already. If it is, sending again pays a second time. Your generations at RunComfy show it; with its request id it can be fetched here at no cost.",
      ),
    ],
    vscode.l10n.t("Send Again"),
  );
}

function confirmStop(): Promise<boolean> {
  return ask(
    vscode.l10n.t("Stop watching this video?"),
    [
      vscode.l10n.t(
        "RunComfy is not told: it may finish the video and charge for it. It stays in the list with its request ID, and Take Up Again fetches it at no further cost, as long as RunComfy keeps it.",
      ),
    ],
    vscode.l10n.t("Stop Watching"),
  );
}

/** The id that an answer named which was otherwise of no use. */
function namedRequest(progress: Progress): string | undefined {
  return "problem" in progress && progress.problem?.code === "submitUnclear" ? progress.problem.requestId : undefined;
}

async function askRequestId(known?: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    ...(known !== undefined && { value: known }),
    title: vscode.l10n.t("Request ID"),
    prompt: vscode.l10n.t("The id of the request, as your generations at RunComfy show it"),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\w-]{1,128}$/.test(text.trim()) ? undefined : vscode.l10n.t("Letters, digits, “-” and “_” only."),
  });
}

async function askFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: vscode.l10n.t("Folder for the Video"),
      openLabel: vscode.l10n.t("Save Here"),
    })) ?? [];
  return folder?.fsPath;
}
