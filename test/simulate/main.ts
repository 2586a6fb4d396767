import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { makeScratch } from "../support/engine/scratch.ts";
import { install } from "./hooks.ts";
import { faults } from "./putBack.ts";

const help = `Plays the engine in several windows against a simulated service, network, disk and clock, all from one seed.

  npm run simulate -- --seed N                    replays one seed with its whole trace
  npm run simulate -- --seeds 2000 [--from 1]     plays so many
  ... [--put-back K]                              with an old fault put back into the product (1 to 9)
  ... [--kinds paidTwice,lost] [--until-first] [--json]

The last line is the outcome as JSON with --json. Exit code 1 when anything was found.`;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    from: { type: "string" },
    "put-back": { type: "string" },
    kinds: { type: "string" },
    "until-first": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const whole = z.coerce.number().int().min(0);
const args = z
  .object({ seed: whole.optional(), seeds: whole.default(300), from: whole.default(1), "put-back": whole.optional() })
  .parse(values);

if (values.help) {
  console.log(help);
} else {
  const number = args["put-back"];
  const fault = number === undefined ? undefined : faults.get(number);
  if (number !== undefined && fault === undefined) {
    throw new Error(`there is no fault ${number}`);
  }
  const missing = install(fault);
  const { simulate } = await import("./run.ts");
  if (missing().length > 0) {
    throw new Error(`not loaded, so nothing was put back there: ${missing().join(", ")}`);
  }
  const { realTime } = await import("./world.ts");
  const started = realTime();
  const scratch = await makeScratch("wan-simulate-");
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const outcome = { seeds: 0, steps: 0, lost: 0, paidTwice: 0, other: 0 };
  let firstFailingSeed: number | null = null;
  let trace = "";
  const first = args.seed ?? args.from;
  const kinds = values.kinds?.split(",");
  const count = args.seed === undefined ? args.seeds : 1;
  for (let seed = first; seed < first + count; seed += 1) {
    const print = args.seed === undefined || values.json ? undefined : (line: string) => console.log(line);
    const played = await simulate(seed, scratch, print, fault?.often);
    outcome.seeds += 1;
    outcome.steps += played.steps;
    trace = played.trace;
    const found = played.violations.filter(({ kind }) => kinds?.includes(kind) !== false);
    for (const { kind, text } of found) {
      outcome[kind === "lost" || kind === "paidTwice" ? kind : "other"] += 1;
      console.log(`seed ${seed}: ${kind}: ${text}`);
    }
    if (found.length > 0) {
      firstFailingSeed ??= seed;
      if (values["until-first"]) {
        break;
      }
    }
  }
  const seconds = Math.round((realTime() - started) / 100) / 10;
  const all = { ...outcome, firstFailingSeed, seconds, ...(args.seed !== undefined && { trace }) };
  console.log(
    values.json ? JSON.stringify(all) : `${all.seeds} seeds, ${all.steps} steps, ${seconds} s, trace ${trace}`,
  );
  process.exitCode = firstFailingSeed === null ? 0 : 1;
}
