import { NotPlain, readPlain } from "../files/plain.ts";
import { codeOf, messageOf } from "../shared/errors.ts";
import type { ImageFormat } from "../shared/model/imageKinds.ts";
import { MAX_FILE_BYTES } from "../shared/model/imageKinds.ts";
import { ImageError } from "./errors.ts";
import type { ImageSource } from "./protocol.ts";
import { readSignature } from "./signature.ts";

/** A picture's bytes, and their kind by their signature. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
}

/**
 * Reads a picture into memory once, so that the bytes that are hashed are those that are decoded.
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
 * Reads a picture's file, which may have become anything (`files/plain.ts`).
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
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new ImageError({ code: "missing" });
    }
    throw new ImageError({ code: "unreadable", detail: messageOf(error) });
  }
}
