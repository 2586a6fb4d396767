/** The kinds of pictures that are read. */
export type ImageFormat = "png" | "jpeg" | "webp" | "avif" | "gif" | "tiff" | "bmp";

/** What the first bytes of a file say it is. */
export type Signature =
  | { readonly kind: "readable"; readonly format: ImageFormat }
  | { readonly kind: "unsupported"; readonly name: string }
  | { readonly kind: "unknown" };

/** As many bytes from the start of a file as `readSignature` looks at. */
const HEAD_BYTES = 512;

/**
 * Tells a picture by its first bytes, never by its name.
 * @param bytes the whole file, or at least its first 512 bytes
 */
export function readSignature(bytes: Uint8Array): Signature {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES));
  const hex = head.toString("hex", 0, 32);
  for (const { format, starts } of READABLE) {
    if (starts.test(hex)) {
      return { kind: "readable", format };
    }
  }
  const text = head.toString("latin1");
  if (text.slice(4, 8) === "ftyp") {
    return readBrands(head);
  }
  if (SVG.test(text)) {
    return { kind: "unsupported", name: "SVG" };
  }
  for (const { name, starts } of UNSUPPORTED) {
    if (starts.test(hex)) {
      return { kind: "unsupported", name };
    }
  }
  return { kind: "unknown" };
}

/** Patterns over the first 32 bytes in hexadecimal. */
const READABLE: readonly { format: ImageFormat; starts: RegExp }[] = [
  { format: "png", starts: /^89504e470d0a1a0a/ },
  { format: "jpeg", starts: /^ffd8ff/ },
  { format: "webp", starts: /^52494646.{8}57454250/ },
  { format: "gif", starts: /^47494638(37|39)61/ },
  { format: "tiff", starts: /^(4949(2a|2b)00|4d4d00(2a|2b))/ },
  // The two letters alone would make an image of any text that starts with "BM": the header's reserved zeroes and its
  // own length belong to the signature.
  { format: "bmp", starts: /^424d.{8}0{8}.{8}(0c|28|34|38|40|6c|7c)000000/ },
];

const UNSUPPORTED: readonly { name: string; starts: RegExp }[] = [
  { name: "JPEG XL", starts: /^(ff0a|0000000c4a584c20)/ },
  { name: "JPEG 2000", starts: /^(0000000c6a502020|ff4fff51)/ },
  { name: "Photoshop", starts: /^3842505300/ },
  { name: "OpenEXR", starts: /^762f3101/ },
  { name: "icon", starts: /^0000(01|02)00..00/ },
  { name: "QOI", starts: /^716f6966/ },
  { name: "DirectDraw surface", starts: /^44445320/ },
];

const SVG = /^(ï»¿)?\s*(<[?!][^>]*>\s*)*<svg[\s>]/;

/** AVIF and its relatives name themselves in the brands of the first box (ISO/IEC 14496-12, section 4.3). */
function readBrands(head: Buffer): Signature {
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) {
    brands.push(head.toString("latin1", at, at + 4));
  }
  if (brands.some((brand) => brand === "avif" || brand === "avis")) {
    return { kind: "readable", format: "avif" };
  }
  if (brands.some((brand) => /^(hei|hev|mif|msf)/.test(brand))) {
    return { kind: "unsupported", name: "HEIC" };
  }
  return { kind: "unknown" };
}
