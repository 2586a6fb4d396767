import { Worker } from "node:worker_threads";
import type { Size } from "../shared/model/size.ts";
import { ConformerError, ImageError, type ImageErrorFacts } from "./errors.ts";
import { HarmfulPictures } from "./harmful.ts";
import type {
  CompressedImage,
  CompressRequest,
  ConformedImage,
  ConformRequest,
  ImageCalls,
  ImageSource,
  ImageThreadData,
  Reply,
  Thumbnail,
  ThumbnailRequest,
} from "./protocol.ts";

/** Where the image thread and its library are. */
interface ConformerOptions {
  /** The image thread's program: `worker.ts` from source, the bundle `conform-worker.mjs` in production. */
  readonly worker: URL;
  /** The image library's ES module, `vips-node.mjs`; its wasm files are next to it. */
  readonly vips: URL;
  /** How long an idle thread is kept, in ms. */
  readonly idleMs?: number;
}

/**
 * How long a call may take, in ms, loading the library included: twenty times what the largest pictures took on two
 * cores, so that only a hanging call is ended. Reading a header takes no time, but its file may be on a slow share.
 */
const TIME_MS: Readonly<Record<keyof ImageCalls, number>> = {
  inspect: 60_000,
  conform: 240_000,
  thumbnail: 240_000,
  compress: 60_000,
};

/**
 * Image work in a thread of its own. Calls are answered one after the other, in order. A call rejects with `ImageError`
 * if the picture cannot be used and with `ConformerError` if the work itself failed. One that fails, hangs or ends the
 * thread affects no other.
 */
interface Conformer {
  /** Reads the oriented size, in pixels, from a picture's header. */
  inspect(source: ImageSource): Promise<Size>;
  /** Makes the exact picture that the service gets; the source is only read. */
  conform(request: ConformRequest): Promise<ConformedImage>;
  /** Makes a small WebP for lists and previews. */
  thumbnail(request: ThumbnailRequest): Promise<Thumbnail>;
  /** Makes a picture fit into so many bytes at the best quality; undefined if nothing fits. */
  compress(request: CompressRequest): Promise<CompressedImage | undefined>;
  /** Ends the thread. Calls in progress and all later ones reject with `disposed`. */
  dispose(): Promise<void>;
}

/**
 * Makes a conformer. Nothing is started or loaded before the first call. The thread ends when idle, never keeps the
 * process alive by itself, and is restarted after a failure.
 */
export function createConformer(options: ConformerOptions): Conformer {
  const { worker: program, vips, idleMs = 60_000 } = options;
  const harmful = new HarmfulPictures();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let disposed = false;
  let abandon: (error: ConformerError) => void = () => {};

  return {
    inspect: (source) => enqueue("inspect", source, source),
    conform: (request) => enqueue("conform", request, request.source),
    thumbnail: (request) => enqueue("thumbnail", request, request.source),
    compress: (request) => enqueue("compress", request, request.source),
    async dispose() {
      disposed = true;
      abandon(new ConformerError("disposed", "The image work was ended."));
      await stop();
    },
  };

  function enqueue<K extends keyof ImageCalls>(
    kind: K,
    ask: ImageCalls[K]["ask"],
    source: ImageSource,
  ): Promise<ImageCalls[K]["answer"]> {
    const answer = queue.then(() => call(kind, ask, source));
    queue = answer.catch(() => {});
    return answer;
  }

  /** A call that ends its thread may suffer from earlier ones, so it is repeated once in a fresh thread. */
  async function call<K extends keyof ImageCalls>(
    kind: K,
    ask: ImageCalls[K]["ask"],
    source: ImageSource,
  ): Promise<ImageCalls[K]["answer"]> {
    const path = "path" in source ? { path: source.path } : {};
    if (await harmful.has(source)) {
      throw new ImageError({ code: "harmful", ...path });
    }
    let tooLarge: ImageErrorFacts | undefined;
    for (let isFirst = true; ; isFirst = false) {
      const isFresh = worker === undefined;
      const reply = await attempt(kind, ask);
      switch (reply.state) {
        case "done":
          return reply.answer;
        case "refused":
          throw new ImageError(reply.facts);
        case "exhausted":
          tooLarge = { code: "tooLarge", ...reply.size, ...path };
          if (isFresh || !isFirst) {
            throw new ImageError(tooLarge);
          }
          break;
        case "broken":
          if (reply.cause !== "crashed") {
            throw new ConformerError(reply.cause, reply.message);
          }
          if (!isFirst) {
            await harmful.add(source);
            throw new ImageError(tooLarge ?? { code: "harmful", ...path, detail: reply.message });
          }
      }
    }
  }

  /** One call in the current thread or a new one. A thread that must not be used again is ended. */
  async function attempt<K extends keyof ImageCalls>(kind: K, ask: ImageCalls[K]["ask"]): Promise<Reply<K>> {
    if (disposed) {
      throw new ConformerError("disposed", "The image work was ended.");
    }
    clearTimeout(idle);
    worker ??= start();
    const thread = worker;
    thread.ref();
    try {
      const reply = await exchange<K>(thread, { kind, ask });
      if (reply.state === "exhausted" || reply.state === "broken") {
        await stop();
      }
      return reply;
    } catch (error) {
      // Not awaited: what hangs in a file system may delay the thread's end as well.
      void stop();
      throw error;
    } finally {
      thread.unref();
      idle = setTimeout(stop, idleMs).unref();
    }
  }

  /** Rejects with `ConformerError` if it takes too long or the conformer is disposed of. */
  function exchange<K extends keyof ImageCalls>(
    thread: Worker,
    message: { kind: K; ask: ImageCalls[K]["ask"] },
  ): Promise<Reply<K>> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply<K>>();
    const ended = (cause: unknown) => resolve(endOf(cause));
    const timeMs = TIME_MS[message.kind];
    const late = () => reject(new ConformerError("timedOut", `The image thread took longer than ${timeMs} ms.`));
    const timer = setTimeout(late, timeMs);
    abandon = reject;
    thread.once("message", resolve).once("error", ended).once("exit", ended);
    thread.postMessage(message);
    return promise.finally(() => {
      clearTimeout(timer);
      abandon = () => {};
      thread.off("message", resolve).off("error", ended).off("exit", ended);
    });
  }

  function start(): Worker {
    const workerData: ImageThreadData = { vipsUrl: vips.href };
    // Flags for the host's own program (an inspector, an input type) must not reach the thread.
    const thread = new Worker(program, { workerData, execArgv: [], name: "wan-flf2v images" });
    // Nobody waits for a thread that dies between calls; the next call starts another.
    thread.on("error", () => {});
    thread.once("exit", () => {
      if (worker === thread) {
        worker = undefined;
      }
    });
    return thread;
  }

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const thread = worker;
    worker = undefined;
    await thread?.terminate();
  }
}

/** The reply that stands for a thread that ended or threw. */
function endOf(cause: unknown): Reply<never> {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ERR_WORKER_OUT_OF_MEMORY"
    ? { state: "exhausted", size: undefined }
    : { state: "broken", cause: "crashed", message: `The image thread ended (${code ?? String(cause)}).` };
}
