/** Texts, numbers and durations in the user's language, for page and host alike. */

import * as l10n from "@vscode/l10n";
import {
  durationOf,
  fpsOf,
  framesOf,
  type ParameterName,
  type Parameters,
  parameterTable,
  type SettableName,
  settableRow,
  sizeOf,
} from "./model/parameters.ts";
import type { Size } from "./model/size.ts";

let language = "en";

/**
 * Sets the user's language. Call it before the first text.
 * @param tag BCP 47
 * @param bundle translations by their English text, as VS Code provides them; undefined for English
 */
export function setLanguage(tag: string, bundle?: Readonly<Record<string, string>>): void {
  language = isLanguage(tag) ? tag : "en";
  l10n.config({ contents: { ...bundle } });
}

/** False for a tag that a display language made up: `Intl` throws for it. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** The user's language as a BCP 47 tag. */
export function userLanguage(): string {
  return language;
}

/** By language and options: making a format takes a hundred times as long as using it. */
const numberFormats = new Map<string, Intl.NumberFormat>();

/** A number without grouping marks; `options` set the number of digits. */
export function numberText(value: number, options?: Intl.NumberFormatOptions): string {
  const key = JSON.stringify([language, options]);
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(language, { useGrouping: false, ...options });
  numberFormats.set(key, format);
  return format.format(value);
}

/** A share from 0 to 1 as a whole percentage. */
export function percentText(share: number): string {
  return numberText(share, { style: "percent", maximumFractionDigits: 0 });
}

/** A list of items without a conjunction. */
export function listText(items: readonly string[]): string {
  return new Intl.ListFormat(language, { type: "unit" }).format(items);
}

/** The most names that a sentence has room for. */
const mostNames = 5;

/** The names of things in a sentence. Of many it has the first few, and an ellipsis for the rest. */
export function namesText(names: readonly string[]): string {
  const first = names.slice(0, mostNames).map(isolated);
  return listText(names.length > mostNames ? [...first, "…"] : first);
}

/** The plural form that the language uses for a count. */
export function pluralText(count: number, one: string, other: string): string {
  return new Intl.PluralRules(language).select(count) === "one" ? one : other;
}

/** A duration in ms as text, to the second: "45 sec", "2 min 5 sec", "1 hr 10 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) {
    return joined(unitText(hours, "hour"), minutes % 60 === 0 ? undefined : unitText(minutes % 60, "minute"));
  }
  return minutes > 0
    ? joined(unitText(minutes, "minute"), seconds % 60 === 0 ? undefined : unitText(seconds % 60, "second"))
    : unitText(seconds, "second");
}

/** An approximate duration in ms as text: to the second below a minute, to five seconds above it. */
export function estimateText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 1);
  return durationText(1000 * (seconds < 60 ? seconds : Math.round(seconds / 5) * 5));
}

/** The title of an input. */
export function inputTitle(name: ParameterName): string {
  return l10n.t(parameterTable[name].title);
}

/** The description of an input. */
export function inputHelp(name: ParameterName): string {
  return l10n.t(parameterTable[name].description);
}

/** The values that an input can have: "6–20", or its choices. */
export function rangeText(name: SettableName): string {
  const row = settableRow(name);
  return row.kind === "choice"
    ? listText(row.choices.map((choice) => (typeof choice === "number" ? numberText(choice) : choice)))
    : l10n.t({
        message: "{0}–{1}",
        args: [numberText(row.minimum), numberText(row.maximum)],
        comment: ["Lowest and highest allowed number"],
      });
}

/** A video in one line: size, frames, rate and duration. `size` in pixels, if it differs from the requested one. */
export function videoSummary(parameters: Parameters, size = sizeOf(parameters)): string {
  return clipSummary({ ...size, frames: framesOf(parameters), fps: fpsOf(parameters) });
}

/** A video in one line, by its own facts: size in pixels, number of frames, frames per second. */
export function clipSummary(clip: Size & { readonly frames: number; readonly fps: number }): string {
  return l10n.t({
    message: "{0} × {1} · {2} frames at {3} fps = {4}",
    args: [
      clip.width,
      clip.height,
      clip.frames,
      numberText(clip.fps, { maximumFractionDigits: 2 }),
      secondsText(clip.frames / clip.fps),
    ],
    comment: ["Width, height, number of frames, frames per second, length such as 5.06 sec"],
  });
}

/** How long a video is: "5.06 sec". */
export function lengthText(parameters: Pick<Parameters, "length" | "fps">): string {
  return secondsText(durationOf(parameters));
}

function secondsText(seconds: number): string {
  return unitText(seconds, "second", { maximumFractionDigits: 2 });
}

/** Foreign text, such as a file name, for use in a sentence: right-to-left text cannot reorder what surrounds it. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** What to say where the prompt is missing. */
export function promptEmptyText(): string {
  return l10n.t("Write a prompt: describe what changes between the two images.");
}

/** The message for an unexpected error. */
export function unexpectedText(): string {
  return l10n.t("Something unexpected went wrong. See the log for details.");
}

function unitText(value: number, unit: "hour" | "minute" | "second", options?: Intl.NumberFormatOptions): string {
  return numberText(value, { style: "unit", unit, unitDisplay: "short", ...options });
}

function joined(...parts: readonly (string | undefined)[]): string {
  const format = new Intl.ListFormat(language, { type: "unit", style: "narrow" });
  return format.format(parts.filter((part) => part !== undefined));
}
