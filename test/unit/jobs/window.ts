import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const module = (path: string) => JSON.stringify(new URL(`../../../src/jobs/${path}`, import.meta.url).href);
const program = `
  import { createInterface } from "node:readline";
  const { Journal } = await import(${module("journal/journal.ts")});
  const { patiently, isBusy } = await import(${module("journal/sql.ts")});
  const [file] = process.argv.slice(1);
  const aside = [];
  const known = { journal: undefined, Journal, patiently, isBusy, file, aside };
  known.open = async () => { known.journal = await Journal.opened(file, (path) => aside.push(path), 30000); };
  for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
      answer = { value: await new (async () => {}).constructor("known", "with (known) { " + JSON.parse(line) + " }")(known) };
    } catch (error) {
      answer = { error: String(error?.stack ?? error) };
    }
    console.log(JSON.stringify(answer));
  }`;

/** Another window: a process of its own with its own connection to a journal. */
export interface Window extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Runs a function's body there and gives what it returns. Known to it: journal, open, patiently, isBusy, file, aside. */
  run(body: string): Promise<unknown>;
  kill(): Promise<void>;
}

export async function startWindow(file: string): Promise<Window> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  };
  return {
    pid: child.pid,
    async run(body) {
      child.stdin.write(`${JSON.stringify(body)}\n`);
      const { value } = await lines.next();
      const answer: { value?: unknown; error?: string } = JSON.parse(String(value));
      if (answer.error !== undefined) {
        throw new Error(answer.error);
      }
      return answer.value;
    },
    kill: end,
    [Symbol.asyncDispose]: end,
  };
}
