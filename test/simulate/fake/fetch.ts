import { world } from "../current.ts";
import { type Answered, networkError, type Sent } from "../network.ts";
import { mustBeRunning, type Process } from "../scheduler.ts";

/**
 * As Node's `fetch`: an answer 421 makes it send a request anew whose body it has, and cannot where the body was a stream.
 */
export function fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const process = mustBeRunning();
  const { signal = null, method = "GET", body = null } = init;
  return new Promise((resolve, reject) => {
    const give = (run: () => void) => world().scheduler.after(0, process, run);
    const stop = () => reject(signal?.reason);
    if (signal?.aborted) {
      stop();
      return;
    }
    signal?.addEventListener("abort", stop);
    const url = new URL(input instanceof Request ? input.url : String(input));
    const sent: Sent = { method, url, headers: new Headers(init.headers), body: () => bytesOf(body), process };
    carry(sent, body === null || !(body instanceof ReadableStream)).then(
      (answered) => give(() => resolve(responseOf(answered, process, signal))),
      (error: unknown) => give(() => reject(new TypeError("fetch failed", { cause: hidden(error) }))),
    );
  });
}

/** What goes wrong inside a connection of HTTP is told as a closed one. */
function hidden(error: unknown): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" && code.startsWith("ERR_SSL_")
    ? networkError("UND_ERR_SOCKET", { message: "other side closed" })
    : error;
}

async function carry(sent: Sent, hasSource: boolean): Promise<Answered> {
  const { network } = world();
  const call = network.call();
  const answered = await network.exchange(sent, call);
  return answered.status === 421 && hasSource ? network.exchange(sent, call) : answered;
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body instanceof ReadableStream) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    }
    return Buffer.concat(chunks);
  }
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(typeof body === "string" ? body : "");
}

/** An answer whose body comes in two pieces, and breaks where it is to break. */
function responseOf(answered: Answered, process: Process | undefined, signal: AbortSignal | null): Response {
  const { status, headers, breaksAfter, arrived } = answered;
  const { scheduler, random } = world();
  const end = breaksAfter ?? answered.body.byteLength;
  const pieces = [answered.body.subarray(0, end >> 1), answered.body.subarray(end >> 1, end)].filter(
    (piece) => piece.byteLength > 0,
  );
  const hasBody = ![204, 205, 304].includes(status);
  if (pieces.length === 0 || !hasBody) {
    arrived?.();
    return new Response(hasBody ? "" : null, { status, headers });
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal?.addEventListener("abort", () => controller.error(signal.reason));
      },
      async pull(controller) {
        await scheduler.wait(random.between(0, 20), process);
        const piece = pieces.shift();
        if (piece !== undefined) {
          controller.enqueue(new Uint8Array(piece));
        }
        if (pieces.length > 0) {
          return;
        }
        if (breaksAfter !== undefined) {
          controller.error(new TypeError("terminated", { cause: networkError("UND_ERR_SOCKET") }));
          return;
        }
        controller.close();
        arrived?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, headers });
}
