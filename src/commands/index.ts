import { homedir } from "node:os";
import { basename, extname, isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import type { App } from "../app.ts";
import { type IsHere, pathOf } from "../host/files.ts";
import { costOf, requestIdOf } from "../jobs/job.ts";
import { expandPath } from "../output/writtenPath.ts";
import type { ImageSource } from "../shared/model/draft.ts";
import { hostingChoiceSchema } from "../shared/model/hosting.ts";
import { orderPair } from "../shared/model/pairing.ts";
import { pairPlansSchema } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import { showAccount } from "../ui/account.ts";
import type { ActionId } from "../ui/actionIds.ts";
import { accountPage } from "../ui/actions.ts";
import { fromPanel } from "../ui/panel/panel.ts";
import { imageExtensions } from "../ui/picker.ts";
import { mention, tell } from "../ui/tell.ts";
import { askToken } from "../ui/tokenEntry.ts";
import { confirmRemoval, usedNow } from "../ui/tokenRemoval.ts";
import { Wishes } from "../ui/wishes.ts";
import { jobText } from "../ui/words/job.ts";
import { plain } from "../ui/words/plain.ts";
import { problemText } from "../ui/words/problem.ts";

/** Plain JSON, for keybindings and other extensions. */
interface JobFacts {
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
  /**
   * Two selected images, an argument object, or nothing: then both images are asked for. The same argument while its video is
   * being made, or told again at once, is the same wish: its job's id is given.
   */
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

/** Pause between two calls that are not one key held down, ms: keyboards begin to repeat after up to half a second. */
const keyRepeats = 500;

/**
 * The commands of an app.
 * @param now elapsed time, ms
 */
export function createCommands(app: App, now?: () => number): Commands {
  const wishes = new Wishes<string | undefined>(keyRepeats, now);
  /** Absolute path. */
  let selectedStart: string | undefined;
  const isHere: IsHere = (remote) => app.panel.isHere(remote);
  const fileOf = (uri: vscode.Uri): string => pathOf(uri, "host", isHere);
  const pick = async (side: Side): Promise<string | undefined> => {
    const uri = await app.picker.pick(side);
    return uri && fileOf(uri);
  };
  /** Gives errors the words that a person can act on: VS Code shows what a command throws. */
  const worded =
    <A extends unknown[], T>(run: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await run(...args);
      } catch (error) {
        if (error instanceof ProblemError) {
          throw new Error(problemText(error.problem).message, { cause: error });
        }
        app.report(error);
        throw new Error(vscode.l10n.t("Something unexpected went wrong. Run “Show Log” for details."), {
          cause: error,
        });
      }
    };

  return {
    generate: worded(async (first?: unknown, second?: unknown) => {
      if (first !== undefined && !(first instanceof vscode.Uri)) {
        const request = parseArgument(first, isHere);
        return wishes.place(JSON.stringify(request), () => app.generate(request));
      }
      const selected = uris(second);
      if (selected.length === 2) {
        const [one, other] = selected.map(fileOf);
        if (one !== undefined && other !== undefined) {
          app.panel.show(orderPair(one, other));
        }
        return undefined;
      }
      const start = await pick("start");
      const end = start === undefined ? undefined : await pick("end");
      if (start !== undefined && end !== undefined) {
        app.panel.show({ start, end });
      }
      return undefined;
    }),

    selectStart: worded(async (uri?: unknown) => {
      const image = uri instanceof vscode.Uri ? uri : imageInFront();
      const path = image === undefined ? await pick("start") : fileOf(image);
      if (path === undefined) {
        return;
      }
      selectedStart = path;
      await vscode.commands.executeCommand("setContext", "wanFlf2v.startSelected", true);
      mention(vscode.l10n.t("{0} is selected as the start image.", plain(basename(path))));
    }),

    generateWithSelected: worded(async (uri?: unknown) => {
      const start = selectedStart ?? (await pick("start"));
      const end = uri instanceof vscode.Uri ? fileOf(uri) : start === undefined ? undefined : await pick("end");
      if (start !== undefined && end !== undefined) {
        app.panel.show({ start, end });
      }
    }),

    openPanel() {
      app.panel.show();
    },

    setToken: worded(async (from: unknown) => {
      const entered = await askToken((token) => app.checkToken(token));
      if (entered === undefined) {
        return undefined;
      }
      await app.keepToken(entered.token);
      if (from === fromPanel) {
        return entered.message;
      }
      void tell("info", entered.message);
      return undefined;
    }),

    removeToken: worded(async () => {
      if (!(await confirmRemoval(app.jobs.list()))) {
        return;
      }
      const removed = await app.tokens.remove();
      const left = await app.findToken().catch(() => undefined);
      const message = removed ? vscode.l10n.t("API token removed.") : vscode.l10n.t("No API token was stored.");
      void tell("info", left === undefined ? message : `${message} ${usedNow(left.source)}`);
    }),

    checkAccount: worded(() => showAccount(() => app.account())),

    setMonthlyCap: worded(async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", "@id:wanFlf2v.monthlyCap");
    }),

    setHostingCredentials: worded(() => app.hosting.setCredentials()),
    removeHostingCredentials: worded(() => app.hosting.removeCredentials()),
    testHosting: worded(() => app.hosting.test()),
    showLeftovers: worded(() => app.hosting.showLeftovers()),

    recover: worded(async () => {
      await app.actions.recover();
    }),

    copyDiagnostics: worded(async () => {
      await vscode.env.clipboard.writeText(await app.diagnostics());
      void tell(
        "info",
        vscode.l10n.t("Diagnostics copied to the clipboard. They contain no token, prompt or address."),
      );
    }),

    act: worded(async (action: ActionId, row?: unknown) => {
      const parsed = rowArgument.safeParse(row);
      if (parsed.success) {
        await app.actions.run(parsed.data.id, action);
      }
    }),

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

    openAccount: worded(async () => {
      await vscode.env.openExternal(accountPage);
    }),
  };
}

/** The image file in the editor in front, whichever editor shows it. */
function imageInFront(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  const ending = uri === undefined ? "" : extname(uri.path).slice(1).toLowerCase();
  return imageExtensions.some((extension) => extension === ending) ? uri : undefined;
}

function uris(value: unknown): vscode.Uri[] {
  return Array.isArray(value) ? value.filter((entry) => entry instanceof vscode.Uri) : [];
}

function parseArgument(value: unknown, isHere: IsHere): Parameters<App["generate"]>[0] {
  const parsed = generateArgument.safeParse(value);
  if (!parsed.success) {
    throw new ProblemError({ code: "argumentInvalid", argument: parsed.error.issues[0]?.path.join(".") || "?" });
  }
  const { start, end, prompt, parameters, crop, hosting, outputFolder } = parsed.data;
  const path = (given: string | vscode.Uri, argument: string) => localPath(given, argument, isHere);
  const source = (given: string | vscode.Uri, argument: string): ImageSource => {
    const url = addressIn(given, argument);
    return url === undefined ? { kind: "file", path: path(given, argument) } : { kind: "url", url };
  };
  return {
    start: source(start, "start"),
    end: source(end, "end"),
    prompt,
    parameters: parameters ?? {},
    plans: crop,
    hosting,
    outputFolder: outputFolder === undefined ? undefined : path(outputFolder, "outputFolder"),
  };
}

/** The https address that an argument is. An uri no longer tells how its query was written, so that it could be another. */
function addressIn(value: string | vscode.Uri, argument: string): string | undefined {
  if (typeof value === "string") {
    return /^https:/i.test(value) ? value : undefined;
  }
  if (value.scheme !== "https") {
    return undefined;
  }
  if (value.query !== "") {
    throw new ProblemError({ code: "argumentInvalid", argument });
  }
  return value.toString();
}

function localPath(value: string | vscode.Uri, argument: string, isHere: IsHere): string {
  // A drive's letter is no scheme.
  const uri =
    typeof value !== "string" ? value : /^[a-z][a-z\d+.-]+:/i.test(value) ? vscode.Uri.parse(value) : undefined;
  if (uri !== undefined) {
    return pathOf(uri, "host", isHere);
  }
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const path = expandPath(value.toString(), { home: homedir(), workspace }, argument);
  if (isAbsolute(path)) {
    return path;
  }
  if (workspace === undefined) {
    throw new ProblemError({ code: "argumentInvalid", argument });
  }
  return resolve(workspace, path);
}
