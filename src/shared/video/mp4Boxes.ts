import { Fields, limits, type Source, Unplayable } from "./source.ts";

/** A box of an MP4 or QuickTime file: `body` to `end` are its content's places in the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  /** May lie beyond the file's end where the file was cut. */
  readonly end: number;
}

/**
 * The boxes that stand beside each other in a part of a file. What is no box any more ends them.
 * @throws {Unplayable} `tooLong` where there are more than any clip has.
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

/** The boxes inside of one that lies whole in the file. */
export function children(source: Source, box: Box): Box[] {
  return [...boxes(source, box.body, box.end)].filter(({ end }) => end <= box.end);
}

/** The first box at the end of a path of types. */
export function find(source: Source, box: Box | undefined, ...path: readonly string[]): Box | undefined {
  return path.reduce<Box | undefined>(
    (found, type) => found && children(source, found).find((child) => child.type === type),
    box,
  );
}

/** What stands in a box, with its first `skip` bytes left out. A box of version and flags has four of them. */
export function fieldsOf(source: Source, box: Box, skip = 0): Fields {
  if (box.end - box.body > limits.index) {
    throw new Unplayable("tooLong");
  }
  const fields = new Fields(source.read(box.body, box.end - box.body));
  fields.skip(skip);
  return fields;
}
