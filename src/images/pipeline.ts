import { createHash } from "node:crypto";
import type Vips from "wasm-vips";
import type { CropPlan } from "../model/plan.ts";
import { decodeBmp, readBmpHeader } from "./bmp.ts";
import { blurRadius, type CoverCrop, coverCrop, fitBox, type Size } from "./crop.ts";
import { enlarge } from "./enlarge.ts";
import { ImageError } from "./errors.ts";
import { iccName } from "./icc.ts";
import { assertDecodable } from "./limits.ts";
import type {
  CompressedImage,
  CompressRequest,
  ConformedImage,
  ConformRequest,
  ImageFacts,
  Thumbnail,
  ThumbnailRequest,
} from "./protocol.ts";
import type { Picture } from "./read.ts";

/** The loaded image library. */
export type VipsModule = typeof Vips;

/**
 * Reads what a picture's header says, without decoding it.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function inspect(vips: VipsModule, picture: Picture): ImageFacts {
  if (picture.format === "bmp") {
    const { width, height, hasAlpha } = readBmpHeader(picture.bytes);
    return { format: "bmp", width, height, hasAlpha, pages: 1, bitDepth: 8 };
  }
  return unlessDamaged(() => {
    using image = open(vips, picture);
    const facts = {
      ...orientedSize(image),
      format: picture.format,
      hasAlpha: image.hasAlpha(),
      pages: numberField(image, "n-pages") ?? 1,
      bitDepth: bitDepth(image),
    };
    const name = hasField(image, ICC_FIELD) ? iccName(image.getBlob(ICC_FIELD)) : undefined;
    return name === undefined ? facts : { ...facts, iccName: name };
  });
}

/**
 * Makes the exact picture that the service gets: upright, in sRGB, opaque on white, scaled with Lanczos in both
 * directions, and cut or fitted as the arithmetic of `crop.ts` says.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function conform(vips: VipsModule, picture: Picture, request: ConformRequest): ConformedImage {
  const { target, plan } = request;
  const { png, source } = unlessDamaged(() => {
    using header = open(vips, picture);
    const size = orientedSize(header);
    using opaque = openOpaque(vips, picture, header, { shrink: 1, inOrder: readsInOrder(size, target, plan) });
    using exact = planned(vips, opaque, target, plan);
    return { png: exact.pngsaveBuffer({ compression: 6, filter: "all", keep: "none" }), source: size };
  });
  return {
    png: owned(png),
    width: target.width,
    height: target.height,
    sha256: sha256(png),
    sourceSha256: sha256(picture.bytes),
    source: { ...source, format: picture.format },
  };
}

/**
 * Makes a small WebP of a picture, for lists and previews.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function thumbnail(vips: VipsModule, picture: Picture, { maxEdge }: ThumbnailRequest): Thumbnail {
  return unlessDamaged(() => {
    using header = open(vips, picture);
    const size = orientedSize(header);
    const scale = Math.min(1, maxEdge / Math.max(size.width, size.height));
    const small = {
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
    };
    using opaque = openOpaque(vips, picture, header, {
      shrink: picture.format === "jpeg" ? jpegShrink(scale) : 1,
      inOrder: true,
    });
    using resized = resizeTo(opaque, small);
    const webp = owned(resized.webpsaveBuffer({ Q: 82, effort: 2, keep: "none" }));
    return { ...small, webp, source: size, sourceSha256: sha256(picture.bytes) };
  });
}

/** Qualities that are tried, best first: below the last one the picture would suffer. */
const QUALITIES = [98, 95, 90, 80, 70];

/**
 * Makes a JPEG of a picture that fits into so many bytes, at the best quality that does; undefined where none does.
 * @throws ImageError `unreadable`, `tooLarge`, `unsupported`
 */
export function compress(
  vips: VipsModule,
  picture: Picture,
  { maxBytes }: CompressRequest,
): CompressedImage | undefined {
  return unlessDamaged(() => {
    using header = open(vips, picture, { sequential: false });
    using opaque = openOpaque(vips, picture, header, { shrink: 1, inOrder: false });
    for (const quality of QUALITIES) {
      const jpeg = opaque.jpegsaveBuffer({ Q: quality, subsample_mode: "off", optimize_coding: true, keep: "none" });
      if (jpeg.byteLength <= maxBytes) {
        return { bytes: owned(jpeg), mime: "image/jpeg" };
      }
    }
    return undefined;
  });
}

const ICC_FIELD = "icc-profile-data";

/** Bits of one channel as decoded: a palette's indices may have fewer, its colours have 8. */
function bitDepth(image: Vips.Image): number {
  const stored = hasField(image, "palette") ? undefined : numberField(image, "bits-per-sample");
  return stored ?? BITS_BY_FORMAT[String(image.format)] ?? 8;
}

const BITS_BY_FORMAT: Readonly<Record<string, number>> = { uchar: 8, ushort: 16, uint: 32, float: 32, double: 64 };

interface OpenOptions {
  /** Factor by which a JPEG's decoder may shrink: 1, 2, 4 or 8. */
  readonly shrink?: number;
  /** Read rows once, from the top; else any pixel can be asked for, which costs the memory of the whole picture. */
  readonly sequential?: boolean;
}

/** Opens a picture; but for a bitmap, nothing is decoded yet. */
function open(vips: VipsModule, { bytes, format }: Picture, options: OpenOptions = {}): Vips.Image {
  const { shrink = 1, sequential = true } = options;
  // "error" refuses what is truncated or corrupt (the default fills it with grey) but lives with harmless warnings,
  // which the pictures of some phones give.
  const common = { fail_on: "error", access: sequential ? "sequential" : "random" } as const;
  const image = load();
  try {
    assertDecodable(image.width, image.height);
  } catch (error) {
    image.delete();
    throw error;
  }
  return image;

  function load(): Vips.Image {
    switch (format) {
      case "png":
        return vips.Image.pngloadBuffer(bytes, common);
      case "jpeg":
        return vips.Image.jpegloadBuffer(bytes, { ...common, shrink });
      case "webp":
        return vips.Image.webploadBuffer(bytes, common);
      case "avif":
        return vips.Image.heifloadBuffer(bytes, common);
      case "gif":
        return vips.Image.gifloadBuffer(bytes, common);
      case "tiff":
        return vips.Image.tiffloadBuffer(bytes, common);
      case "bmp": {
        const { pixels, width, height, bands } = decodeBmp(bytes);
        using plain = vips.Image.newFromMemory(pixels, width, height, bands, vips.BandFormat.uchar);
        return plain.copy({ interpretation: "srgb" });
      }
    }
  }
}

/**
 * Opens a picture as upright 8-bit sRGB of three bands.
 * @param header the same picture opened for its header, used again where reading from the top will do
 */
function openOpaque(
  vips: VipsModule,
  picture: Picture,
  header: Vips.Image,
  { shrink, inOrder }: { shrink: number; inOrder: boolean },
): Vips.Image {
  // Turning asks for rows out of order.
  const sequential = inOrder && (numberField(header, "orientation") ?? 1) === 1;
  using image = sequential && shrink === 1 ? header.copy() : open(vips, picture, { shrink, sequential });
  using upright = image.autorot();
  using colours = toSrgb(upright);
  // White is laid under before scaling: the sum is linear, so this equals scaling premultiplied colours, and no
  // colour of a transparent pixel bleeds into its neighbours.
  using opaque = colours.hasAlpha() ? colours.flatten({ background: [255, 255, 255] }) : colours.copy();
  return opaque.bands > 3 ? opaque.extractBand(0, { n: 3 }) : opaque.copy();
}

function toSrgb(image: Vips.Image): Vips.Image {
  if (hasField(image, ICC_FIELD)) {
    try {
      return image.iccTransform("srgb", {
        embedded: true,
        intent: "relative",
        black_point_compensation: true,
        depth: 8,
      });
    } catch {
      // A profile that is broken or made for other channels is ignored, as browsers do.
    }
  }
  try {
    return image.colourspace("srgb");
  } catch (error) {
    throw new ImageError({ code: "unsupported", detail: vipsMessage(error) ?? "colours" });
  }
}

/** True when each row is needed once, from the top: not where a part is enlarged or the picture also fills the rest. */
function readsInOrder(source: Size, target: Size, plan: CropPlan): boolean {
  return plan.mode === "crop"
    ? coverCrop(source, target, plan.focus, plan.zoom).scale <= 1
    : plan.fill.kind === "color" && fitBox(source, target).scale <= 1;
}

function planned(vips: VipsModule, image: Vips.Image, target: Size, plan: CropPlan): Vips.Image {
  if (plan.mode === "crop") {
    return cutOut(vips, image, coverCrop(image, target, plan.focus, plan.zoom));
  }
  const { scale, box } = fitBox(image, target);
  const { width, height } = box;
  const whole = { left: 0, top: 0, width, height };
  const rect = { left: 0, top: 0, width: image.width, height: image.height };
  using fitted = cutOut(vips, image, { scale, scaled: box, cut: whole, rect });
  const { fill } = plan;
  switch (fill.kind) {
    case "color": {
      const background = [1, 3, 5].map((at) => Number.parseInt(fill.color.slice(at, at + 2), 16));
      return fitted.embed(box.left, box.top, target.width, target.height, { extend: "background", background });
    }
    case "blur": {
      using behind = blurredCover(vips, image, target);
      return behind.insert(fitted, box.left, box.top);
    }
  }
}

/** Scales the whole picture and cuts its part out, without ever making more of it than that part. */
function cutOut(
  vips: VipsModule,
  image: Vips.Image,
  { scale, scaled, cut, rect }: Pick<CoverCrop, "scale" | "scaled" | "cut" | "rect">,
): Vips.Image {
  if (scale <= 1) {
    using resized = resizeTo(image, scaled);
    return resized.extractArea(cut.left, cut.top, cut.width, cut.height);
  }
  const left = Math.max(0, Math.floor(rect.left) - KERNEL_REACH);
  const top = Math.max(0, Math.floor(rect.top) - KERNEL_REACH);
  const width = Math.min(image.width, Math.ceil(rect.left + rect.width) + KERNEL_REACH) - left;
  const height = Math.min(image.height, Math.ceil(rect.top + rect.height) + KERNEL_REACH) - top;
  using part = image.extractArea(left, top, width, height);
  const large = enlarge(
    { width, height, bands: part.bands, pixels: Uint8Array.from(part.writeToMemory()) },
    { ...rect, left: rect.left - left, top: rect.top - top },
    cut,
  );
  using plain = vips.Image.newFromMemory(large.pixels, large.width, large.height, large.bands, vips.BandFormat.uchar);
  return plain.copy({ interpretation: "srgb" });
}

/** Pixels beyond a part's edge that its outermost pixels are made of. */
const KERNEL_REACH = 3;

/**
 * What fills the rest of the frame: the middle of the picture covering it, blurred. Done on an eighth of the size, at
 * which nothing is lost that the blur would leave.
 */
function blurredCover(vips: VipsModule, image: Vips.Image, target: Size): Vips.Image {
  const eighth = { width: Math.round(target.width / 8), height: Math.round(target.height / 8) };
  using small = cutOut(vips, image, coverCrop(image, eighth));
  // By default the library cuts the bell off where it is still a fifth of its height.
  using soft = small.gaussblur(blurRadius(target) / 8, { min_ampl: 0.01 });
  return resizeTo(soft, target);
}

function resizeTo(image: Vips.Image, size: Size): Vips.Image {
  // Without the gap the library would shrink by whole factors first, with a box instead of the kernel.
  return image.resize(size.width / image.width, { vscale: size.height / image.height, kernel: "lanczos3", gap: 0 });
}

/** The largest factor a JPEG's decoder can shrink by that leaves at least twice the pixels per edge to scale well. */
function jpegShrink(scale: number): number {
  return [8, 4, 2].find((factor) => factor * scale <= 0.5) ?? 1;
}

function orientedSize(image: Vips.Image): Size {
  const turned = (numberField(image, "orientation") ?? 1) > 4;
  return turned ? { width: image.height, height: image.width } : { width: image.width, height: image.height };
}

function hasField(image: Vips.Image, field: string): boolean {
  return image.getTypeof(field) !== 0;
}

function numberField(image: Vips.Image, field: string): number | undefined {
  return hasField(image, field) ? image.getInt(field) : undefined;
}

/** Runs image work and turns the library's complaint about a picture into an `ImageError`. */
function unlessDamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const detail = vipsMessage(error);
    if (detail === undefined) {
      throw error;
    }
    throw new ImageError({ code: "unreadable", detail });
  }
}

/** The library throws WebAssembly exceptions whose message is a pair of C++ type and text. */
function vipsMessage(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("message" in error) || !Array.isArray(error.message)) {
    return undefined;
  }
  const [type, text]: unknown[] = error.message;
  return type === "vips::Error" ? String(text).trim().replaceAll("\n", "; ") : undefined;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes in memory of their own, which can be handed to another thread without a copy. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
