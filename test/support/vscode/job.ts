import * as z from "zod";
import type { Bridge } from "./bridge.ts";

const factsSchema = z.object({
  id: z.string(),
  state: z.string(),
  requestId: z.string().optional(),
  video: z.string().optional(),
  recipe: z.string().optional(),
  cost: z.number().optional(),
  message: z.string().optional(),
});
export type JobFacts = z.infer<typeof factsSchema>;

/** A job's facts once it is in one of these states, asked in the extension host as another extension would. */
export async function jobReaches(code: Bridge, id: unknown, ...states: readonly string[]): Promise<JobFacts> {
  const facts: unknown = await code.inHost(
    async (vscode, wanted) => {
      for (;;) {
        const job: unknown = await vscode.commands.executeCommand("wanFlf2v.getJob", wanted.id);
        if (typeof job === "object" && job !== null && "state" in job && wanted.states.includes(String(job.state))) {
          return job;
        }
        // Another extension has no event to wait for either: it asks again.
        await new Promise((again) => setTimeout(again, 50));
      }
    },
    { id, states },
  );
  return factsSchema.parse(facts);
}
