import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readPicture } from "./read.ts";

/**
 * Keeps a picture that came without a file, from the clipboard or from outside the editor, and gives the absolute path
 * of its file: `<folder>/<SHA-256>.<kind>`. The same picture always gets the same path.
 * @throws ImageError when the bytes are no picture that can be used
 */
export async function keepPicture(folder: string, bytes: Uint8Array): Promise<string> {
  const { format } = await readPicture({ bytes });
  const path = join(folder, `${createHash("sha256").update(bytes).digest("hex")}.${extensions[format]}`);
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  ) {
    return path;
  }
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${randomUUID()}.part`);
  try {
    await writeFile(part, bytes, { flush: true });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return path;
}

const extensions = {
  png: "png",
  jpeg: "jpg",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  tiff: "tif",
  bmp: "bmp",
} as const;

/** What a person reads in place of a hash: the first letters of a kept picture's name, or the name as it is. */
export function shortName(name: string): string {
  return name.replace(/^([0-9a-f]{8})[0-9a-f]{56}(?=\.|$)/, "pasted-$1");
}
