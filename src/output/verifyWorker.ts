import { parentPort, workerData } from "node:worker_threads";
import { codeOf, messageOf } from "../shared/errors.ts";
import { Unplayable } from "../shared/video/source.ts";
import type { CheckReply, CheckThreadData } from "./verifier.ts";
import { readFacts } from "./verify.ts";

// The thread checks one video and ends.

const { file }: CheckThreadData = workerData;
parentPort?.postMessage(answer());

function answer(): CheckReply {
  try {
    return { state: "done", facts: readFacts(file) };
  } catch (error) {
    if (error instanceof Unplayable) {
      return { state: "refused", reason: error.reason };
    }
    // A missing file or an unreadable disk stays an error of the file system.
    return error instanceof Error && "syscall" in error
      ? { state: "unread", message: error.message, ...systemFields(error) }
      : { state: "broken", message: messageOf(error) };
  }
}

function systemFields(error: Error): { code: string; syscall: string } {
  return { code: codeOf(error), syscall: String(Reflect.get(error, "syscall")) };
}
