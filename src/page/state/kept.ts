/** The draft as page and host store it. Pure: no DOM, no messages, no texts. */
import * as z from "zod";
import type { Form, KeptForm, Place } from "../../shared/messages/form.ts";
import { formSchema, placeSchema } from "../../shared/messages/form.ts";
import { settableNames } from "../../shared/model/parameters.ts";
import { cropPlanSchema } from "../../shared/model/plan.ts";
import { emptyDraft } from "./form.ts";

const { start, end, separate, prompt, preset, hosting } = formSchema.shape;
const plan = cropPlanSchema.optional().catch(undefined);

/** Reads each field on its own: a field that this version cannot read is left out without affecting the others. */
const readableSchema = z
  .object({
    start: start.catch(undefined),
    end: end.catch(undefined),
    plans: z.object({ start: plan, end: plan }).optional().catch(undefined),
    separate: separate.catch(undefined),
    prompt: prompt.catch(emptyDraft.prompt),
    parameters: z.record(z.string(), z.unknown()).catch({}).transform(readableParameters),
    preset: preset.catch(undefined),
    hosting: hosting.catch(undefined),
  })
  .catch(emptyDraft);

const keptSchema = z.object({
  revision: z.int().min(0).catch(0),
  draft: readableSchema,
  earlier: readableSchema.optional(),
  place: placeSchema.optional().catch(undefined),
});

/** Reads a stored draft of any version. Undefined if the value is not a draft. */
export function readKept(raw: unknown): KeptForm | undefined {
  // Earlier versions stored the draft alone.
  const isDraft = typeof raw === "object" && raw !== null && "prompt" in raw;
  return keptSchema.safeParse(isDraft ? { revision: 0, draft: raw } : raw).data;
}

/** The newer of two stored drafts; an empty one if there is neither. */
export function newest(one: KeptForm | undefined, other: KeptForm | undefined): KeptForm {
  const [older = { revision: 0, draft: emptyDraft }, newer = older] =
    (one?.revision ?? -1) > (other?.revision ?? -1) ? [other, one] : [one, other];
  return newer;
}

/** The later of the places in two stored drafts. */
export function latestPlace(one: KeptForm | undefined, other: KeptForm | undefined): Place | undefined {
  const [a, b] = [one?.place, other?.place];
  return (a?.at ?? -1) > (b?.at ?? -1) ? a : b;
}

function readableParameters(entries: Readonly<Record<string, unknown>>): Form["parameters"] {
  return Object.fromEntries(
    settableNames.flatMap((name) => {
      const text = entries[name];
      return typeof text === "string" ? [[name, text] as const] : [];
    }),
  );
}
