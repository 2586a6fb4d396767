import * as z from "zod";
import { settableNames } from "../model/parameters.ts";
import { sides } from "../model/side.ts";

/** A field of the form that a message can belong to. */
const fieldSchema = z.enum([...sides, "prompt", ...settableNames]);
export type Field = z.infer<typeof fieldSchema>;

/** A problem in the user's language, its field (none for the whole panel), and what the user can do about it. */
export const shownProblemSchema = z.object({
  message: z.string(),
  field: fieldSchema.optional(),
  /** `setting` is the full name of the setting that the command opens. */
  actions: z.array(z.object({ command: z.string(), label: z.string(), setting: z.string().optional() })).optional(),
  /** True if the files have changed since the page loaded their pictures. */
  outdated: z.boolean().optional(),
});
export type ShownProblem = z.infer<typeof shownProblemSchema>;
