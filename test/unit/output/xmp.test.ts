import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import ffprobe from "@ffprobe-installer/ffprobe";
import { readFacts } from "../../../src/output/verify.ts";
import { appendBox, cutBack, recipeInVideo, xmpBox } from "../../../src/output/xmp.ts";
import { tagsOf, writeTag } from "../../support/exiftool.ts";
import { at, h264, make, moving } from "./videos.ts";

const box = (recipe: unknown, prompt = "") => xmpBox(JSON.stringify(recipe), prompt) ?? assert.fail("too long");

/** All that ffmpeg decodes, as one hash for each frame. */
const framesOf = (file: string) =>
  execFileSync(ffmpeg.path, ["-v", "error", "-xerror", "-i", file, "-f", "framemd5", "-"], { encoding: "utf8" });
/** What ffprobe says of the file, but for its name and size. */
function probed(file: string): unknown {
  const args = ["-v", "error", "-show_streams", "-show_packets", "-show_entries", "format_tags", "-of", "json", file];
  return JSON.parse(execFileSync(ffprobe.path, args, { encoding: "utf8", maxBuffer: 1e8 }));
}

const odd = {
  "what XML means something by": `<a href="x">&amp;&#65;]]></flf:recipe> '"'`,
  "lines and tabs": "one\ntwo\r\nthree\rfour\tfive ",
  "what XML cannot have": "\u0000\u0001\u0008\u000b\u001f\ufffe\uffff",
  "halves of a pair": "\ud83d and \udc00 and \udc00\ud83d",
  "other scripts": "夜が訪れる 🌃 \u202eabc\u2066",
  nothing: "",
};

describe("a recipe in a video", () => {
  for (const [what, args] of [
    ["its index in front", ["-movflags", "+faststart"]],
    ["its index last", []],
    ["fragments", ["-movflags", "+frag_keyframe+empty_moov+skip_trailer"]],
  ] as const) {
    it(`of ${what} changes nothing that is shown, and exiftool reads it`, async () => {
      const plain = await make("plain.mp4", ...moving(48, 16), ...h264, ...args);
      const file = at("told.mp4");
      await copyFile(plain, file);
      const recipe = { recipe: 1, prompt: "夜 & <night>", start: { path: "a.png" }, odd };
      const { byteLength } = await readFile(plain);
      assert.equal(await appendBox(file, box(recipe, recipe.prompt)), byteLength);
      assert.ok((await readFile(file)).subarray(0, byteLength).equals(await readFile(plain)));
      assert.equal(framesOf(file), framesOf(plain));
      assert.deepEqual(probed(file), probed(plain));
      assert.deepEqual(readFacts(file), readFacts(plain));
      assert.deepEqual(JSON.parse((await recipeInVideo(file)) ?? ""), recipe);
      const tags = tagsOf(file);
      assert.equal(tags["XMP-dc:Description"], recipe.prompt);
      assert.equal(tags["XMP-xmp:CreatorTool"], "Wan FLF2V");
      assert.ok(isDeepStrictEqual(JSON.parse(String(tags["XMP-flf:Recipe"])), recipe));
      assert.deepEqual(
        Object.keys(tags).filter((tag) => /Warning|Error/.test(tag)),
        [],
      );
      await cutBack(file, byteLength);
      assert.ok((await readFile(file)).equals(await readFile(plain)));
    });
  }

  for (const [what, text] of Object.entries(odd)) {
    it(`comes back as it was, with ${what}`, async () => {
      await writeFile(at("odd.mp4"), box({ prompt: text, [text]: [text] }, text));
      assert.deepEqual(JSON.parse((await recipeInVideo(at("odd.mp4"))) ?? ""), { prompt: text, [text]: [text] });
      const raw = xmpBox(`{"written": "by hand: ${text.replace(/["\\\n\r\t]/g, "")}"}`, "") ?? assert.fail();
      await writeFile(at("odd.mp4"), raw);
      JSON.parse((await recipeInVideo(at("odd.mp4"))) ?? "");
    });
  }

  it("is still found after another program has written its metadata anew", async () => {
    const file = await make("rewritten.mp4", ...moving(16, 16), ...h264);
    await appendBox(file, box({ recipe: 1, odd }, "night"));
    writeTag(file, "XMP-dc:Title", "My film");
    assert.equal(tagsOf(file)["XMP-dc:Title"], "My film");
    assert.deepEqual(JSON.parse((await recipeInVideo(file)) ?? ""), { recipe: 1, odd });
  });

  it("goes into no file that it would change: no end, an open end, an end that must be last, other XMP", async () => {
    const video = await readFile(await make("other.mp4", ...moving(16, 16), ...h264));
    const open = Buffer.concat([video, Buffer.from([0, 0, 0, 0]), Buffer.from("mdat1234")]);
    const last = Buffer.concat([video, Buffer.from([0, 0, 0, 8]), Buffer.from("mfra")]);
    const foreign = Buffer.concat([video, box("foreign"), video]);
    for (const bytes of [video.subarray(0, -1), open, last, foreign, Buffer.alloc(0), Buffer.from("text, no video")]) {
      await writeFile(at("other.mp4"), bytes);
      assert.equal(await appendBox(at("other.mp4"), box("mine")), undefined);
      assert.ok((await readFile(at("other.mp4"))).equals(bytes));
    }
    assert.equal(xmpBox(" ".repeat(7_000_000), ""), undefined);
  });

  it("is none where nobody wrote one, whatever the bytes say", async () => {
    const whole = Buffer.from(box({ recipe: 1 }));
    const packet = whole.subarray(24).toString();
    const boxed = (text: string) => {
      const bytes = Buffer.concat([whole.subarray(0, 24), Buffer.from(text)]);
      bytes.writeUInt32BE(bytes.byteLength);
      return bytes;
    };
    for (const bytes of [
      boxed(packet.replace("urn:wan-flf2v:xmp:1", "urn:other")),
      boxed(packet.replaceAll("flf:recipe", "flf:other")),
      boxed("xmlns:flf='urn:wan-flf2v:xmp:1' ".repeat(10_000)),
      boxed(`xmlns:flf="urn:wan-flf2v:xmp:1"${"<flf:recipe>".repeat(50_000)}`),
      boxed(`xmlns:${"a.".repeat(100_000)}="urn:wan-flf2v:xmp:1"`),
      whole.subarray(0, -1),
      Buffer.alloc(8 * 20_000, Buffer.from([0, 0, 0, 8, 102, 114, 101, 101])),
      Buffer.from([0, 0, 0, 1, 117, 117, 105, 100, 255, 255, 255, 255, 255, 255, 255, 255]),
    ]) {
      await writeFile(at("hostile.mp4"), bytes);
      assert.equal(await recipeInVideo(at("hostile.mp4")), undefined);
    }
    await writeFile(at("hostile.mp4"), boxed(packet.replace("{", "&#x110000;&bad;&#x41;&quot;{")));
    assert.match((await recipeInVideo(at("hostile.mp4"))) ?? "", /^&#x110000;&bad;A"\{/);
    await truncate(at("hostile.mp4"), 0);
    assert.equal(await recipeInVideo(at("hostile.mp4")), undefined);
  });
});
