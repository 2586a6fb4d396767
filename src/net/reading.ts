import { parseJson } from "../shared/json.ts";

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

/** An answer is longer than its caller expects. */
class TooLong extends Error {
  readonly code = "TOO_LONG";
}

/** The bytes of an answer as they come, unpacked; ends with {@link TooLong} before it gives more than `most`. */
async function* chunksOf(response: Response, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) {
      throw new TooLong("The answer is too long.");
    }
    yield chunk;
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
  try {
    for await (const chunk of chunksOf(response, most)) {
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw new BrokenAnswer(text, error);
  }
  return text + decoder.decode();
}

/**
 * The bytes of an answer; undefined where they are more than `most`, counted as they are once unpacked. Throws what broke the
 * answer off.
 */
export async function readBytes(response: Response, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of chunksOf(response, most)) {
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TooLong) {
      return undefined;
    }
    throw error;
  }
  return Buffer.concat(chunks);
}

/** Bytes of an answer that are read to see who speaks. */
const maximumWord = 65_536;

/**
 * What the text of an answer is like. Storage says what it has to say with nothing, JSON or XML; a server for files also with
 * words. A proxy, a gateway or a sign-in speaks by a `page`.
 */
export type Form = "empty" | "json" | "xml" | "words" | "page";

/** The form of an answer's text, of as much of it as came. */
export async function formOf(response: Response): Promise<Form> {
  const text = await readText(response, maximumWord).catch((error: unknown) => {
    if (error instanceof BrokenAnswer) {
      return error.text;
    }
    throw error;
  });
  const word = text.trim();
  if (word === "" || parseJson(word) !== undefined) {
    return word === "" ? "empty" : "json";
  }
  if (/<(!doctype\s+html|html|head|body)\b/i.test(word)) {
    return "page";
  }
  return /^<(\?xml|Error)\b/i.test(word) ? "xml" : "words";
}

/**
 * True for a successful answer (2xx) that can only be a storage's own word: nothing at all, its XML, or "created", which nobody
 * else says. A sign-in, a proxy or a program in its place says 200 with a page, JSON or words.
 */
export function isStorageWord(status: number, form: Form): boolean {
  return status === 201 || form === "empty" || (form === "xml" && status !== 207);
}
