import { Worker } from "node:worker_threads";
import { ConformerError, ImageError } from "./errors.ts";
import type {
  CompressedImage,
  CompressRequest,
  ConformedImage,
  ConformRequest,
  ImageCalls,
  ImageFacts,
  ImageSource,
  ImageThreadData,
  Reply,
  Thumbnail,
  ThumbnailRequest,
} from "./protocol.ts";

/** Where the image thread and its library lie, and how long they may take. */
export interface ConformerOptions {
  /** The image thread's program: `worker.ts` from source, the bundle `conform-worker.cjs` in production. */
  readonly worker: URL;
  /** The image library's ES module, `vips-node.mjs`; its wasm files lie beside it. */
  readonly vips: URL;
  /** How long an idle thread is kept, in ms. */
  readonly idleMs?: number;
  /** How long one call may take before its thread is ended, in ms; the first includes loading the library. */
  readonly timeoutMs?: number;
}

/**
 * Image work in a thread of its own. Calls are answered one after the other, in order. Each rejects with
 * `ImageError` when the picture cannot be used and with `ConformerError` when the work itself failed.
 */
export interface Conformer {
  /** Reads a picture's header: kind, oriented size in pixels, transparency, frames, depth, colour profile. */
  inspect(source: ImageSource): Promise<ImageFacts>;
  /** Makes the exact picture that the service gets; the source is only read. */
  conform(request: ConformRequest): Promise<ConformedImage>;
  /** Makes a small WebP for lists and previews. */
  thumbnail(request: ThumbnailRequest): Promise<Thumbnail>;
  /** Makes a picture fit into so many bytes, as good as it can be there; undefined where nothing does. */
  compress(request: CompressRequest): Promise<CompressedImage | undefined>;
  /** Ends the thread. Calls that are not answered yet, and all later ones, reject with `disposed`. */
  dispose(): Promise<void>;
}

/**
 * Makes a conformer. Nothing is started or loaded before the first call; the thread is ended when idle, never keeps
 * the process alive on its own, and is started anew after it failed.
 */
export function createConformer(options: ConformerOptions): Conformer {
  const { worker: program, vips, idleMs = 60_000, timeoutMs = 60_000 } = options;
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let disposed = false;
  let abandon: (error: ConformerError) => void = () => {};

  return {
    inspect: (source) => enqueue("inspect", source),
    conform: (request) => enqueue("conform", request),
    thumbnail: (request) => enqueue("thumbnail", request),
    compress: (request) => enqueue("compress", request),
    async dispose() {
      disposed = true;
      abandon(new ConformerError("disposed", "The image work was ended."));
      await stop();
    },
  };

  function enqueue<K extends keyof ImageCalls>(kind: K, ask: ImageCalls[K]["ask"]): Promise<ImageCalls[K]["answer"]> {
    const answer = queue.then(() => call(kind, ask));
    queue = answer.catch(() => {});
    return answer;
  }

  async function call<K extends keyof ImageCalls>(
    kind: K,
    ask: ImageCalls[K]["ask"],
  ): Promise<ImageCalls[K]["answer"]> {
    if (disposed) {
      throw new ConformerError("disposed", "The image work was ended.");
    }
    clearTimeout(idle);
    worker ??= start();
    const thread = worker;
    thread.ref();
    try {
      const reply = await exchange<K>(thread, { kind, ask });
      switch (reply.state) {
        case "done":
          return reply.answer;
        case "refused":
          throw new ImageError(reply.facts);
        case "broken":
          throw new ConformerError(reply.cause, reply.message);
      }
    } catch (error) {
      if (error instanceof ConformerError) {
        await stop();
      }
      throw error;
    } finally {
      thread.unref();
      idle = setTimeout(stop, idleMs).unref();
    }
  }

  function exchange<K extends keyof ImageCalls>(
    thread: Worker,
    message: { kind: K; ask: ImageCalls[K]["ask"] },
  ): Promise<Reply<K>> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply<K>>();
    const crashed = (cause: unknown) => reject(new ConformerError("crashed", "The image thread ended.", { cause }));
    const late = () => reject(new ConformerError("timedOut", `The image thread took longer than ${timeoutMs} ms.`));
    const timer = setTimeout(late, timeoutMs);
    abandon = reject;
    thread.once("message", resolve).once("error", crashed).once("exit", crashed);
    thread.postMessage(message);
    return promise.finally(() => {
      clearTimeout(timer);
      abandon = () => {};
      thread.off("message", resolve).off("error", crashed).off("exit", crashed);
    });
  }

  function start(): Worker {
    const workerData: ImageThreadData = { vipsUrl: vips.href };
    // Flags meant for the host's own program (an inspector, an input type) must not reach the thread.
    const thread = new Worker(program, { workerData, execArgv: [], name: "wan-flf2v images" });
    // A thread that dies between calls has nobody to tell; the next call starts another.
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
