import { ProblemError } from "../shared/model/problem.ts";

/**
 * A conformed image as a data URI, which goes inside the request (`docs/service.md`, "Images").
 * @throws {ProblemError} `imagesTooLarge` if it fits into no request.
 */
export type Inline = (png: Uint8Array) => Promise<string>;

/** An image in another form, with its media type. */
interface Encoded {
  readonly bytes: Uint8Array;
  readonly mime: string;
}

/** Makes an image of at most `maxBytes`, at the best quality that allows it; undefined if none does. */
export type Compress = (png: Uint8Array, maxBytes: number) => Promise<Encoded | undefined>;

/** The most bytes that a request may have. */
export interface InlineLimits {
  /** Of one image, before base64. */
  readonly image: number;
  /** Of the whole body. */
  readonly body: number;
}

const mebibyte = 1024 * 1024;
/** The limits of RunComfy's own client (`docs/service.md`, "Images"). */
const ownLimits: InlineLimits = { image: 6 * mebibyte, body: 64 * mebibyte };
/** Bytes of a body besides its images: prompt, keys and numbers. */
const remainder = 64 * 1024;

/** Puts images into the request: as PNG if that fits, else at the best quality that does. */
export function createInline(compress: Compress, limits: InlineLimits = ownLimits): Inline {
  // Two images share a body, and base64 makes four characters of three bytes.
  const most = Math.min(limits.image, Math.floor((((limits.body - remainder) / 2) * 3) / 4));
  return async (png) => {
    const image = png.byteLength <= most ? { bytes: png, mime: "image/png" } : await compress(png, most);
    if (image === undefined) {
      throw new ProblemError({ code: "imagesTooLarge", limit: most });
    }
    return `data:${image.mime};base64,${Buffer.from(image.bytes).toString("base64")}`;
  };
}
