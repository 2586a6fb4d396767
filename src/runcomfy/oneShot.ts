/**
 * A body that can be sent once. `fetch` repeats a request by itself if it can: after an answer of 421 by the Fetch
 * standard (section 4.6, HTTP-network-or-cache fetch), and in any case that later versions add. It cannot repeat a
 * stream, which the first sending uses up.
 */
export interface OneShot {
  readonly init: {
    readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly duplex: "half";
    readonly credentials: "omit";
  };
  /** Includes `Content-Length`: without it a stream is sent in chunks, which some servers and proxies refuse. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Stops handing out the body. True if some of it was never handed out: then nobody has received the request, nor ever
   * will, since a request with fewer bytes than announced is incomplete.
   */
  readonly withdraw: () => boolean;
}

/**
 * Number of parts that a body is handed out in. `fetch` reads ahead before it has a connection, one part for each layer
 * that wraps the body (Node's own copies it once); the last part is handed out only when those before it are being
 * sent.
 */
const parts = 8;
/** The most bytes of a part. */
const largestPart = 65_536;

/** @param type its media type; none for a body without content */
export function oneShot(text: string, type?: string): OneShot {
  const bytes = new TextEncoder().encode(text);
  const size = Math.min(Math.max(Math.ceil(bytes.byteLength / parts), 1), largestPart);
  let given = 0;
  let withdrawn = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (withdrawn) {
          controller.error(new Error("The body was withdrawn."));
          return;
        }
        if (given < bytes.byteLength) {
          controller.enqueue(bytes.slice(given, given + size));
          given += size;
        }
        if (given >= bytes.byteLength) {
          controller.close();
        }
      },
    },
    // Otherwise a part would be handed out before anybody asks for it.
    { highWaterMark: 0 },
  );
  return {
    // Some versions of undici make a network error of a 401 that answers a stream and could be about credentials.
    init: { body, duplex: "half", credentials: "omit" },
    headers: { "Content-Length": String(bytes.byteLength), ...(type !== undefined && { "Content-Type": type }) },
    withdraw() {
      withdrawn = true;
      return given < bytes.byteLength;
    },
  };
}
