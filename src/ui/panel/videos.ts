import { createHash } from "node:crypto";
import type { FrozenImage, Job } from "../../jobs/job.ts";
import { saveFrame } from "../../output/frames.ts";
import type { Measures, ReviewView } from "../../shared/messages/videos.ts";
import type { Draft, ImageSource, Seen } from "../../shared/model/draft.ts";
import { parameterTable } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";

/** What the review of videos needs of the product and of VS Code. */
interface ReviewDeps {
  list(): readonly Job[];
  /** Absolute path of a job's own copy of an image, as it was sent; undefined where none is kept. */
  copyOf(job: Job, side: Side): string | undefined;
  /** Rejects where there is no such file. */
  readFile(path: string): Promise<Uint8Array>;
  /** A path as people of this workspace write it. */
  relativePath(path: string): string;
  /** Called when what {@link ReviewDesk.view} says of a job has changed. */
  changed(): void;
}

/** The host's part in looking at finished videos: gives out inputs, keeps figures and frames. Knows nothing of VS Code. */
export class ReviewDesk {
  readonly #deps: ReviewDeps;
  readonly #measures = new Map<string, Measures>();

  constructor(deps: ReviewDeps) {
    this.#deps = deps;
  }

  /** What the page is told of a job for the review of its video. */
  view(job: Job): ReviewView {
    const measures = this.#measures.get(job.id);
    const pair = pairOf(job);
    return { ...(pair === undefined ? {} : { pair }), ...(measures === undefined ? {} : { measures }) };
  }

  /** A job's own copy of an image as PNG; undefined where none is kept (any more). */
  async input(jobId: string, side: Side): Promise<Uint8Array | undefined> {
    const path = this.#deps.copyOf(this.#find(jobId), side);
    return path === undefined ? undefined : await this.#deps.readFile(path).catch(() => undefined);
  }

  /** Takes note of figures, so that they are measured once. */
  measured(jobId: string, measures: Measures): void {
    this.#measures.set(this.#find(jobId).id, measures);
    this.#deps.changed();
  }

  /**
   * Keeps a frame beside its video; `frame` counts from 1.
   * @throws {ProblemError} `jobUnknown`, `folderUnusable`.
   */
  async saveFrame(jobId: string, frame: number, png: Uint8Array): Promise<{ path: string; shown: string }> {
    const { progress } = this.#find(jobId);
    if (progress.state !== "saved") {
      throw new ProblemError({ code: "notPossibleNow", state: progress.state });
    }
    const path = await saveFrame(progress.video, frame, png);
    return { path, shown: this.#deps.relativePath(path) };
  }

  /**
   * What made a job, to be made once more: its size is always said, so that another default does not change it; without its
   * seed, so that a new one is drawn; with the picture files as they were then.
   * @throws {ProblemError} `jobUnknown`, or `notPossibleNow` where the images are not known.
   */
  remade(jobId: string): Draft & { readonly seen: Seen } {
    const { order, progress } = this.#find(jobId);
    const [start, end] = [sourceOf(order.start), sourceOf(order.end)];
    if (start === undefined || end === undefined) {
      throw new ProblemError({ code: "notPossibleNow", state: progress.state });
    }
    const { seed: _, resolution = parameterTable.resolution.default, ...parameters } = order.parameters;
    const [startPlan, endPlan] = [planOf(order.start), planOf(order.end)];
    return {
      start,
      end,
      prompt: order.prompt,
      parameters: { ...parameters, resolution },
      plans: { ...(startPlan && { start: startPlan }), ...(endPlan && { end: endPlan }) },
      hosting: order.hosting ?? "dataUri",
      seen: { ...shaOf("start", order.start), ...shaOf("end", order.end) },
    };
  }

  #find(id: string): Job {
    const job = this.#deps.list().find((candidate) => candidate.id === id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  }
}

function sourceOf(image: FrozenImage): ImageSource | undefined {
  switch (image.kind) {
    case "file":
      return { kind: "file", path: image.path };
    case "url":
      return image;
    case "unknown":
      return undefined;
  }
}

function shaOf(side: keyof Seen, image: FrozenImage): Seen {
  return image.kind === "file" ? { [side]: image.sourceSha256 } : {};
}

function planOf(image: FrozenImage): CropPlan | undefined {
  return image.kind === "file" ? image.plan : undefined;
}

/** The same for all jobs made from the same two images; undefined where they are not known. */
function pairOf({ order }: Job): string | undefined {
  const [start, end] = [identityOf(order.start), identityOf(order.end)];
  // Hashed, since an address can be private and need not reach the page.
  return start === undefined || end === undefined
    ? undefined
    : createHash("sha256")
        .update(JSON.stringify([start, end]))
        .digest("base64url");
}

function identityOf(image: FrozenImage): string | undefined {
  switch (image.kind) {
    case "file":
      return image.sourceSha256;
    case "url":
      return image.url;
    case "unknown":
      return undefined;
  }
}
