import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Job } from "../../../../src/jobs/job.ts";
import type { Payment } from "../../../../src/shared/model/budget.ts";

const module = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href);
const program = `
  const { Journal } = await import(${module("jobs/journal/journal.ts")});
  const { patiently } = await import(${module("jobs/journal/sql.ts")});
  const { checkCap, checkVideoCaps } = await import(${module("shared/model/budget.ts")});
  const [file, id, job, cap] = process.argv.slice(1);
  process.stdout.write("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  const journal = await Journal.opened(file);
  const payment = JSON.parse(cap);
  for (let n = 0; n < 10; n += 1) {
    const check = () => {
      const made = journal.charges.videos(0);
      checkVideoCaps({ day: made, month: made }, payment.videoCaps);
      checkCap(journal.charges.spend(0), payment);
    };
    try {
      await patiently(() => journal.insert({ ...JSON.parse(job), id: id + n }, id, 0, check));
    } catch (error) {
      if (!["capReached", "videosReached"].includes(error.problem?.code)) throw error;
    }
  }
  journal.close();`;

/**
 * Opens a journal in several windows at the same moment, each its own process; each adds a job ten times.
 * @param caps USD that all jobs together may cost, by their estimates, and their number: a window leaves out what would
 * exceed one.
 */
export async function addInWindows(
  file: string,
  count: number,
  job: Job,
  { cap = null, videos = null }: { readonly cap?: number | null; readonly videos?: number | null } = {},
): Promise<void> {
  const payment: Payment = {
    estimate: job.order.estimate,
    cap,
    videoCaps: { day: null, month: videos },
    acceptsUnknown: false,
  };
  const windows = Array.from({ length: count }, (_, index) => {
    const facts = [file, `window-${index}-`, JSON.stringify(job), JSON.stringify(payment)];
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, ...facts], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return { child, ready: once(child.stdout, "data"), ended: once(child, "exit") };
  });
  await Promise.all(windows.map(({ ready }) => ready));
  for (const { child } of windows) {
    child.stdin.end("go");
  }
  for (const { ended } of windows) {
    assert.deepEqual(await ended, [0, null]);
  }
}
