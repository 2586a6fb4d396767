import { lastSegment } from "./path.ts";

/** Words in a file name that say which image comes first; each line is one scheme: what a start says, what an end says. */
const schemes: readonly (readonly [start: readonly string[], end: readonly string[]])[] = [
  [
    ["start", "begin", "anfang", "from"],
    ["end", "ende", "finish", "to"],
  ],
  [
    ["first", "erstes"],
    ["last", "letztes", "final"],
  ],
  [
    ["before", "vorher", "old"],
    ["after", "nachher", "new"],
  ],
  [["open"], ["close", "closed"]],
];
/** Letters count only where both names have theirs: a single `a` is more often an article. */
const letters = [["a"], ["b"]] as const;

const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The words of a file name: `Hero-StartFrame_02.png` gives hero, start, frame, 02. */
function wordsOf(path: string): string[] {
  return lastSegment(path)
    .replace(/\.[^.]+$/, "")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    .filter(Boolean);
}

/**
 * Which of two images is the start: told by a word in exactly one or in both of their names (`start`/`end`,
 * `first`/`last`, `a`/`b` …), else by natural order (`shot2` before `shot10`).
 */
export function orderPair(one: string, other: string): { readonly start: string; readonly end: string } {
  const oneWords = new Set(wordsOf(one));
  const otherWords = new Set(wordsOf(other));
  for (const [starts, ends] of [...schemes, letters]) {
    // A word that stands in both names says nothing.
    const says = (mine: Set<string>, theirs: Set<string>, words: readonly string[]) =>
      words.some((word) => mine.has(word) && !theirs.has(word));
    const oneFirst = Number(says(oneWords, otherWords, starts)) + Number(says(otherWords, oneWords, ends));
    const otherFirst = Number(says(otherWords, oneWords, starts)) + Number(says(oneWords, otherWords, ends));
    const needed = starts === letters[0] ? 2 : 1;
    if (Math.abs(oneFirst - otherFirst) >= needed) {
      return oneFirst > otherFirst ? { start: one, end: other } : { start: other, end: one };
    }
  }
  return natural.compare(lastSegment(one), lastSegment(other)) <= 0
    ? { start: one, end: other }
    : { start: other, end: one };
}
