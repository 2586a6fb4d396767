import * as z from "zod";
import { settableNames } from "../model/parameters.ts";
import { sides } from "../model/side.ts";

/** A place of the form that a message can belong to. */
const fieldSchema = z.enum([...sides, "prompt", ...settableNames]);
export type Field = z.infer<typeof fieldSchema>;

/** A problem in the user's language, the place it belongs to (none: the whole panel), and what can be done about it. */
export const shownProblemSchema = z.object({
  message: z.string(),
  field: fieldSchema.optional(),
  /** `setting` is the whole name of the one that the command is to lead to. */
  actions: z.array(z.object({ command: z.string(), label: z.string(), setting: z.string().optional() })).optional(),
  /** True where the pictures that the page shows are not those of the files any more. */
  outdated: z.boolean().optional(),
});
export type ShownProblem = z.infer<typeof shownProblemSchema>;
