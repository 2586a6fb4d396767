import { stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { codeOf } from "../shared/errors.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { UnplayableReason } from "../shared/video/source.ts";
import type { VideoFacts } from "./verify.ts";

/**
 * Checks a video's file and gives its facts.
 * @throws {ProblemError} `notAVideo`, or `videoCheckFailed` where the check itself came to no end; what the file system
 * says stays as it is.
 */
export type VerifyVideo = (file: string) => Promise<VideoFacts>;

/** What the host hands to the thread. */
export interface CheckThreadData {
  /** Absolute. */
  readonly file: string;
}

/** What the thread says before it ends. */
export type CheckReply =
  | { readonly state: "done"; readonly facts: VideoFacts }
  | { readonly state: "refused"; readonly reason: UnplayableReason }
  | { readonly state: "unread"; readonly message: string; readonly code: string; readonly syscall: string }
  | { readonly state: "broken"; readonly message: string };

export interface VerifierOptions {
  /** The thread's program: `verifyWorker.ts` from source, the bundle `verify-worker.mjs` in production. */
  readonly worker: URL;
  /** How long the check of a file of so many bytes may take, in ms. */
  readonly timeoutMs?: (bytes: number) => number;
  /** MB of the thread's own objects at most. */
  readonly memoryMb?: number;
}

/** Half a minute, and a second for each megabyte, since the file may lie on a slow share. */
const patient = (bytes: number) => 30_000 + bytes / 1000;

/** The tables of the longest video that is taken need a tenth of it. */
const enough = 512;

/**
 * Checks videos, each in a thread of its own that is ended when it takes too long or too much: what the service sent is
 * foreign, and the host has more to do than to wait for it.
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
      // Flags meant for the host's own program (an inspector, an input type) must not reach the thread.
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
      // Not waited for: a thread that a dead share holds up ends when that lets go of it.
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
