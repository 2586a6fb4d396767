import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Engine } from "./engine.ts";
import type { Effects } from "./faults.ts";
import type { Motion, Render } from "./render.ts";
import { errorReply, HTML_PAGE, type Reply } from "./reply.ts";
import { endedAt, type Run, stateAt } from "./runs.ts";

/** Stands for the account that the hosted service's paths name in a reversible form (`docs/service.md`, "Video files"). */
const ACCOUNT = "local-account-7f3a91";
const NAME = /^\/outputs\/([\w-]+)\/([0-9a-f-]{36})_output(\.mp4|_2\.mp4|\.png)$/;

function folderOf(run: Run): string {
  return Buffer.from(`${ACCOUNT}/${run.receivedAt}`).toString("base64url");
}

/** The path of an output file of a run. @param suffix ".mp4", "_2.mp4" or ".png" */
export function outputPath(run: Run, suffix: string): string {
  return `/outputs/${folderOf(run)}/${run.id}_output${suffix}`;
}

/** The finished run that an output path belongs to, and what follows `_output` in its name. */
export function outputOwner(engine: Engine, path: string): { run: Run; suffix: string } | undefined {
  const [, folder, id = "", suffix = ""] = NAME.exec(path) ?? [];
  const run = engine.find(id);
  if (!run || folder !== folderOf(run) || stateAt(run, engine.now()) !== "ended") return undefined;
  return { run, suffix };
}

type File = { readonly bytes: Buffer; readonly type: string };

function other(run: Run, images: NonNullable<Run["images"]>, change: Partial<Render>): Render {
  const { size, frames, fps } = run.inputs;
  return { ...images, size, frames, fps, motion: "fade", container: "mp4", ...change };
}

/** The bytes that a download serves: the run's video, or what the fault wants in its place. */
async function fileOf(engine: Engine, run: Run, suffix: string, is: Effects["videoIs"]): Promise<File | undefined> {
  const { making, images } = run;
  if (making.kind !== "made" || !images || run.fileGone) return undefined;
  if (suffix === ".png") return { bytes: images.start.bytes, type: images.start.type };
  const mp4 = (bytes: Buffer): File => ({ bytes, type: "video/mp4" });
  const remade = async (change: Partial<Render>) => mp4(await engine.renderer.video(other(run, images, change)));
  const moving = (motion: Motion) => remade({ motion });
  switch (is) {
    case undefined:
      return mp4(making.video);
    case "empty":
      return mp4(Buffer.alloc(0));
    case "truncated":
      return mp4(making.video.subarray(0, Math.floor(making.video.length * 0.6)));
    case "html":
      return { bytes: HTML_PAGE, type: "text/html" };
    case "text":
      return mp4(Buffer.from("This is not a video.\n".repeat(200)));
    case "webm":
      return { ...(await remade({ container: "webm" })), type: "video/webm" };
    case "wrongSize":
      return remade({
        size: run.inputs.size.width === 480 ? { width: 720, height: 720 } : { width: 480, height: 480 },
      });
    case "wrongFrames":
      return remade({ frames: 49 });
    case "wrongFps":
      return remade({ fps: run.inputs.fps === 12 ? 24 : 12 });
    case "cut":
    case "static":
    case "swapped":
    case "flash":
      return moving(is);
  }
}

function rangeOf(
  header: string | undefined,
  length: number,
): { from: number; to: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const from = first === "" ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === "" || last === "" ? length - 1 : Math.min(Number(last), length - 1);
  return from >= length || to < from ? "unsatisfiable" : { from, to };
}

/**
 * `GET /outputs/…`: the file without any token, with Content-Length, ETag, Last-Modified and ranges (206, If-Range).
 */
export async function download(
  engine: Engine,
  owner: { run: Run; suffix: string } | undefined,
  headers: IncomingHttpHeaders,
  effects: Effects,
): Promise<Reply> {
  const file = owner && (await fileOf(engine, owner.run, owner.suffix, effects.videoIs));
  if (!file) return errorReply(404, 404001, "ResourceNotFound: the file does not exist or has expired.");
  const { bytes } = file;
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  const modified = new Date(endedAt(owner.run) ?? owner.run.receivedAt).toUTCString();
  const facts: Record<string, string> = { "content-type": file.type, etag, "last-modified": modified };
  if (effects.noRange) return { status: 200, headers: facts, body: bytes };
  facts["accept-ranges"] = "bytes";
  const condition = headers["if-range"];
  const range =
    condition === undefined || condition === etag || condition === modified
      ? rangeOf(headers.range, bytes.length)
      : undefined;
  if (range === undefined) return { status: 200, headers: facts, body: bytes };
  if (range === "unsatisfiable") {
    return { status: 416, headers: { ...facts, "content-range": `bytes */${bytes.length}` }, body: Buffer.alloc(0) };
  }
  return {
    status: 206,
    headers: { ...facts, "content-range": `bytes ${range.from}-${range.to}/${bytes.length}` },
    body: bytes.subarray(range.from, range.to + 1),
  };
}
