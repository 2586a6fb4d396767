import { type ImageFormat, imageFormats } from "../shared/model/imageKinds.ts";

/** What a file is by its first bytes. */
type Signature =
  | { readonly kind: "readable"; readonly format: ImageFormat }
  | { readonly kind: "unsupported"; readonly name: string }
  | { readonly kind: "unknown" };

/** The number of bytes that `readSignature` reads from the start of a file. */
const HEAD_BYTES = 512;

/**
 * Recognizes a picture by its first bytes, never by its name.
 * @param bytes the whole file, or at least its first 512 bytes
 */
export function readSignature(bytes: Uint8Array): Signature {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES));
  const hex = head.toString("hex", 0, 32);
  const format = imageFormats.find((each) => STARTS[each]?.test(hex));
  if (format !== undefined) {
    return { kind: "readable", format };
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
const STARTS: Readonly<Record<ImageFormat, RegExp | undefined>> = {
  png: /^89504e470d0a1a0a/,
  jpeg: /^ffd8ff(?!f7)/,
  webp: /^52494646.{8}57454250/,
  // It is known by its brands.
  avif: undefined,
  gif: /^47494638(37|39)61/,
  tiff: /^(4949(2a|2b)00|4d4d00(2a|2b))/,
  // The two letters alone would make an image of any text that starts with "BM", so the header's own length belongs to
  // the signature. The two words before it should be zero and are anything in real files.
  bmp: /^424d.{24}(0c|10|28|34|38|40|6c|7c)000000/,
};

const UNSUPPORTED: readonly { name: string; starts: RegExp }[] = [
  { name: "JPEG XL", starts: /^(ff0a|0000000c4a584c20)/ },
  { name: "JPEG 2000", starts: /^(0000000c6a502020|ff4fff51)/ },
  { name: "JPEG XR", starts: /^4949bc(00|01)/ },
  { name: "JPEG-LS", starts: /^ffd8fff7/ },
  { name: "Photoshop", starts: /^38425053000(1|2)/ },
  { name: "OpenEXR", starts: /^762f3101/ },
  // No color map or one of 15 to 32 bits, a known kind, pixels of a known depth: the format has no signature at its
  // start.
  { name: "Targa", starts: /^..(00(02|03|0a|0b)0{10}|01(01|09).{8}(0f|10|18|20)).{16}(08|0f|10|18|20)[0-3]./ },
  { name: "icon", starts: /^0000(01|02)00..00/ },
  { name: "QOI", starts: /^716f6966/ },
  { name: "DirectDraw surface", starts: /^44445320/ },
  { name: "Khronos texture", starts: /^ab4b5458203(1|2)/ },
  { name: "Radiance HDR", starts: /^233f(52414449414e4345|52474245)/ },
  // "P1" to "P7", "PF" and "Pf", then white space or a comment.
  { name: "Netpbm", starts: /^50(3[1-7]|46|66)(0a|0d|20|09|23)/ },
  { name: "GIMP", starts: /^67696d7020786366/ },
  { name: "PCX", starts: /^0a0[0235]01(01|02|04|08)/ },
  { name: "FITS", starts: /^53494d504c4520203d/ },
  { name: "Sun raster", starts: /^59a66a95/ },
  { name: "SGI", starts: /^01da0[01]0[12]000[1-3]/ },
  { name: "Windows metafile", starts: /^(d7cdc69a0000|010009000003)/ },
  { name: "XPM", starts: /^2f2a2058504d202a2f/ },
  { name: "DjVu", starts: /^41542654464f524d/ },
  { name: "FLIF", starts: /^464c4946/ },
  { name: "farbfeld", starts: /^6661726266656c64/ },
];

const SVG = /^(ï»¿)?\s*(<[?!][^>]*>\s*)*<svg[\s>]/;

/** The brands that AVIF and its relatives declare, the main one first (ISO/IEC 14496-12, section 4.3). */
export function brandsOf(head: Buffer): string[] {
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) {
    brands.push(head.toString("latin1", at, at + 4));
  }
  return brands;
}

function readBrands(head: Buffer): Signature {
  const brands = brandsOf(head);
  if (brands.some((brand) => brand === "avif" || brand === "avis")) {
    return { kind: "readable", format: "avif" };
  }
  if (brands.some((brand) => /^(hei|hev|mif|msf)/.test(brand))) {
    return { kind: "unsupported", name: "HEIC" };
  }
  if (brands[0] === "crx ") {
    return { kind: "unsupported", name: "camera raw" };
  }
  return { kind: "unknown" };
}
