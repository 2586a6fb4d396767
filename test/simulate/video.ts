const mark = "SIMULATED VIDEO ";

/** The bytes of a request's video. */
export function makeVideo(requestId: string, length: number): Buffer {
  const head = Buffer.from(`${mark}${length} ${requestId}\n`);
  return Buffer.concat([head, Buffer.alloc(Math.max(length - head.length, 0), requestId)]);
}

/** The request that a whole video is of; undefined for anything else. */
export function readVideo(bytes: Buffer): string | undefined {
  const [, length, requestId] = new RegExp(`^${mark}(\\d+) (\\S+)\n`).exec(bytes.toString("latin1")) ?? [];
  return Number(length) === bytes.byteLength ? requestId : undefined;
}
