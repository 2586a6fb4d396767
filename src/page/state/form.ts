/** What the page derives from a draft. Pure: no DOM, no messages, no texts. */

import type { Form, FormPatch } from "../../shared/messages/form.ts";
import type { Field } from "../../shared/messages/shownProblem.ts";
import { promptOf } from "../../shared/model/draft.ts";
import { type FieldFlaw, readField } from "../../shared/model/fields.ts";
import { type SettableName, settableNames } from "../../shared/model/parameters.ts";
import { framingAfter } from "./framing.ts";

export const emptyDraft: Form = { prompt: "", parameters: {} };

/** Why a draft cannot be sent as it is. */
export type Flaw = "startMissing" | "endMissing" | "promptEmpty" | FieldFlaw;
export type Flaws = Partial<Record<Field, Flaw>>;

/** The form's reading order. The first flawed field in this order gets the focus. */
export const fieldOrder: readonly Field[] = ["start", "end", "prompt", ...settableNames];

/** The flaws of the parameters alone, which show while the user types. */
export function parameterFlaws(draft: Form): Flaws {
  const flaws: Flaws = {};
  for (const name of settableNames) {
    const read = readField(name, draft.parameters[name] ?? "");
    if ("flaw" in read) {
      flaws[name] = read.flaw;
    }
  }
  return flaws;
}

/** Every flaw that keeps a draft from being sent, as far as it is known without reading the images. */
export function draftFlaws(draft: Form): Flaws {
  return {
    ...(draft.start === undefined ? { start: "startMissing" } : {}),
    ...(draft.end === undefined ? { end: "endMissing" } : {}),
    ...(promptOf(draft.prompt) === "" ? { prompt: "promptEmpty" } : {}),
    ...parameterFlaws(draft),
  };
}

/** The topmost flawed field of the form. */
export function firstFlawed(flaws: Partial<Record<Field, unknown>>): Field | undefined {
  return fieldOrder.find((field) => flaws[field] !== undefined);
}

/** A draft with parts replaced. A part that the patch sets to undefined is cleared. */
export function patched(draft: Form, patch: FormPatch): Form {
  return {
    ...framingAfter(draft, patch),
    start: "start" in patch ? patch.start : draft.start,
    end: "end" in patch ? patch.end : draft.end,
    prompt: patch.prompt ?? draft.prompt,
    parameters: patch.parameters ?? draft.parameters,
    hosting: "hosting" in patch ? patch.hosting : draft.hosting,
    // Values from elsewhere belong to no preset.
    preset: patch.parameters === undefined ? draft.preset : undefined,
  };
}

/** A draft with one parameter set. An empty text leaves the parameter at its default. */
export function withParameter(draft: Form, name: SettableName, text: string): Form {
  const { [name]: _, ...others } = draft.parameters;
  return { ...draft, parameters: text === "" ? others : { ...others, [name]: text } };
}
