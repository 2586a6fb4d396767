/**
 * The name an ICC profile gives itself, such as "Display P3" (tag `desc`: a `desc` element in version 2 profiles, `mluc`
 * in version 4; ICC.1:2022, sections 7.3 and 10.15).
 * @param profile the profile's bytes, as embedded in a picture
 * @returns the name, or undefined when the profile holds none that can be read
 */
export function iccName(profile: Uint8Array): string | undefined {
  const bytes = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  try {
    const tags = bytes.readUInt32BE(128);
    for (let i = 0; i < Math.min(tags, 100); i++) {
      const entry = 132 + 12 * i;
      if (bytes.toString("latin1", entry, entry + 4) === "desc") {
        return readText(bytes.subarray(bytes.readUInt32BE(entry + 4)));
      }
    }
  } catch (error) {
    // A profile that lies about its own length is nameless; whether its colours can be used is the decoder's concern.
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  return undefined;
}

function readText(element: Buffer): string | undefined {
  switch (element.toString("latin1", 0, 4)) {
    case "desc":
      return clean(element.toString("latin1", 12, 12 + element.readUInt32BE(8)));
    case "mluc": {
      const length = element.readUInt32BE(20);
      const start = element.readUInt32BE(24);
      return clean(new TextDecoder("utf-16be").decode(element.subarray(start, start + length)));
    }
    default:
      return undefined;
  }
}

function clean(text: string): string | undefined {
  const name = text.replaceAll("\0", "").trim();
  return name === "" ? undefined : name;
}
