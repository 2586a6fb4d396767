import type { CropPlan } from "../shared/model/plan.ts";
import type { Size } from "../shared/model/size.ts";
import type { ImageErrorFacts } from "./errors.ts";

/** A picture: a file's absolute path, or the bytes of one. */
export type ImageSource = { readonly path: string } | { readonly bytes: Uint8Array };

/**
 * What had to be assumed about a picture's colors:
 * - `hdr`: it holds more light than a usual screen shows; anything brighter than white became white
 * - `range`: its numbers have no known scale; the least or 0 became black, the most or 1 or 255 white
 */
export type Assumption = "hdr" | "range";

/** What to make of a picture. */
export interface ConformRequest {
  readonly source: ImageSource;
  /** Size to reach, in pixels. */
  readonly target: Size;
  readonly plan: CropPlan;
}

/** A picture at the exact size, upright, opaque, in sRGB. */
export interface ConformedImage {
  /** PNG of 8-bit RGB without alpha and without metadata; the same bytes for the same source, target and plan. */
  readonly png: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `png`, lower-case hex. */
  readonly sha256: string;
}

export interface ThumbnailRequest {
  readonly source: ImageSource;
  /** The most pixels of the longer edge; pictures are never enlarged. */
  readonly maxEdge: number;
}

/** A small picture that every webview can show, whatever kind the source is; upright, opaque, in sRGB. */
export interface Thumbnail extends Size {
  readonly webp: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the source's bytes, lower-case hex. */
  readonly sourceSha256: string;
  /** Oriented size of the source in pixels, and what had to be assumed about its colors. */
  readonly source: Size & { readonly assumed?: Assumption };
}

export interface CompressRequest {
  readonly source: ImageSource;
  /** The most bytes that the result may have. */
  readonly maxBytes: number;
}

/** A picture in fewer bytes, as JPEG, which every image reader knows. */
export interface CompressedImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mime: "image/jpeg";
}

/** The calls that the image thread answers, one at a time. */
export interface ImageCalls {
  inspect: { ask: ImageSource; answer: Size };
  conform: { ask: ConformRequest; answer: ConformedImage };
  thumbnail: { ask: ThumbnailRequest; answer: Thumbnail };
  /** Undefined if no quality makes it small enough. */
  compress: { ask: CompressRequest; answer: CompressedImage | undefined };
}

/** What the host posts to the image thread. */
export type Call = {
  [K in keyof ImageCalls]: { readonly kind: K; readonly ask: ImageCalls[K]["ask"] };
}[keyof ImageCalls];

/** What the image thread posts back, one reply for each call. */
export type Reply<K extends keyof ImageCalls> =
  | { readonly state: "done"; readonly answer: ImageCalls[K]["answer"] }
  | { readonly state: "refused"; readonly facts: ImageErrorFacts }
  /** Not enough memory; the thread must not be used again. The size is the picture's in pixels, if known. */
  | { readonly state: "exhausted"; readonly size: Size | undefined }
  /** The thread must not be used again. */
  | { readonly state: "broken"; readonly cause: "notLoaded" | "crashed"; readonly message: string };

/** What the host hands to the image thread when it starts. */
export interface ImageThreadData {
  /** URL of the image library's ES module; its wasm files are next to it. */
  readonly vipsUrl: string;
}
