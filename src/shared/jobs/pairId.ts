/** As much of a hash as tells all pictures of one user apart. */
const told = 24;

/**
 * Equal for all videos made from the same two images.
 * @param start what identifies the start image, lower-case hex: the SHA-256 of its file, or of its URL
 * @param end the same of the end image
 */
export function pairId(start: string, end: string): string {
  return `${start.slice(0, told)}-${end.slice(0, told)}`;
}
