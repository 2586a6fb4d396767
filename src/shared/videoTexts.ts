/** How a video is told from others wherever videos are listed, in the user's language, for page and host alike. */

import * as l10n from "@vscode/l10n";
import { aboutText } from "./model/money.ts";
import { userLanguage } from "./texts.ts";

/** What lists say of a video. */
export interface ListedVideo {
  readonly prompt: string;
  /** The name of its file. */
  readonly name: string;
  /** Its number among the videos of its pair, if known. */
  readonly take?: number | undefined;
  /** What it cost, USD, if known. */
  readonly usd?: number | undefined;
  /** From when its age counts, ms since 1970: its end, or else its creation. */
  readonly agedFrom: number;
}

/** The first words of the prompt, in at most so many characters and without a final period; the name if there is no prompt. */
export function titleText({ prompt, name }: Pick<ListedVideo, "prompt" | "name">, most = 120): string {
  const words = prompt
    .trim()
    .replace(/\s+/g, " ")
    .replace(/(?<!\.)\.$/, "");
  if (words.length <= most) {
    return words === "" ? name : words;
  }
  const cut = words.slice(0, most + 1);
  const end = cut.lastIndexOf(" ");
  // A language without spaces between its words is cut within one, but not within a character.
  return `${end > most / 2 ? cut.slice(0, end) : cut.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The name of a video, with what tells its folder from those of others with the name: "lighthouse-001 · …/clips". */
export function nameText({ name, folder }: { readonly name: string; readonly folder?: string | undefined }): string {
  return folder === undefined ? name : factLine([name, folder]);
}

/** "Take 4". */
export function takeText(take: number): string {
  return l10n.t({
    message: "Take {0}",
    args: [take],
    comment: ["Number of a video among those of the same two images"],
  });
}

/** "0.25 USD", rounded. */
export function sumText(usd: number): string {
  return l10n.t("{0} USD", aboutText(usd, userLanguage()));
}

/** How long ago a moment was: "just now", "2 min. ago", "yesterday". Both in ms since 1970. */
export function ageText(at: number, now: number): string {
  const seconds = Math.max(now - at, 0) / 1000;
  if (seconds < 60) {
    return l10n.t("just now");
  }
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = daysBetween(at, now);
  const format = new Intl.RelativeTimeFormat(userLanguage(), { numeric: "auto", style: "short" });
  if (minutes < 60) {
    return format.format(-minutes, "minute");
  }
  if (hours < 12 || days === 0) {
    return format.format(-hours, "hour");
  }
  if (days < 7) {
    return format.format(-days, "day");
  }
  return days < 30
    ? format.format(-Math.floor(days / 7), "week")
    : days < 365
      ? format.format(-Math.floor(days / 30), "month")
      : format.format(-Math.floor(days / 365), "year");
}

/** A moment in full: "Nov 26, 2026, 14:02". */
export function momentText(at: number): string {
  return new Intl.DateTimeFormat(userLanguage(), { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** What tells videos with the same prompt apart, as far as it is known: "Take 4", "0.25 USD", "2 min. ago". */
export function factTexts(
  { take, usd, agedFrom }: Pick<ListedVideo, "take" | "usd" | "agedFrom">,
  now: number,
): string[] {
  const facts = [take === undefined ? undefined : takeText(take), usd === undefined ? undefined : sumText(usd)];
  return [...facts.filter((fact) => fact !== undefined), ageText(agedFrom, now)];
}

/** Facts in one line: "Take 4 · 0.25 USD · 2 min. ago". */
export function factLine(facts: readonly string[]): string {
  return facts.join(" · ");
}

/** Calendar days from one moment to another, in the user's time zone. */
function daysBetween(from: number, to: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}
