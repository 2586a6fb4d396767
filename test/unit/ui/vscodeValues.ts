/** The values of VS Code's API, as far as the host's parts and views make and read them. They need no window. */
import { posix } from "node:path";

export type Listener<T> = (event: T) => void;

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;

  private constructor(scheme: string, authority: string, path: string, query = "", fragment = "") {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
  }

  static parse(text: string, strict = false): Uri {
    const parts = /^(([^:/?#]+?):)?(\/\/([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?/.exec(text);
    const scheme = parts?.[2] ?? "";
    if (scheme === "" && strict) throw new Error("[UriError]: Scheme is missing");
    if (!/^(\w[\w\d+.-]*)?$/.test(scheme)) throw new Error("[UriError]: Scheme contains illegal characters.");
    const decoded = (part: string | undefined) => decodeURIComponent(part ?? "");
    const path = decoded(parts?.[5]);
    const isRooted = /^(https?|file|)$/.test(scheme);
    return new Uri(
      scheme || "file",
      decoded(parts?.[4]),
      isRooted && !path.startsWith("/") ? `/${path}` : path,
      decoded(parts?.[7]),
      decoded(parts?.[9]),
    );
  }

  static file(path: string): Uri {
    const share = /^\/\/([^/]*)(\/.*)?$/.exec(path);
    return share === null ? new Uri("file", "", path) : new Uri("file", share[1] ?? "", share[2] ?? "/");
  }

  static from({ scheme, authority = "", path = "", query = "" }: Record<string, string>): Uri {
    return new Uri(scheme ?? "", authority, path, query);
  }

  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return base.with({ path: posix.join(base.path, ...parts) });
  }

  with(change: { scheme?: string; authority?: string; path?: string }): Uri {
    return new Uri(
      change.scheme ?? this.scheme,
      change.authority ?? this.authority,
      change.path ?? this.path,
      this.query,
      this.fragment,
    );
  }

  get fsPath(): string {
    return this.authority !== "" && this.scheme === "file" ? `//${this.authority}${this.path}` : this.path;
  }

  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    const query = this.query === "" ? "" : `?${encodeURIComponent(this.query)}`;
    return `${this.scheme}://${this.authority}${this.path}${query}`;
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };
  fire(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Disposable {
  [Symbol.dispose](): void {
    this.dispose();
  }
  readonly #end: () => unknown;
  constructor(end: () => unknown) {
    this.#end = end;
  }
  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const each of all) each.dispose();
    });
  }
  dispose(): void {
    this.#end();
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeIcon | undefined;
  constructor(id: string, color?: ThemeIcon) {
    this.id = id;
    this.color = color;
  }
}
export class ThemeColor extends ThemeIcon {}
export class TreeItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}
export class RelativePattern {
  readonly base: Uri;
  readonly pattern: string;
  constructor(base: Uri, pattern: string) {
    this.base = base;
    this.pattern = pattern;
  }
}
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export class MarkdownString {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
export const TreeItemCollapsibleState = { None: 0, Expanded: 2 };
export const StatusBarAlignment = { Left: 1 };
export const ViewColumn = { Active: -1 };
export const ProgressLocation = { Notification: 15 };
export const ConfigurationTarget = { Global: 1 };
export class TabInputText {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}
export class TabInputCustom extends TabInputText {}
