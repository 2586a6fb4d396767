import { parseJson } from "../shared/json.ts";

/**
 * The one reader of answers, whoever sends them. An answer longer than its caller expects is no answer of that kind,
 * and is not loaded into memory.
 */

/** An answer broke off. It carries the text that arrived; the cause says why. */
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
 * @throws {BrokenAnswer} if it is longer or breaks off; nothing more is read then.
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
 * The bytes of an answer; undefined if they are more than `most`, counted once unpacked. Rethrows what broke the answer
 * off.
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

/** Bytes of an answer that are read to tell who sent it. */
const maximumSample = 65_536;

/**
 * What the text of an answer looks like. Storage answers with nothing, JSON or XML; a file server also with plain `text`. A
 * proxy, a gateway or a sign-in answers with a `page`.
 */
export type Form = "empty" | "json" | "xml" | "text" | "page";

/** The form of an answer's text, judged by as much of it as arrived. */
export async function formOf(response: Response): Promise<Form> {
  const sample = await readText(response, maximumSample).catch((error: unknown) => {
    if (error instanceof BrokenAnswer) {
      return error.text;
    }
    throw error;
  });
  const text = sample.trim();
  if (text === "" || parseJson(text) !== undefined) {
    return text === "" ? "empty" : "json";
  }
  if (/<(!doctype\s+html|html|head|body)\b/i.test(text)) {
    return "page";
  }
  return /^<(\?xml|Error)\b/i.test(text) ? "xml" : "text";
}

/**
 * True for a successful answer (2xx) that can only be a storage's own word: nothing at all, its XML, or "created", which nobody
 * else says. A sign-in, a proxy or a program in its place says 200 with a page, JSON or words.
 */
export function isStorageWord(status: number, form: Form): boolean {
  return status === 201 || form === "empty" || (form === "xml" && status !== 207);
}
