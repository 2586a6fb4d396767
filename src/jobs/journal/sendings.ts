import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Job } from "../job.ts";
import type { Charges } from "./charges.ts";

/**
 * The number of the last POST that was decided on for each job, in a file of its own beside the journal: only ever added to, each
 * line flushed before its POST leaves. A job's row counts them as well (`order.posts`), so an older copy of the journal that
 * somebody has put in its place is seen at each job that was sent since, whatever became of the job, and in windows that are
 * opened later. What was cancelled or removed has a number of its own, too: it must not be sent either.
 */
export class Sendings {
  readonly #file: string;
  /** The highest that were ever seen here: the file may be put back together with the journal. */
  readonly #known = new Map<string, number>();

  constructor(journal: string) {
    this.#file = `${journal}.sent`;
  }

  /** Adds the POST of a job with a number. Throws where that cannot be written down: then it must not leave. */
  add(job: string, number: number): void {
    this.#add([[job, number]]);
  }

  #add(posts: readonly (readonly [job: string, number: number])[]): void {
    const fd = openSync(this.#file, "a", 0o600);
    try {
      // The line before may have broken off.
      writeSync(fd, `\n${posts.map((post) => `${post.join(" ")}\n`).join("")}`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    for (const [job, number] of posts) {
      this.#note(job, number);
    }
  }

  /** The number of the last POST of a job that is known, 0 without any. */
  last(job: string): number {
    for (const line of this.#read()) {
      const [id, number] = line.split(" ");
      if (id === job && Number.isSafeInteger(Number(number))) {
        this.#note(job, Number(number));
      }
    }
    return this.#known.get(job) ?? 0;
  }

  /** What its user has done away with is not sent from an older copy of the journal either. */
  never(...jobs: readonly Job[]): void {
    if (jobs.length === 0) {
      return;
    }
    try {
      this.#add(jobs.map(({ id, order }) => [id, (order.posts ?? 0) + 1] as const));
    } catch {
      // It only matters if somebody puts an older copy in its place.
    }
  }

  /**
   * What a job that waits was sent as since its row was written: only in an older copy of the journal such a job waits.
   * Undefined if it was not sent. To be called in a transaction that decides about it.
   * @returns the number of its last POST, and the id of its request if that is known
   */
  sentSince(
    { id, createdAt, submittedAt, order }: Job,
    charges: Charges,
  ): { readonly posts: number; readonly requestId?: string } | undefined {
    const counted = order.posts ?? 0;
    const posts = this.last(id);
    const requestId = charges.requestOf(id, submittedAt);
    return requestId !== undefined || posts > counted || charges.hasLost(id, submittedAt ?? createdAt)
      ? { posts: Math.max(posts, counted), ...(requestId !== undefined && { requestId }) }
      : undefined;
  }

  #note(job: string, number: number): void {
    this.#known.set(job, Math.max(number, this.#known.get(job) ?? 0));
  }

  #read(): string[] {
    try {
      return readFileSync(this.#file, "utf8").split("\n");
    } catch {
      // There is none yet, or nobody can read it any more: then the journal alone says what was sent.
      return [];
    }
  }
}
