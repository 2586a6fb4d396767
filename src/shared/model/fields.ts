import { isValid } from "./draft.ts";
import { type Parameters, type SettableName, settableNames, settableRow } from "./parameters.ts";

// Parameters as the texts of their fields.

/** Why the text of a field is no valid value. */
export type FieldFlaw = "notANumber" | "notWhole" | "outOfRange";

const plainNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;

/** The value of a field's text: undefined if the text is empty, a flaw if it is not a valid value. */
export function readField(
  name: SettableName,
  text: string,
): { value: string | number | undefined } | { flaw: FieldFlaw } {
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

/** The values of fields. Those with a flaw count as not set. */
export function fieldValues(texts: { readonly [Name in SettableName]?: string }): Parameters {
  const values: Record<string, string | number> = {};
  for (const name of settableNames) {
    const read = readField(name, texts[name] ?? "");
    if ("value" in read && read.value !== undefined) {
      values[name] = read.value;
    }
  }
  return values;
}
