import * as z from "zod";
import { parseJson } from "../shared/json.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import type { ImageFacts } from "./fingerprint.ts";

/** How many files are read at a time. */
const atOnce = 3;
/** The most files that are remembered. */
const mostFiles = 20_000;

/** What is known of a file's content. */
export type Known =
  | { readonly facts: ImageFacts; readonly problem?: undefined }
  | { readonly problem: Problem; readonly facts?: undefined };

/** What the memory needs of the disk. */
export interface MemoryPorts {
  /** Another text as soon as the file's content may be another; undefined if there is no such file. */
  stampOf(path: string): Promise<string | undefined>;
  /** Reads a file's content. Throws {@link ProblemError} if it cannot be used. */
  read(path: string): Promise<ImageFacts>;
  /** Logs an unexpected error. */
  report(error: unknown): void;
}

const rowSchema = z.tuple([z.string(), z.string(), z.string(), z.number().optional(), z.number().optional()]);
const memorySchema = z.object({ version: z.literal(1), files: z.array(z.unknown()).max(mostFiles) });

/** What is known of the content of files, by path and stamp, so that each content is read once. Paths are absolute. */
export class FileMemory {
  readonly #ports: MemoryPorts;
  readonly #told: (path: string) => void;
  readonly #known = new Map<string, Known & { readonly stamp: string }>();
  /** Files to be read, with their stamps, oldest first. */
  readonly #waiting = new Map<string, string>();
  /** Files that are being read, with their stamps. */
  readonly #reading = new Map<string, string>();
  #idle: (() => void)[] = [];
  #isEnded = false;
  /** True if it knows more than its text was made of. */
  hasNews = false;

  /** @param told is called for each file whose content has become known */
  constructor(ports: MemoryPorts, told: (path: string) => void) {
    this.#ports = ports;
    this.#told = told;
  }

  /** What is known of a content; without an answer, it is read soon. */
  want(path: string, stamp: string): Known | undefined {
    const known = this.known(path, stamp);
    if (known === undefined && !this.#isEnded && this.#reading.get(path) !== stamp) {
      this.#waiting.set(path, stamp);
      this.#go();
    }
    return known;
  }

  known(path: string, stamp: string): Known | undefined {
    const known = this.#known.get(path);
    return known?.stamp === stamp ? known : undefined;
  }

  /** Reads a content now, whatever is known of it. */
  async anew(path: string, stamp: string): Promise<Known> {
    const known = await this.#read(path);
    this.#remember(path, stamp, known);
    return known;
  }

  /** The hash (hex) of what was last at a path, even if nothing is there now. */
  lastHash(path: string): string | undefined {
    return this.#known.get(path)?.facts?.sha256;
  }

  /** The files that had a content when they were last looked at, with the stamps of that look; the latest first. */
  filesWith(sha256: string): { readonly path: string; readonly stamp: string }[] {
    const wanted = sha256.toLowerCase();
    const found = [...this.#known].flatMap(([path, { facts, stamp }]) =>
      facts?.sha256 === wanted ? [{ path, stamp }] : [],
    );
    return found.reverse();
  }

  /** Resolves once nothing is waiting to be read. */
  async whenIdle(): Promise<void> {
    if (this.#reading.size > 0 || this.#waiting.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Takes up what an earlier window knew. A text that it did not write is ignored. */
  restore(text: string): void {
    const parsed = memorySchema.safeParse(parseJson(text));
    for (const row of parsed.data?.files ?? []) {
      const file = rowSchema.safeParse(row);
      if (file.success && !this.#known.has(file.data[0])) {
        const [path, stamp, sha256, width, height] = file.data;
        const size = width === undefined || height === undefined ? undefined : { width, height };
        this.#known.set(path, { stamp, facts: { sha256, ...(size && { size }) } });
      }
    }
  }

  /** What a later window can take up. */
  text(): string {
    this.hasNews = false;
    const files = [...this.#known].flatMap(([path, { stamp, facts }]) =>
      facts === undefined
        ? []
        : [[path, stamp, facts.sha256, ...(facts.size ? [facts.size.width, facts.size.height] : [])]],
    );
    return JSON.stringify({ version: 1, files: files.slice(-mostFiles) });
  }

  dispose(): void {
    this.#isEnded = true;
    this.#waiting.clear();
  }

  #go(): void {
    while (this.#reading.size < atOnce) {
      const path = this.#next();
      const stamp = path && this.#waiting.get(path);
      if (path === undefined || stamp === undefined) {
        break;
      }
      this.#waiting.delete(path);
      this.#reading.set(path, stamp);
      void this.#take(path, stamp).finally(() => {
        this.#reading.delete(path);
        this.#go();
      });
    }
    if (this.#reading.size === 0 && this.#waiting.size === 0) {
      for (const resolve of this.#idle.splice(0)) {
        resolve();
      }
    }
  }

  /** One that is being read waits until that is done: its content is another now. */
  #next(): string | undefined {
    for (const path of this.#waiting.keys()) {
      if (!this.#reading.has(path)) {
        return path;
      }
    }
    return undefined;
  }

  async #take(path: string, stamp: string): Promise<void> {
    const known = await this.#read(path);
    // What was written meanwhile is another content, which has not been read as a whole.
    if ((await this.#ports.stampOf(path)) === stamp) {
      this.#remember(path, stamp, known);
    }
    if (!this.#isEnded) {
      this.#told(path);
    }
  }

  async #read(path: string): Promise<Known> {
    try {
      return { facts: await this.#ports.read(path) };
    } catch (error) {
      if (error instanceof ProblemError) {
        return { problem: error.problem };
      }
      this.#ports.report(error);
      return { problem: { code: "imageUnreadable", path } };
    }
  }

  #remember(path: string, stamp: string, known: Known): void {
    // The ones that were read last come last.
    this.#known.delete(path);
    this.#known.set(path, { ...known, stamp });
    this.hasNews = true;
    if (this.#known.size > mostFiles) {
      const [oldest = ""] = this.#known.keys();
      this.#known.delete(oldest);
    }
  }
}
