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

/** Two images whose names say that they belong together. Paths. */
export interface NamedPair {
  /** What the names have in common. */
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/**
 * The pairs that the names of images tell, in natural order: names in one folder that differ only by the words of the two
 * sides, or by those of one. Names that fit more than once tell nothing.
 */
export function pairsByName(paths: readonly string[]): NamedPair[] {
  const groups = Map.groupBy(new Set(paths), (path) => {
    const folder = path.slice(0, path.length - lastSegment(path).length);
    const words = wordsOf(path);
    const side = sideIn(words);
    return JSON.stringify([
      folder,
      words.filter((word) => !sideWords.has(word) || (word.length === 1 && side !== word)),
    ]);
  });
  const pairs = [...groups.values()].flatMap((group) => {
    const bySide = Map.groupBy(group, (path) => sideIn(wordsOf(path)));
    const only = (side: SideInName) => (bySide.get(side)?.length === 1 ? bySide.get(side)?.[0] : undefined);
    const isFree = (side: SideInName) => !bySide.has(side);
    const start = only("start") ?? (isFree("start") && isFree("b") ? only("none") : undefined) ?? only("a");
    const end = only("end") ?? (isFree("end") && isFree("a") ? only("none") : undefined) ?? only("b");
    return start === undefined || end === undefined || start === end ? [] : [{ start, end }];
  });
  return pairs
    .map((pair) => ({ ...pair, name: pairName(stemOf(pair.start), stemOf(pair.end)) }))
    .sort((one, other) => natural.compare(one.start, other.start));
}

/** Each image with the next one, in natural order. */
export function neighborPairs(paths: readonly string[]): NamedPair[] {
  const sorted = paths.toSorted((one, other) => natural.compare(one, other));
  return sorted.flatMap((start, index) => {
    const end = sorted[index + 1];
    return end === undefined ? [] : [{ start, end, name: pairName(stemOf(start), stemOf(end)) }];
  });
}

/** The side that a name tells, or the letter that tells it only beside the other letter. */
type SideInName = "start" | "end" | "a" | "b" | "none" | "both";

function sideIn(words: readonly string[]): SideInName {
  const has = (side: 0 | 1) => words.some((word) => schemes.some((scheme) => scheme[side].includes(word)));
  if (has(0) || has(1)) {
    return has(0) && has(1) ? "both" : has(0) ? "start" : "end";
  }
  const [a, b] = letters.map(([letter]) => words.includes(letter));
  return a === b ? (a === true ? "both" : "none") : a === true ? "a" : "b";
}

function stemOf(path: string): string {
  return lastSegment(path).replace(/\.[^.]+$/, "");
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
