import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { NotPlain, readPlain } from "../../files/plain.ts";
import { droppedPath } from "../../host/files.ts";
import type { DraftPatch } from "../../shared/messages/panel.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import type { PanelDeps } from "./deps.ts";
import { pageHtml } from "./html.ts";
import { notify } from "./notify.ts";
import { PanelSession } from "./session.ts";

/** What a command puts into the panel's draft. Parameters replace all that were set. */
interface DraftChange {
  /** Absolute path. */
  readonly start?: string;
  /** Absolute path. */
  readonly end?: string;
  readonly prompt?: string;
  readonly parameters?: Parameters;
}

/**
 * The one panel of a window: opens it, brings it back after a reload, and hands commands on to it.
 */
export class PanelManager implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #deps: PanelDeps;
  #panel: Panel | undefined;

  constructor(extensionUri: vscode.Uri, deps: PanelDeps) {
    this.#extensionUri = extensionUri;
    this.#deps = deps;
  }

  /** Shows the panel and puts `change` into its draft. */
  show(change: DraftChange = {}): void {
    if (this.#panel === undefined) {
      this.#track(Panel.create(this.#extensionUri, this.#deps));
    } else {
      this.#panel.reveal();
    }
    this.#panel?.patchDraft(change);
  }

  /** Whether a panel is open and not behind another editor. */
  get isVisible(): boolean {
    return this.#panel?.isVisible === true;
  }

  /** True for an address of the machine that this window works on; false also where that is not known yet. */
  isHere(remote: vscode.Uri): boolean {
    return this.#panel?.isHere(remote) === true;
  }

  /** Shows a problem inside the panel, where one is open. */
  showProblem(problem: Problem): void {
    this.#panel?.showProblem(problem);
  }

  /**
   * Brings a panel back after a reload of the window. VS Code revives a tab only when it is looked at: where the user works
   * in another one by then, that one stays.
   */
  restore(webviewPanel: vscode.WebviewPanel): void {
    if (this.#panel !== undefined) {
      webviewPanel.dispose();
      this.#panel.reveal();
      return;
    }
    this.#track(Panel.restore(webviewPanel, this.#extensionUri, this.#deps));
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #track(panel: Panel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel === panel) {
        this.#panel = undefined;
      }
    });
  }
}

/** The argument that tells a command that the panel runs it, and shows there what it has to say. */
export const fromPanel = "panel";

/** The webview with the pair, the form, the jobs and their videos. */
class Panel implements vscode.Disposable {
  static readonly viewType = "wanFlf2v.panel";

  readonly #panel: vscode.WebviewPanel;
  readonly #session: PanelSession;

  /** A new panel, in the column in use. */
  static create(extensionUri: vscode.Uri, deps: PanelDeps): Panel {
    const panel = vscode.window.createWebviewPanel(Panel.viewType, "", vscode.ViewColumn.Active);
    return new Panel(panel, extensionUri, deps);
  }

  /** A panel that VS Code has brought back, filled anew. */
  static restore(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, deps: PanelDeps): Panel {
    return new Panel(panel, extensionUri, deps);
  }

  private constructor(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, deps: PanelDeps) {
    this.#panel = panel;
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(extensionUri, "dist");
    this.#session = new PanelSession(deps, {
      post: (message) => void webview.postMessage(message),
      readFile: readBounded,
      runCommand: async (command, setting) => {
        const said: unknown = await vscode.commands.executeCommand(command, fromPanel, setting);
        return typeof said === "string" ? said : undefined;
      },
      pathOf: (uri) => droppedPath(uri, (remote) => this.isHere(remote)),
      relativePath: (path) => vscode.workspace.asRelativePath(path),
      notify,
    });
    webview.onDidReceiveMessage((message: unknown) => void this.#session.receive(message));
    panel.onDidChangeViewState(() => {
      if (!panel.visible) {
        this.#session.pageGone();
      }
    });
    panel.onDidDispose(() => this.#session.dispose());

    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    panel.title = vscode.l10n.t("Video from Start and End Image");
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, "media", `panel-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    // Pictures and videos travel as bytes in messages: a change of these options would load the page anew.
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      script: resource("panel.js"),
      style: resource("panel.css"),
      icons: resource("codicon.css"),
      nonce: randomBytes(16).toString("base64url"),
      language: vscode.env.language,
      bundle: vscode.l10n.bundle,
      title: panel.title,
    });
  }

  /** The user closed it, or it was disposed. */
  get onDidDispose(): vscode.Event<void> {
    return this.#panel.onDidDispose;
  }

  /** Whether it is not behind another editor. */
  get isVisible(): boolean {
    return this.#panel.visible;
  }

  /** True for an address of the machine that this window works on: a page gets both from the same host. */
  isHere(remote: vscode.Uri): boolean {
    // In lists of addresses VS Code writes machines in small letters, whatever they are called.
    const [there, here] = [remote, vscode.Uri.file("/")].map((uri) =>
      this.#panel.webview.asWebviewUri(uri).authority.toLowerCase(),
    );
    return there === here;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Puts a change into the page's draft. */
  patchDraft(change: DraftChange): void {
    this.#session.patchDraft(draftPatch(change));
  }

  /** Shows a problem in the page. */
  showProblem(problem: Problem): void {
    this.#session.showProblem(problem);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

function draftPatch({ parameters, ...change }: DraftChange): DraftPatch {
  if (parameters === undefined) {
    return change;
  }
  return {
    ...change,
    parameters: Object.fromEntries(Object.entries(parameters).map(([word, value]) => [word, String(value)])),
  };
}

/** Bytes of a file that a page is given at most: they are in memory several times on their way. */
const mostBytes = 1024 * 1024 * 1024;

/** @throws {ProblemError} `fileTooLargeToShow`, before anything is read; `NotPlain` for what is no file at all. */
async function readBounded(path: string): Promise<Uint8Array> {
  try {
    return await readPlain(path, mostBytes);
  } catch (error) {
    throw error instanceof NotPlain && error.reason === "tooLarge"
      ? new ProblemError({ code: "fileTooLargeToShow", path, limit: mostBytes })
      : error;
  }
}
