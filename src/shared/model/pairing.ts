import { lastSegment } from "./path.ts";

/** Words in file names that tell which image comes first. Each scheme lists the start's words, then the end's. */
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
/** Letters count only if both names contain theirs: a lone `a` is usually an article. */
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
 * Decides which of two images is the start. Words in one or both of their names decide (`start`/`end`, `first`/`last`,
 * `a`/`b` …); without any, natural order does (`shot2` before `shot10`).
 */
export function orderPair(one: string, other: string): { readonly start: string; readonly end: string } {
  const oneWords = new Set(wordsOf(one));
  const otherWords = new Set(wordsOf(other));
  for (const [starts, ends] of [...schemes, letters]) {
    // A word in both names tells nothing.
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

/**
 * A name for both images of a pair: what their names have in common, without the words that tell the sides apart
 * (`lighthouse_start` and `lighthouse_end` give `lighthouse`). What else differs stays (`shot2` and `shot10` give `shot2-10`).
 * @param one a file name without extension; so is `other`
 */
export function pairName(one: string, other: string): string {
  if (one === other) {
    return one;
  }
  const [mine, theirs] = [piecesOf(one), piecesOf(other)];
  const same = (a: Piece | undefined, b: Piece | undefined) => a?.word.toLowerCase() === b?.word.toLowerCase();
  const shorter = Math.min(mine.length, theirs.length);
  let before = 0;
  while (before < shorter && same(mine[before], theirs[before])) {
    before += 1;
  }
  let after = 0;
  while (after < shorter - before && same(mine.at(-1 - after), theirs.at(-1 - after))) {
    after += 1;
  }
  const rest = (pieces: readonly Piece[]) =>
    joined(pieces.slice(before, pieces.length - after).filter(({ word }) => !sideWords.has(word.toLowerCase())));
  const differing = [rest(mine), rest(theirs)]
    .map((text) => text.replace(/^[\s._-]+/, ""))
    .filter(Boolean)
    .join("-");
  const [head, tail] = [joined(mine.slice(0, before)), joined(mine.slice(mine.length - after))];
  const glue = head === "" || differing === "" || /[\s._-]$/.test(head) ? "" : (mine[before]?.gap ?? "-");
  return `${head}${glue}${differing}${tail}`.replace(/^[\s._-]+|[\s._-]+$/g, "") || `${one}-${other}`;
}

/** A word of a name, and what separates it from the word before. */
interface Piece {
  readonly gap: string;
  readonly word: string;
}

const sideWords = new Set([...schemes, letters].flat(2));

function piecesOf(name: string): Piece[] {
  const words = /([^\p{L}\p{N}]*)(\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{L}--\p{Lu}]+|\p{L}+|\p{N}+)/gv;
  return [...name.matchAll(words)].map(([, gap = "", word = ""]) => ({ gap, word }));
}

function joined(pieces: readonly Piece[]): string {
  return pieces.map(({ gap, word }) => gap + word).join("");
}
