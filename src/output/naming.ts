import { basename, extname } from "node:path";
import filenamify from "filenamify";
import { pairName } from "../shared/model/pairing.ts";
import { type FrozenParameters, fpsOf, framesOf, sizeOf } from "../shared/model/parameters.ts";
import { shortName } from "../shared/shortName.ts";
import { numbered } from "./firstFree.ts";

/** What `${...}` may stand for in the file name setting. */
export const placeholders = [
  "pair",
  "take",
  "start",
  "end",
  "seed",
  "date",
  "time",
  "width",
  "height",
  "frames",
  "fps",
  "prompt",
] as const;
type Placeholder = (typeof placeholders)[number];

/** The setting with the template of a video's file name. */
export const fileNameSetting = "wanFlf2v.fileName";

/** The most characters of a name. */
const maximumLength = 70;
/** The most takes of a pair in one folder. */
const mostTakes = 9999;
/** The most bytes of a name. Leaves room for a number and `.flf.json` within the 255 bytes that file systems allow. */
const maximumBytes = 200;

/** The unknown placeholders of a template, for the message at the setting. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(/\$\{([^}]*)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => !placeholders.some((known) => known === name));
}

/** The name of a video's files, without extension. */
export interface VideoName {
  readonly name: string;
  /** What stands around the take's number in the name, if it has one. */
  readonly aroundTake?: readonly string[] | undefined;
}

/**
 * The name of a video: the template, filled in and made safe for Windows, macOS and Linux. Dates are in local time.
 * @param isTaken tells the names that other videos have or will get: the take is the first number whose name is free.
 */
export function videoNameFor(
  template: string,
  facts: { start: string; end: string; prompt: string; parameters: FrozenParameters; now: Date },
  isTaken: (name: string) => boolean = () => false,
): VideoName {
  const size = sizeOf(facts.parameters);
  const two = (number: number) => String(number).padStart(2, "0");
  const { now } = facts;
  const values: Record<Exclude<Placeholder, "take">, string> = {
    pair: pairName(stem(facts.start), stem(facts.end)),
    start: stem(facts.start),
    end: stem(facts.end),
    seed: String(facts.parameters.seed),
    date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
    width: String(size.width),
    height: String(size.height),
    frames: String(framesOf(facts.parameters)),
    fps: String(fpsOf(facts.parameters)),
    prompt: [...facts.prompt.replace(/\s+/g, "-")].slice(0, 40).join(""),
  };
  const filled = template.split(/\$\{take\}/).map((part) =>
    wellFormed(
      part.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
        const placeholder = placeholders.find((known) => known === name);
        return placeholder === undefined || placeholder === "take" ? whole : values[placeholder];
      }),
    ),
  );
  const [head = "", ...others] = filled;
  if (others.length === 0) {
    return { name: safeName(head) };
  }
  // Shortening must not cut the number off.
  const tail = others.map((part) =>
    shortened(part, maximumLength / 4 / others.length, maximumBytes / 4 / others.length),
  );
  const aroundTake = [shortened(withoutDots(head), maximumLength / 2, maximumBytes / 2), ...tail];
  for (let take = 1; ; take += 1) {
    const name = nameOfTake(aroundTake, take);
    if (take === mostTakes || !isTaken(name)) {
      return { name, aroundTake };
    }
  }
}

/**
 * The template for the videos of a recipe (path): its own name with the take's number behind it. A recipe that was written for
 * one take, `video` (a file name), gives the following takes.
 */
export function takeNames(recipe: string, video: string | undefined): string {
  const name = basename(recipe).replace(/\.flf\.json$/i, "");
  const isOfTake = video !== undefined && basename(video, extname(video)) === name;
  return `${(isOfTake ? name.replace(/-\d{3,4}$/, "") : name).replaceAll("${", "{")}-\${take}`;
}

/** The nth name to try for a video, from 1 on: the next takes, or the name with a number behind it. */
export function nthName({ name, aroundTake }: VideoName, nth: number): string {
  const take = aroundTake && takeOf({ name, aroundTake });
  return aroundTake === undefined || take === undefined ? numbered(name, nth) : nameOfTake(aroundTake, take + nth - 1);
}

/** The number of a video's take; undefined if its name has none. */
export function takeOf({ name, aroundTake }: VideoName): number | undefined {
  const [head, ...tail] = aroundTake ?? [];
  if (head === undefined || tail.length === 0) {
    return undefined;
  }
  // Digits may stand around the number, and what is around it may have changed to be safe.
  const candidates = [...name.matchAll(/\d{3,}/g)].flatMap(([run]) =>
    [3, 4].flatMap((digits) =>
      Array.from({ length: Math.max(run.length - digits + 1, 0) }, (_, from) => Number(run.slice(from, from + digits))),
    ),
  );
  return candidates.find((take) => nameOfTake([head, ...tail], take) === name);
}

function nameOfTake(aroundTake: readonly string[], take: number): string {
  return safeName(aroundTake.join(String(take).padStart(3, "0")));
}

/** A text as a file name without extension, safe for Windows, macOS and Linux. */
export function safeName(text: string): string {
  // Shortening comes first, because a shorter name can be a reserved one. Windows cuts off dots and spaces at the end.
  const name = shortened(withoutDots(wellFormed(text))).replace(/[.\s\u200d]+$/, "");
  return name === "" ? "video" : filenamify(name, { replacement: "_", maxLength: Number.POSITIVE_INFINITY });
}

/** A leading dot would hide the file. */
function withoutDots(text: string): string {
  return text.replace(/^[.\s]+/, "");
}

function wellFormed(text: string): string {
  return text.toWellFormed().normalize("NFC");
}

/** As much of a text as fits. */
function shortened(text: string, characters = maximumLength, bytes = maximumBytes): string {
  let short = "";
  for (const character of [...text].slice(0, characters)) {
    if (Buffer.byteLength(short + character) > bytes) {
      break;
    }
    short += character;
  }
  return short;
}

/** File name without extension of a path or an address. */
function stem(source: string): string {
  const path =
    URL.canParse(source) && /^https?:/.test(source) ? decodeURIComponentSafely(new URL(source).pathname) : source;
  return shortName(basename(path, extname(path)));
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
