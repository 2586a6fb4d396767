import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { maximumRate } from "../../src/jobs/steps/spacing.ts";
import { makeGround } from "./ground.ts";
import type { Measure } from "./protocol.ts";
import type { Window } from "./window.ts";
import { type Ground, World } from "./world.ts";

const help = `Lets one engine look after very many jobs and measures what that costs.

  npm run test:load -- [--jobs 1000] [--seconds 60] [--json]

First all jobs are at the service and never end; then all but four wait for their turn. The last line is the outcome as
JSON with --json. Exit code 1 when the service was asked too often or the jobs did not move on.`;

/** Every now and then a read asks for status and result. */
const slack = 1.15;
/** The service must not be asked too often in any stretch of this length, ms. */
const stretch = 5000;
/** Jobs at the service at once in the second part. */
const atOnce = 4;
/** How long a run takes in the second part, ms. */
const runTime = 2000;
/** Jobs a second that must get through in the second part: a place may stand empty for no longer than a run takes. */
const fewestPerSecond = atOnce / (4 * (runTime / 1000));

interface Part {
  readonly jobs: number;
  readonly requestsPerSecond: number;
  /** In the stretch with the most. */
  readonly peakPerSecond: number;
  /** Share of one processor. */
  readonly cpuPercent: number;
  readonly megabytes: number;
}

/** Looks on for a while. */
async function observe(world: World, window: Window, jobs: number, seconds: number): Promise<Part> {
  const before = await window.measure();
  const since = Date.now();
  await setTimeout(seconds * 1000);
  const after: Measure = await window.measure();
  const times = world.service.ledger.exchanges
    .filter(({ at, call }) => at >= since && call !== "download")
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const peak = Math.max(
    0,
    ...times.map((start, index) => times.slice(index).filter((at) => at < start + stretch).length),
  );
  const round = (number: number) => Math.round(number * 100) / 100;
  return {
    jobs,
    requestsPerSecond: round(times.length / seconds),
    peakPerSecond: round((peak / stretch) * 1000),
    cpuPercent: round((after.cpu - before.cpu) / seconds / 10),
    megabytes: Math.round(after.memory / 1e6),
  };
}

/** All jobs are at the service, which goes on and on. */
async function atTheService(ground: Ground, jobs: number, seconds: number): Promise<Part> {
  await using world = await World.make(ground);
  world.service.changeSettings({ timing: { queueMs: 0, runMs: null } });
  const window = world.start();
  for (let count = 0; count < jobs; count += 1) {
    await world.recover(window, await world.foreignRequest());
  }
  return await observe(world, window, jobs, seconds);
}

/** All jobs wait for one of a few places. */
async function waiting(ground: Ground, jobs: number, seconds: number): Promise<Part & { savedPerSecond: number }> {
  await using world = await World.make(ground, { jobsAtOnce: atOnce });
  world.service.changeSettings({ timing: { queueMs: 0, runMs: runTime } });
  const window = world.start();
  for (let count = 0; count < jobs; count += 1) {
    await world.submit(window);
  }
  const saved = () => window.log.filter((line) => line.includes("-> saved")).length;
  const before = saved();
  const part = await observe(world, window, jobs, seconds);
  return { ...part, savedPerSecond: Math.round(((saved() - before) / seconds) * 100) / 100 };
}

const { values } = parseArgs({
  options: {
    jobs: { type: "string" },
    seconds: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const args = z
  .object({ jobs: z.coerce.number().int().min(1).default(1000), seconds: z.coerce.number().min(10).default(60) })
  .parse(values);

if (values.help) {
  console.log(help);
} else {
  await using ground = await makeGround();
  const running = await atTheService(ground, args.jobs, args.seconds);
  console.log(`at the service: ${JSON.stringify(running)}`);
  const turn = await waiting(ground, args.jobs, args.seconds);
  console.log(`waiting for their turn: ${JSON.stringify(turn)}`);
  const problems = [
    ...[running, turn].flatMap(({ jobs, peakPerSecond }) =>
      peakPerSecond > maximumRate * slack ? [`${jobs} jobs: ${peakPerSecond} requests a second`] : [],
    ),
    ...(turn.savedPerSecond < fewestPerSecond ? [`only ${turn.savedPerSecond} jobs a second get through`] : []),
  ];
  for (const problem of problems) {
    console.log(problem);
  }
  if (values.json) {
    console.log(JSON.stringify({ running, waiting: turn, problems: problems.length }));
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}
