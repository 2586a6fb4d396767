import { open } from "node:fs/promises";
import { openPlain } from "../files/plain.ts";

/** What marks a `uuid` box of an MP4 as XMP (XMP Specification, Part 3). */
const xmpUuid = Buffer.from("be7acfcb97a942e89c71999491e3afac", "hex");
/** The namespace of our property. */
const namespace = "urn:wan-flf2v:xmp:1";
/** Bytes of the longest XMP that is written or read: each byte of the longest recipe as an entity. */
const longestPacket = 6 * 1024 * 1024;
/** The most boxes of a file that are looked at: more than any clip has. */
const mostBoxes = 10_000;
/** The longest video that we look into, bytes: there is no limit but that of exact numbers, since only heads are read. */
const anyLength = Number.MAX_SAFE_INTEGER;

/**
 * A recipe as a box of an MP4, which every program that knows XMP can read.
 * @param recipe JSON
 * @returns undefined for one that is too long
 */
export function xmpBox(recipe: string, prompt: string): Uint8Array | undefined {
  const description =
    prompt === ""
      ? ""
      : `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(prompt, () => "\ufffd")}</rdf:li></rdf:Alt></dc:description>`;
  const packet = Buffer.from(
    `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:flf="${namespace}">
<xmp:CreatorTool>Wan FLF2V</xmp:CreatorTool>
${description}
<flf:recipe>${escaped(recipe, jsonEscape)}</flf:recipe>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`,
  );
  if (packet.byteLength > longestPacket) {
    return undefined;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.byteLength + xmpUuid.byteLength + packet.byteLength);
  head.write("uuid", 4, "latin1");
  return Buffer.concat([head, xmpUuid, packet]);
}

/** Text as content of an XML element. `replace` gives something for each character that XML cannot have. */
function escaped(text: string, replace: (character: string) => string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, replace)
    .replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** In JSON such a character can only be part of a string. */
function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Adds a box at the end of an MP4, where it moves no byte of the others.
 * @returns the length that the file had before, bytes; undefined if nothing was added: the file ends in no complete box, or in one
 * that must be the last, or has XMP of its own, or can't be written to now.
 */
export async function appendBox(path: string, box: Uint8Array): Promise<number | undefined> {
  let [end, last, hasXmp] = [0, "", false];
  const size = await walk(path, (found) => {
    [end, last, hasXmp] = [found.isOpen ? Number.POSITIVE_INFINITY : found.end, found.type, hasXmp || found.isXmp];
    return !found.isXmp;
  });
  // The last bytes of a file tell where its `mfra` box begins.
  if (size === 0 || end !== size || last === "mfra" || hasXmp) {
    return undefined;
  }
  const file = await open(path, "r+").catch(() => undefined);
  if (file === undefined) {
    return undefined;
  }
  try {
    const { bytesWritten } = await file.write(box, 0, box.byteLength, size);
    await file.sync();
    if (bytesWritten === box.byteLength) {
      return size;
    }
    throw new Error("no room");
  } catch {
    await file.truncate(size);
    await file.sync();
    return undefined;
  } finally {
    await file.close();
  }
}

/** Takes away again what was added at the end of a file. */
export async function cutBack(path: string, size: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.truncate(size);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The recipe that was written into an MP4, whoever has written its XMP anew since; undefined if there is none. */
export async function recipeInVideo(path: string): Promise<string | undefined> {
  let text: string | undefined;
  await walk(path, async ({ isXmp, body, end }, read) => {
    if (isXmp && end - body <= longestPacket) {
      text = recipeIn(new TextDecoder().decode(await read(body, end - body)));
    }
    return !isXmp;
  });
  return text;
}

function recipeIn(packet: string): string | undefined {
  const [, declared] = new RegExp(`xmlns:([A-Za-z_][\\w.-]{0,60})\\s?=\\s?["']${namespace}["']`).exec(packet) ?? [];
  if (declared === undefined) {
    return undefined;
  }
  const name = `${declared.replaceAll(".", "\\.")}:recipe`;
  const [, element, quoted, single] =
    new RegExp(`<${name}>([^<]*)</|\\s${name}\\s?=\\s?(?:"([^"<]*)"|'([^'<]*)')`).exec(packet) ?? [];
  return (element ?? quoted ?? single)?.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi,
    (whole: string, decimal?: string, hex?: string, entity?: string) => {
      const code = entity === undefined ? Number.parseInt(decimal ?? hex ?? "", decimal === undefined ? 16 : 10) : 0;
      return entity === undefined
        ? code <= 0x10ffff
          ? String.fromCodePoint(code)
          : whole
        : (entities[entity] ?? whole);
    },
  );
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** A box on the top level of a file. Its content lies from `body` to `end`. */
interface TopBox {
  readonly type: string;
  readonly isXmp: boolean;
  /** It reaches to the end of the file, however long that gets. */
  readonly isOpen: boolean;
  readonly body: number;
  readonly end: number;
}

type Read = (at: number, length: number) => Promise<Uint8Array>;

/**
 * Shows the complete boxes of a file one by one, until `next` gives false.
 * @returns the length of the file, bytes
 * @throws {NotPlain}; what the file system says stays as it is.
 */
async function walk(path: string, next: (box: TopBox, read: Read) => boolean | Promise<boolean>): Promise<number> {
  const { file, size } = await openPlain(path, anyLength);
  try {
    const read: Read = async (at, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, at);
      return bytes.subarray(0, bytesRead);
    };
    for (let at = 0, count = 0; at + 8 <= size && count < mostBoxes; count += 1) {
      const box = boxIn(Buffer.from(await read(at, 32)), at, size);
      if (box === undefined || !(await next(box, read))) {
        break;
      }
      at = box.end;
    }
    return size;
  } finally {
    await file.close();
  }
}

/** The box whose first bytes these are; undefined for none, and for one that goes beyond the file. */
function boxIn(bytes: Buffer, at: number, size: number): TopBox | undefined {
  const short = bytes.readUInt32BE(0);
  const isLong = short === 1;
  const head = isLong ? 16 : 8;
  if (bytes.byteLength < head) {
    return undefined;
  }
  const length = isLong ? Number(bytes.readBigUInt64BE(8)) : short === 0 ? size - at : short;
  const end = at + length;
  if (length < head || end > size) {
    return undefined;
  }
  const type = bytes.toString("latin1", 4, 8);
  const isXmp = type === "uuid" && length >= head + 16 && bytes.subarray(head, head + 16).equals(xmpUuid);
  return { type, isXmp, isOpen: short === 0, body: at + head + (isXmp ? 16 : 0), end };
}
