import { dirname, join, relative, sep } from "node:path";
import { ProblemError } from "../shared/model/problem.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { FileMemory, type MemoryPorts } from "./fileMemory.ts";
import type { RequestFacts } from "./fingerprint.ts";
import { sharedVideos } from "./images.ts";
import { parseRecipe } from "./parse.ts";
import { findFile, fromWorkspace, pathFault, type WorkspaceFiles } from "./paths.ts";
import type { RecipeProblem } from "./problems.ts";
import { type Named, type ReadRecipe, type RecipeEntry, recipeEntry, recordedHash } from "./recipeEntry.ts";
import type { RecipeJob } from "./state.ts";
import { Whereabouts } from "./whereabouts.ts";

/** Events that come within this time are one change, ms: a checkout changes hundreds of files at once. */
const burst = 30;
/** How many recipes are read at a time, and after how many the views are told. */
const atOnce = 16;
const portion = 200;

/** What the journal knows of a recipe. */
export interface RecipeJobs {
  readonly job?: RecipeJob | undefined;
  /** What its video was rendered with. */
  readonly rendered?: RequestFacts | undefined;
}

/** What the index needs of the world around it. Paths are absolute. */
export interface IndexPorts extends MemoryPorts {
  /** A recipe's text as it is in the editor, or else on disk; undefined if there is no such file. */
  text(path: string): Promise<string | undefined>;
  textOnDisk(path: string): Promise<string | undefined>;
  /** The workspace folder of a recipe; for one outside of all, the top of the file system. */
  rootOf(path: string): string;
  filesIn(root: string): WorkspaceFiles;
  /** What the journal knows, by the recipe's path. What is equal is the same object. */
  jobs(): ReadonlyMap<string, RecipeJobs>;
}

/**
 * The recipes of a workspace with their states, as far as they are known. It reads only what it is told of, and nothing while
 * nothing happens. All paths are absolute.
 */
export class RecipeIndex {
  readonly #ports: IndexPorts;
  readonly memory: FileMemory;
  readonly #whereabouts = new Whereabouts();
  readonly #read = new Map<string, ReadRecipe>();
  readonly #entries = new Map<string, RecipeEntry>();
  /** What was last told of each recipe. */
  readonly #told = new Map<string, string>();
  /** The files of each workspace folder. */
  readonly #files = new Map<string, WorkspaceFiles>();
  readonly #shared = new Map<string, RecipeProblem>();
  readonly #toRead = new Set<string>();
  readonly #toAssess = new Set<string>();
  readonly #listeners = new Set<(paths: readonly string[]) => void>();
  #jobs: ReadonlyMap<string, RecipeJobs>;
  /** Images were made that recipes may miss. */
  #isSeeking = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isEnded = false;

  constructor(ports: IndexPorts) {
    this.#ports = ports;
    this.#jobs = ports.jobs();
    this.memory = new FileMemory(ports, (path) => this.#contentKnown(path));
  }

  /** By path. */
  list(): readonly RecipeEntry[] {
    return [...this.#entries.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  get(path: string): RecipeEntry | undefined {
    return this.#entries.get(path);
  }

  /**
   * Reads a recipe and the files that it names anew from disk, whatever is known: for rendering.
   * @throws {ProblemError} `notARecipe` if there is no such file.
   */
  async fresh(path: string): Promise<RecipeEntry> {
    // What other windows have done may not have been told yet.
    this.refresh();
    const text = await this.#ports.textOnDisk(path);
    if (text === undefined) {
      throw new ProblemError({ code: "notARecipe", path });
    }
    const read = await this.#look(path, text);
    for (const { path: file, stamp } of this.#filesOf(read)) {
      if (file !== undefined && stamp !== undefined) {
        await this.memory.anew(file, stamp);
      }
    }
    this.touch([path]);
    return this.#assess(read);
  }

  /** Tells the paths of recipes that say something new, or that are gone. Call the result to hear no more. */
  onDidChange(listener: (paths: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once all that was told of is read, the images too. */
  async whenKnown(): Promise<void> {
    do {
      await this.#run();
      await this.memory.whenIdle();
    } while (this.#hasWork);
  }

  /** Says which recipes there are; all others are none any more, even if their files are there. */
  set(paths: readonly string[]): void {
    const present = new Set(paths);
    for (const path of this.#read.keys()) {
      if (!present.has(path)) {
        this.#forget(path);
      }
    }
    this.touch(paths);
  }

  /** Reads recipes soon, because they may have been made, changed or deleted. */
  touch(recipes: readonly string[]): void {
    for (const path of recipes) {
      this.#toRead.add(path);
    }
    this.#soon();
  }

  /** Looks again at what names files that were made, changed or deleted. */
  filesChanged(paths: readonly string[]): void {
    this.touch(paths.flatMap((path) => this.#whereabouts.usersOf(path)));
  }

  /** New image files: an image that a recipe misses may be among them. */
  imagesCreated(paths: readonly string[]): void {
    this.#whereabouts.created(paths);
    this.filesChanged(paths);
    this.#isSeeking = this.#whereabouts.isSeeking;
    this.#soon();
  }

  /** Folders that came or went with all that is in them. */
  foldersChanged(folders: readonly string[]): void {
    const known = [...this.#read.keys()];
    for (const folder of folders) {
      const start = folder + sep;
      this.touch([...this.#whereabouts.usersBelow(start), ...known.filter((path) => path.startsWith(start))]);
    }
  }

  /** Files or folders that the user gave other names. */
  renamed(files: readonly { readonly from: string; readonly to: string }[]): void {
    this.#whereabouts.renamed(files);
    for (const { from, to } of files) {
      this.filesChanged([from, to]);
      this.foldersChanged([from, to]);
    }
  }

  /** Assesses what depends on jobs, if they are others now. */
  refresh(): void {
    const [before, jobs] = [this.#jobs, this.#ports.jobs()];
    this.#jobs = jobs;
    for (const path of new Set([...jobs.keys(), ...before.keys()])) {
      if (before.get(path)?.job !== jobs.get(path)?.job || before.get(path)?.rendered !== jobs.get(path)?.rendered) {
        this.#toAssess.add(path);
      }
    }
    this.#soon();
  }

  dispose(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.memory.dispose();
    this.#listeners.clear();
  }

  get #hasWork(): boolean {
    return !this.#isEnded && (this.#toRead.size > 0 || this.#toAssess.size > 0 || this.#isSeeking);
  }

  #soon(): void {
    if (this.#hasWork) {
      this.#timer ??= setTimeout(() => void this.#run().catch((error: unknown) => this.#ports.report(error)), burst);
    }
  }

  /** Does what is to be done, one run after the other. */
  async #run(): Promise<void> {
    await this.#running?.catch(() => undefined);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#settle().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #settle(): Promise<void> {
    while (this.#hasWork) {
      if (this.#isSeeking) {
        this.#isSeeking = false;
        await this.#lookAtLately();
      }
      const batch = [...this.#toRead].slice(0, portion);
      for (let at = 0; at < batch.length; at += atOnce) {
        const few = batch.slice(at, at + atOnce);
        for (const path of few) {
          this.#toRead.delete(path);
        }
        await Promise.all(few.map((path) => this.#readAgain(path)));
      }
      this.#tell();
    }
  }

  async #readAgain(path: string): Promise<void> {
    this.#toAssess.add(path);
    const text = await this.#ports.text(path).catch((error: unknown) => this.#ports.report(error));
    if (text === undefined) {
      this.#forget(path);
    } else {
      const read = await this.#look(path, text);
      this.#read.set(path, read);
      const files = this.#filesOf(read);
      this.#whereabouts.uses(
        path,
        files.flatMap(({ wanted, path: found, movedTo }) =>
          [wanted, found, movedTo].filter((each) => each !== undefined),
        ),
        sides.flatMap((side) => read.images[side]?.sought ?? []),
      );
      for (const side of sides) {
        const { path: image, stamp } = read.images[side] ?? {};
        if (image !== undefined && stamp !== undefined) {
          this.memory.want(image, stamp);
        }
      }
    }
  }

  #forget(path: string): void {
    this.#read.delete(path);
    this.#whereabouts.forget(path);
    this.#toAssess.add(path);
  }

  /** Reads a text and finds the files that it names. */
  async #look(path: string, text: string): Promise<ReadRecipe> {
    const root = this.#ports.rootOf(path);
    const folder = relative(root, dirname(path)).replaceAll("\\", "/");
    const before = this.#read.get(path);
    const parsed = before?.text === text && before.root === root ? before.parsed : parseRecipe(text, folder);
    const { recipe } = parsed;
    const images: Partial<Record<Side, Named>> = {};
    for (const side of sides) {
      const image = recipe?.[side];
      if (image?.path !== undefined && image.url === undefined && pathFault(image.path, folder) === undefined) {
        images[side] = await this.#find(root, folder, image.path, recordedHash(recipe, side));
      }
    }
    const file = recipe?.video?.file;
    const isNamed = file !== undefined && pathFault(file, folder) === undefined;
    const video = isNamed ? await this.#find(root, folder, file) : undefined;
    return { path, root, folder, text, parsed, images, video };
  }

  async #find(root: string, folder: string, written: string, hash?: string): Promise<Named> {
    const wanted = join(root, fromWorkspace(written, folder) ?? "");
    const files = this.#files.get(root) ?? this.#ports.filesIn(root);
    this.#files.set(root, files);
    const found = await findFile(written, folder, files);
    const path = found === undefined ? undefined : join(root, found);
    const stamp = path === undefined ? undefined : await this.#ports.stampOf(path);
    if (path !== undefined && stamp !== undefined) {
      return { wanted, path, stamp };
    }
    const sought = (hash ?? this.memory.lastHash(wanted))?.toLowerCase();
    return { wanted, sought, movedTo: await this.#moved(root, wanted, sought) };
  }

  /** Where a file that is not there any more is now: as it was renamed, or else by its content. */
  async #moved(root: string, wanted: string, sought: string | undefined): Promise<string | undefined> {
    const inRoot = (path: string) => path !== wanted && path.startsWith(root.endsWith(sep) ? root : root + sep);
    const renamed = this.#whereabouts.nameNow(wanted);
    const stamp = renamed === undefined || !inRoot(renamed) ? undefined : await this.#ports.stampOf(renamed);
    if (renamed !== undefined && stamp !== undefined) {
      const known = this.memory.want(renamed, stamp)?.facts?.sha256;
      if (sought === undefined || known === undefined || known === sought) {
        return renamed;
      }
    }
    if (sought === undefined) {
      return undefined;
    }
    await this.#lookAtLately();
    for (const file of this.memory.filesWith(sought).filter(({ path }) => inRoot(path))) {
      if ((await this.#ports.stampOf(file.path)) === file.stamp) {
        return file.path;
      }
    }
    return undefined;
  }

  async #lookAtLately(): Promise<void> {
    for (const path of this.#whereabouts.takeLately()) {
      const stamp = await this.#ports.stampOf(path);
      if (stamp !== undefined) {
        this.memory.want(path, stamp);
      }
    }
  }

  #contentKnown(path: string): void {
    const isKnown = ({ path: file, stamp }: Named) =>
      file === path && stamp !== undefined && this.memory.known(path, stamp) !== undefined;
    for (const user of this.#whereabouts.usersOf(path)) {
      const read = this.#read.get(user);
      // A file that was written meanwhile has another stamp now.
      (read !== undefined && this.#filesOf(read).some(isKnown) ? this.#toAssess : this.#toRead).add(user);
    }
    this.#soon();
    const hash = this.memory.lastHash(path);
    this.touch(hash === undefined ? [] : this.#whereabouts.seekersOf(hash));
  }

  #filesOf({ images, video }: ReadRecipe): Named[] {
    return [...sides.map((side) => images[side]), video].filter((named) => named !== undefined);
  }

  #assess(read: ReadRecipe): RecipeEntry {
    return recipeEntry(read, {
      known: (path, stamp) => this.memory.known(path, stamp),
      ...this.#jobs.get(read.path),
      shared: this.#shared.get(read.path),
    });
  }

  /** Assesses what is to be assessed, and tells what says something new. */
  #tell(): void {
    this.#compareVideos();
    const changed: string[] = [];
    for (const path of this.#toAssess) {
      const read = this.#read.get(path);
      const entry = read && this.#assess(read);
      const said = entry && JSON.stringify([entry.text, entry.problems, entry.request, entry.images, entry.state]);
      if (said === this.#told.get(path)) {
        continue;
      }
      changed.push(path);
      if (entry === undefined || said === undefined) {
        this.#entries.delete(path);
        this.#told.delete(path);
      } else {
        this.#entries.set(path, entry);
        this.#told.set(path, said);
      }
    }
    this.#toAssess.clear();
    if (changed.length > 0) {
      for (const listener of this.#listeners) {
        listener(changed);
      }
    }
  }

  #compareVideos(): void {
    const named = [...this.#read.values()].flatMap(({ path, video, parsed }) =>
      video === undefined ? [] : [{ path, video: video.wanted, parsed }],
    );
    const shared = sharedVideos(named);
    for (const path of new Set([...shared.keys(), ...this.#shared.keys()])) {
      if (JSON.stringify(shared.get(path)) !== JSON.stringify(this.#shared.get(path))) {
        this.#toAssess.add(path);
      }
    }
    this.#shared.clear();
    for (const [path, problem] of shared) {
      this.#shared.set(path, problem);
    }
  }
}
