import { limits, type Source, Unplayable } from "./source.ts";

/** An element of a Matroska or WebM file. Its content lies from `body` to `end` in the file. */
export interface Element {
  readonly id: number;
  readonly body: number;
  /** Can lie beyond the end of a truncated file; undefined if the writer did not know the length. */
  readonly end: number | undefined;
}

/** A variable-length number. `marked` keeps the length marker, as ids do. */
function variable(
  source: Source,
  at: number,
  marked: boolean,
): { value: number; length: number; isUnknown: boolean } | undefined {
  const bytes = source.read(at, 8);
  const first = bytes[0];
  if (first === undefined || first === 0) {
    return undefined;
  }
  const length = Math.clz32(first) - 23;
  if (bytes.length < length) {
    return undefined;
  }
  let value = marked ? first : first & (255 >> length);
  let isUnknown = (first & (255 >> length)) === 255 >> length;
  for (let byte = 1; byte < length; byte++) {
    const each = bytes[byte] ?? 0;
    value = value * 256 + each;
    isUnknown &&= each === 255;
  }
  return { value, length, isUnknown };
}

/** The element that begins at an offset; undefined if none does. */
export function elementAt(source: Source, at: number): Element | undefined {
  const id = variable(source, at, true);
  const size = id && variable(source, at + id.length, false);
  if (id === undefined || id.length > 4 || size === undefined) {
    return undefined;
  }
  const body = at + id.length + size.length;
  return { id: id.value, body, end: size.isUnknown ? undefined : body + size.value };
}

/**
 * The sibling elements in a part of a file.
 * @throws {Unplayable} `damaged` at the first one that is not completely inside; `tooLong` if there are too many
 */
export function* elements(source: Source, from: number, to: number): Generator<Element & { readonly end: number }> {
  let at = from;
  for (let count = 0; at < to; count++) {
    const element = elementAt(source, at);
    if (count >= limits.siblings) {
      throw new Unplayable("tooLong");
    }
    if (element?.end === undefined || element.end > to) {
      throw new Unplayable("damaged");
    }
    yield { ...element, end: element.end };
    at = element.end;
  }
}

/** The content of an element as an unsigned number. */
export function unsigned(source: Source, { body, end }: { readonly body: number; readonly end: number }): number {
  return source.read(body, Math.min(8, end - body)).reduce((value, byte) => value * 256 + byte, 0);
}

/** The track number of a block, and its length in bytes. */
export function trackNumber(source: Source, at: number): { value: number; length: number } | undefined {
  return variable(source, at, false);
}
