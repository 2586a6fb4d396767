import { type Box, boxes, children, fieldsOf, find } from "./mp4Boxes.ts";
import { defaultsOf, Fragments } from "./mp4Fragments.ts";
import { type Mp4Sample, type Piece, tablePieces, tableSamples } from "./mp4Samples.ts";
import { limits, type Source, Unplayable } from "./source.ts";
import type { RawMovie } from "./timeline.ts";

/** The box types with which such a file can begin. */
const first = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp", "sidx", "moof"];

/** Boxes that must be complete: a file that ends inside one is truncated. */
const needed = ["moov", "moof", "mfra", "sidx", "ftyp"];

/** The codecs by mediabunny's names, for each name of a sample entry. */
const codecs: Readonly<Record<string, string>> = {
  ...{ avc1: "avc", avc3: "avc", hvc1: "hevc", hev1: "hevc", vp08: "vp8", vp09: "vp9", av01: "av1" },
  ...{ apch: "prores", apcn: "prores", apcs: "prores", apco: "prores", ap4h: "prores", ap4x: "prores" },
};

/** True for the first bytes of an MP4 or QuickTime file. */
export function isMp4(head: Uint8Array): boolean {
  return head.length >= 8 && first.includes(String.fromCharCode(...head.subarray(4, 8)));
}

/**
 * Reads the index of an MP4 or QuickTime file, fragmented or not, or both.
 * @throws {Unplayable}
 */
export function readMp4(source: Source, how: "whole" | "rest"): RawMovie {
  const isStrict = how === "whole";
  const top = [...boxes(source, 0, source.size)];
  if (isStrict && top.some(({ type, end }) => end > source.size && needed.includes(type))) {
    throw new Unplayable("truncated");
  }
  const moov = top.find(({ type }) => type === "moov");
  if (moov === undefined) {
    // A still picture in this container has no `moov` box; a truncated file may have lost it.
    throw new Unplayable(top.some(({ type }) => type === "meta") ? "noVideo" : "truncated");
  }
  if (moov.end - moov.body > limits.index) {
    throw new Unplayable("tooLong");
  }
  const tracks = children(source, moov).filter(({ type }) => type === "trak");
  if (tracks.length > limits.tracks) {
    throw new Unplayable("tooLong");
  }
  const isQuickTime = brandOf(source, top[0]) === "qt  ";
  const video = primary(source, tracks);
  const defaults = defaultsOf(source, find(source, moov, "mvex"));
  const media = mediaOf(source, video);
  const pieces: Piece[] = tracks
    .filter((track) => track !== video)
    .flatMap((track) => {
      const stbl = find(source, track, "mdia", "minf", "stbl");
      return stbl === undefined ? [] : [...tablePieces(source, stbl, !isQuickTime)];
    });
  let samples = tableSamples(source, media.stbl);
  if (defaults !== undefined) {
    const fragments = new Fragments(source, defaults, media.head.id, samples);
    for (const moof of top.filter(({ type, end }) => type === "moof" && end <= source.size)) {
      fragments.add(moof);
    }
    samples = fragments.samples;
    pieces.push(...fragments.pieces);
    if (isStrict) {
      refuseMissing(source, top, moov, samples, media.timescale);
    }
  }
  if (isStrict && pieces.some(({ at, length }) => at + length > source.size)) {
    throw new Unplayable("truncated");
  }
  const { shift, span, tick } = editsOf(source, moov, video, media.timescale);
  const { isTurned, isSideways } = media.head;
  return {
    ...{ container: isQuickTime || top[0]?.type !== "ftyp" ? "mov" : "mp4", track: media.head.id },
    ...{ ...entryOf(source, media.stbl, isSideways), isTurned, span, tick, plain: true },
    samples: samples.map(({ at, length, time, duration, key }) => ({
      ...{ at, length, key },
      time: time / media.timescale + shift,
      duration: duration / media.timescale,
    })),
  };
}

function brandOf(source: Source, box: Box | undefined): string | undefined {
  return box?.type === "ftyp" && box.end - box.body >= 4 ? fieldsOf(source, box).text(4) : undefined;
}

/** The video track that players show: the first enabled one, or else the first. */
function primary(source: Source, tracks: readonly Box[]): Box {
  const videos = tracks.filter((track) => {
    const handler = find(source, track, "mdia", "hdlr");
    return handler !== undefined && fieldsOf(source, handler, 8).text(4) === "vide";
  });
  const chosen = videos.find((track) => (headOf(source, track).flags & 1) === 1) ?? videos[0];
  if (chosen === undefined) {
    throw new Unplayable("noVideo");
  }
  return chosen;
}

interface Head {
  readonly id: number;
  readonly flags: number;
  readonly isTurned: boolean;
  /** Rotated by a quarter turn, which swaps width and height. */
  readonly isSideways: boolean;
}

function headOf(source: Source, track: Box): Head {
  const box = find(source, track, "tkhd");
  if (box === undefined) {
    throw new Unplayable("damaged");
  }
  const fields = fieldsOf(source, box);
  const head = fields.u32();
  const isLong = head >>> 24 === 1;
  fields.skip(isLong ? 16 : 8);
  const id = fields.u32();
  fields.skip((isLong ? 12 : 8) + 16);
  const [a, b] = [fields.i32(), fields.i32()];
  return { id, flags: head & 0xffffff, isTurned: a <= 0 || b !== 0, isSideways: Math.abs(b) > Math.abs(a) };
}

function mediaOf(source: Source, track: Box): { head: Head; timescale: number; stbl: Box } {
  const mdhd = find(source, track, "mdia", "mdhd");
  const stbl = find(source, track, "mdia", "minf", "stbl");
  if (mdhd === undefined || stbl === undefined) {
    throw new Unplayable("damaged");
  }
  return { head: headOf(source, track), timescale: timescaleOf(source, mdhd), stbl };
}

/** Time units per second, from `mdhd` or `mvhd`. */
function timescaleOf(source: Source, box: Box): number {
  const fields = fieldsOf(source, box);
  fields.skip(fields.u32() >>> 24 === 1 ? 16 : 8);
  const timescale = fields.u32();
  if (timescale === 0) {
    throw new Unplayable("damaged");
  }
  return timescale;
}

/** The effect of the edit list, in seconds: how far it shifts all times, and which span it shows. */
function editsOf(
  source: Source,
  moov: Box,
  track: Box,
  timescale: number,
): { shift: number; span: RawMovie["span"]; tick: number } {
  const mvhd = find(source, moov, "mvhd");
  const elst = find(source, track, "edts", "elst");
  if (elst === undefined || mvhd === undefined) {
    return { shift: 0, span: undefined, tick: 0 };
  }
  const unit = timescaleOf(source, mvhd);
  const fields = fieldsOf(source, elst);
  const isLong = fields.u32() >>> 24 === 1;
  const count = fields.u32();
  if (count * (isLong ? 20 : 12) > fields.left) {
    throw new Unplayable("damaged");
  }
  let before = 0;
  let start: number | undefined;
  let end = 0;
  for (let edit = 0; edit < count; edit++) {
    const duration = (isLong ? fields.u64() : fields.u32()) / unit;
    const time = isLong ? fields.i64() : fields.i32();
    fields.skip(4);
    if (time >= 0) {
      const from = time / timescale;
      start = Math.min(start ?? from, from);
      // An edit without a duration lasts to the end, as in files written during a recording.
      end = Math.max(end, duration > 0 ? from + duration : Number.POSITIVE_INFINITY);
    } else if (start === undefined) {
      before += duration;
    }
  }
  if (start === undefined) {
    return { shift: before, span: undefined, tick: 0 };
  }
  const shift = before - start;
  return { shift, span: { start: before, end: end + shift }, tick: 1 / unit };
}

/** The kind and the size of the frames, from the first sample entry. */
function entryOf(
  source: Source,
  stbl: Box,
  isSideways: boolean,
): Pick<RawMovie, "codec" | "setUp" | "lengthSize" | "width" | "height"> {
  const stsd = find(source, stbl, "stsd");
  const entry = stsd && [...boxes(source, stsd.body + 8, stsd.end)][0];
  if (entry === undefined) {
    throw new Unplayable("damaged");
  }
  if (entry.type === "encv") {
    throw new Unplayable("encrypted");
  }
  const fields = fieldsOf(source, entry, 24);
  const [wide, high] = [fields.u16(), fields.u16()];
  const codec = codecs[entry.type] ?? "unknown";
  const parts = new Map([...boxes(source, entry.body + 78, entry.end)].map((box) => [box.type, box]));
  const configuration = parts.get(codec === "avc" ? "avcC" : "hvcC");
  const setUp =
    configuration &&
    fieldsOf(source, configuration)
      .bytes(configuration.end - configuration.body)
      .slice();
  const [x, y] = aspectOf(source, parts.get("pasp"));
  const width = x > y ? Math.round((wide * x) / y) : wide;
  const height = x < y ? Math.round((high * y) / x) : high;
  if (width === 0 || height === 0) {
    throw new Unplayable("damaged");
  }
  return {
    codec,
    ...{ setUp, lengthSize: setUp === undefined ? 0 : lengthSizeIn(codec, setUp) },
    ...(isSideways ? { width: height, height: width } : { width, height }),
  };
}

function aspectOf(source: Source, pasp: Box | undefined): readonly [x: number, y: number] {
  if (pasp === undefined || pasp.end - pasp.body < 8) {
    return [1, 1];
  }
  const fields = fieldsOf(source, pasp);
  const [x, y] = [fields.u32(), fields.u32()];
  return x > 0 && y > 0 && x / y < 100 && y / x < 100 ? [x, y] : [1, 1];
}

/** The number of bytes in a unit's length prefix, from an AVC or HEVC configuration record; 0 for other codecs. */
export function lengthSizeIn(codec: string, configuration: Uint8Array): number {
  const at = { avc: 4, hevc: 21 }[codec];
  const byte = at === undefined ? undefined : configuration[at];
  return byte === undefined ? 0 : (byte & 3) + 1;
}

/** Refuses a fragmented file that ends before its declared end: it was truncated between two fragments. */
function refuseMissing(
  source: Source,
  top: readonly Box[],
  moov: Box,
  samples: readonly Mp4Sample[],
  timescale: number,
): void {
  const last = samples.reduce((end, { time, duration }) => Math.max(end, time + duration), 0) / timescale;
  const start = samples.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY) / timescale;
  const patience = (2 * (last - start)) / Math.max(1, samples.length);
  const mehd = find(source, moov, "mvex", "mehd");
  const mvhd = find(source, moov, "mvhd");
  const declared: number[] = [];
  if (mehd !== undefined && mvhd !== undefined) {
    const fields = fieldsOf(source, mehd);
    declared.push((fields.u32() >>> 24 === 1 ? fields.u64() : fields.u32()) / timescaleOf(source, mvhd));
  }
  const index = top.filter(({ type }) => type === "sidx")[0];
  if (index !== undefined && top.filter(({ type }) => type === "sidx").length === 1) {
    refuseUnreached(source, index);
  }
  if (declared.some((duration) => duration - Math.max(last, last - start) > patience)) {
    throw new Unplayable("truncated");
  }
}

/** Refuses a file that is too short to contain the segments in its index. */
function refuseUnreached(source: Source, sidx: Box): void {
  const fields = fieldsOf(source, sidx);
  const isLong = fields.u32() >>> 24 === 1;
  fields.skip(8 + (isLong ? 8 : 4));
  let at = sidx.end + (isLong ? fields.u64() : fields.u32());
  fields.skip(2);
  for (let left = fields.u16(); left > 0; left--) {
    at += fields.u32() & 0x7fffffff;
    fields.skip(8);
  }
  if (at > source.size) {
    throw new Unplayable("truncated");
  }
}
