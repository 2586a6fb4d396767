import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { factsOf, filesIn, recipeTextAt, stampOf } from "../../../src/host/recipeDisk.ts";
import { type IndexPorts, RecipeIndex, type RecipeJobs } from "../../../src/recipes/recipeIndex.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

/** A workspace in a folder of its own, with the index of its recipes. */
export class Workspace {
  readonly folder: string;
  readonly index: RecipeIndex;
  /** Texts of recipes that are being edited, by their absolute paths. */
  readonly edited = new Map<string, string>();
  /** The images and videos that were read. */
  readonly contents: string[] = [];
  /** The recipes that were read. */
  readonly texts: string[] = [];
  /** What was told of changes, as paths in the workspace. */
  readonly told: string[][] = [];
  jobs = new Map<string, RecipeJobs>();

  private constructor(folder: string) {
    this.folder = folder;
    const ports: IndexPorts = {
      text: async (path) => {
        this.texts.push(path);
        return this.edited.get(path) ?? recipeTextAt(path);
      },
      textOnDisk: recipeTextAt,
      stampOf,
      read: (path) => {
        this.contents.push(path);
        return factsOf(path, sizeAt);
      },
      rootOf: () => folder,
      filesIn,
      jobs: () => this.jobs,
      report: (error) => {
        throw error;
      },
    };
    this.index = new RecipeIndex(ports);
    this.index.onDidChange((paths) => this.told.push(paths.map((path) => path.slice(folder.length + 1))));
  }

  static async open(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), "wan-recipes-")));
  }

  /** The same workspace in a window that is opened later, with what the earlier one has kept. */
  reopened(): Workspace {
    const next = new Workspace(this.folder);
    next.index.memory.restore(this.index.memory.text());
    return next;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  /** Writes an image of that size in pixels. */
  image(name: string, word = name, size = "1280x720"): Promise<string> {
    return this.write(name, `image ${size} ${word}`);
  }

  /** Writes a recipe of two images that are in the folder `images`. */
  recipe(name: string, more: object = {}): Promise<string> {
    const recipe = { start: "images/a.png", end: "images/b.png", prompt: "night falls", ...more };
    return this.write(name, JSON.stringify(recipe, null, 2));
  }

  async dispose(): Promise<void> {
    this.index.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Images in these tests say their size. */
async function sizeAt(path: string): Promise<{ width: number; height: number }> {
  const found = /^image (\d+)x(\d+)/.exec(await readFile(path, "utf8"));
  if (found === null) throw new ProblemError({ code: "notAnImage", path });
  return { width: Number(found[1]), height: Number(found[2]) };
}
