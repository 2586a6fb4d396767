import { join } from "node:path";
import { createInline, type InlineLimits } from "../../../src/hosting/inline.ts";
import { createStorage } from "../../../src/hosting/storage.ts";
import type { Types } from "../../../src/hosting/strategies.ts";
import { createConformer } from "../../../src/images/conformer.ts";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import { isBusy } from "../../../src/jobs/journal/sql.ts";
import type { Limits } from "../../../src/jobs/limits.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import { JobService } from "../../../src/jobs/service.ts";
import type { Fetch } from "../../../src/net/fetch.ts";
import { createVerifier, type VerifierOptions, type VerifyVideo } from "../../../src/output/verifier.ts";
import { readFacts } from "../../../src/output/verify.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import type { Payment } from "../../../src/shared/model/budget.ts";
import type { UploadKind } from "../../../src/shared/model/hosting.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { Unplayable } from "../../../src/shared/video/source.ts";

/** No cap, and a price that nobody knows. */
export const uncapped: Payment = {
  estimate: undefined,
  cap: null,
  videoCaps: { day: null, month: null },
  acceptsUnknown: false,
};

/** The image thread as it runs from source. */
export function sourceConformer() {
  return createConformer({
    worker: new URL("../../../src/images/worker.ts", import.meta.url),
    vips: new URL("../../../node_modules/wasm-vips/lib/vips-node.mjs", import.meta.url),
  });
}

/** The thread that checks videos as it runs from source. */
export function sourceVerifier(options: Omit<VerifierOptions, "worker"> = {}): VerifyVideo {
  return createVerifier({ worker: new URL("../../../src/output/verifyWorker.ts", import.meta.url), ...options });
}

/** Checks videos in this thread, where a thread of its own would only cost time: those of the local service are no bombs. */
export const verifyHere: VerifyVideo = async (file) => {
  try {
    return readFacts(file);
  } catch (error) {
    throw error instanceof Unplayable ? new ProblemError({ code: "notAVideo", reason: error.reason }) : error;
  }
};

export interface TestEngineOptions {
  readonly storage: string;
  readonly token: string;
  readonly fetch?: Fetch;
  readonly limits?: Partial<Limits>;
  readonly ports?: Partial<Ports>;
  /** Storage of the user's; none where it is not given. */
  readonly uploads?: TestUploads;
}

export interface TestUploads extends Partial<{ readonly [K in UploadKind]: Types[K]["settings"] }> {
  readonly credentials?: Partial<Record<UploadKind, () => Promise<unknown>>>;
  readonly inline?: InlineLimits;
}

/** Opens a journal that other processes open at the same moment; a test's engine is there at once or not at all. */
function openNow(file: string): Journal {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return Journal.open(file);
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
      Atomics.wait(pause, 0, 0, 20);
    }
  }
}

/** A real engine outside VS Code: real journal, real HTTP, real images. Dispose of it with `using`. */
export function startEngine(options: TestEngineOptions) {
  const { storage, token, fetch = globalThis.fetch } = options;
  const conformer = sourceConformer();
  const lines: string[] = [];
  const journal = openNow(join(storage, "journal.sqlite"));
  const ports: Ports = {
    storage,
    client: (service) =>
      createClient({
        base: service,
        fetch,
        token: async () => token,
        onExchange: ({ method, path, status }) => lines.push(`${method} ${path} ${status}`),
      }),
    fetch,
    verify: sourceVerifier(),
    conform: ({ bytes }, target, plan) => conformer.conform({ source: { bytes }, target, plan }),
    hosting: {
      inline: createInline(
        (bytes, maxBytes) => conformer.compress({ source: { bytes }, maxBytes }),
        options.uploads?.inline,
      ),
      storage: createStorage({
        settings: (kind) => options.uploads?.[kind],
        credentials: async (kind) => options.uploads?.credentials?.[kind]?.(),
        fetch,
        now: () => ports.now(),
      }),
    },
    leftBehind: (host) => lines.push(`left behind at ${host}`),
    tokenInUse: async () => "test",
    limits: () => ({
      jobsAtOnce: 50,
      videoBytes: 100_000_000,
      trustedHosts: [],
      keepEnded: 90 * 24 * 3_600_000,
      deleteUploads: true,
      recipeInVideo: false,
      ...options.limits,
    }),
    answerUnsaved: (requestId) => lines.push(`answer unsaved: ${requestId}`),
    isFocused: () => true,
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    log: (message) => lines.push(message),
    checkpoint: () => undefined,
    ...options.ports,
  };
  const jobs = new JobService(journal, ports);
  jobs.start();
  return {
    jobs,
    lines,
    /** Resolves once the job is in one of these states. */
    async reaches(id: string, ...states: string[]) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        const job = jobs.get(id);
        if (job !== undefined && states.includes(job.progress.state)) {
          resolve();
        }
      };
      const end = jobs.onDidChange(look);
      look();
      await promise;
      end();
      const job = jobs.get(id);
      if (job === undefined) {
        throw new Error("the job is gone");
      }
      return job;
    },
    async [Symbol.asyncDispose]() {
      await jobs.dispose();
      await conformer.dispose();
    },
  };
}
