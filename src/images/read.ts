import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
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
 * Reads a picture's file, which may be anything by now: what it is and how large is asked of the open file itself, and no
 * more is read than its bound, also where it grows meanwhile. Pipes and devices, which may have no end or never begin,
 * are refused without reading.
 * @param path absolute path
 * @throws ImageError `missing`, `notAnImage`, `tooLarge`, `changing`, `unreadable`
 */
export async function readBounded(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Else opening a pipe would wait for its writer. Windows has neither the flag nor such files.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await file.stat();
    if (!stat.isFile()) {
      throw new ImageError({ code: "notAnImage", detail: "not a file" });
    }
    return await readWhole(file, stat.size);
  } catch (error) {
    if (error instanceof ImageError) {
      throw error;
    }
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new ImageError({ code: "missing" });
    }
    // A folder on Windows, a socket elsewhere.
    if (code === "EISDIR" || code === "ENXIO") {
      throw new ImageError({ code: "notAnImage", detail: "not a file" });
    }
    throw new ImageError({ code: "unreadable", detail: error instanceof Error ? error.message : String(error) });
  }
}

async function readWhole(file: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  if (size > MAX_FILE_BYTES) {
    throw new ImageError({ code: "tooLarge", byteLength: size });
  }
  // One byte more than it has: a file that has grown is still being written.
  const bytes = new Uint8Array(size + 1);
  let length = 0;
  while (length <= size) {
    const { bytesRead } = await file.read(bytes, length, bytes.byteLength - length, length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  if (length !== size) {
    throw new ImageError({ code: "changing" });
  }
  return bytes.subarray(0, size);
}
