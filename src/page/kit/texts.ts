import type { PanelStrings, ParameterTexts } from "../../shared/messages/panel.ts";
import { fpsOf, framesOf, type Parameters, sizeOf } from "../../shared/model/parameters.ts";

/** The page's texts with the ways to fill their places, in the user's language. */
export interface Texts {
  readonly strings: PanelStrings;
  readonly parameters: ParameterTexts;
  readonly language: string;
}

/** Puts values into the places `{0}`, `{1}`, … of a text. One that is written from right to left turns nothing around it. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, index: string) => {
    const value = String(values[Number(index)] ?? place);
    return rightToLeft.test(value) ? `\u2068${value}\u2069` : value;
  });
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** A number as people of a language write it in a field: without marks between its digits. */
export function numberText(value: number, language: string): string {
  return new Intl.NumberFormat(language, { useGrouping: false }).format(value);
}

/** How long a prompt is, in words. */
export function promptCountText({ strings, language }: Texts, words: number, characters: number): string {
  const isOne = (count: number) => new Intl.PluralRules(language).select(count) === "one";
  return fill(
    strings.promptCount,
    fill(isOne(words) ? strings.countWord : strings.countWords, words),
    fill(isOne(characters) ? strings.countCharacter : strings.countCharacters, characters),
  );
}

/** Width, height, frames, rate and seconds as the texts `summary` and `facts` want them. */
export function videoFacts(parameters: Parameters, language: string, size = sizeOf(parameters)): string[] {
  const seconds = framesOf(parameters) / fpsOf(parameters);
  return [
    String(size.width),
    String(size.height),
    String(framesOf(parameters)),
    String(fpsOf(parameters)),
    new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(seconds),
  ];
}

/** Minutes and seconds, with hours once there are any: "0:07", "12:30", "1:02:03". */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
