import { access, constants, stat, statfs } from "node:fs/promises";
import { checkWritable } from "../output/target.ts";
import type { Result, Status } from "../runcomfy/client.ts";
import { messageOf } from "../shared/errors.ts";
import { retried } from "./decisions.ts";
import type { Job, Progress } from "./job.ts";
import type { Journal } from "./journal/journal.ts";
import { patiently } from "./journal/sql.ts";
import type { Ports } from "./ports.ts";

/** ms between two looks at the stopped jobs; each job is checked less and less often. */
const defaultPause = 60_000;
const longestPause = 3_600_000;
/** How long after the run's end we look for a new link or a whole file, ms. */
const lateVideo = 6 * 3_600_000;
/** A full disk counts as cleared once it has this much room, bytes. */
const roomEnough = 256 * 1024 * 1024;

/**
 * Continues stopped jobs once their problem is visibly over: the folder is back, the disk has room, the host is trusted. It
 * does what the user's Retry does, and does not notify the user again.
 */
export class Healing {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #wake: (id: string) => void;
  readonly #pause: number;
  readonly #looked = new Map<string, { next: number; pause: number }>();
  /** When each service (origin) may be asked again, ms of the monotonic clock. */
  readonly #wished = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #disposed = false;

  /** @param wake called for each job that continues */
  constructor(journal: Journal, ports: Ports, wake: (id: string) => void) {
    this.#journal = journal;
    this.#ports = ports;
    this.#wake = wake;
    this.#pause = ports.healingPause ?? defaultPause;
  }

  /** Looks now, and keeps looking while any job is stopped. */
  look(): void {
    if (this.#disposed || this.#looking) {
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = true;
    void this.#lookAtAll()
      .catch((error: unknown) => {
        this.#ports.log(`standing jobs: ${messageOf(error)}`);
        return true;
      })
      .then((someStand) => {
        this.#looking = false;
        if (someStand && !this.#disposed) {
          this.#timer = setTimeout(() => this.look(), this.#pause);
          this.#timer.unref();
        }
      });
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #lookAtAll(): Promise<boolean> {
    const standing = this.#journal.list().filter(({ progress }) => progress.state === "needsAction");
    for (const job of standing) {
      const now = this.#ports.monotonic();
      const looked = this.#looked.get(job.id) ?? { next: now + this.#pause, pause: this.#pause };
      const wished = asksService(job.progress) ? (this.#wished.get(job.order.service) ?? now) : now;
      if (now < Math.max(looked.next, wished) || job.progress.state !== "needsAction") {
        this.#looked.set(job.id, looked);
        continue;
      }
      this.#looked.set(job.id, { next: now + looked.pause, pause: Math.min(looked.pause * 2, longestPause) });
      if ((await this.#isOver(job.progress, job)) && !this.#disposed) {
        await this.#goOn(job.id);
      }
    }
    return standing.length > 0;
  }

  async #goOn(id: string): Promise<void> {
    const after = await patiently(() =>
      this.#journal.change(id, (job) => {
        const change = retried(job);
        return change && job.progress.state === "needsAction" ? { ...change, quietly: true } : undefined;
      }),
    );
    if (after !== undefined) {
      this.#ports.log(`${id} goes on by itself: what it stood for is over`);
      this.#wake(id);
    }
  }

  /** Remembers a pause that the service asks for; it holds for all jobs there. */
  #heard<T extends Status | Result>(service: string, answer: T): T {
    if (answer.phase === "unread" && answer.retryAfter !== undefined) {
      this.#wished.set(service, this.#ports.monotonic() + answer.retryAfter);
    }
    return answer;
  }

  /** True if what stopped a job is visibly over. Where nothing can be seen, the user decides. */
  async #isOver(
    { problem, requestId }: Extract<Progress, { state: "needsAction" }>,
    { order, sentWith, createdAt, ranUntil = createdAt }: Job,
  ): Promise<boolean> {
    const limits = this.#ports.limits();
    const client = this.#ports.client(order.service, sentWith);
    switch (problem.code) {
      case "requestUnknown":
      case "notOurs":
        return this.#heard(order.service, await client.status(requestId)).phase !== "unread";
      case "noVideo":
        return this.#heard(order.service, await client.result(requestId)).phase === "succeeded";
      case "videoExpired":
      case "notAVideo":
        return (
          this.#ports.now() - ranUntil < lateVideo &&
          this.#heard(order.service, await client.result(requestId)).phase === "succeeded"
        );
      case "hostNotTrusted":
        return problem.never !== true && limits.trustedHosts.includes(problem.host);
      case "videoTooLarge":
        return limits.videoBytes > problem.limit;
      case "folderUnusable":
        return isFolderWell(order.folder, order.root, problem.reason === "full");
      default:
        return false;
    }
  }
}

/** True if only the service can say that what stopped a job is over. */
function asksService(progress: Progress): boolean {
  const code = progress.state === "needsAction" ? progress.problem.code : undefined;
  return ["requestUnknown", "notOurs", "noVideo", "videoExpired", "notAVideo"].includes(code ?? "");
}

async function isFolderWell(folder: string, root: string, wasFull: boolean): Promise<boolean> {
  try {
    if (!(await stat(root)).isDirectory()) {
      return false;
    }
    const nearest = await checkWritable(folder);
    await access(nearest, constants.R_OK);
    if (!wasFull) {
      return true;
    }
    const { bavail, bsize } = await statfs(nearest);
    return bavail * bsize > roomEnough;
  } catch {
    return false;
  }
}
