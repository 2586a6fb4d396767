/** What the page derives from a draft. Pure: no DOM, no messages, no texts. */

import type { Form, FormPatch } from "../../shared/messages/form.ts";
import type { Field } from "../../shared/messages/shownProblem.ts";
import { isValid, promptOf } from "../../shared/model/draft.ts";
import type { Parameters, SettableName } from "../../shared/model/parameters.ts";
import { settableNames, settableRow } from "../../shared/model/parameters.ts";
import { framingAfter } from "./framing.ts";

export const emptyDraft: Form = { prompt: "", parameters: {} };

/** Why a draft cannot be sent as it is. */
export type Flaw = "startMissing" | "endMissing" | "promptEmpty" | "notANumber" | "notWhole" | "outOfRange";
export type Flaws = Partial<Record<Field, Flaw>>;

/** The form's reading order. The first flawed field in this order gets the focus. */
export const fieldOrder: readonly Field[] = ["start", "end", "prompt", ...settableNames];

const plainNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;

/** The value of a field's text: undefined if the text is empty, a flaw if it is not a valid value. */
export function readField(name: SettableName, text: string): { value: string | number | undefined } | { flaw: Flaw } {
  // Input methods may type full-width digits.
  const trimmed = text.normalize("NFKC").trim();
  if (trimmed === "") {
    return { value: undefined };
  }
  const row = settableRow(name);
  if (row.kind === "choice" && typeof row.default === "string") {
    return isValid(name, trimmed) ? { value: trimmed } : { flaw: "outOfRange" };
  }
  if (!plainNumber.test(trimmed)) {
    return { flaw: "notANumber" };
  }
  const value = Number(trimmed.replace(",", "."));
  if (isValid(name, value)) {
    return { value };
  }
  return { flaw: row.kind === "integer" && !Number.isInteger(value) ? "notWhole" : "outOfRange" };
}

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

/** The form's settings as values. Flawed fields count as not set. */
export function formParameters(draft: Form): Parameters {
  const values: Record<string, string | number> = {};
  for (const name of settableNames) {
    const read = readField(name, draft.parameters[name] ?? "");
    if ("value" in read && read.value !== undefined) {
      values[name] = read.value;
    }
  }
  return values;
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
