import { basename, extname } from "node:path";
import filenamify from "filenamify";
import { type FrozenParameters, fpsOf, framesOf, sizeOf } from "../shared/model/parameters.ts";
import { shortName } from "../shared/shortName.ts";

/** What `${...}` may stand for in the file name setting. */
export const placeholders = [
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
/** The most bytes of a name. Leaves room for a number and `.flf.json` within the 255 bytes that file systems allow. */
const maximumBytes = 200;

/** The unknown placeholders of a template, for the message at the setting. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(/\$\{([^}]*)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => !placeholders.some((known) => known === name));
}

/**
 * The file name of a video, without extension: the template, filled in and made safe for Windows, macOS and Linux. Dates are
 * in local time.
 */
export function fileNameFor(
  template: string,
  facts: { start: string; end: string; prompt: string; parameters: FrozenParameters; now: Date },
): string {
  const size = sizeOf(facts.parameters);
  const two = (number: number) => String(number).padStart(2, "0");
  const { now } = facts;
  const values: Record<Placeholder, string> = {
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
  const filled = template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    const placeholder = placeholders.find((known) => known === name);
    return placeholder === undefined ? whole : values[placeholder];
  });
  return safeName(filled);
}

/** A text as a file name without extension, safe for Windows, macOS and Linux. */
export function safeName(text: string): string {
  // A leading dot would hide the file. Shortening comes first, because a shorter name can be a reserved one.
  const short = shortened(
    text
      .toWellFormed()
      .normalize("NFC")
      .replace(/^[.\s]+/, ""),
  );
  return short === "" ? "video" : filenamify(short, { replacement: "_", maxLength: Number.POSITIVE_INFINITY });
}

/** As much of a text as fits into a name, without the dots and spaces at its end that Windows cuts off. */
function shortened(text: string): string {
  let short = "";
  for (const character of [...text].slice(0, maximumLength)) {
    if (Buffer.byteLength(short + character) > maximumBytes) {
      break;
    }
    short += character;
  }
  return short.replace(/[.\s\u200d]+$/, "");
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
