import { parentPort, threadId } from "node:worker_threads";
import type { Call, Reply } from "../../../../src/images/protocol.ts";

// An image thread that misbehaves as told by the path: "exit", "throw", "hang", "die later" or an answer that carries
// the thread's number as its width.

parentPort?.on("message", ({ kind, ask }: Call) => {
  const path = kind === "inspect" && "path" in ask ? ask.path : "";
  switch (path) {
    case "exit":
      return process.exit(3);
    case "throw":
      throw new Error("thrown in the thread");
    case "hang":
      for (;;);
    case "die later":
      setImmediate(() => process.exit(4));
  }
  const reply: Reply<"inspect"> = {
    state: "done",
    answer: { format: "png", width: threadId, height: 1, hasAlpha: false, pages: 1, bitDepth: 8 },
  };
  parentPort?.postMessage(reply);
});
