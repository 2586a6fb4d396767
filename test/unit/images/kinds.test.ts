import assert from "node:assert/strict";
import { test } from "node:test";
import { readSignature } from "../../../src/images/signature.ts";
import { bmp } from "./bitmap.ts";

function kindOf(bytes: Uint8Array | string): string {
  const signature = readSignature(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  return signature.kind === "unsupported" ? signature.name : signature.kind;
}

test("every file that is a picture is known as one, also of kinds that are not read", () => {
  const ihdr = "\0\x10\0\x10\0\0\0\0\0";
  for (const [name, head] of [
    ["Netpbm", "P6\n8 8\n255\n\0\0"],
    ["Netpbm", "P1 # drawn\n8 8"],
    ["Netpbm", "Pf\n8 8\n-1.0\n"],
    ["Radiance HDR", "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n"],
    ["Radiance HDR", "#?RGBE\n"],
    // Uncompressed, run-length coded, gray, and with a color map.
    ["Targa", "\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20"],
    ["Targa", "\x05\0\x0a\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x20\x08hello"],
    ["Targa", "\0\0\x03\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x08\0"],
    ["Targa", "\0\x01\x01\0\0\0\x01\x18\0\0\0\0\x10\0\x10\0\x08\0"],
    ["icon", `\0\0\x01\0\x01\0${ihdr}`],
    ["JPEG XL", "\xff\x0a\0\0"],
    ["JPEG 2000", "\xff\x4f\xff\x51\0"],
    ["JPEG XR", "II\xbc\x01"],
    ["JPEG-LS", "\xff\xd8\xff\xf7\0\x0b"],
    ["Photoshop", "8BPS\0\x02"],
    ["GIMP", "gimp xcf v011"],
    ["PCX", "\x0a\x05\x01\x08"],
    ["FITS", "SIMPLE  =                    T"],
    ["camera raw", "\0\0\0\x18ftypcrx \0\0\0\x01crx isom"],
  ] as const) {
    assert.equal(kindOf(head), name, JSON.stringify(head));
  }
});

test("a bitmap is one whatever its reserved words say, and with the headers of OS/2", () => {
  const good = bmp({ width: 2, height: 1, bits: 24, rows: [[1, 2, 3, 4, 5, 6, 0, 0]] });
  good.writeUInt32LE(0xdeadbeef, 6);
  assert.equal(kindOf(good), "readable");
  for (const headerBytes of [12, 16, 64]) {
    const os2 = Buffer.alloc(80);
    os2.write("BM");
    os2.writeUInt32LE(headerBytes, 14);
    assert.equal(kindOf(os2), "readable", `a header of ${headerBytes} bytes`);
  }
});

test("what is no picture is known as none, whatever it begins with", () => {
  for (const head of [
    "BMW is a maker of motor cars and motorcycles.",
    "Pages of a book, P6 of which is torn",
    "P68\n",
    "#!/bin/sh\necho RADIANCE\n",
    "\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
    "PK\x03\x04\x14\0\0\0\x08\0",
    "\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41",
    "\0\x01\0\0\0\x0c\0\x80\0\x03\0\x40GDEF\0\0\0\0",
    "SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20",
    "%PDF-1.7\n",
    "\0".repeat(512),
    '{\n  "simple": 1\n}',
  ]) {
    assert.equal(kindOf(head), "unknown", JSON.stringify(head));
  }
});
