import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** The image formats this service reads (ComfyUI's LoadImage reads at least these). */
export type ImageType = "image/png" | "image/jpeg" | "image/webp";

/** An image as it reached the service: its bytes, their real type by magic bytes, and where they came from. */
export type ReceivedImage = {
  readonly bytes: Buffer;
  readonly type: ImageType;
  readonly sha256: string;
  readonly source: "data" | "url" | "sample";
};

/** Names of pictures that are already on the server (API page, sample request); _2 is the start, _1 the end. */
const SAMPLES = ["Runcomfy_1272_1.png", "Runcomfy_1272_2.png"];

const LIMIT_BYTES = 50 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 20_000;
const DATA_URI = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/;

function typeOf(bytes: Buffer): ImageType | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return "image/png";
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return "image/jpeg";
  if (bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP") return "image/webp";
  return undefined;
}

function isReachable(url: URL): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

/** Why a value cannot be an image for this service, judged by its text alone; undefined when it may be one. */
export function imageProblem(value: string): string | undefined {
  if (value.startsWith("data:")) {
    const match = DATA_URI.exec(value);
    if (!match) return "malformed data URI: expected base64 of image/png, image/jpeg or image/webp";
    const found = typeOf(Buffer.from(match[2] ?? "", "base64"));
    return found === match[1] ? undefined : `the data URI says ${match[1]} but holds ${found ?? "no known image"}`;
  }
  if (SAMPLES.includes(value)) return undefined;
  const url = URL.parse(value);
  if (!url) return `no such image on the server: ${value}`;
  return isReachable(url) ? undefined : `not a publicly reachable https URL: ${url.protocol}//${url.host}`;
}

function received(bytes: Buffer, source: ReceivedImage["source"]): ReceivedImage {
  const type = typeOf(bytes);
  if (!type) throw new Error("cannot identify image file");
  return { bytes, type, source, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * Gets the bytes behind an image value: a data URI, a URL (plain GET without login, redirects followed, up to 50 MB), or
 * a sample name.
 * @throws Error when the value names nothing that can be read, with the reason that the failed run shows.
 */
export async function receiveImage(value: string, signal: AbortSignal): Promise<ReceivedImage> {
  const problem = imageProblem(value);
  if (problem !== undefined) throw new Error(problem);
  if (value.startsWith("data:")) {
    return received(Buffer.from(value.slice(value.indexOf(",") + 1), "base64"), "data");
  }
  if (SAMPLES.includes(value)) {
    return received(await readFile(new URL(`./samples/${value}`, import.meta.url)), "sample");
  }
  const response = await fetch(value, { signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]) });
  if (!response.ok) throw new Error(`cannot download image: HTTP ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > LIMIT_BYTES) throw new Error("image is larger than 50 MB");
  return received(bytes, "url");
}
