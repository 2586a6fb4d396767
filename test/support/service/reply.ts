import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Effects } from "./faults.ts";

/** An HTTP answer before anything goes wrong on its way. Header names in lower case. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(value)) };
}

/** An error as `docs/service.md`, "Errors", shows it: numeric `error_code`, `error_message`, at times `detail`. */
export function errorReply(status: number, code: number, message: string, detail?: unknown): Reply {
  const body = { error_code: code, error_message: message, ...(detail === undefined ? {} : { detail }) };
  return jsonReply(status, body);
}

export const HTML_PAGE = Buffer.from(
  "<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>",
);

/** The answer that a fault plan spells out. */
export function plannedReply(answer: Answer): Reply {
  const headers = Object.fromEntries(
    Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (answer.json !== undefined) {
    const reply = jsonReply(answer.status, answer.json);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  const text = answer.empty ? "" : (answer.text ?? "");
  return { status: answer.status, headers: { "content-type": "text/plain", ...headers }, body: Buffer.from(text) };
}

type Sending = {
  readonly body: Buffer;
  /** Content-Length; undefined = chunked, null = neither, the end of the connection ends the body. */
  readonly length: number | undefined | null;
  readonly after: "end" | "destroy" | "nothing";
};

function sendingOf(body: Buffer, effects: Effects): Sending {
  if (effects.truncate) {
    const part = body.subarray(0, effects.truncate.afterBytes);
    switch (effects.truncate.length ?? "full") {
      case "full":
        return { body: part, length: body.length, after: "destroy" };
      case "short":
        return { body: part, length: part.length, after: "end" };
      case "none":
        return { body: part, length: null, after: "end" };
      case "chunked":
        return { body: part, length: undefined, after: "destroy" };
    }
  }
  if (effects.stall) {
    return { body: body.subarray(0, effects.stall.afterBytes), length: body.length, after: "nothing" };
  }
  if (effects.wrongContentLength !== undefined) return { body, length: effects.wrongContentLength, after: "end" };
  return { body, length: effects.noContentLength ? undefined : body.length, after: "end" };
}

function pieces(body: Buffer, slow: Effects["slowBytes"]): { size: number; pauseMs: number } {
  if (!slow) return { size: Math.max(1, Math.min(body.length, 64 * 1024)), pauseMs: 0 };
  if ("chunk" in slow) return { size: slow.chunk, pauseMs: slow.intervalMs };
  return { size: Math.max(1, Math.round(slow.bytesPerSecond / 20)), pauseMs: 50 };
}

/** Resolves when the connection under an answer is gone, whoever closed it. */
export function connectionClosed(response: ServerResponse): Promise<void> {
  if (response.closed || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => response.once("close", () => resolve()));
}

/**
 * Sends an answer the way the effects want it: slow, cut short, stalled, with wrong or missing headers.
 * @param onBytes called with each number of body bytes handed to the connection
 * @returns whether the whole body went out and the answer was ended in the ordinary way
 */
export async function transmit(
  response: ServerResponse,
  reply: Reply,
  effects: Effects,
  onBytes: (count: number) => void,
): Promise<boolean> {
  const headers: Record<string, string> = { ...reply.headers };
  if (effects.retryAfter !== undefined) headers["retry-after"] = String(effects.retryAfter);
  if (effects.wrongContentType !== undefined) headers["content-type"] = effects.wrongContentType;
  const { body, length, after } = sendingOf(reply.body, effects);
  if (typeof length === "number") headers["content-length"] = String(length);
  if (length === null || effects.wrongContentLength !== undefined) {
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = length !== null;
  }
  const closed = connectionClosed(response);
  const lost = closed.then(() => false);
  response.writeHead(reply.status, headers);
  response.flushHeaders();
  if (response.req.method === "HEAD") {
    response.end();
    return true;
  }
  const { size, pauseMs } = pieces(body, effects.slowBytes);
  for (let at = 0; at < body.length; at += size) {
    if (at > 0 && pauseMs > 0) await Promise.race([sleep(pauseMs), closed]);
    const piece = body.subarray(at, at + size);
    const written = new Promise<boolean>((resolve) => response.write(piece, (error) => resolve(!error)));
    if (!(await Promise.race([written, lost]))) return false;
    onBytes(piece.length);
  }
  switch (after) {
    case "end": {
      const finished = new Promise<boolean>((resolve) => response.end(() => resolve(true)));
      return (await Promise.race([finished, lost])) && body.length === reply.body.length;
    }
    case "destroy":
      response.destroy();
      return false;
    case "nothing":
      await closed;
      return false;
  }
}
