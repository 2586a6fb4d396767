import type Vips from "wasm-vips";
import type { Rect } from "../shared/model/crop.ts";
import type { Size } from "../shared/model/size.ts";
import { decodeBmp } from "./bmp.ts";
import { fullRange, ICC_FIELD, needsRange, toSrgb, valueRange } from "./colors.ts";
import { type Declared, readDeclared } from "./declared.ts";
import { numberField, type VipsModule } from "./library.ts";
import { assertDecodable } from "./limits.ts";
import type { Assumption } from "./protocol.ts";
import type { Picture } from "./read.ts";

/** A picture whose header has been read. Rows are read once, from the top, so that it is never whole in memory. */
export interface Opened extends Disposable {
  readonly image: Vips.Image;
  readonly picture: Picture;
  readonly declared: Declared;
  /** Its EXIF orientation, 1 for upright (Exif 3.0, section 4.6.5.1.6). */
  readonly orientation: number;
  /** Size in pixels when turned upright. */
  readonly upright: Size;
}

/**
 * Opens a picture. Only a bitmap is decoded already.
 * @throws ImageError `tooLarge`, `unsupported`, `unreadable`; otherwise what the library throws
 */
export function open(vips: VipsModule, picture: Picture): Opened {
  const image = load(vips, picture, 1);
  try {
    assertDecodable(image.width, image.height, picture.format, String(image.format) !== "uchar");
    const orientation = numberField(image, "orientation") ?? 1;
    return {
      image,
      picture,
      declared: readDeclared(picture),
      orientation,
      upright: turned(orientation, image),
      [Symbol.dispose]: () => image.delete(),
    };
  } catch (error) {
    image.delete();
    throw error;
  }
}

/** A size with its edges swapped if the orientation asks for it. */
export function turned(orientation: number, { width, height }: Size): Size {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

/**
 * Gives a picture as 8-bit sRGB of three bands on white, still in its stored orientation.
 * @param opened used up by this
 * @param shrink factor by which a JPEG's decoder may shrink: 1, 2, 4 or 8
 */
export function opaque(vips: VipsModule, opened: Opened, shrink = 1): Vips.Image {
  const { picture, declared } = opened;
  const range = needsRange(opened.image) ? valueRange(() => load(vips, picture, 1)) : undefined;
  using image = shrink === 1 ? opened.image.copy() : load(vips, picture, shrink);
  using ranged = declared.limitedGray === true ? fullRange(image) : image.copy();
  using colors = toSrgb(vips, ranged, declared, range);
  // White is put behind before scaling: the sum is linear, so this equals scaling premultiplied colors, and no color of
  // a transparent pixel bleeds into its neighbors.
  using flat = colors.hasAlpha() ? colors.flatten({ background: Array(colors.bands - 1).fill(255) }) : colors.copy();
  using three = flat.bands > 3 ? flat.extractBand(0, { n: 3 }) : flat.copy();
  return declared.frame === undefined ? three.copy() : framed(three, declared.frame);
}

/** What had to be assumed about a picture's colors; undefined if its file defines them. */
export function assumption({ image, declared }: Opened): Assumption | undefined {
  if (declared.space?.hdr === true && (declared.overProfile === true || image.getTypeof(ICC_FIELD) === 0)) {
    return "hdr";
  }
  return needsRange(image) ? "range" : undefined;
}

/** A first frame that does not fill its canvas, on white. */
function framed(image: Vips.Image, frame: Rect): Vips.Image {
  const { width, height } = image;
  const left = Math.min(frame.left, width);
  const top = Math.min(frame.top, height);
  const seen = { width: Math.min(frame.width, width - left), height: Math.min(frame.height, height - top) };
  const background = [255, 255, 255];
  if (seen.width < 1 || seen.height < 1) {
    return image.newFromImage(background);
  }
  using part = image.extractArea(left, top, seen.width, seen.height);
  return part.embed(left, top, width, height, { extend: "background", background });
}

function load(vips: VipsModule, { bytes, format }: Picture, shrink: number): Vips.Image {
  // "error" refuses truncated or corrupt files (the default fills them with gray) but accepts harmless warnings, which
  // the pictures of some phones cause.
  const options = { fail_on: "error", access: "sequential" } as const;
  switch (format) {
    case "png":
      return vips.Image.pngloadBuffer(bytes, options);
    case "jpeg":
      return vips.Image.jpegloadBuffer(bytes, { ...options, shrink });
    case "webp":
      return vips.Image.webploadBuffer(bytes, options);
    case "avif":
      return vips.Image.heifloadBuffer(bytes, options);
    case "gif":
      return vips.Image.gifloadBuffer(bytes, options);
    case "tiff":
      return vips.Image.tiffloadBuffer(bytes, options);
    case "bmp": {
      const { pixels, width, height, bands, profile } = decodeBmp(bytes);
      using plain = vips.Image.newFromMemory(pixels, width, height, bands, vips.BandFormat.uchar);
      const known = plain.copy({ interpretation: "srgb" });
      if (profile !== undefined) {
        known.setBlob(ICC_FIELD, profile);
      }
      return known;
    }
  }
}
