import { basename, extname } from "node:path";
import filenamify from "filenamify";
import { type FrozenParameters, fpsOf, framesOf, sizeOf } from "../model/parameters.ts";

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

/** Leaves room for a number, an extension and `.flf.json` within 255 bytes, also where a letter takes three. */
const maximumLength = 70;

/** Placeholders in a template that mean nothing, for the report at the setting. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(/\$\{([^}]*)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => !placeholders.some((known) => known === name));
}

/**
 * A file name, without extension, for a video: the template filled in and made safe for Windows, macOS and Linux.
 * Dates are local time.
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
    prompt: facts.prompt.replace(/\s+/g, "-").slice(0, 40),
  };
  const filled = template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    const placeholder = placeholders.find((known) => known === name);
    return placeholder === undefined ? whole : values[placeholder];
  });
  // A leading dot would hide the file, a trailing dot or space is cut by Windows.
  const safe = filenamify(filled, { replacement: "_", maxLength: maximumLength })
    .replace(/^\.+/, "")
    .replace(/[. ]+$/, "");
  return safe === "" ? "video" : safe;
}

/** File name without extension of a path or an address. */
function stem(source: string): string {
  const path =
    URL.canParse(source) && /^https?:/.test(source) ? decodeURIComponentSafely(new URL(source).pathname) : source;
  return basename(path, extname(path));
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
