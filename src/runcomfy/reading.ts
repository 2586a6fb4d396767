/**
 * The one reader of answers, whoever gives them: what is longer than its caller expects is no answer of that kind, and is
 * not taken into memory.
 */

/** An answer that did not come whole, with the text that came of it; why, as its cause. */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";
  readonly text: string;

  constructor(text: string, cause: unknown) {
    super("The answer did not come whole.", { cause });
    this.text = text;
  }
}

/**
 * The text of an answer.
 * @param most bytes that are read, counted as they are once unpacked
 * @throws {BrokenAnswer} where it is longer or breaks off; nothing more is read then.
 */
export async function readText(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > most) {
        throw Object.assign(new Error("The answer is too long."), { code: "TOO_LONG" });
      }
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw new BrokenAnswer(text, error);
  }
  return text + decoder.decode();
}

/** JSON of a text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
