import { type Box, children, fieldsOf } from "./mp4Boxes.ts";
import type { Mp4Sample, Piece } from "./mp4Samples.ts";
import { limits, type Source, Unplayable } from "./source.ts";

/** The properties of a track's samples that apply if a fragment does not specify them. */
interface Defaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** The defaults of each track, by its number; undefined if the file is not fragmented. */
export function defaultsOf(source: Source, mvex: Box | undefined): Map<number, Defaults> | undefined {
  if (mvex === undefined) {
    return undefined;
  }
  const all = new Map<number, Defaults>();
  for (const box of children(source, mvex).filter(({ type }) => type === "trex")) {
    const fields = fieldsOf(source, box, 4);
    const track = fields.u32();
    fields.skip(4);
    all.set(track, { duration: fields.u32(), size: fields.u32(), flags: fields.u32() });
  }
  return all;
}

/** Reads the fragments of a file in order. */
export class Fragments {
  readonly #source: Source;
  readonly #defaults: ReadonlyMap<number, Defaults>;
  readonly #track: number;
  readonly samples: Mp4Sample[];
  /** Where the samples of all the other tracks lie. */
  readonly pieces: Piece[] = [];
  /** When the track's next fragment begins if it does not specify that itself. */
  #decoded: number;

  constructor(source: Source, defaults: ReadonlyMap<number, Defaults>, track: number, before: readonly Mp4Sample[]) {
    this.#source = source;
    this.#defaults = defaults;
    this.#track = track;
    this.samples = [...before];
    this.#decoded = before.reduce((sum, { duration }) => sum + duration, 0);
  }

  /** @throws {Unplayable} */
  add(moof: Box): void {
    let from = moof.start;
    for (const traf of children(this.#source, moof).filter(({ type }) => type === "traf")) {
      from = this.#addTrack(moof, traf, from);
    }
  }

  /** Returns where the next track's samples begin if it does not specify that itself. */
  #addTrack(moof: Box, traf: Box, from: number): number {
    const parts = children(this.#source, traf);
    const tfhd = parts.find(({ type }) => type === "tfhd");
    if (tfhd === undefined) {
      throw new Unplayable("damaged");
    }
    const head = fieldsOf(this.#source, tfhd);
    const flags = head.u32();
    const track = head.u32();
    const own = this.#defaults.get(track) ?? { duration: 0, size: 0, flags: 0 };
    const base = flags & 0x1 ? head.u64() : flags & 0x2_00_00 ? moof.start : from;
    head.skip(flags & 0x2 ? 4 : 0);
    const defaults: Defaults = {
      duration: flags & 0x8 ? head.u32() : own.duration,
      size: flags & 0x10 ? head.u32() : own.size,
      flags: flags & 0x20 ? head.u32() : own.flags,
    };
    const tfdt = parts.find(({ type }) => type === "tfdt");
    if (tfdt !== undefined && track === this.#track) {
      const fields = fieldsOf(this.#source, tfdt);
      this.#decoded = fields.u32() >>> 24 === 1 ? fields.u64() : fields.u32();
    }
    let at = base;
    for (const trun of parts.filter(({ type }) => type === "trun")) {
      at = this.#addRun(trun, track, defaults, base, at);
    }
    return at;
  }

  #addRun(trun: Box, track: number, defaults: Defaults, base: number, after: number): number {
    const fields = fieldsOf(this.#source, trun);
    const flags = fields.u32();
    const count = fields.u32();
    let at = flags & 0x1 ? base + fields.i32() : after;
    const firstFlags = flags & 0x4 ? fields.u32() : undefined;
    const has = { duration: flags & 0x100, size: flags & 0x200, flags: flags & 0x400, shift: flags & 0x800 };
    const bytes = 4 * [has.duration, has.size, has.flags, has.shift].filter((each) => each !== 0).length;
    if (count * bytes > fields.left) {
      throw new Unplayable("damaged");
    }
    if (track !== this.#track && has.size === 0) {
      this.pieces.push({ at, length: count * defaults.size });
      return at + count * defaults.size;
    }
    if (track === this.#track && this.samples.length + count > limits.frames) {
      throw new Unplayable("tooLong");
    }
    const first = at;
    for (let sample = 0; sample < count; sample++) {
      const duration = has.duration ? fields.u32() : defaults.duration;
      const length = has.size ? fields.u32() : defaults.size;
      const own = has.flags ? fields.u32() : sample === 0 && firstFlags !== undefined ? firstFlags : defaults.flags;
      const shift = has.shift ? fields.i32() : 0;
      if (track === this.#track) {
        const time = this.#decoded + shift;
        this.samples.push({ at, length, duration, time, key: (own & 0x1_00_00) === 0 });
        this.#decoded += duration;
      }
      at += length;
    }
    if (track !== this.#track) {
      this.pieces.push({ at: first, length: at - first });
    }
    return at;
  }
}
