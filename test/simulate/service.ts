import type { PostAnswer } from "./answers.ts";
import type { Random } from "./random.ts";
import type { Process, Scheduler } from "./scheduler.ts";
import { makeVideo } from "./video.ts";

/** A paid request in the service's books. */
export interface Request {
  readonly id: string;
  readonly prompt: string;
  readonly post: Post;
  readonly acceptedAt: number;
  readonly token: string;
  readonly images: readonly string[];
  readonly runsAt: number;
  readonly endsAt: number;
  readonly outcome: "succeeded" | "failed";
  readonly bytes: number;
  isCancelled: boolean;
  /** An answer that names its id has wholly come to a living window, as this kind of answer. */
  told: PostAnswer["meaning"] | undefined;
}

/** One call of `fetch` for a paid POST. */
export interface Post {
  readonly number: number;
  readonly prompt: string;
  readonly process: Process | undefined;
  readonly startedAt: number;
  /** How often it came to the service. */
  reached: number;
  readonly taken: Request[];
  /** What its window was told, once it was. */
  meaning: PostAnswer["meaning"] | undefined;
}

export interface Word {
  readonly status: number;
  readonly body: object;
}

/** The service with its own books: what it took, what became of it, and what it would say of it on a good day. */
export class Service {
  readonly requests = new Map<string, Request>();
  readonly posts: Post[] = [];
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  /** Called when a POST comes to the service, before it is decided on. */
  onReached: (post: Post) => void = () => undefined;
  /** Called when the service has taken a request. */
  onTaken: (request: Request) => void = () => undefined;
  /** Called when a cancel comes in. */
  onCancel: (request: Request) => void = () => undefined;

  constructor(random: Random, scheduler: Scheduler) {
    this.#random = random;
    this.#scheduler = scheduler;
  }

  /** A paid POST has come in. Gives the id that its answer may name. */
  receive(post: Post, body: Record<string, unknown>, token: string, answer: PostAnswer): string {
    post.reached += 1;
    this.onReached(post);
    const random = this.#random;
    const id = `req-${post.number}-${random.hex(8)}`;
    if (answer.takes) {
      const { now } = this.#scheduler;
      const runsAt = now + random.between(0, 20_000);
      const request: Request = {
        id,
        prompt: post.prompt,
        post,
        acceptedAt: now,
        token,
        images: Object.values(body).filter((value) => typeof value === "string" && value.startsWith("https:")) as never,
        runsAt,
        endsAt: runsAt + random.between(2000, 60_000),
        outcome: random.chance(0.9) ? "succeeded" : "failed",
        bytes: random.between(60, 3000),
        isCancelled: false,
        told: undefined,
      };
      this.requests.set(id, request);
      post.taken.push(request);
      this.onTaken(request);
    }
    return id;
  }

  status(request: Request): Word {
    const { now } = this.#scheduler;
    if (request.isCancelled) {
      return { status: 200, body: { status: "cancelled" } };
    }
    if (now < request.runsAt) {
      return { status: 200, body: { status: "in_queue", queue_position: 1 } };
    }
    return { status: 200, body: { status: now < request.endsAt ? "in_progress" : "completed" } };
  }

  result(request: Request): Word {
    const { now } = this.#scheduler;
    if (request.isCancelled) {
      return { status: 200, body: { status: "cancelled" } };
    }
    if (now < request.endsAt) {
      return { status: 400, body: { error_code: 400005, error_message: "not completed" } };
    }
    return request.outcome === "failed"
      ? { status: 200, body: { status: "failed", error: "out of memory", cost: 0.1 } }
      : {
          status: 200,
          body: { status: "succeeded", output: { video: `https://cdn.runcomfy.net/${request.id}.mp4` }, cost: 0.2 },
        };
  }

  cancel(request: Request): Word {
    this.onCancel(request);
    if (this.#scheduler.now < request.runsAt) {
      request.isCancelled = true;
      return { status: 200, body: { outcome: "cancelled" } };
    }
    return { status: 200, body: { outcome: "not_cancellable" } };
  }

  video(request: Request): Buffer {
    return makeVideo(request.id, request.bytes);
  }
}
