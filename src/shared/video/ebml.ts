import { limits, type Source, Unplayable } from "./source.ts";

/** An element of a Matroska or WebM file: `body` to `end` are its content's places in the file. */
export interface Element {
  readonly id: number;
  readonly body: number;
  /** May lie beyond the file's end where the file was cut; undefined where its length was not known when it was written. */
  readonly end: number | undefined;
}

/** A number of variable length. `marked`: with its length's marker, as in an id. */
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

/** The element that begins at a place; undefined where none does. */
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
 * The elements beside each other in a part of a file, as far as they lie whole in it.
 * @throws {Unplayable}
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

/** An unsigned number that is an element's content. */
export function unsigned(source: Source, { body, end }: { readonly body: number; readonly end: number }): number {
  return source.read(body, Math.min(8, end - body)).reduce((value, byte) => value * 256 + byte, 0);
}

/** A number of a block: how many bytes it has, and what it says. */
export function trackNumber(source: Source, at: number): { value: number; length: number } | undefined {
  return variable(source, at, false);
}
