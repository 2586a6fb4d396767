/**
 * A body that can be sent once. `fetch` repeats a request by itself where it can: after an answer of 421 by the Fetch
 * standard (section 4.6, HTTP-network-or-cache fetch), and whatever later versions add. It cannot where the body is a stream,
 * which is gone with the first sending.
 */
export interface OneShot {
  readonly init: {
    readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly duplex: "half";
    readonly credentials: "omit";
  };
  /** `Content-Length` among them: a stream would else go out in chunks, which some servers and proxies refuse. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Gives no more of it out. True where some of it never was: then nobody has received the request, nor ever will, since
   * fewer bytes than announced are none.
   */
  readonly withdraw: () => boolean;
}

/**
 * Parts that a body is given out in. `fetch` reads ahead before it has a connection, one part for each layer that wraps the
 * body (Node's own copies it once); the last part goes out only when those before it are on their way.
 */
const parts = 8;
/** Bytes of a part at most. */
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
    // Else a part would be given out before anybody asks.
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
