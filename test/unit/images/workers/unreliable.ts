import { parentPort, threadId } from "node:worker_threads";
import type { Call, Reply } from "../../../../src/images/protocol.ts";

// An image thread that misbehaves as told by the last part of the path: "exit", "throw", "crash", "exhaust", "hang", "die
// later", each perhaps with " in thread N" for that one alone; else the answer carries the thread's number as its width.

parentPort?.on("message", ({ kind, ask }: Call) => {
  const source = kind === "inspect" ? ask : ask.source;
  const name = "path" in source ? (source.path.split(/[\\/]/).at(-1) ?? "") : "";
  const [fault, thread] = name.split(" in thread ");
  const replies: Record<string, Reply<"inspect">> = {
    crash: { state: "broken", cause: "crashed", message: "as told" },
    exhaust: { state: "exhausted", size: { width: 20_000, height: 9_000 } },
    fine: {
      state: "done",
      answer: { width: threadId, height: 1 },
    },
  };
  switch (thread === undefined || Number(thread) === threadId ? fault : "fine") {
    case "exit":
      return process.exit(3);
    case "throw":
      throw new Error("thrown in the thread");
    case "hang":
      for (;;);
    case "die later":
      setImmediate(() => process.exit(4));
      return parentPort?.postMessage(replies.fine);
    case "crash":
      return parentPort?.postMessage(replies.crash);
    case "exhaust":
      return parentPort?.postMessage(replies.exhaust);
    default:
      return parentPort?.postMessage(replies.fine);
  }
});
