import { NotPlain, readPlain } from "../files/plain.ts";
import { messageOf } from "../shared/errors.ts";
import { ImageError } from "./errors.ts";
import { MAX_FILE_BYTES } from "./limits.ts";
import type { ImageSource } from "./protocol.ts";
import { type ImageFormat, readSignature } from "./signature.ts";

/** A picture's bytes and what they are by their signature. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
}

/**
 * Reads a picture into memory, once, so that what is hashed is what is decoded.
 * @throws ImageError `missing`, `empty`, `tooLarge`, `changing`, `notAnImage`, `unsupported`, `unreadable`
 */
export async function readPicture(source: ImageSource): Promise<Picture> {
  const bytes = "path" in source ? await readBounded(source.path) : source.bytes;
  if (bytes.byteLength === 0) {
    throw new ImageError({ code: "empty" });
  }
  if (bytes.byteLength > MAX_FILE_BYTES) {
    throw new ImageError({ code: "tooLarge", byteLength: bytes.byteLength });
  }
  const signature = readSignature(bytes);
  switch (signature.kind) {
    case "readable":
      return { bytes, format: signature.format };
    case "unsupported":
      throw new ImageError({ code: "unsupported", detail: signature.name });
    case "unknown":
      throw new ImageError({ code: "notAnImage" });
  }
}

/**
 * Reads a picture's file, which may be anything by now (`files/plain.ts`).
 * @param path absolute path
 * @throws ImageError `missing`, `notAnImage`, `tooLarge`, `changing`, `unreadable`
 */
export async function readBounded(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPlain(path, MAX_FILE_BYTES);
  } catch (error) {
    if (error instanceof NotPlain) {
      switch (error.reason) {
        case "notAFile":
          throw new ImageError({ code: "notAnImage", detail: "not a file" });
        case "tooLarge":
          throw new ImageError({ code: "tooLarge", ...(error.size !== undefined && { byteLength: error.size }) });
        case "changing":
          throw new ImageError({ code: "changing" });
      }
    }
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new ImageError({ code: "missing" });
    }
    throw new ImageError({ code: "unreadable", detail: messageOf(error) });
  }
}
