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

/** Makes an image smaller than `maxBytes`, at the best quality that allows; undefined where none does. */
export type Compress = (png: Uint8Array, maxBytes: number) => Promise<Encoded | undefined>;

/** Bytes that a request may have. */
export interface InlineLimits {
  /** Of one image, before it is put into text. */
  readonly image: number;
  /** Of the whole body. */
  readonly body: number;
}

const mebibyte = 1024 * 1024;
/** What RunComfy's own client keeps to (`docs/service.md`, "Images"). */
const ownLimits: InlineLimits = { image: 6 * mebibyte, body: 64 * mebibyte };
/** Bytes of a body that are no image: prompt, keys and numbers. */
const remainder = 64 * 1024;

/** Puts images into the request: as PNG where that fits, else as good as it fits. */
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
