import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod";

const summarySchema = z.object({
  seeds: z.number(),
  steps: z.number(),
  lost: z.number(),
  paidTwice: z.number(),
  other: z.number(),
  firstFailingSeed: z.number().nullable(),
  trace: z.string().optional(),
});

/** What a run of the simulator says: its last line, and the sentences before it. */
export interface Played {
  readonly summary: z.infer<typeof summarySchema>;
  readonly found: string[];
}

/**
 * Runs the simulator in a process of its own, since it puts a system of its own below the product.
 * @throws Error with what it printed where it does not end with a summary
 */
export async function play(...options: string[]): Promise<Played> {
  const command = [join(import.meta.dirname, "main.ts"), ...options, "--json"];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = printed.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  if (!last.startsWith("{")) {
    throw new Error(`the simulator broke off: ${errors.slice(0, 2000)}`);
  }
  return { summary: summarySchema.parse(JSON.parse(last)), found: lines };
}
