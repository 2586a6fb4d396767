import { thumbnails } from "../../shared/messages/jobs.ts";
import type { AnswerOf } from "../../shared/messages/registry.ts";
import type { Ask } from "../kit/host.ts";

/** Addresses of the small pictures of a job's images, as far as there are any. */
export interface SmallPictures {
  readonly start: string | undefined;
  readonly end: string | undefined;
}

/** The most jobs whose pictures are kept: more than are ever in view. */
const kept = 300;
/** How many jobs' pictures are asked for at once. */
const atOnce = 3;

/** The small pictures of jobs. They are asked for only while an element wants them, those wanted last first. */
export class JobPictures {
  readonly #ask: Ask;
  /** Those seen last at the end. */
  readonly #known = new Map<string, SmallPictures>();
  /** Who waits for a job's pictures. */
  readonly #wanted = new Map<string, Set<(pictures: SmallPictures) => void>>();
  readonly #asked = new Set<string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The pictures of a job if they are here. */
  get(jobId: string): SmallPictures | undefined {
    const pictures = this.#known.get(jobId);
    if (pictures !== undefined) {
      this.#known.delete(jobId);
      this.#known.set(jobId, pictures);
    }
    return pictures;
  }

  /**
   * Calls `use` with the pictures of a job once they are here.
   * @returns ends the wait
   */
  want(jobId: string, use: (pictures: SmallPictures) => void): () => void {
    const users = this.#wanted.get(jobId) ?? new Set();
    this.#wanted.delete(jobId);
    this.#wanted.set(jobId, users.add(use));
    this.#askNext();
    return () => {
      users.delete(use);
      if (users.size === 0 && this.#wanted.get(jobId) === users) {
        this.#wanted.delete(jobId);
      }
    };
  }

  #askNext(): void {
    const next = [...this.#wanted.keys()].findLast((id) => !this.#asked.has(id));
    if (next !== undefined && this.#asked.size < atOnce) {
      this.#asked.add(next);
      void this.#fetch(next);
      this.#askNext();
    }
  }

  async #fetch(jobId: string): Promise<void> {
    let pictures: SmallPictures = { start: undefined, end: undefined };
    try {
      pictures = addressesOf(await this.#ask(thumbnails, { jobId }));
      this.#keep(jobId, pictures);
    } catch {
      // The place of the pictures stays empty: the job may just have left the list.
    }
    this.#asked.delete(jobId);
    const users = this.#wanted.get(jobId) ?? [];
    this.#wanted.delete(jobId);
    for (const use of users) {
      use(pictures);
    }
    this.#askNext();
  }

  #keep(jobId: string, pictures: SmallPictures): void {
    this.#known.set(jobId, pictures);
    const [oldest] = this.#known;
    if (this.#known.size > kept && oldest !== undefined) {
      const [id, { start, end }] = oldest;
      this.#known.delete(id);
      for (const url of [start, end]) {
        if (url !== undefined) {
          URL.revokeObjectURL(url);
        }
      }
    }
  }
}

function addressesOf({ start, end }: AnswerOf<"thumbnails">): SmallPictures {
  return { start: addressOf(start), end: addressOf(end) };
}

function addressOf(picture: AnswerOf<"thumbnails">["start"]): string | undefined {
  return picture && URL.createObjectURL(new Blob([picture.bytes], { type: picture.mime }));
}

const all = new WeakMap<Ask, JobPictures>();

/** The pictures that this connection to the host gives, which all elements share. */
export function picturesOf(ask: Ask): JobPictures {
  const pictures = all.get(ask) ?? new JobPictures(ask);
  all.set(ask, pictures);
  return pictures;
}
