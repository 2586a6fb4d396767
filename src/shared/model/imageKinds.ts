/** A kind of image: its name as people write it, and the endings of its files, without the dot and the usual one first. */
interface ImageKind {
  readonly name: string;
  readonly extensions: readonly [string, ...string[]];
}

/** The kinds of images that are read. */
export const imageFormats = ["png", "jpeg", "webp", "avif", "gif", "tiff", "bmp"] as const;
export type ImageFormat = (typeof imageFormats)[number];

export const imageKinds: Readonly<Record<ImageFormat, ImageKind>> = {
  png: { name: "PNG", extensions: ["png"] },
  jpeg: { name: "JPEG", extensions: ["jpg", "jpeg"] },
  webp: { name: "WebP", extensions: ["webp"] },
  avif: { name: "AVIF", extensions: ["avif"] },
  gif: { name: "GIF", extensions: ["gif"] },
  tiff: { name: "TIFF", extensions: ["tif", "tiff"] },
  bmp: { name: "BMP", extensions: ["bmp"] },
};

/** File name endings of all kinds, without the dot, lower case. */
export const imageExtensions: readonly string[] = Object.values(imageKinds).flatMap(({ extensions }) => extensions);

/** The largest image file that is read into memory, in bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
