import { stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { codeOf } from "../shared/errors.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { UnplayableReason } from "../shared/video/source.ts";
import type { VideoFacts } from "./verify.ts";

/**
 * Checks the file of a video and gives its facts.
 * @throws {ProblemError} `notAVideo`, or `videoCheckFailed` if the check itself did not finish. Errors of the file system
 * stay as they are.
 */
export type VerifyVideo = (file: string) => Promise<VideoFacts>;

/** What the thread gets. */
export interface CheckThreadData {
  /** Absolute. */
  readonly file: string;
}

/** What the thread answers before it ends. */
export type CheckReply =
  | { readonly state: "done"; readonly facts: VideoFacts }
  | { readonly state: "refused"; readonly reason: UnplayableReason }
  | { readonly state: "unread"; readonly message: string; readonly code: string; readonly syscall: string }
  | { readonly state: "broken"; readonly message: string };

export interface VerifierOptions {
  /** The thread's program: `verifyWorker.ts` from source, the bundle `verify-worker.mjs` in production. */
  readonly worker: URL;
  /** How long the check of a file of so many bytes may take, ms. */
  readonly timeoutMs?: (bytes: number) => number;
  /** The most MB of the thread's own objects. */
  readonly memoryMb?: number;
}

/** Half a minute, plus a second for each megabyte, since the file may be on a slow share. */
const patient = (bytes: number) => 30_000 + bytes / 1000;

/** MB. The tables of the longest video that we accept need a tenth of this. */
const enough = 512;

/**
 * Checks videos, each in a thread of its own, which is ended if it takes too much time or memory: the service's files are
 * untrusted, and the host has other work than to wait for them.
 */
export function createVerifier({ worker, timeoutMs = patient, memoryMb = enough }: VerifierOptions): VerifyVideo {
  return async (file) => {
    const { size } = await stat(file);
    const { promise, resolve, reject } = Promise.withResolvers<CheckReply>();
    const failed = (reason: "time" | "memory" | "crashed", cause?: unknown) =>
      reject(new ProblemError({ code: "videoCheckFailed", reason }, { cause }));
    const workerData: CheckThreadData = { file };
    const thread = new Worker(worker, {
      workerData,
      // Flags for the host's own program (an inspector, an input type) must not reach the thread.
      execArgv: [],
      name: "wan-flf2v video check",
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64 },
    });
    const timer = setTimeout(() => failed("time"), timeoutMs(size));
    thread.once("message", resolve);
    thread.on("error", (error) => failed(codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crashed", error));
    thread.once("exit", () => failed("crashed"));
    try {
      return factsIn(await promise);
    } finally {
      clearTimeout(timer);
      // Nobody waits for this: a thread that hangs on a dead share ends once the share lets go.
      void thread.terminate();
    }
  };
}

function factsIn(reply: CheckReply): VideoFacts {
  switch (reply.state) {
    case "done":
      return reply.facts;
    case "refused":
      throw new ProblemError({ code: "notAVideo", reason: reply.reason });
    case "unread":
      throw Object.assign(new Error(reply.message), { code: reply.code, syscall: reply.syscall });
    case "broken":
      throw new ProblemError({ code: "videoCheckFailed", reason: "crashed" }, { cause: new Error(reply.message) });
  }
}
