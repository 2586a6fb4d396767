/** What a test's TIFF file says of its pixels; one strip, little-endian. */
export interface TiffOptions {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples?: number;
  /** 1 whole numbers, 2 with a sign, 3 floating. */
  readonly sampleFormat?: number;
  readonly photometric?: number;
  readonly compression?: number;
  readonly pixels: Uint8Array;
}

/** The bytes of a TIFF file, also of kinds that no library here writes. */
export function tiff(options: TiffOptions): Buffer {
  const { width, height, bits, samples = 1, sampleFormat = 1, photometric = 1, compression = 1, pixels } = options;
  // Of several samples only the depth of the first two fits in; the tests have one depth for all.
  const entries: [number, number, number, number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, bits],
    [259, 3, 1, compression],
    [262, 3, 1, photometric],
    [273, 4, 1, 8],
    [277, 3, 1, samples],
    [278, 4, 1, height],
    [279, 4, 1, pixels.byteLength],
    [339, 3, 1, sampleFormat],
  ];
  const head = Buffer.alloc(8);
  head.write("II*\0", "latin1");
  head.writeUInt32LE(8 + pixels.byteLength, 4);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([head, pixels, directory]);
}
