/**
 * The material of the prompt box: starters, chips, and how to insert them. The inserted text is English in every user
 * language, because the model understands English and Chinese best. Source: `docs/service.md`, "Prompts".
 */

/** RunComfy's own sample, the prompt's default in its schema (`docs/service.md`, "The model"). */
export const samplePrompt =
  "A dreamy scene where a girl is playing with her hair. Zoom in, and the looks up, and blinks. windy hair, leaves moving with wind, lens flare";

/** Prompts to start from. Their `{braces}` are placeholders. */
export const starters = {
  camera: "Slow dolly-in toward {subject}; {foreground} slides past with parallax, light stays constant.",
  time: "Locked-off camera. Day turns into night: the sun sinks, shadows lengthen, {windows} light up one by one.",
  pose: "Static camera. {Subject} turns from {pose A} to {pose B} in one fluid motion, {hair/cloth} follows, then settles.",
  morph: "{A} smoothly transforms into {B}; its surface ripples, edges reshape, the background remains still.",
  reveal: "Parts of {product} fly in and assemble into the finished {product}; camera orbits slowly right.",
  scale: "Continuous zoom-out from {detail} to {whole}; details shrink naturally, horizon appears.",
  screen: "Flat front view. The {panel} slides away and {next screen} eases in; text stays sharp, the view stays flat.",
  loop: "Static camera. {Subject} breathes and sways gently, {particles} drift, then returns to the start pose.",
  unlike: "Camera whips right past a dark pillar; as it clears, the view has become {scene B}.",
} as const;
export type Starter = keyof typeof starters;
/** In the order in which the panel offers them. */
export const starterIds = [
  "camera",
  "time",
  "pose",
  "morph",
  "reveal",
  "scale",
  "screen",
  "loop",
  "unlike",
] as const satisfies Starter[];

/** Words to insert, by what they describe. */
export const chips = {
  camera: {
    static: "static camera",
    dollyIn: "slow dolly-in",
    dollyOut: "slow dolly-out",
    panLeft: "the camera pans left",
    panRight: "the camera pans right",
    tilt: "the camera tilts up",
    orbit: "the camera orbits slowly",
    crane: "the camera cranes up",
    tracking: "tracking shot",
    handheld: "handheld camera",
  },
  pace: {
    slow: "slowly",
    steady: "at a steady pace",
    brisk: "briskly",
    sudden: "suddenly",
  },
  amplitude: {
    subtle: "with subtle motion",
    moderate: "with moderate motion",
    dramatic: "with dramatic motion",
  },
} as const;
export type ChipGroup = keyof typeof chips;

/** A range of a text: the offsets of its first character and just after its last one, in UTF-16 units as in text fields. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** All `{placeholders}` of a text, in order. */
export function placeholders(text: string): Span[] {
  return [...text.matchAll(/\{[^{}\n]*\}/g)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** The nearest placeholder before or after a selection; undefined if there is none. */
export function neighbor(text: string, selection: Span, side: "after" | "before"): Span | undefined {
  const all = placeholders(text);
  return side === "after"
    ? all.find(({ start, end }) => start >= selection.end || (start > selection.start && end > selection.end))
    : all.findLast(({ start, end }) => end <= selection.start || (end < selection.end && start < selection.start));
}

/** The text to insert, and the range that it replaces. */
interface Insertion {
  readonly over: Span;
  readonly text: string;
}

/**
 * How to insert a chip into a text at a selection. Camera words stand alone: as a sentence where one begins, otherwise after a
 * comma. Pace and amplitude modify the existing sentence, so they go before its period.
 */
export function chipInsertion(text: string, selection: Span, group: ChipGroup, words: string): Insertion {
  const over = group === "camera" ? selection : insideSentence(text, selection);
  const before = text.slice(0, over.start);
  const after = text.slice(over.end);
  const beginsSentence = isSentenceStart(before);
  const gap = before === "" || /[\s([{]$/.test(before) ? "" : group === "camera" && !/\W$/.test(before) ? ", " : " ";
  const isWhole = group === "camera" && beginsSentence && /^\s*(["'“‘({]?\p{Lu}|$)/u.test(after);
  const head = beginsSentence && !/;\s*$/.test(before) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  const space = after === "" || /^[\s.,;:!?)]/.test(after) ? "" : " ";
  return { over, text: `${gap}${head}${isWhole ? "." : ""}${space}` };
}

/**
 * Where a chip belongs: in place of selected words, or where the cursor is if a sentence begins there. Otherwise at the end
 * of the text, so that it neither takes the place of something to fill in nor breaks into a sentence.
 */
export function chipPlace(text: string, selection: Span): Span {
  const end = { start: text.length, end: text.length };
  if (placeholders(text).some(({ start, end: stop }) => start < selection.end && selection.start < stop)) {
    return end;
  }
  return selection.start !== selection.end || isSentenceStart(text.slice(0, selection.start)) ? selection : end;
}

/** True if a sentence begins after this text. */
function isSentenceStart(before: string): boolean {
  return /(^|[.!?;]["'”’)]?)\s*$/.test(before);
}

/** The position before the period that the cursor follows. */
function insideSentence(text: string, selection: Span): Span {
  if (selection.start !== selection.end) {
    return selection;
  }
  const stopsEnd = startOfRun(text, selection.start, /\s/);
  const stop = startOfRun(text, stopsEnd, /[.!?]/);
  return stop === stopsEnd || stop === 0 || /\s/.test(text.charAt(stop - 1)) ? selection : { start: stop, end: stop };
}

/** Where the run of characters of one kind that ends at `end` begins. Takes linear time, which no regular expression does. */
function startOfRun(text: string, end: number, kind: RegExp): number {
  let start = end;
  while (start > 0 && kind.test(text.charAt(start - 1))) {
    start--;
  }
  return start;
}

/** The number of words in a prompt, by the rules of a language (BCP 47 tag). */
export function countWords(prompt: string, language: string): number {
  let words = 0;
  for (const part of new Intl.Segmenter(language, { granularity: "word" }).segment(prompt)) {
    words += part.isWordLike === true ? 1 : 0;
  }
  return words;
}

/** The prompts without duplicates and blank ones, each where it first appears. */
export function distinctPrompts(prompts: readonly string[], limit: number): string[] {
  const kept = new Set(prompts.map((prompt) => prompt.trim()));
  kept.delete("");
  return [...kept].slice(0, limit);
}

/** The prompts that contain every word of a query, ignoring case, in their original order. */
export function searchPrompts(prompts: readonly string[], query: string): string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return prompts.filter((prompt) => words.every((word) => prompt.toLowerCase().includes(word)));
}
