/**
 * Why a picture cannot be used:
 * - `missing`: there is no such file
 * - `empty`: the file has no bytes
 * - `notAnImage`: the bytes are not a picture, whatever the name says
 * - `unsupported`: a picture of a kind that is not supported (`detail` names the kind)
 * - `unreadable`: truncated, corrupt, or not readable from disk
 * - `tooLarge`: beyond the bounds of `limits.ts`, or too large for the memory of a fresh image thread
 * - `changing`: its file grew or shrank while it was read, as when it is still being written
 * - `harmful`: it ended two image threads, one of them fresh; it is not read again until the file changes
 */
export type ImageErrorCode =
  | "missing"
  | "empty"
  | "notAnImage"
  | "unsupported"
  | "unreadable"
  | "tooLarge"
  | "changing"
  | "harmful";

/** What an `ImageError` carries; plain data, so that it passes between threads. */
export interface ImageErrorFacts {
  readonly code: ImageErrorCode;
  /** The file, if the picture came from one. */
  readonly path?: string;
  /** Size the file claims, in pixels; with `tooLarge` for its pixels. */
  readonly width?: number;
  readonly height?: number;
  /** With `tooLarge`, the most pixels that a picture of this kind may have, if there is such a bound. */
  readonly maxPixels?: number;
  /** Size of the file; with `tooLarge` for its bytes. */
  readonly byteLength?: number;
  /** The reader's own message or the name of the kind, for the log. */
  readonly detail?: string;
}

/** A picture that cannot be used. Nothing has been written and nothing is left behind. */
export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly code: ImageErrorCode;
  readonly facts: ImageErrorFacts;

  constructor(facts: ImageErrorFacts) {
    super(describe(facts));
    this.code = facts.code;
    this.facts = facts;
  }
}

/**
 * Why the conformer itself gave no answer: its thread ended (`crashed`), could not load (`notLoaded`), took too long
 * (`timedOut`), or was disposed of (`disposed`). The next call starts a new thread, except after `disposed`.
 */
export type ConformerErrorCode = "crashed" | "notLoaded" | "timedOut" | "disposed";

/** A failure of the image work that says nothing about the picture; the call can be made again. */
export class ConformerError extends Error {
  override readonly name = "ConformerError";
  readonly code: ConformerErrorCode;

  constructor(code: ConformerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

function describe({ code, path, width, height, byteLength, detail }: ImageErrorFacts): string {
  const subject = path ?? "The picture";
  switch (code) {
    case "missing":
      return `${subject} does not exist.`;
    case "empty":
      return `${subject} is empty.`;
    case "notAnImage":
      return `${subject} is not an image.`;
    case "unsupported":
      return `${subject} is of a kind that cannot be read${detail === undefined ? "" : ` (${detail})`}.`;
    case "unreadable":
      return `${subject} is damaged or cannot be read${detail === undefined ? "" : `: ${detail}`}.`;
    case "changing":
      return `${subject} changed while it was read.`;
    case "harmful":
      return `${subject} ended the image thread twice.`;
    case "tooLarge":
      return width === undefined || height === undefined
        ? `${subject} is too large (${byteLength ?? "?"} bytes).`
        : `${subject} is too large (${width}x${height} pixels).`;
  }
}
