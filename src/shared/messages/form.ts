import * as z from "zod";

/** What the service says a video costs, as the page gets it. USD for one unit; the unit is the service's word. */
export const priceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("known"), usd: z.number(), unit: z.string() }),
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("noToken") }),
]);

/** Prompts of the user's own jobs, each once, newest first. */
export const promptsSchema = z.object({ prompts: z.array(z.string()) });

/** What the user's own videos of the same work typically took, ms; missing without any. */
export const runTimeSchema = z.object({ typical: z.number().optional() });
