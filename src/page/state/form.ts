/** What the page works out about a draft. Pure: no DOM, no messages, no texts. */

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

/** Reading order of the form, which is also the order in which flaws get the focus. */
export const fieldOrder: readonly Field[] = ["start", "end", "prompt", ...settableNames];

const plainNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;

/** The value that the text of a field stands for: undefined when empty, a flaw when it stands for none. */
export function readField(name: SettableName, text: string): { value: string | number | undefined } | { flaw: Flaw } {
  // Full-width digits, as input methods type them, are digits.
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

/** Everything that keeps a draft from being sent, known without a look at the images. */
export function draftFlaws(draft: Form): Flaws {
  return {
    ...(draft.start === undefined ? { start: "startMissing" } : {}),
    ...(draft.end === undefined ? { end: "endMissing" } : {}),
    ...(promptOf(draft.prompt) === "" ? { prompt: "promptEmpty" } : {}),
    ...parameterFlaws(draft),
  };
}

/** The first flawed field from the top of the form. */
export function firstFlawed(flaws: Partial<Record<Field, unknown>>): Field | undefined {
  return fieldOrder.find((field) => flaws[field] !== undefined);
}

/** What is set in the form, as values. Flawed fields count as not set. */
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

/** A draft with parts of it replaced; a part given as undefined is emptied. */
export function patched(draft: Form, patch: FormPatch): Form {
  return {
    ...framingAfter(draft, patch),
    start: "start" in patch ? patch.start : draft.start,
    end: "end" in patch ? patch.end : draft.end,
    prompt: patch.prompt ?? draft.prompt,
    parameters: patch.parameters ?? draft.parameters,
    hosting: "hosting" in patch ? patch.hosting : draft.hosting,
    // Values that come from elsewhere are no preset's.
    preset: patch.parameters === undefined ? draft.preset : undefined,
  };
}

/** A draft with one parameter set, or with an empty text: left to its default. */
export function withParameter(draft: Form, name: SettableName, text: string): Form {
  const { [name]: _, ...others } = draft.parameters;
  return { ...draft, parameters: text === "" ? others : { ...others, [name]: text } };
}
