/** The same bytes in a buffer of their own, so that a message to a page or a thread carries no more than them. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
