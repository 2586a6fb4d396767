/** Text that leaves this machine or is kept. Pure. */

/**
 * A text as every reader of JSON takes it: halves of surrogate pairs become U+FFFD, line ends one kind; control characters
 * (but tab and line feed), byte order marks and noncharacters are dropped.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}\uFEFF]/gu, (character) => (/[\t\n]/.test(character) ? character : ""));
}
