import { createHash } from "node:crypto";
import type Vips from "wasm-vips";
import { owned } from "../shared/bytes.ts";
import { blurRadius, type CoverCrop, coverCrop, fitBox, type Rect } from "../shared/model/crop.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import type { Size } from "../shared/model/size.ts";
import { readBmpSize } from "./bmp.ts";
import { needsRange } from "./colors.ts";
import { assumption, type Opened, opaque, open, turned } from "./decode.ts";
import { enlarge } from "./enlarge.ts";
import { ImageError } from "./errors.ts";
import { forgetComplaints, isOutOfMemory, type VipsModule, vipsMessage } from "./library.ts";
import type {
  CompressedImage,
  CompressRequest,
  ConformedImage,
  ConformRequest,
  Thumbnail,
  ThumbnailRequest,
} from "./protocol.ts";
import type { Picture } from "./read.ts";
import { isUnusual } from "./unusual.ts";

/**
 * Reads the oriented size, in pixels, from a picture's header, without decoding it.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function inspect(vips: VipsModule, picture: Picture): Size {
  if (picture.format === "bmp") {
    return readBmpSize(picture.bytes);
  }
  return withPicture(vips, picture, (opened) => {
    // A picture whose colors cannot be used is refused already here.
    needsRange(opened.image);
    return opened.upright;
  });
}

/**
 * Makes the exact picture that the service gets: upright, in sRGB, opaque on white, scaled with Lanczos in both
 * directions, and cropped or fitted by the arithmetic of `crop.ts`.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function conform(vips: VipsModule, picture: Picture, request: ConformRequest): ConformedImage {
  const { target, plan } = request;
  const png = withPicture(vips, picture, (opened) => {
    using flat = opaque(vips, opened);
    using exact = planned(vips, { image: flat, ...lying(opened) }, target, plan);
    return exact.pngsaveBuffer({ compression: 6, filter: "all", keep: "none" });
  });
  return { png: owned(png), sha256: sha256(png) };
}

/**
 * Makes a small WebP of a picture, for lists and previews.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function thumbnail(vips: VipsModule, picture: Picture, { maxEdge }: ThumbnailRequest): Thumbnail {
  return withPicture(vips, picture, (opened) => {
    const { upright } = opened;
    const scale = Math.min(1, maxEdge / Math.max(upright.width, upright.height));
    const small = {
      width: Math.max(1, Math.round(upright.width * scale)),
      height: Math.max(1, Math.round(upright.height * scale)),
    };
    using flat = opaque(vips, opened, picture.format === "jpeg" ? jpegShrink(scale) : 1);
    using resized = reduced({ image: flat, ...lying(opened) }, small, { left: 0, top: 0, ...small });
    const webp = owned(resized.webpsaveBuffer({ Q: 82, effort: 2, keep: "none" }));
    const assumed = assumption(opened);
    const source = { ...upright, ...(assumed !== undefined && { assumed }) };
    return { ...small, webp, source, sourceSha256: sha256(picture.bytes) };
  });
}

/** Qualities to try, best first. Below the last one the picture would suffer. */
const QUALITIES = [98, 95, 90, 80, 70];

/**
 * Makes a JPEG of a picture that fits into so many bytes, at the best quality that does; undefined if none does.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function compress(
  vips: VipsModule,
  picture: Picture,
  { maxBytes }: CompressRequest,
): CompressedImage | undefined {
  return withPicture(vips, picture, (opened) => {
    using flat = opaque(vips, opened);
    using upright = uprightOf(flat, opened.orientation);
    for (const quality of QUALITIES) {
      const jpeg = upright.jpegsaveBuffer({ Q: quality, subsample_mode: "off", optimize_coding: true, keep: "none" });
      if (jpeg.byteLength <= maxBytes) {
        return { bytes: owned(jpeg), mime: "image/jpeg" };
      }
    }
    return undefined;
  });
}

/** An opaque picture in sRGB in its stored orientation. Its rows can be read once, from the top. */
interface Lying {
  readonly image: Vips.Image;
  readonly orientation: number;
  readonly upright: Size;
}

function lying({ orientation, upright }: Opened): Omit<Lying, "image"> {
  return { orientation, upright };
}

function planned(vips: VipsModule, source: Lying, target: Size, plan: CropPlan): Vips.Image {
  if (plan.mode === "crop") {
    return cutOut(vips, source, coverCrop(source.upright, target, plan.focus, plan.zoom));
  }
  const { fill } = plan;
  const { scale, box } = fitBox(source.upright, target);
  const whole = { left: 0, top: 0, width: box.width, height: box.height };
  const asFitted = { scale, scaled: box, cut: whole, rect: { left: 0, top: 0, ...source.upright } };
  switch (fill.kind) {
    case "color": {
      using fitted = cutOut(vips, source, asFitted);
      const background = [1, 3, 5].map((at) => Number.parseInt(fill.color.slice(at, at + 2), 16));
      return fitted.embed(box.left, box.top, target.width, target.height, { extend: "background", background });
    }
    case "blur": {
      const eighth = { width: Math.round(target.width / 8), height: Math.round(target.height / 8) };
      // The fill is made of the fitted picture if that has enough pixels, so that a large picture is read once.
      // Otherwise it is a small or a very long one.
      const isEnough = scale <= 1 && coverCrop(box, eighth).scale <= 1;
      using held = isEnough ? source.image.copy() : source.image.copyMemory();
      using fitted = cutOut(vips, { ...source, image: held }, asFitted);
      using behind = blurredCover(
        vips,
        isEnough ? { image: fitted, orientation: 1, upright: whole } : { ...source, image: held },
        eighth,
        target,
      );
      return behind.insert(fitted, box.left, box.top);
    }
  }
}

/** Scales the whole picture and cuts a part out, upright, without ever making more than that part. */
function cutOut(
  vips: VipsModule,
  source: Lying,
  { scale, scaled, cut, rect }: Pick<CoverCrop, "scale" | "scaled" | "cut" | "rect">,
): Vips.Image {
  if (scale <= 1) {
    return reduced(source, scaled, cut);
  }
  const { image, orientation, upright } = source;
  const left = Math.max(0, Math.floor(rect.left) - KERNEL_REACH);
  const top = Math.max(0, Math.floor(rect.top) - KERNEL_REACH);
  const width = Math.min(upright.width, Math.ceil(rect.left + rect.width) + KERNEL_REACH) - left;
  const height = Math.min(upright.height, Math.ceil(rect.top + rect.height) + KERNEL_REACH) - top;
  const stored = asStored(orientation, image, { left, top, width, height });
  using part = image.extractArea(stored.left, stored.top, stored.width, stored.height);
  using seen = uprightOf(part, orientation);
  const large = enlarge(
    { width, height, bands: seen.bands, pixels: Uint8Array.from(seen.writeToMemory()) },
    { ...rect, left: rect.left - left, top: rect.top - top },
    cut,
  );
  using plain = vips.Image.newFromMemory(large.pixels, large.width, large.height, large.bands, vips.BandFormat.uchar);
  return plain.copy({ interpretation: "srgb" });
}

/** How many pixels beyond a part's edge its outermost pixels are made of. */
const KERNEL_REACH = 3;

/**
 * Reduces the whole picture to a size and gives a part of that, both measured upright. First across, which is kept in
 * memory, then down: asked for both at once, the library holds hundreds of rows of a large picture in each of its
 * steps.
 */
function reduced({ image, orientation }: Lying, size: Size, cut: Rect): Vips.Image {
  const { width, height } = turned(orientation, size);
  const part = asStored(orientation, { width, height }, cut);
  // Without the gap the library would first shrink by whole factors, with a box instead of the kernel.
  const kernel = { kernel: "lanczos3", gap: 0 } as const;
  using narrow = image.reduceh(image.width / width, kernel);
  using columns = narrow.extractArea(part.left, 0, part.width, image.height);
  using held = columns.copyMemory();
  using small = held.reducev(image.height / height, kernel);
  using exact = small.extractArea(0, part.top, part.width, part.height);
  return uprightOf(exact, orientation);
}

/** Where a part of the upright picture is in the stored one. */
function asStored(orientation: number, stored: Size, { left, top, width, height }: Rect): Rect {
  const [x, y] = orientation > 4 ? [top, left] : [left, top];
  const part = turned(orientation, { width, height });
  return {
    left: [2, 3, 7, 8].includes(orientation) ? stored.width - x - part.width : x,
    top: [3, 4, 6, 7].includes(orientation) ? stored.height - y - part.height : y,
    ...part,
  };
}

/**
 * The fill of the frame: the middle of the picture covering it, blurred. It is made at an eighth of the size, which
 * loses nothing that the blur would leave.
 */
function blurredCover(vips: VipsModule, source: Lying, eighth: Size, target: Size): Vips.Image {
  using small = cutOut(vips, source, coverCrop(source.upright, eighth));
  // By default the library cuts the bell curve off at a fifth of its height.
  using soft = small.gaussblur(blurRadius(target) / 8, { min_ampl: 0.01 });
  return soft.resize(target.width / eighth.width, { vscale: target.height / eighth.height, kernel: "lanczos3" });
}

/** Turns a result upright, in memory: turning reads rows out of order. */
function uprightOf(image: Vips.Image, orientation: number): Vips.Image {
  using made = image.copyMemory();
  using told = made.copy();
  told.setInt("orientation", orientation);
  return told.autorot();
}

/**
 * The largest factor by which a JPEG's decoder can shrink that leaves at least twice the pixels per edge, for good
 * scaling.
 */
function jpegShrink(scale: number): number {
  return [8, 4, 2].find((factor) => factor * scale <= 0.5) ?? 1;
}

/**
 * Threads of the library that work on one picture. Each holds the rows that it scales at a time, so a large picture,
 * whose decoder works alone anyway, gets only one.
 */
const THREADS = 2;
const LARGE_PIXELS = 24_000_000;

/** Opens a picture for some work and turns the library's complaint about it into an `ImageError`. */
function withPicture<T>(vips: VipsModule, picture: Picture, work: (opened: Opened) => T): T {
  forgetComplaints(vips);
  let size: Size | undefined;
  try {
    using opened = open(vips, picture);
    size = opened.upright;
    vips.concurrency(size.width * size.height > LARGE_PIXELS ? 1 : THREADS);
    return work(opened);
  } catch (error) {
    if (isOutOfMemory(error)) {
      throw new OutOfMemory(size);
    }
    const detail = vipsMessage(error);
    if (detail === undefined) {
      throw error;
    }
    throw new ImageError({ code: isUnusual(picture, detail) ? "unsupported" : "unreadable", detail });
  }
}

/** The library's memory was not enough for a picture; a fresh thread may have enough. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
  /** Size of the picture in pixels, if its header was read. */
  readonly size: Size | undefined;

  constructor(size: Size | undefined) {
    super("The image library ran out of memory.");
    this.size = size;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
