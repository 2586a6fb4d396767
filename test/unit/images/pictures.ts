import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { crc32 } from "node:zlib";
import Vips from "wasm-vips";
import { createConformer } from "../../../src/images/conformer.ts";
import { centerCrop } from "../../../src/shared/model/plan.ts";
import type { Size } from "../../../src/shared/model/size.ts";

// Else every damaged file writes to stderr.
process.env.VIPS_WARNING = "0";
export const vips = await Vips({ dynamicLibraries: ["vips-heif.wasm"], printErr: () => {} });

const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-images-"));

/** The product's conformer, run from source. */
export const conformer = createConformer({
  worker: new URL("../../../src/images/worker.ts", import.meta.url),
  vips: new URL(import.meta.resolve("wasm-vips")),
});

after(async () => {
  await conformer.dispose();
  vips.shutdown();
  await rm(folder, { recursive: true, force: true });
});

export const MIDDLE = centerCrop;

export type Color = readonly [number, number, number];

/** Writes a file into the test's folder and gives its path. */
export async function save(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** A path in the test's folder at which there is nothing. */
export function nowhere(name: string): string {
  return join(folder, name);
}

/** A picture of one color; four numbers give it an alpha channel. */
export function plain({ width, height }: Size, color: readonly number[]): Vips.Image {
  return vips.Image.black(width, height, { bands: color.length })
    .linear(
      color.map(() => 1),
      [...color],
    )
    .cast("uchar")
    .copy({ interpretation: "srgb" });
}

/** A picture of four quarters: top left, top right, bottom left, bottom right. */
export function quarters({ width, height }: Size, colors: readonly [Color, Color, Color, Color]): Vips.Image {
  const tiles = colors.map((color) => plain({ width: width / 2, height: height / 2 }, color));
  return vips.Image.arrayjoin(tiles, { across: 2 }).copy({ interpretation: "srgb" });
}

/** A decoded picture whose pixels can be asked for. */
export interface Decoded extends Size {
  readonly bands: number;
  at(x: number, y: number): number[];
}

/** Decodes what was made, with no color conversion. */
export function decode(bytes: Uint8Array): Decoded {
  const image = vips.Image.newFromBuffer(bytes, "", { fail_on: "warning" });
  const { width, height, bands } = image;
  const pixels = image.writeToMemory();
  return {
    width,
    height,
    bands,
    at: (x, y) => [...pixels.subarray((y * width + x) * bands, (y * width + x + 1) * bands)],
  };
}

/** The types of a PNG's chunks, in order, with their data. */
export function pngChunks(png: Uint8Array): { type: string; data: Buffer }[] {
  const bytes = Buffer.from(png);
  const chunks = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString("latin1", at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** A PNG that claims a size and has no more than a few bytes of pixels. */
export function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", Buffer.from("789c63000000010001", "hex")),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
