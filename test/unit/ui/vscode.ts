/**
 * VS Code as the host's parts and views meet it, as far as they need it: bundled in its place. It keeps what it was given to
 * draw, and answers as the test says.
 */

import { rm } from "node:fs/promises";
import { posix } from "node:path";
import {
  type BadgeProvider,
  type Diagnostic,
  type FixProvider,
  type LensProvider,
  RecipeStage,
  type TextDocument,
  type Tree,
  type WorkspaceEdit,
} from "./vscodeEditing.ts";
import {
  Disposable,
  EventEmitter,
  type Listener,
  QuickPickItemKind,
  type RelativePattern,
  Uri,
} from "./vscodeValues.ts";

export * from "./vscodeEditing.ts";
export * from "./vscodeTasks.ts";
export * from "./vscodeValues.ts";

/** Something that VS Code was given to draw, and where. */
export interface Drawn {
  readonly place: string;
  readonly text: string;
}

/** What the test says and sees. */
export class Stage {
  readonly recipes = new RecipeStage();
  readonly drawn: Drawn[] = [];
  /** Messages with their buttons, oldest first. */
  readonly messages: { kind: string; message: string; buttons: string[]; detail: string | undefined }[] = [];
  /** What was deleted, and whether there is a trash. */
  readonly deleted: { readonly path: string; readonly useTrash: boolean }[] = [];
  hasTrash = true;
  /** What is answered to the next messages; then none is. */
  readonly answers: (string | undefined)[] = [];
  /** What the next message is answered with, once it is. */
  held: Promise<string> | undefined;
  readonly commands: { command: string; args: unknown[] }[] = [];
  readonly inputBoxes: { value?: string | undefined; prompt?: string | undefined }[] = [];
  readonly openDialogs: { filters?: Record<string, string[]> }[] = [];
  readonly globs: string[] = [];
  /** The rows of each quick pick. */
  readonly rows: string[][] = [];
  readonly picks: { items: unknown[]; dispose(): void }[] = [];
  readonly clipboard: string[] = [];
  readonly panels: WebviewPanel[] = [];
  /** The machine that a remote window works on, as VS Code calls it. */
  machine = "";
  /** Settings by their whole names, and how often they were read. */
  settings: Record<string, unknown> = {};
  defaults: Record<string, unknown> = {};
  settingsRead = 0;
  folders: string[] = [];
  found: string[] = [];
  /** What the image picker's rows give: the first whose label this is. */
  picked: string | undefined;
  /** The same for the next quick picks, one after the other. */
  readonly nextPicks: string[] = [];
  /** The paths that the user gives new files, one for each dialog. */
  readonly saveDialogs: string[] = [];
  chosenFile: string | undefined;
  entered: string | undefined;
  readonly settingListeners = new Set<Listener<{ affectsConfiguration(section: string): boolean }>>();

  draw(place: string, ...texts: readonly (string | undefined)[]): void {
    for (const text of texts) {
      if (text !== undefined) this.drawn.push({ place, text });
    }
  }

  /** Sets settings and tells of it. */
  set(settings: Record<string, unknown>): void {
    this.settings = settings;
    for (const listener of this.settingListeners) listener({ affectsConfiguration: () => true });
  }
}

export let played = new Stage();
export function playAnew(defaults: Record<string, unknown>): Stage {
  played = new Stage();
  played.defaults = defaults;
  env.remoteName = undefined;
  window.tabGroups.activeTabGroup.activeTab = undefined;
  window.tabGroups.all = [];
  return played;
}

export const languages = {
  createDiagnosticCollection: () => ({
    set: (entries: readonly (readonly [Uri, readonly Diagnostic[] | undefined])[]) => {
      for (const [{ path }, diagnostics] of entries) {
        if (diagnostics === undefined) played.recipes.diagnostics.delete(path);
        else played.recipes.diagnostics.set(path, diagnostics);
        for (const { message } of diagnostics ?? []) played.draw("diagnostic", message);
      }
    },
    dispose: () => played.recipes.diagnostics.clear(),
  }),
  registerCodeLensProvider: (_: unknown, provider: LensProvider) => {
    played.recipes.lenses = provider;
    return new Disposable(() => undefined);
  },
  registerCodeActionsProvider: (_: unknown, provider: FixProvider) => {
    played.recipes.fixes = provider;
    return new Disposable(() => undefined);
  },
};

const fill = (text: string, values: readonly unknown[]) =>
  text.replace(/\{(\d)\}/g, (whole, at: string) => String(values[Number(at)] ?? whole));
export const l10n = {
  t: (text: string | { message: string; args?: unknown[] }, ...values: unknown[]) =>
    typeof text === "string" ? fill(text, values) : fill(text.message, text.args ?? []),
};

export const env = {
  language: "en",
  appHost: "desktop",
  remoteName: undefined as string | undefined,
  clipboard: { writeText: async (text: string) => void played.clipboard.push(text) },
  openExternal: async () => true,
};
export const version = "1.110.0";

const registered = new Map<string, (...args: unknown[]) => unknown>();
export const commands = {
  executeCommand: async (command: string, ...args: unknown[]) => {
    played.commands.push({ command, args });
    return registered.get(command)?.(...args);
  },
  registerCommand: (command: string, run: (...args: unknown[]) => unknown) => {
    registered.set(command, run);
    return new Disposable(() => registered.delete(command));
  },
};

/** A button by its name, or one that says more of itself; anything else is how the message is to be shown. */
type Button = string | { title: string };
type Rest = Button | { modal: boolean; detail: string };
const isButton = (each: Rest): each is Button => typeof each === "string" || "title" in each;
const nameOf = (button: Button): string => (typeof button === "string" ? button : button.title);
const message =
  (kind: string) =>
  async (text: string, ...rest: readonly Rest[]) => {
    const options = rest.find((each) => !isButton(each));
    const detail =
      options !== undefined && typeof options !== "string" && "detail" in options ? options.detail : undefined;
    const buttons = rest.filter(isButton);
    const names = buttons.map(nameOf);
    played.messages.push({ kind, message: text, buttons: names, detail });
    played.draw(`${kind} message`, text, detail, ...names);
    const answer = await (played.held ?? played.answers.shift());
    return buttons.find((button) => nameOf(button) === answer) ?? answer;
  };

interface QuickItem {
  readonly label: string;
  readonly kind?: number;
  readonly description?: string;
  readonly detail?: string;
}
function drawItems(items: readonly QuickItem[]): void {
  for (const { label, description, detail } of items) played.draw("quick pick", label, description, detail);
}

class QuickPick {
  readonly #hide = new EventEmitter<void>();
  #items: readonly QuickItem[] = [];
  selectedItems: readonly QuickItem[] = [];
  onDidHide = this.#hide.event;
  onDidAccept = new EventEmitter<void>().event;
  onDidTriggerItemButton = new EventEmitter<unknown>().event;
  set title(text: string) {
    played.draw("quick pick title", text);
  }
  set items(items: readonly QuickItem[]) {
    this.#items = items;
    drawItems(items);
  }
  get items(): readonly QuickItem[] {
    return this.#items;
  }
  show(): void {}
  hide(): void {
    this.#hide.fire();
  }
  dispose(): void {}
}

class StatusBarItem {
  readonly shown: { text: string; tooltip: string }[] = [];
  set text(text: string) {
    // The first icon is our own.
    played.draw("status bar", text.replace(/^\$\([\w-]+\) /, ""));
  }
  set tooltip(text: string) {
    played.draw("status bar tooltip", ...text.split("\n"));
  }
  set accessibilityInformation({ label }: { label: string }) {
    played.draw("accessible name of status bar", label);
  }
  show(): void {}
  dispose(): void {}
}

/** A tab with a page in it. */
export class WebviewPanel {
  readonly #ended = new EventEmitter<void>();
  readonly #received = new EventEmitter<unknown>();
  title = "";
  visible = true;
  isGone = false;
  /** How often it was brought to the front. */
  revealed = 0;
  readonly options: { readonly retainContextWhenHidden?: boolean };
  readonly posted: unknown[] = [];
  readonly webview = {
    options: {},
    html: "",
    cspSource: "https://page.test",
    postMessage: async (message: unknown) => this.posted.push(message) > 0,
    onDidReceiveMessage: this.#received.event,
    // As VS Code makes them of a remote machine's files, and of this one's.
    asWebviewUri: (uri: Uri) => {
      const here =
        env.remoteName === undefined ? uri : uri.with({ scheme: "vscode-remote", authority: played.machine });
      const { scheme, authority, path } = uri.scheme === "file" ? here : uri;
      const letters = authority.replace(
        /[^a-z0-9]/gi,
        (letter) => `-${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      return Uri.from({ scheme: "https", authority: `${scheme}+${letters}.resource.test`, path });
    },
  };
  constructor(options = {}) {
    this.options = options;
  }
  readonly onDidChangeViewState = new EventEmitter<void>().event;
  readonly onDidDispose = this.#ended.event;
  reveal(): void {
    this.revealed += 1;
  }
  /** What the page says. */
  say(message: unknown): void {
    this.#received.fire(message);
  }
  dispose(): void {
    if (!this.isGone) {
      this.isGone = true;
      this.#ended.fire();
    }
  }
}

export const window = {
  createTreeView: (id: string, { treeDataProvider }: { treeDataProvider: Tree }) => {
    played.recipes.trees.set(id, treeDataProvider);
    return new Disposable(() => undefined);
  },
  registerFileDecorationProvider: (provider: BadgeProvider) => {
    played.recipes.badges = provider;
    return new Disposable(() => undefined);
  },
  createWebviewPanel: (_viewType: string, _title: string, _column: number, options: object) => {
    const panel = new WebviewPanel(options);
    played.panels.push(panel);
    return panel;
  },
  showInformationMessage: message("info"),
  showWarningMessage: message("warning"),
  showErrorMessage: message("error"),
  setStatusBarMessage: (text: string) => played.draw("status bar", text),
  createStatusBarItem: () => new StatusBarItem(),
  createQuickPick: () => new QuickPick(),
  showQuickPick: async (items: readonly QuickItem[], options: { title: string }) => {
    played.draw("quick pick title", options.title);
    drawItems(items);
    played.rows.push(items.map(({ label, description }) => (description ? `${label} (${description})` : label)));
    const wanted = played.nextPicks.shift() ?? played.picked;
    return items.find(({ label, kind }) => label === wanted && kind !== QuickPickItemKind.Separator);
  },
  showInputBox: async (options: { title?: string; prompt?: string; value?: string }) => {
    played.inputBoxes.push(options);
    played.draw("input box", options.title, options.prompt, options.value);
    return played.entered;
  },
  showSaveDialog: async () => {
    const path = played.saveDialogs.shift();
    return path === undefined ? undefined : Uri.file(path);
  },
  showOpenDialog: async (options: { filters?: Record<string, string[]> }) => {
    played.openDialogs.push(options);
    return played.chosenFile === undefined ? undefined : [Uri.file(played.chosenFile)];
  },
  showTextDocument: async (shown: Uri | { content: string }) =>
    played.draw("document", ...("content" in shown ? shown.content : shown.query).split("\n")),
  withProgress: (_: unknown, work: (progress: object, token: object) => unknown) =>
    work({ report: () => undefined }, { isCancellationRequested: false, onCancellationRequested: () => undefined }),
  tabGroups: {
    activeTabGroup: { activeTab: undefined as { input: unknown } | undefined },
    all: [] as { tabs: { input: unknown }[] }[],
  },
  activeTextEditor: undefined as { document: { uri: Uri } } | undefined,
};

function setting(name: string): unknown {
  const all = { ...played.defaults, ...played.settings };
  if (name in all) return all[name];
  const below = Object.entries(all).filter(([key]) => key.startsWith(`${name}.`));
  return below.length === 0
    ? undefined
    : Object.fromEntries(below.map(([key, value]) => [key.slice(name.length + 1), value]));
}

export const workspace = {
  get textDocuments() {
    return [...played.recipes.documents.keys()].map((path) => played.recipes.document(path));
  },
  fs: {
    delete: async ({ path }: Uri, { useTrash }: { useTrash: boolean }) => {
      if (useTrash && !played.hasTrash) throw new Error("This file system has no trash.");
      played.deleted.push({ path, useTrash });
      await rm(path);
    },
  },
  saveAll: async () => true,
  applyEdit: async ({ replacements }: WorkspaceEdit) => played.recipes.applied.push(...replacements) > 0,
  createFileSystemWatcher: (glob: string) => played.recipes.watch(glob),
  onDidOpenTextDocument: (listener: Listener<TextDocument>) => played.recipes.opened.event(listener),
  onDidChangeTextDocument: (listener: Listener<{ document: TextDocument; contentChanges: unknown[] }>) =>
    played.recipes.changed.event(listener),
  onDidCloseTextDocument: (listener: Listener<TextDocument>) => played.recipes.closed.event(listener),
  onDidRenameFiles: (listener: Listener<{ files: { oldUri: Uri; newUri: Uri }[] }>) =>
    played.recipes.renamed.event(listener),
  onDidChangeWorkspaceFolders: () => new Disposable(() => undefined),
  get workspaceFolders() {
    return played.folders.map((folder) => ({ uri: Uri.file(folder) }));
  },
  getWorkspaceFolder: (uri: Uri) =>
    played.folders
      .filter((folder) => `${uri.path}/`.startsWith(`${folder}/`))
      .map((folder) => ({ uri: Uri.file(folder) }))[0],
  getConfiguration: (section: string) => ({
    get: (key: string) => {
      played.settingsRead += 1;
      return setting(`${section}.${key}`);
    },
    inspect: (key: string) => ({ defaultValue: played.defaults[`${section}.${key}`] }),
    update: async (key: string, value: unknown) => played.set({ ...played.settings, [`${section}.${key}`]: value }),
  }),
  onDidChangeConfiguration: (listener: Listener<{ affectsConfiguration(section: string): boolean }>) => {
    const { settingListeners } = played;
    settingListeners.add(listener);
    return new Disposable(() => settingListeners.delete(listener));
  },
  asRelativePath: (uri: Uri | string) => {
    const path = typeof uri === "string" ? uri : uri.path;
    const folder = played.folders.find((each) => path.startsWith(`${each}/`));
    return folder === undefined ? path : path.slice(folder.length + 1);
  },
  openTextDocument: async (document: Uri | { content: string }) =>
    document instanceof Uri ? played.recipes.document(document.path) : document,
  findFiles: async (glob: string | RelativePattern) => {
    played.globs.push(typeof glob === "string" ? glob : glob.pattern);
    const [start, pattern] = typeof glob === "string" ? ["/", glob] : [`${glob.base.path}/`, glob.pattern];
    return played.found
      .filter((path) => path.startsWith(start) && posix.matchesGlob(path.slice(start.length), pattern))
      .map((path) => Uri.file(path));
  },
};
