/**
 * The material of the prompt box: starters, chips, and how they go into a text. What is inserted is English whatever the
 * user's language: the model understands it best besides Chinese. Source: `docs/service.md`, "Prompts".
 */

/** RunComfy's own sample, which its schema has as the prompt's default (`docs/service.md`, "The model"). */
export const samplePrompt =
  "A dreamy scene where a girl is playing with her hair. Zoom in, and the looks up, and blinks. windy hair, leaves moving with wind, lens flare";

/** A prompt to begin with. Its `{braces}` are places to fill in. */
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
/** In the order in which they are offered. */
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

/** Words to insert, by what they speak of. */
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

/** A part of a text: from its first character to behind its last one, in UTF-16 units as text fields count. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every `{place to fill in}` of a text, in order. */
export function placeholders(text: string): Span[] {
  return [...text.matchAll(/\{[^{}\n]*\}/g)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** The place to fill in that lies next to a selection on the side asked for; undefined when none is left there. */
export function neighbor(text: string, selection: Span, side: "after" | "before"): Span | undefined {
  const all = placeholders(text);
  return side === "after"
    ? all.find(({ start, end }) => start >= selection.end || (start > selection.start && end > selection.end))
    : all.findLast(({ start, end }) => end <= selection.start || (end < selection.end && start < selection.start));
}

/** What to type, and over what. */
interface Insertion {
  readonly over: Span;
  readonly text: string;
}

/**
 * How a chip goes into a text at a selection. Camera words stand on their own: as a sentence where one begins, else after a
 * comma. Pace and amplitude belong to what is there already: they go before its full stop.
 */
export function chipInsertion(text: string, selection: Span, group: ChipGroup, words: string): Insertion {
  const over = group === "camera" ? selection : insideSentence(text, selection);
  const before = text.slice(0, over.start);
  const after = text.slice(over.end);
  const beginsSentence = /(^|[.!?;]["'”’)]?)\s*$/.test(before);
  const gap = before === "" || /[\s([{]$/.test(before) ? "" : group === "camera" && !/\W$/.test(before) ? ", " : " ";
  const isWhole = group === "camera" && beginsSentence && /^\s*(["'“‘({]?\p{Lu}|$)/u.test(after);
  const head = beginsSentence && !/;\s*$/.test(before) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  const space = after === "" || /^[\s.,;:!?)]/.test(after) ? "" : " ";
  return { over, text: `${gap}${head}${isWhole ? "." : ""}${space}` };
}

/** The place before the full stop that a cursor stands behind. */
function insideSentence(text: string, selection: Span): Span {
  if (selection.start !== selection.end) {
    return selection;
  }
  const stopsEnd = startOfRun(text, selection.start, /\s/);
  const stop = startOfRun(text, stopsEnd, /[.!?]/);
  return stop === stopsEnd || stop === 0 || /\s/.test(text.charAt(stop - 1)) ? selection : { start: stop, end: stop };
}

/** The index of the first of the characters of a kind that end at `end`. Linear in their number, as no pattern for it is. */
function startOfRun(text: string, end: number, kind: RegExp): number {
  let start = end;
  while (start > 0 && kind.test(text.charAt(start - 1))) {
    start--;
  }
  return start;
}

/** Number of words of a prompt, in the sense of the given language (BCP 47 tag). */
export function countWords(prompt: string, language: string): number {
  let words = 0;
  for (const part of new Intl.Segmenter(language, { granularity: "word" }).segment(prompt)) {
    words += part.isWordLike === true ? 1 : 0;
  }
  return words;
}

/** Each prompt once, where it comes first, without those that hold nothing. */
export function distinctPrompts(prompts: readonly string[], limit: number): string[] {
  const kept = new Set(prompts.map((prompt) => prompt.trim()));
  kept.delete("");
  return [...kept].slice(0, limit);
}

/** The prompts that hold every word of a query, whatever the case, in their order. */
export function searchPrompts(prompts: readonly string[], query: string): string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return prompts.filter((prompt) => words.every((word) => prompt.toLowerCase().includes(word)));
}
