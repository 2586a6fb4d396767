/** Characters of a foreign text that a sentence has room for: a longer one would push out what it means and what to do. */
const room = 300;

/**
 * Text that is not ours (names of files, words of the service, values of settings and answers) as it may stand in anything
 * that VS Code draws. There `[text](command:…)` becomes a link that runs a command at one click, `$(name)` an icon, and
 * letters that turn the direction of writing show a name backwards. All that is broken by characters that cannot be seen;
 * what is longer than `most` characters is cut.
 */
export function plain(text: string, most = room): string {
  const characters = [...text.slice(0, 2 * most + 2).toWellFormed()];
  const short = characters.length > most ? `${characters.slice(0, most).join("")}…` : characters.join("");
  return (
    short
      .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "")
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      // Also at the end, where a sentence of ours could go on with the rest.
      .replace(/([\]$])(?=\(|$)/g, "$1\u200b")
      .replace(/command(?=:)/gi, "$&\u200b")
  );
}
