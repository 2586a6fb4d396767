import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { faultPlanSchema } from "./faults.ts";
import { startService } from "./service.ts";

const HELP = `Local service that speaks the RunComfy Model API and answers with simulated videos.

  node test/support/service/main.ts [--port 0] [--token TEXT] [--faults FILE.json] [--queue-ms 600] [--run-ms 1200]
                            [--validation lax|strict] [--data-uris accepted|refused] [--balance 100] [--public-host HOST]

Prints one line of JSON: {"url", "token", "pid"}. Stops on SIGINT or SIGTERM.`;

const number = z.coerce.number().min(0);
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    token: { type: "string" },
    faults: { type: "string" },
    "queue-ms": { type: "string" },
    "run-ms": { type: "string" },
    validation: { type: "string" },
    "data-uris": { type: "string" },
    balance: { type: "string" },
    "public-host": { type: "string" },
    help: { type: "boolean" },
  },
});

const argsSchema = z.object({
  port: number.default(0),
  token: z.string().min(1).optional(),
  faults: z.string().optional(),
  "queue-ms": number.default(600),
  "run-ms": number.default(1200),
  validation: z.enum(["lax", "strict"]).default("lax"),
  "data-uris": z.enum(["accepted", "refused"]).default("accepted"),
  balance: z.coerce.number().default(100),
  "public-host": z.string().optional(),
});

if (values.help) {
  console.log(HELP);
} else {
  const args = argsSchema.parse(values);
  const faults =
    args.faults === undefined ? [] : faultPlanSchema.parse(JSON.parse(await readFile(args.faults, "utf8")));
  const service = await startService({
    port: args.port,
    timing: { queueMs: args["queue-ms"], runMs: args["run-ms"] },
    validation: args.validation,
    dataUris: args["data-uris"],
    balance: args.balance,
    faults,
    ...(args.token === undefined ? {} : { token: args.token }),
    ...(args["public-host"] === undefined ? {} : { publicHost: args["public-host"] }),
  });
  const stop = () => void service.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  console.log(JSON.stringify({ url: service.url, token: service.token, pid: process.pid }));
}
