import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { relative } from "node:path";
import type { Writable } from "node:stream";
import type { run } from "node:test";
import { endWith } from "../endAll.mjs";
import { root } from "../paths.ts";

/** How often it looks, ms. */
const pace = 500;

/**
 * Ends test files that have said nothing for so long that they never will: in a loop, no timer of theirs fires, and no signal
 * that they listen to arrives. Says which. A file whose tests never wait is silent until its end.
 * @param patience how long a file may be silent, ms
 * @param start starts the run
 */
export function watched(out: Writable, patience: number, start: () => ReturnType<typeof run>): ReturnType<typeof run> {
  const started: ChildProcess[] = [];
  const onStart = (message: unknown) => {
    if (isStart(message)) started.push(message.process);
  };
  // The runner of Node tells nobody which process runs a file.
  subscribe("child_process", onStart);
  const stream = start();
  /** When each file under way was heard of last, ms. */
  const heard = new Map<string, number>();
  const hear = ({ file }: { readonly file?: string | undefined }) => {
    if (file !== undefined && heard.has(file)) heard.set(file, performance.now());
  };
  stream.on("test:dequeue", ({ file, name }) => {
    if (file !== undefined && file === name) heard.set(file, performance.now());
    else hear({ file });
  });
  for (const event of ["test:enqueue", "test:stdout", "test:stderr"] as const) stream.on(event, hear);
  stream.on("test:complete", ({ file, name }) => {
    if (file !== undefined && file === name) heard.delete(file);
    else hear({ file });
  });
  const timer = setInterval(() => {
    for (const [file, at] of heard) {
      if (performance.now() - at < patience) continue;
      heard.delete(file);
      out.write(`${relative(root, file)} was ended: it had said nothing for ${patience / 1000} s\n`);
      for (const { pid, spawnargs } of started) if (pid !== undefined && spawnargs.includes(file)) endWith(pid);
    }
  }, pace);
  stream.once("close", () => {
    clearInterval(timer);
    unsubscribe("child_process", onStart);
  });
  return stream;
}

function isStart(message: unknown): message is { readonly process: ChildProcess } {
  return typeof message === "object" && message !== null && "process" in message;
}
