import { Fields, limits, type Source, Unplayable } from "./source.ts";

/** A box of an MP4 or QuickTime file. Its content lies from `body` to `end` in the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  /** Can lie beyond the end of a truncated file. */
  readonly end: number;
}

/**
 * The sibling boxes in a part of a file, up to the first bytes that are not a box.
 * @throws {Unplayable} `tooLong` if there are more than any clip has.
 */
export function* boxes(source: Source, from: number, to: number): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= to; count++) {
    if (count >= limits.siblings) {
      throw new Unplayable("tooLong");
    }
    const fields = new Fields(source.read(at, 16));
    const short = fields.u32();
    const type = fields.text(4);
    let length = short;
    if (short === 1) {
      if (fields.left < 8) {
        return;
      }
      length = fields.u64();
    } else if (short === 0) {
      length = to - at;
    }
    const body = at + (short === 1 ? 16 : 8);
    const end = at + length;
    if (end < body || !/^[\x20-\x7e\xa9]{4}$/.test(type)) {
      return;
    }
    yield { type, start: at, body, end };
    at = end;
  }
}

/** The boxes that lie completely inside a box. The box itself must be complete. */
export function children(source: Source, box: Box): Box[] {
  return [...boxes(source, box.body, box.end)].filter(({ end }) => end <= box.end);
}

/** The first box that a path of types leads to. */
export function find(source: Source, box: Box | undefined, ...path: readonly string[]): Box | undefined {
  return path.reduce<Box | undefined>(
    (found, type) => found && children(source, found).find((child) => child.type === type),
    box,
  );
}

/** The content of a box without its first `skip` bytes. The version and flags of a full box take four. */
export function fieldsOf(source: Source, box: Box, skip = 0): Fields {
  if (box.end - box.body > limits.index) {
    throw new Unplayable("tooLong");
  }
  const fields = new Fields(source.read(box.body, box.end - box.body));
  fields.skip(skip);
  return fields;
}
