import { parentPort, workerData } from "node:worker_threads";
import type Vips from "wasm-vips";
import { messageOf } from "../shared/errors.ts";
import { ImageError } from "./errors.ts";
import type { VipsModule } from "./library.ts";
import { compress, conform, inspect, OutOfMemory, thumbnail } from "./pipeline.ts";
import type { Call, ImageCalls, ImageThreadData, Reply } from "./protocol.ts";
import { readPicture } from "./read.ts";

// The image thread: it answers one call after the other. The first call loads the library.

type AnyReply = Reply<keyof ImageCalls>;

const { vipsUrl }: ImageThreadData = workerData;
let loading: Promise<VipsModule> | undefined;

parentPort?.on("message", async (call: Call) => {
  const reply = await answer(call);
  parentPort?.postMessage(reply, reply.state === "done" ? transferables(reply.answer) : []);
});

async function answer(call: Call): Promise<AnyReply> {
  let vips: VipsModule;
  try {
    loading ??= load();
    vips = await loading;
  } catch (error) {
    return { state: "broken", cause: "notLoaded", message: messageOf(error) };
  }
  try {
    return { state: "done", answer: await work(vips, call) };
  } catch (error) {
    if (error instanceof OutOfMemory) {
      return { state: "exhausted", size: error.size };
    }
    return error instanceof ImageError
      ? { state: "refused", facts: withPath(error, call) }
      : { state: "broken", cause: "crashed", message: messageOf(error) };
  }
}

async function load(): Promise<VipsModule> {
  // A thread has its own copy of the environment. Without this, every damaged file writes to the host's stderr.
  process.env.VIPS_WARNING = "0";
  const library: { default: typeof Vips } = await import(vipsUrl);
  const vips = await library.default({
    dynamicLibraries: ["vips-heif.wasm"],
    print: () => {},
    printErr: () => {},
  });
  // No picture is processed twice in a row, so a cache would only use memory.
  vips.Cache.max(0);
  return vips;
}

async function work(vips: VipsModule, call: Call): Promise<ImageCalls[keyof ImageCalls]["answer"]> {
  switch (call.kind) {
    case "inspect":
      return inspect(vips, await readPicture(call.ask));
    case "conform":
      return conform(vips, await readPicture(call.ask.source), call.ask);
    case "compress":
      return compress(vips, await readPicture(call.ask.source), call.ask);
    case "thumbnail":
      return thumbnail(vips, await readPicture(call.ask.source), call.ask);
  }
}

function withPath(error: ImageError, call: Call): ImageError["facts"] {
  const source = call.kind === "inspect" ? call.ask : call.ask.source;
  return "path" in source ? { ...error.facts, path: source.path } : error.facts;
}

function transferables(answer: ImageCalls[keyof ImageCalls]["answer"]): ArrayBuffer[] {
  if (answer === undefined) {
    return [];
  }
  if ("bytes" in answer) {
    return [answer.bytes.buffer];
  }
  if ("png" in answer) {
    return [answer.png.buffer];
  }
  return "webp" in answer ? [answer.webp.buffer] : [];
}
