/** A bitmap as its file says it. */
export interface BmpOptions {
  width: number;
  /** Negative: the first row is the top one. */
  height: number;
  bits: number;
  /** Rows as stored, each already padded to four bytes. */
  rows: readonly (readonly number[])[];
  compression?: number;
  headerBytes?: number;
  masks?: readonly number[];
  palette?: readonly (readonly [number, number, number])[];
}

/** The bytes of a BMP file. */
export function bmp({
  width,
  height,
  bits,
  rows,
  compression = 0,
  headerBytes = 40,
  masks = [],
  palette = [],
}: BmpOptions): Buffer {
  const header = Buffer.alloc(Math.max(14 + headerBytes, 54 + masks.length * 4));
  header.write("BM", "latin1");
  header.writeUInt32LE(headerBytes, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(palette.length, 46);
  for (const [i, mask] of masks.entries()) {
    header.writeUInt32LE(mask, 54 + i * 4);
  }
  const colors = Buffer.from(palette.flatMap(([r, g, b]) => [b, g, r, 0]));
  const pixels = Buffer.from(rows.flat());
  header.writeUInt32LE(header.length + colors.length, 10);
  header.writeUInt32LE(header.length + colors.length + pixels.length, 2);
  return Buffer.concat([header, colors, pixels]);
}
