import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { NotPlain, readPlain } from "../../files/plain.ts";
import { droppedPath } from "../../host/files.ts";
import { fieldTexts } from "../../shared/messages/form.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import type { PairPlans } from "../../shared/model/plan.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { callerTells } from "../callerTells.ts";
import { tell } from "../tell.ts";
import type { PanelDeps } from "./deps.ts";
import { pageHtml } from "./html.ts";
import { PanelSession } from "./session.ts";

/** What a command puts into the panel's form. Its parameters replace all that were set. */
interface FormChange {
  /** Absolute path. */
  readonly start?: string;
  /** Absolute path. */
  readonly end?: string;
  /** How each image is framed. */
  readonly plans?: PairPlans;
  readonly prompt?: string;
  readonly parameters?: Parameters;
}

interface Open {
  readonly tab: vscode.WebviewPanel;
  readonly session: PanelSession;
}

const viewType = "wanFlf2v.panel";

/** A window's only panel, with the pair, the form, the jobs and their videos. */
export class Panel implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #deps: PanelDeps;
  /** The tab and the session with its page, while the panel is open. */
  #open: Open | undefined;

  constructor(extensionUri: vscode.Uri, deps: PanelDeps) {
    this.#extensionUri = extensionUri;
    this.#deps = deps;
  }

  /** Shows the panel, opens it in the active column if necessary, and puts `change` into its form. */
  show({ parameters, ...change }: FormChange = {}): void {
    this.#shown().session.patchDraft({ ...change, ...(parameters && { parameters: fieldTexts(parameters) }) });
  }

  /** Shows the panel, as {@link show} does, with a job on its stage. */
  showJob(jobId: string): void {
    this.#shown().session.showJob(jobId);
  }

  /** The job on the stage, if the user sees it there. */
  get shownJob(): string | undefined {
    return this.isVisible ? this.#open?.session.shownJob : undefined;
  }

  /** Whether the panel is open and not hidden behind another editor. */
  get isVisible(): boolean {
    return this.#open?.tab.visible === true;
  }

  /**
   * True for a URI on the machine that this window works on; false also while that is still unknown. The page then
   * gets both from the same host.
   */
  isHere(remote: vscode.Uri): boolean {
    const webview = this.#open?.tab.webview;
    // In URI lists VS Code writes the names of machines in lower case.
    const [there, here] = [remote, vscode.Uri.file("/")].map((uri) =>
      webview?.asWebviewUri(uri).authority.toLowerCase(),
    );
    return there !== undefined && there === here;
  }

  /**
   * Restores the panel after a reload of the window. VS Code restores a tab only once it is visible. If the user has opened
   * another panel by then, that one stays.
   */
  restore(tab: vscode.WebviewPanel): void {
    if (this.#open !== undefined) {
      tab.dispose();
      this.#open.tab.reveal();
      return;
    }
    this.#open = this.#fill(tab);
  }

  dispose(): void {
    this.#open?.tab.dispose();
  }

  /** The panel, in front of other tabs. */
  #shown(): Open {
    this.#open?.tab.reveal();
    // A hidden page is kept, so that the panel stands where it was as soon as it is shown again.
    this.#open ??= this.#fill(
      vscode.window.createWebviewPanel(viewType, "", vscode.ViewColumn.Active, { retainContextWhenHidden: true }),
    );
    return this.#open;
  }

  /** Loads the page into a tab, and starts the session with it. */
  #fill(tab: vscode.WebviewPanel): Open {
    const { webview } = tab;
    const session = new PanelSession(this.#deps, {
      post: (message) => void webview.postMessage(message),
      readFile: readBounded,
      runCommand: async (command, setting) => {
        const said: unknown = await vscode.commands.executeCommand(command, callerTells, setting);
        return typeof said === "string" ? said : undefined;
      },
      pathOf: (uri) => droppedPath(uri, (remote) => this.isHere(remote)),
      relativePath: (path) => vscode.workspace.asRelativePath(path),
      notify,
    });
    webview.onDidReceiveMessage((message: unknown) => void session.receive(message));
    tab.onDidChangeViewState(() => session.pageSeen(tab.visible));
    tab.onDidDispose(() => {
      session.dispose();
      if (this.#open?.tab === tab) {
        this.#open = undefined;
      }
    });

    const dist = vscode.Uri.joinPath(this.#extensionUri, "dist");
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    tab.title = vscode.l10n.t("Wan Studio");
    const icon = (theme: string) => vscode.Uri.joinPath(this.#extensionUri, "media", `panel-${theme}.svg`);
    tab.iconPath = { light: icon("light"), dark: icon("dark") };
    // Pictures and videos travel as bytes in messages, because changing these options would reload the page.
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      script: resource("panel.js"),
      style: resource("panel.css"),
      icons: resource("codicon.css"),
      nonce: randomBytes(16).toString("base64url"),
      language: vscode.env.language,
      bundle: vscode.l10n.bundle,
      title: tab.title,
    });
    return { tab, session };
  }
}

/** Shows in a notification what the page would have shown if it were not gone, with the commands that help. */
function notify({ message, actions = [] }: ShownProblem, kind: "problem" | "news"): void {
  const labels = actions.map(({ label }) => label);
  void tell(kind === "news" ? "info" : "error", message, ...labels).then((chosen) => {
    const action = actions.find(({ label }) => label === chosen);
    return action && vscode.commands.executeCommand(action.command, undefined, action.setting);
  });
}

/** The most bytes of a file that a page receives: several copies of them are in memory on the way. */
const mostBytes = 1024 * 1024 * 1024;

/** @throws {ProblemError} `fileTooLargeToShow`, before anything is read; `NotPlain` if it is not a regular file. */
async function readBounded(path: string): Promise<Uint8Array> {
  try {
    return await readPlain(path, mostBytes);
  } catch (error) {
    throw error instanceof NotPlain && error.reason === "tooLarge"
      ? new ProblemError({ code: "fileTooLargeToShow", path, limit: mostBytes })
      : error;
  }
}
