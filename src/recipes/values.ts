import { isValid } from "../shared/model/draft.ts";
import { namesWithSetting, type SettableName, settableNames, settableRow } from "../shared/model/parameters.ts";
import { nearest } from "./near.ts";

/** What is wrong with a parameter's value, and the closest one that it accepts. */
export type ValueFault =
  | { readonly code: "typeWrong"; readonly expected: "number" | "integer" | "text"; readonly closest?: number | string }
  | {
      readonly code: "valueOutOfRange";
      readonly minimum: number;
      readonly maximum: number;
      readonly closest: number;
      /** It is the model's own value, which is sent by leaving the key out. */
      readonly isDefault: boolean;
    }
  | { readonly code: "valueNotAllowed"; readonly choices: readonly string[]; readonly closest?: number | string };

/** What a parameter has against a value; undefined if it accepts it. */
export function valueFault(name: SettableName, value: unknown): ValueFault | undefined {
  if (isValid(name, value)) {
    return undefined;
  }
  const row = settableRow(name);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (row.kind === "choice") {
    const closest = closestChoice(row.choices, value, number);
    return { code: "valueNotAllowed", choices: row.choices.map(String), ...(closest !== undefined && { closest }) };
  }
  const expected = row.kind === "integer" ? "integer" : "number";
  if (typeof number !== "number" || Number.isNaN(number)) {
    return { code: "typeWrong", expected };
  }
  const { minimum, maximum } = row;
  const within = Math.min(Math.max(number, minimum), maximum);
  const closest = row.kind === "integer" ? Math.round(within) : within;
  return number === within || typeof value === "string"
    ? { code: "typeWrong", expected, closest }
    : { code: "valueOutOfRange", minimum, maximum, closest, isDefault: number === row.default };
}

function closestChoice(
  choices: readonly (string | number)[],
  value: unknown,
  number: unknown,
): string | number | undefined {
  const numbers = choices.filter((choice) => typeof choice === "number");
  if (numbers.length > 0) {
    return typeof number === "number" && !Number.isNaN(number)
      ? numbers.reduce((best, each) => (Math.abs(each - number) < Math.abs(best - number) ? each : best))
      : undefined;
  }
  const texts = choices.filter((choice) => typeof choice === "string");
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : (texts.find((choice) => choice.startsWith(`${text} `)) ?? nearest(text, texts));
}

const settingNames = new Map(namesWithSetting.map(([name, setting]) => [setting.toLowerCase(), name]));

/** The parameter that somebody who wrote `key` meant: its name, that of its setting or that in the form, or one close to it. */
export function meantParameter(key: string): SettableName | undefined {
  const plain = key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return (
    settableNames.find((name) => name === plain) ??
    settingNames.get(plain) ??
    nearest(key, settableNames) ??
    settingNames.get(nearest(key, [...settingNames.keys()]) ?? "")
  );
}
