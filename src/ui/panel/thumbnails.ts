import type { FrozenImage, Job } from "../../jobs/job.ts";
import { owned } from "../../shared/bytes.ts";
import type { AnswerOf } from "../../shared/messages/registry.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import type { PanelDeps } from "./deps.ts";

/** Longest edge in pixels: sharp in the page's cards on a high-density screen. */
const edge = 320;
/** The most pictures in memory; one has some 10 kB. */
const kept = 400;

type Pictures = AnswerOf<"thumbnails">;
type Picture = Pictures[Side];

/**
 * Small pictures of the images that videos were made from. It makes one at a time, so that the pictures of the form, which
 * the same thread makes, don't wait long.
 */
export class Thumbnails {
  readonly #deps: Pick<PanelDeps, "images" | "copyOf">;
  /** By the hash of what they show, those used last at the end: takes of one pair share theirs. */
  readonly #pictures = new Map<string, Picture>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: Pick<PanelDeps, "images" | "copyOf">) {
    this.#deps = deps;
  }

  /** The pictures of a job's images. One is missing if its file is gone or has changed since it was sent. */
  async of(job: Job): Promise<Pictures> {
    return { start: await this.#inTurn(job, "start"), end: await this.#inTurn(job, "end") };
  }

  #inTurn(job: Job, side: Side): Promise<Picture> {
    const next = this.#turn.then(() => this.#picture(job, side));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #picture(job: Job, side: Side): Promise<Picture> {
    const image = job.order[side];
    if (image.kind !== "file") {
      return undefined;
    }
    for (const [path, hash] of this.#files(job, side, image)) {
      const picture = this.#pictures.get(hash) ?? (await this.#read(path, hash));
      if (picture !== undefined) {
        this.#keep(hash, picture);
        return picture;
      }
    }
    return undefined;
  }

  /** Where a picture of an image can come from, each with the SHA-256 that the file must have: first what was sent. */
  #files(job: Job, side: Side, image: FrozenImage & { kind: "file" }): [path: string, hash: string][] {
    const copy = this.#deps.copyOf(job, side);
    const ofCopy: [string, string][] = copy === undefined || image.sha256 === undefined ? [] : [[copy, image.sha256]];
    return [...ofCopy, [image.path, image.sourceSha256]];
  }

  async #read(path: string, hash: string): Promise<Picture> {
    try {
      const { bytes, mime, sha256 } = await this.#deps.images.thumbnail(path, edge);
      return sha256 === hash ? { bytes: owned(bytes), mime } : undefined;
    } catch (error) {
      if (error instanceof ProblemError) {
        return undefined;
      }
      throw error;
    }
  }

  #keep(hash: string, picture: Picture): void {
    this.#pictures.delete(hash);
    this.#pictures.set(hash, picture);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > kept && oldest !== undefined) {
      this.#pictures.delete(oldest);
    }
  }
}
