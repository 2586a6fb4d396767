/** The most new files and new names that are remembered. */
const most = 256;

/** Which recipes name which files, what is missing, and where it may have gone. Paths are absolute. */
export class Whereabouts {
  /** Recipes by the files that they name; a file system may spell those in another Unicode form. */
  readonly #users = new Map<string, Set<string>>();
  readonly #used = new Map<string, readonly string[]>();
  /** The hashes of the images that recipes miss, by the recipes. */
  readonly #sought = new Map<string, readonly string[]>();
  /** Image files that were made lately and have not been looked at. */
  #lately: readonly string[] = [];
  #renames: readonly { readonly from: string; readonly to: string }[] = [];

  /** True if recipes miss images whose content is known. */
  get isSeeking(): boolean {
    return this.#sought.size > 0;
  }

  /** The recipes that miss an image with this content. */
  seekersOf(sha256: string): readonly string[] {
    return [...this.#sought].flatMap(([recipe, hashes]) => (hashes.includes(sha256) ? [recipe] : []));
  }

  /** Gives the image files that were made lately, each once. */
  takeLately(): readonly string[] {
    const lately = this.#lately;
    this.#lately = [];
    return lately;
  }

  usersOf(path: string): readonly string[] {
    return [...(this.#users.get(keyOf(path)) ?? [])];
  }

  /** The recipes that name files whose paths begin so. */
  usersBelow(start: string): readonly string[] {
    const wanted = keyOf(start);
    return [...this.#users].flatMap(([file, users]) => (file.startsWith(wanted) ? [...users] : []));
  }

  /** @param sought the hashes (hex, lower case) of what it misses */
  uses(recipe: string, files: readonly string[], sought: readonly string[]): void {
    this.forget(recipe);
    const keys = files.map(keyOf);
    this.#used.set(recipe, keys);
    for (const key of keys) {
      this.#users.set(key, (this.#users.get(key) ?? new Set()).add(recipe));
    }
    if (sought.length > 0) {
      this.#sought.set(recipe, sought);
    }
  }

  forget(recipe: string): void {
    for (const key of this.#used.get(recipe) ?? []) {
      const users = this.#users.get(key);
      users?.delete(recipe);
      if (users?.size === 0) {
        this.#users.delete(key);
      }
    }
    this.#used.delete(recipe);
    this.#sought.delete(recipe);
  }

  created(images: readonly string[]): void {
    this.#lately = [...new Set([...this.#lately, ...images])].slice(-most);
  }

  renamed(files: readonly { readonly from: string; readonly to: string }[]): void {
    this.#renames = [...this.#renames, ...files].slice(-most);
  }

  /** The path that a file has after all renames; undefined if it was not renamed. */
  nameNow(path: string): string | undefined {
    const now = this.#renames.reduce((current, { from, to }) => {
      const rest = startOf(from, current);
      return rest === undefined ? current : to + rest;
    }, path);
    return now === path ? undefined : now;
  }
}

/** What follows in a path that is a file or is below it. */
function startOf(file: string, path: string): string | undefined {
  const rest = path.startsWith(file) ? path.slice(file.length) : undefined;
  return rest === "" || /^[\\/]/.test(rest ?? "") ? rest : undefined;
}

function keyOf(path: string): string {
  return path.normalize("NFC");
}
