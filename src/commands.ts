import { isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import type { App } from "./app.ts";
import { costOf, requestIdOf } from "./jobs/job.ts";
import type { ImageSource } from "./model/draft.ts";
import { hostingChoiceSchema } from "./model/hosting.ts";
import { orderPair } from "./model/pairing.ts";
import { pairPlansSchema } from "./model/plan.ts";
import { ProblemError } from "./model/problem.ts";
import { showAccount } from "./ui/account.ts";
import type { ActionId } from "./ui/actionIds.ts";
import { accountPage } from "./ui/actions.ts";
import { jobText } from "./ui/jobSentences.ts";
import { fromPanel } from "./ui/panel/panel.ts";
import { problemText } from "./ui/problemSentences.ts";
import { askToken } from "./ui/tokenEntry.ts";
import { confirmRemoval, usedNow } from "./ui/tokenRemoval.ts";

/** Plain JSON, for keybindings and other extensions. */
export interface JobFacts {
  readonly id: string;
  readonly state: string;
  readonly requestId?: string;
  /** Absolute paths. */
  readonly video?: string;
  readonly recipe?: string;
  /** USD, once RunComfy has told it. */
  readonly cost?: number;
  readonly message?: string;
}

/** Each command: its arguments, one call, and its errors in front of the user. */
export interface Commands {
  /** Two selected images, an argument object, or nothing: then both images are asked for. */
  generate(first?: unknown, second?: unknown): Promise<string | undefined>;
  selectStart(uri?: unknown): Promise<void>;
  generateWithSelected(uri?: unknown): Promise<void>;
  openPanel(): void;
  /** Gives the sentence that says what became of it to a caller that shows it where the user works: the panel. */
  setToken(from: unknown): Promise<string | undefined>;
  removeToken(): Promise<void>;
  setHostingCredentials(): Promise<void>;
  removeHostingCredentials(): Promise<void>;
  testHosting(): Promise<void>;
  showLeftovers(): Promise<void>;
  /** Token, balance, prices, what this month has cost. */
  checkAccount(): Promise<void>;
  setMonthlyCap(): Promise<void>;
  recover(): Promise<void>;
  copyDiagnostics(): Promise<void>;
  /** One action on a row of the list, or on anything with a job's id. */
  act(action: ActionId, row?: unknown): Promise<void>;
  getJob(id?: unknown): JobFacts | undefined;
  openAccount(): Promise<void>;
}

/** A file of this machine by uri, by absolute path, or by a path below the first workspace folder; or an https address. */
const imageArgument = z.union([z.string().min(1), z.custom<vscode.Uri>((value) => value instanceof vscode.Uri)]);

const generateArgument = z.strictObject({
  start: imageArgument,
  end: imageArgument,
  prompt: z.string(),
  parameters: z.unknown().optional(),
  /** How each image file is brought to the video's frame, as recipes record it. */
  crop: pairPlansSchema.optional(),
  /** How image files get to the service; without it, as the settings say. */
  hosting: hostingChoiceSchema.optional(),
  outputFolder: imageArgument.optional(),
});

const rowArgument = z.object({ id: z.string() });

/** The commands of an app. */
export function createCommands(app: App): Commands {
  let selectedStart: vscode.Uri | undefined;

  const openWith = (start: vscode.Uri, end: vscode.Uri): void => {
    app.panel.show({ start: start.fsPath, end: end.fsPath });
  };

  return {
    async generate(first, second) {
      if (first !== undefined && !(first instanceof vscode.Uri)) {
        return inWords(() => app.generate(parseArgument(first)));
      }
      const selected = uris(second);
      if (selected.length === 2) {
        const [one, other] = selected;
        if (one !== undefined && other !== undefined) {
          const { start } = orderPair(one.fsPath, other.fsPath);
          openWith(...(start === one.fsPath ? ([one, other] as const) : ([other, one] as const)));
        }
        return undefined;
      }
      const start = await app.picker.pick("start");
      const end = start === undefined ? undefined : await app.picker.pick("end");
      if (start !== undefined && end !== undefined) {
        openWith(start, end);
      }
      return undefined;
    },

    async selectStart(uri) {
      selectedStart = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
      await vscode.commands.executeCommand("setContext", "wanFlf2v.startSelected", selectedStart !== undefined);
    },

    async generateWithSelected(uri) {
      const start = selectedStart ?? (await app.picker.pick("start"));
      const end = uri instanceof vscode.Uri ? uri : start === undefined ? undefined : await app.picker.pick("end");
      if (start !== undefined && end !== undefined) {
        openWith(start, end);
      }
    },

    openPanel() {
      app.panel.show();
    },

    async setToken(from) {
      const entered = await askToken((token) => app.checkToken(token));
      if (entered === undefined) {
        return undefined;
      }
      await inWords(() => app.keepToken(entered.token));
      if (from === fromPanel) {
        return entered.message;
      }
      void vscode.window.showInformationMessage(entered.message);
      return undefined;
    },

    async removeToken() {
      if (!(await confirmRemoval(app.jobs.list()))) {
        return;
      }
      const removed = await inWords(() => app.tokens.remove());
      const left = await app.findToken().catch(() => undefined);
      const message = removed ? vscode.l10n.t("The API token was removed.") : vscode.l10n.t("No API token was stored.");
      void vscode.window.showInformationMessage(left === undefined ? message : `${message} ${usedNow(left.source)}`);
    },

    async checkAccount() {
      await inWords(() => showAccount(() => app.account()));
    },

    async setMonthlyCap() {
      await vscode.commands.executeCommand("workbench.action.openSettings", "@id:wanFlf2v.monthlyCap");
    },

    setHostingCredentials: () => inWords(() => app.hosting.setCredentials()),
    removeHostingCredentials: () => app.hosting.removeCredentials(),
    testHosting: () => inWords(() => app.hosting.test()),
    showLeftovers: () => app.hosting.showLeftovers(),

    async recover() {
      await inWords(() => app.actions.recover());
    },

    async copyDiagnostics() {
      await vscode.env.clipboard.writeText(await app.diagnostics());
      void vscode.window.showInformationMessage(
        vscode.l10n.t("The diagnostics are in the clipboard. They hold no token, prompt or address."),
      );
    },

    async act(action, row) {
      const parsed = rowArgument.safeParse(row);
      if (parsed.success) {
        await inWords(() => app.actions.run(parsed.data.id, action));
      }
    },

    getJob(id) {
      const job = typeof id === "string" ? app.jobs.get(id) : undefined;
      if (job === undefined) {
        return undefined;
      }
      const { progress } = job;
      const requestId = requestIdOf(progress);
      const cost = costOf(progress);
      const message = jobText(job).detail;
      return {
        id: job.id,
        state: progress.state,
        ...(requestId !== undefined && { requestId }),
        ...(progress.state === "saved" && { video: progress.video, recipe: progress.recipe }),
        ...(cost !== undefined && { cost }),
        ...(message !== undefined && { message }),
      };
    },

    async openAccount() {
      await vscode.env.openExternal(accountPage);
    },
  };
}

/** Gives an error thrown to a caller of ours the words that a person can act on. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) {
      throw new Error(problemText(error.problem).message, { cause: error });
    }
    throw error;
  }
}

function uris(value: unknown): vscode.Uri[] {
  return Array.isArray(value) ? value.filter((entry) => entry instanceof vscode.Uri) : [];
}

function parseArgument(value: unknown): Parameters<App["generate"]>[0] {
  const parsed = generateArgument.safeParse(value);
  if (!parsed.success) {
    throw new ProblemError({ code: "argumentInvalid", argument: parsed.error.issues[0]?.path.join(".") || "?" });
  }
  const { start, end, prompt, parameters, crop, hosting, outputFolder } = parsed.data;
  return {
    start: imageSource(start, "start"),
    end: imageSource(end, "end"),
    prompt,
    parameters: parameters ?? {},
    plans: crop,
    hosting,
    outputFolder: outputFolder === undefined ? undefined : localPath(outputFolder, "outputFolder"),
  };
}

function imageSource(value: string | vscode.Uri, argument: string): ImageSource {
  const text = value.toString();
  return text.startsWith("https://") ? { kind: "url", url: text } : { kind: "file", path: localPath(value, argument) };
}

function localPath(value: string | vscode.Uri, argument: string): string {
  const uri = typeof value !== "string" ? value : value.startsWith("file:") ? vscode.Uri.parse(value) : undefined;
  if (uri !== undefined) {
    if (uri.scheme !== "file" && uri.scheme !== "vscode-remote") {
      throw new ProblemError({ code: "argumentInvalid", argument });
    }
    return uri.with({ scheme: "file", authority: uri.scheme === "file" ? uri.authority : "" }).fsPath;
  }
  const path = value.toString();
  if (isAbsolute(path)) {
    return path;
  }
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) {
    throw new ProblemError({ code: "argumentInvalid", argument });
  }
  return resolve(folder.uri.fsPath, path);
}
