/** What a thrown value says, for logs and for other programs. Not for people: libraries speak in there. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
