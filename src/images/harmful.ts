import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { ImageSource } from "./protocol.ts";

/** The most pictures that are remembered. */
const MOST = 100;

/**
 * Pictures that ended the image thread twice. They are identified by their file's path, size and time, or by their
 * bytes, so that a file is tried again once it has changed.
 */
export class HarmfulPictures {
  readonly #known = new Set<string>();

  /** True for a picture that was added and has not changed since. */
  async has(source: ImageSource): Promise<boolean> {
    return this.#known.size > 0 && this.#known.has(await identityOf(source));
  }

  /** Remembers a picture, and forgets the oldest if there are too many. */
  async add(source: ImageSource): Promise<void> {
    this.#known.add(await identityOf(source));
    const [oldest] = this.#known;
    if (oldest !== undefined && this.#known.size > MOST) {
      this.#known.delete(oldest);
    }
  }
}

async function identityOf(source: ImageSource): Promise<string> {
  if ("bytes" in source) {
    return createHash("sha256").update(source.bytes).digest("hex");
  }
  const file = await stat(source.path).catch(() => undefined);
  return [source.path, file?.size, file?.mtimeMs].join("|");
}
