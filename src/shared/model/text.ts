/** Text that leaves this machine or is stored. */

/**
 * Cleans a text so that every JSON parser accepts it. Lone surrogates become U+FFFD, and all line breaks become line feeds. It
 * drops byte order marks, noncharacters and control characters other than tab and line feed.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}\uFEFF]/gu, (character) => (/[\t\n]/.test(character) ? character : ""));
}
