/** A kind of image: its display name and its file extensions, without the dot, the usual one first. */
interface ImageKind {
  readonly name: string;
  readonly extensions: readonly [string, ...string[]];
}

/** The supported image formats. */
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

/** The file extensions of all kinds, lower case and without the dot. */
export const imageExtensions: readonly string[] = Object.values(imageKinds).flatMap(({ extensions }) => extensions);

/** The largest image file that we read into memory, in bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
