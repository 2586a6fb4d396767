import { readFile, rm, stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { beforeEach } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { DownloadOptions } from "../../../src/output/download.ts";
import { type Received, serve } from "../runcomfy/server.ts";
import { at } from "./videos.ts";

// Servers that send a file as well or as badly as a test says, and what a download of it is told.

/** Bytes that tell a wrong offset. */
export const content = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, index) => index).buffer);
export const file = at("x.part");
beforeEach(() => rm(file, { force: true }));

export const options = (url: string, changes: Partial<DownloadOptions> = {}): DownloadOptions => ({
  url,
  file,
  trust: { service: "http://127.0.0.1", hosts: [] },
  fetch,
  limit: 10_000_000,
  checkpoint: () => undefined,
  ...changes,
});

export type Step = (response: ServerResponse, request: Received) => void;
export const etag = '"v1"';
export const rangeStart = (request: Received) => Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? "0");

/** Resolves once so many bytes are in the file: what is still on its way when a connection ends is lost. */
async function written(bytes: number): Promise<void> {
  while ((await stat(file)).size < bytes) {
    await setImmediate();
  }
}

/** Sends the file or the rest of it, as a good server does, and breaks off after some bytes. */
export const sending =
  ({
    body = content,
    tag = etag,
    until = Number.POSITIVE_INFINITY,
  }: {
    body?: Buffer;
    tag?: string | null;
    until?: number;
  } = {}): Step =>
  (response, request) => {
    const whole = request.headers.range === undefined || (request.headers["if-range"] ?? tag) !== tag;
    const start = whole ? 0 : rangeStart(request);
    response.writeHead(whole ? 200 : 206, {
      "Content-Length": body.length - start,
      "Content-Type": "video/mp4",
      ...(tag === null ? {} : { ETag: tag }),
      ...(whole ? {} : { "Content-Range": `bytes ${start}-${body.length - 1}/${body.length}` }),
    });
    const part = body.subarray(start, Math.min(until, body.length));
    if (until >= body.length) {
      response.end(part);
    } else {
      response.write(part);
      void written(until).then(() => response.destroy());
    }
  };

/** A server that plays one step per request and repeats the last one. */
export async function playing(...steps: Step[]) {
  const server = await serve((response, request) => {
    const step = steps[Math.min(server.received.length, steps.length) - 1];
    step?.(response, request);
  });
  return server;
}
export const saved = async () => (await readFile(file)).equals(content);
