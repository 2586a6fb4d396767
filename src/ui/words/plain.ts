/** The most characters of foreign text in a sentence: more would push out what it means and what to do. */
const room = 300;

/**
 * Makes foreign text (file names, words of the service, values of settings and answers) safe for anything that VS Code
 * draws. There `[text](command:…)` becomes a link that runs a command at one click, `$(name)` an icon, and characters that
 * change the writing direction show a name backwards. Invisible characters break all of these. Text of more than `most`
 * characters is cut.
 */
export function plain(text: string, most = room): string {
  const characters = [...text.slice(0, 2 * most + 2).toWellFormed()];
  const short = characters.length > most ? `${characters.slice(0, most).join("")}…` : characters.join("");
  return (
    short
      .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "")
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      // At the end too, where our sentence could continue with the rest.
      .replace(/([\]$])(?=\(|$)/g, "$1\u200b")
      .replace(/command(?=:)/gi, "$&\u200b")
  );
}
