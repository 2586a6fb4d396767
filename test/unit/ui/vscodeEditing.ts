/** What VS Code has for documents and their problems, as far as recipes use it, and what it was given of them. */
import { posix } from "node:path";
import { EventEmitter, type ThemeColor, type ThemeIcon, Uri } from "./vscodeValues.ts";

export interface LensProvider {
  provideCodeLenses(document: TextDocument): CodeLens[];
}
export interface FixProvider {
  provideCodeActions(
    document: TextDocument,
    range: Range,
    context: { diagnostics: readonly Diagnostic[] },
  ): CodeAction[];
}
export interface BadgeProvider {
  provideFileDecoration(uri: Uri): FileDecoration | undefined;
}
export interface Tree {
  getChildren(): Uri[];
  getTreeItem(row: Uri): {
    label: string;
    description?: string;
    tooltip?: string;
    contextValue?: string;
    iconPath?: ThemeIcon;
    accessibilityInformation?: { label: string };
  };
}

/** What VS Code was given for recipes, and the events that it has of them. */
export class RecipeStage {
  /** Texts of open documents by their paths. */
  readonly documents = new Map<string, string>();
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly watchers: FileSystemWatcher[] = [];
  readonly trees = new Map<string, Tree>();
  readonly opened = new EventEmitter<TextDocument>();
  readonly changed = new EventEmitter<{ document: TextDocument; contentChanges: unknown[] }>();
  readonly closed = new EventEmitter<TextDocument>();
  readonly renamed = new EventEmitter<{ files: { oldUri: Uri; newUri: Uri }[] }>();
  lenses: LensProvider | undefined;
  fixes: FixProvider | undefined;
  badges: BadgeProvider | undefined;
  /** The replacements of the edits that were applied. */
  readonly applied: Replacement[] = [];

  document(path: string): TextDocument {
    return {
      uri: Uri.file(path),
      isClosed: false,
      isDirty: false,
      save: async () => true,
      getText: () => this.documents.get(path) ?? "",
    };
  }

  /** An event of the disk, as the watchers hear of it. */
  watch(glob: string): FileSystemWatcher {
    const watcher = new FileSystemWatcher(glob, (ended) => this.watchers.splice(this.watchers.indexOf(ended), 1));
    this.watchers.push(watcher);
    return watcher;
  }

  disk(kind: "created" | "changed" | "deleted", path: string): void {
    for (const watcher of this.watchers) {
      if (watcher.covers(path)) watcher[kind].fire(Uri.file(path));
    }
  }
}

export interface TextDocument {
  readonly uri: Uri;
  readonly isClosed: boolean;
  readonly isDirty: boolean;
  save(): Promise<boolean>;
  getText(): string;
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}
export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position | number, end: Position | number, endLine = 0, endCharacter = 0) {
    this.start = typeof start === "number" ? new Position(start, Number(end)) : start;
    this.end = typeof end === "number" ? new Position(endLine, endCharacter) : end;
  }
  intersection(other: Range): Range | undefined {
    const before = (one: Position, two: Position) =>
      one.line < two.line || (one.line === two.line && one.character <= two.character);
    return before(this.start, other.end) && before(other.start, this.end) ? this : undefined;
  }
  isEqual(other: Range): boolean {
    return JSON.stringify(this) === JSON.stringify(other);
  }
}
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export class Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly severity: number;
  source: string | undefined;
  code: unknown;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}
export const CodeActionKind = { QuickFix: "quickfix" };
export class CodeAction {
  readonly title: string;
  readonly kind: string;
  diagnostics: Diagnostic[] | undefined;
  isPreferred: boolean | undefined;
  edit: WorkspaceEdit | undefined;
  command: { command: string; arguments?: unknown[] } | undefined;
  constructor(title: string, kind: string) {
    this.title = title;
    this.kind = kind;
  }
}
interface Replacement {
  readonly path: string;
  readonly range: Range;
  readonly content: string;
}
export class WorkspaceEdit {
  readonly replacements: Replacement[] = [];
  replace(uri: Uri, range: Range, content: string): void {
    this.replacements.push({ path: uri.path, range, content });
  }
}
export class CodeLens {
  readonly range: Range;
  readonly command: { command: string; title: string; arguments?: unknown[] };
  constructor(range: Range, command: { command: string; title: string; arguments?: unknown[] }) {
    this.range = range;
    this.command = command;
  }
}
export class FileDecoration {
  readonly badge: string;
  readonly tooltip: string;
  readonly color: ThemeColor;
  constructor(badge: string, tooltip: string, color: ThemeColor) {
    this.badge = badge;
    this.tooltip = tooltip;
    this.color = color;
  }
}
export class FileSystemWatcher {
  readonly created = new EventEmitter<Uri>();
  readonly changed = new EventEmitter<Uri>();
  readonly deleted = new EventEmitter<Uri>();
  readonly onDidCreate = this.created.event;
  readonly onDidChange = this.changed.event;
  readonly onDidDelete = this.deleted.event;
  readonly #glob: string;
  readonly #end: (watcher: FileSystemWatcher) => void;
  constructor(glob: string, end: (watcher: FileSystemWatcher) => void) {
    this.#glob = glob;
    this.#end = end;
  }
  covers(path: string): boolean {
    return posix.matchesGlob(path, this.#glob);
  }
  dispose(): void {
    this.#end(this);
  }
}
