import { type Box, children, fieldsOf } from "./mp4Boxes.ts";
import { Fields, limits, type Source, Unplayable } from "./source.ts";

/** A sample of an MP4 track. Times are in the track's own unit. */
export interface Mp4Sample {
  readonly at: number;
  readonly length: number;
  /** When it is shown, before the edit list applies. */
  readonly time: number;
  readonly duration: number;
  readonly key: boolean;
}

/** A piece of a track that is only located, not read. */
export interface Piece {
  readonly at: number;
  readonly length: number;
}

interface Tables {
  /** The size in bytes that all samples share; 0 if `sizes` lists each. */
  readonly size: number;
  readonly sizes: Fields | undefined;
  readonly sizeBits: number;
  readonly count: number;
  readonly chunks: Fields;
  readonly wide: boolean;
  readonly chunkCount: number;
  readonly perChunk: readonly { readonly first: number; readonly samples: number }[];
}

/** Reads the number of entries in a table and checks that the file contains them all, at `bytes` each. */
function entriesOf(fields: Fields, bytes: number): number {
  const count = fields.u32();
  if (count * bytes > fields.left) {
    throw new Unplayable("damaged");
  }
  return count;
}

function tablesOf(source: Source, stbl: Box): Tables | undefined {
  const found = new Map(children(source, stbl).map((box) => [box.type, box]));
  const [stsz, stsc] = [found.get("stsz") ?? found.get("stz2"), found.get("stsc")];
  const stco = found.get("stco") ?? found.get("co64");
  if (stsz === undefined || stsc === undefined || stco === undefined) {
    return undefined;
  }
  // Each table copies its bytes, because the source may reuse them for the next read.
  const own = (box: Box) =>
    new Fields(
      fieldsOf(source, box)
        .bytes(box.end - box.body)
        .slice(),
    );
  const sizes = own(stsz);
  sizes.skip(4);
  const isCompact = stsz.type === "stz2";
  const size = isCompact ? 0 : sizes.u32();
  const sizeBits = isCompact ? sizes.u32() & 255 : 32;
  if (![4, 8, 16, 32].includes(sizeBits)) {
    throw new Unplayable("damaged");
  }
  const count = size > 0 ? sizes.u32() : entriesOf(sizes, sizeBits / 8);
  const groups = own(stsc);
  groups.skip(4);
  const perChunk = Array.from({ length: entriesOf(groups, 12) }, () => {
    const [first, samples] = [groups.u32(), groups.u32()];
    groups.skip(4);
    return { first, samples };
  });
  const chunks = own(stco);
  chunks.skip(4);
  const wide = stco.type === "co64";
  const chunkCount = entriesOf(chunks, wide ? 8 : 4);
  return { size, sizes: size > 0 ? undefined : sizes, sizeBits, count, chunks, wide, chunkCount, perChunk };
}

/** The chunks of a track: where each begins, and how many samples of which sizes it contains. */
function* chunksOf(tables: Tables): Generator<{ at: number; samples: number; sizes: Iterable<number> }> {
  let left = tables.count;
  let group = 0;
  let nibble: number | undefined;
  const nextSize = (): number => {
    const { sizes, sizeBits, size } = tables;
    if (sizes === undefined) {
      return size;
    }
    if (sizeBits === 4) {
      const both = nibble ?? sizes.u8();
      const isFirst = nibble === undefined;
      nibble = isFirst ? both : undefined;
      return isFirst ? both >> 4 : both & 15;
    }
    return sizeBits === 8 ? sizes.u8() : sizeBits === 16 ? sizes.u16() : sizes.u32();
  };
  for (let chunk = 1; chunk <= tables.chunkCount && left > 0; chunk++) {
    while ((tables.perChunk[group + 1]?.first ?? Number.POSITIVE_INFINITY) <= chunk) {
      group += 1;
    }
    const samples = Math.min(left, tables.perChunk[group]?.samples ?? 0);
    left -= samples;
    yield {
      at: tables.wide ? tables.chunks.u64() : tables.chunks.u32(),
      samples,
      sizes: {
        *[Symbol.iterator]() {
          for (let sample = 0; sample < samples; sample++) {
            yield nextSize();
          }
        },
      },
    };
  }
  if (left > 0) {
    throw new Unplayable("damaged");
  }
}

/** The value for each sample of a track, from the run lengths of an `stts` or `ctts` box. */
function* runsOf(source: Source, box: Box | undefined, isSigned: boolean): Generator<number, number> {
  if (box === undefined) {
    return 0;
  }
  const fields = new Fields(
    fieldsOf(source, box, 4)
      .bytes(box.end - box.body - 4)
      .slice(),
  );
  let value = 0;
  for (let entries = entriesOf(fields, 8); entries > 0; entries--) {
    const count = fields.u32();
    // Defined as unsigned, but everyone who writes negative values means them as signed.
    value = isSigned ? fields.i32() : fields.u32();
    // The caller asks for no more samples than there are.
    for (let sample = 0; sample < count; sample++) {
      yield value;
    }
  }
  return value;
}

/**
 * The samples that the tables of a video track list, if any.
 * @throws {Unplayable}
 */
export function tableSamples(source: Source, stbl: Box): Mp4Sample[] {
  const tables = tablesOf(source, stbl);
  if (tables === undefined || tables.count === 0) {
    return [];
  }
  if (tables.count > limits.frames) {
    throw new Unplayable("tooLong");
  }
  if (tables.size * tables.count > source.size) {
    throw new Unplayable("truncated");
  }
  const found = new Map(children(source, stbl).map((box) => [box.type, box]));
  const durations = runsOf(source, found.get("stts"), false);
  const shifts = runsOf(source, found.get("ctts"), true);
  const keys = keysOf(source, found.get("stss"));
  const samples: Mp4Sample[] = [];
  let decoded = 0;
  let duration = 0;
  let shift = 0;
  for (const { at, sizes } of chunksOf(tables)) {
    let place = at;
    for (const length of sizes) {
      duration = durations.next().value || duration;
      shift = shifts.next().value ?? shift;
      samples.push({
        ...{ at: place, length, duration, time: decoded + shift },
        key: keys === undefined || keys.has(samples.length + 1),
      });
      place += length;
      decoded += duration;
    }
  }
  return samples;
}

/** The samples at which decoding can begin, numbered from 1; undefined if it can begin at all of them. */
function keysOf(source: Source, box: Box | undefined): Set<number> | undefined {
  if (box === undefined) {
    return undefined;
  }
  const fields = fieldsOf(source, box, 4);
  return new Set(Array.from({ length: entriesOf(fields, 4) }, () => fields.u32()));
}

/**
 * Where the chunks of any track lie. `sized` is false if a sample's size may differ from its number of bytes, as for sound in
 * QuickTime; then only the start of each chunk is known.
 */
export function* tablePieces(source: Source, stbl: Box, sized: boolean): Generator<Piece> {
  const tables = tablesOf(source, stbl);
  if (tables === undefined) {
    return;
  }
  for (const { at, samples, sizes } of chunksOf(tables)) {
    if (tables.sizes === undefined) {
      yield { at, length: sized ? samples * tables.size : Math.min(samples, 1) };
    } else {
      let length = 0;
      for (const size of sizes) {
        length += size;
      }
      yield { at, length };
    }
  }
}
