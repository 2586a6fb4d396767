import { basename } from "node:path";
import * as vscode from "vscode";
import { outputFolderFor, type Settings } from "../host/settings.ts";
import { isAtStake, problemOfJob, requestOf } from "../jobs/facts.ts";
import { idIn, type Job, mayBePaid, openBefore } from "../jobs/job.ts";
import type { OpenedVideos } from "../jobs/openedVideos.ts";
import type { JobService } from "../jobs/service.ts";
import { exists } from "../output/moveExclusively.ts";
import type { ActionId } from "../shared/jobs/actions.ts";
import type { Payment } from "../shared/model/budget.ts";
import { checkParameters } from "../shared/model/draft.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { accountPage } from "./accountPage.ts";
import { callerTells } from "./callerTells.ts";
import { insertSnippet } from "./insertSnippet.ts";
import { askRequestId, chooseSecondPayment, confirmLeaving, confirmStop, copyRequestId } from "./jobQuestions.ts";
import { openSetting } from "./settingsNotice.ts";
import { tell } from "./tell.ts";
import { PaidCalls } from "./wishes.ts";

/** A second call within this time is the second half of a double click, ms. */
const doubleClick = 1200;

/** What the actions need besides the jobs. */
interface ActionDeps {
  readonly settings: Settings;
  /** Asks whether to pay for a video; returns undefined if the user declined. */
  askPayment(parameters: Parameters): Promise<Payment | undefined>;
  /**
   * Makes another video of the same order, and asks for its payment as for any other.
   * @returns the new job's id; undefined if the user declined
   * @throws {ProblemError} if no job was made
   */
  makeAgain(job: Job): Promise<string | undefined>;
  /** Shows a job in the studio. */
  review(jobId: string): void;
  /** Opens the recipe of a video, by the absolute path of either. Throws a ProblemError. */
  openRecipe(path: string): Promise<void>;
  /**
   * Lets the video of a request count in a recipe (absolute path).
   * @throws {ProblemError} `takeUnknown` or `recipeLocked`
   */
  useTake(recipe: string, requestId: string): Promise<void>;
  /** Videos that were opened from their files. */
  readonly opened: Pick<OpenedVideos, "get" | "close">;
}

/** The user's actions on a job, for the panel, the list and notifications alike. */
export class JobActions {
  readonly #jobs: JobService;
  readonly #deps: ActionDeps;
  readonly #paidCalls = new PaidCalls<string | undefined>(doubleClick);
  /** The jobs with an open question. */
  readonly #asked = new Set<string>();

  constructor(jobs: JobService, deps: ActionDeps) {
    this.#jobs = jobs;
    this.#deps = deps;
  }

  /**
   * Runs one action. It asks first if money or a choice depends on it; an unanswered question changes nothing.
   * @throws {ProblemError} if the action isn't, or is no longer, possible.
   */
  async run(id: string, action: ActionId): Promise<void> {
    await this.#run(this.#find(id), action);
  }

  #find(id: string): Job {
    const job = this.#jobs.get(id) ?? this.#deps.opened.get(id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  }

  async #run(job: Job, action: ActionId): Promise<void> {
    const { id, progress } = job;
    switch (action) {
      case "review":
        this.#deps.review(id);
        return;
      case "cancel":
        return this.#jobs.cancel(id);
      case "stopWatching":
        return this.#onceAsked(id, async () => {
          if (await confirmStop(job)) {
            await this.#jobs.stopWatching(id);
          }
        });
      case "sendAgain":
        return this.#onceAsked(id, () => this.#sendAgain(job));
      case "setTokenAndSend":
        return this.#onceAsked(id, async () => {
          if (await askedForToken()) {
            await this.#sendAgain(this.#find(id));
          }
        });
      case "tryAgain":
        return this.#tryAgain(job);
      case "sendWithUpload": {
        const uploader = this.#deps.settings.uploader();
        return uploader === undefined
          ? this.#run(job, "setUpUpload")
          : this.#onceAsked(id, () => this.#sendAgain(job, uploader));
      }
      case "setUpUpload":
        await vscode.commands.executeCommand("wanFlf2v.openHostingSettings");
        return;
      case "adopt": {
        const requestId = await askRequestId(unconfirmedRequest(job));
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
          await this.#deps.settings.trustHost(progress.problem.host);
          await this.#jobs.retry(id);
        }
        return;
      case "drop":
      case "remove":
        if (this.#deps.opened.get(id) !== undefined) {
          this.#deps.opened.close(id);
          return;
        }
        return this.#onceAsked(id, async () => {
          if (await this.#mayLeave(job, action)) {
            await this.#jobs[action](id);
          }
        });
      case "addCredit":
      case "openAccount":
        await vscode.env.openExternal(accountPage);
        return;
      case "copyRequestId":
        await copyRequestId(requestOf(progress));
        return;
      case "setToken":
        await vscode.commands.executeCommand("wanFlf2v.setToken");
        return;
      case "openSettings":
        await openSetting(problemOfJob(progress));
        return;
      case "open":
      case "reveal":
      case "copyPath":
      case "insertSnippet":
        if (progress.state === "saved") {
          await showFile(action, progress.video);
        }
        return;
      case "openRecipe":
        if (progress.state === "saved") {
          await this.#deps.openRecipe((await exists(progress.recipe)) ? progress.recipe : progress.video);
        }
        return;
      case "useTake":
        if (progress.state === "saved" && job.order.recipe !== undefined) {
          await this.#deps.useTake(job.order.recipe, progress.requestId);
        }
        return;
      default:
        action satisfies never;
    }
  }

  /** Runs work that begins with a question, unless this job has an open question already: two presses are one request. */
  async #onceAsked(id: string, work: () => Promise<void>): Promise<void> {
    if (this.#asked.has(id)) {
      return;
    }
    this.#asked.add(id);
    try {
      await work();
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Asks before leaving a request that may be paid for. If the job gets another request in the meantime, it asks again. */
  async #mayLeave(asked: Job, step: "drop" | "remove"): Promise<boolean> {
    for (let job = asked; isAtStake(job.progress); ) {
      if (!(await confirmLeaving(job, step))) {
        return false;
      }
      const now = this.#jobs.get(job.id);
      if (now === undefined || requestOf(now.progress) === requestOf(job.progress)) {
        return true;
      }
      job = now;
    }
    return true;
  }

  async #sendAgain(job: Job, hosting?: UploadKind): Promise<void> {
    const { id, order, progress } = job;
    const isSecond = mayBePaid(progress) || openBefore(job) !== undefined;
    const requestId = unconfirmedRequest(job);
    const choice = isSecond ? await chooseSecondPayment(requestId) : "send";
    if (choice === "fetch" && requestId !== undefined) {
      await this.#jobs.adopt(id, requestId);
    } else if (choice === "send") {
      const payment = await this.#deps.askPayment(checkParameters(order.parameters));
      if (payment !== undefined) {
        await this.#jobs.sendAgain(id, { ...payment, ...(isSecond && { acceptsSecond: true }) }, hosting);
      }
    }
  }

  /** Makes another video in place of one that RunComfy failed to render. The second press of a double click makes none. */
  async #tryAgain(job: Job): Promise<void> {
    const { id, progress } = job;
    if (progress.state !== "failed") {
      throw new ProblemError({ code: "notPossibleNow", state: progress.state });
    }
    try {
      const made = await this.#paidCalls.once(id, () => this.#deps.makeAgain(job));
      if (made !== undefined) {
        // A second press then finds the new video in its place.
        this.#deps.review(made);
      }
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== "imageChanged") {
        throw error;
      }
      const studio = vscode.l10n.t("Open Studio");
      const message = vscode.l10n.t(
        "{0} has changed since this video was made, so nothing was sent and nothing was charged. To see it first, choose “Edit and Re-render…” in the studio.",
        basename(error.problem.path),
      );
      if ((await tell("warning", message, studio)) === studio) {
        this.#deps.review(id);
      }
    }
  }

  /** Asks for a request id and fetches that request's video. Returns the job's id; undefined if the user cancelled. */
  async recover(): Promise<string | undefined> {
    const requestId = await askRequestId();
    if (requestId === undefined) {
      return undefined;
    }
    return this.#jobs.recover(requestId, {
      service: this.#deps.settings.service(),
      folder: outputFolderFor(this.#deps.settings, undefined),
    });
  }
}

/** The request that an unclear answer named, also where the user has typed another id since. */
function unconfirmedRequest(job: Job): string | undefined {
  const problem = openBefore(job);
  return problem === undefined ? requestOf(job.progress) : idIn(problem);
}

/** Runs one of the actions on a saved video's file (an absolute path), which need no job. */
export async function showFile(action: "open" | "reveal" | "copyPath" | "insertSnippet", path: string): Promise<void> {
  const video = vscode.Uri.file(path);
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
      await vscode.env.clipboard.writeText(path);
      return;
    case "insertSnippet":
      await insertSnippet(path);
  }
}

/** Asks for a token, and tells what came of it. Returns whether there is a new one. */
async function askedForToken(): Promise<boolean> {
  const said: unknown = await vscode.commands.executeCommand("wanFlf2v.setToken", callerTells);
  if (typeof said !== "string") {
    return false;
  }
  void tell("info", said);
  return true;
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
