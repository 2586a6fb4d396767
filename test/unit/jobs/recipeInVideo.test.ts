import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { it } from "node:test";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import { hashFile } from "../../../src/output/moveExclusively.ts";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { tagsOf } from "../../support/exiftool.ts";
import { engine, submit } from "./engines.ts";

const prompt = "One <b>becomes</b> the other & 夜 🌃.";
const framesOf = (file: string) =>
  execFileSync(ffmpeg.path, ["-v", "error", "-xerror", "-i", file, "-f", "framemd5", "-"], { encoding: "utf8" });

it("a video has its recipe in it where its user wants that, is the same otherwise, and has none where not", async () => {
  const videos: string[] = [];
  for (const recipeInVideo of [false, true]) {
    const window = engine({}, undefined, { recipeInVideo });
    const id = await submit(window, { prompt, parameters: { resolution: "480x480 (1:1)", seed: 7 } });
    const { progress } = await window.reaches(id, "saved");
    await window.jobs.dispose();
    assert.ok(progress.state === "saved");
    videos.push(progress.video);
    const recipe = recipeSchema.parse(JSON.parse(await readFile(progress.recipe, "utf8")));
    assert.equal(recipe.video.sha256, await hashFile(progress.video));
    const tags = tagsOf(progress.video);
    if (recipeInVideo) {
      assert.equal(tags["XMP-dc:Description"], prompt);
      const { start, end, parameters, requestId } = JSON.parse(String(tags["XMP-flf:Recipe"]));
      assert.deepEqual(
        { start, end, parameters, requestId },
        {
          ...{ start: recipe.start, end: recipe.end, parameters: recipe.parameters, requestId: recipe.requestId },
        },
      );
    } else {
      assert.deepEqual(
        Object.keys(tags).filter((tag) => tag.startsWith("XMP")),
        [],
      );
      assert.ok(!(await readFile(progress.video)).includes("becomes"));
    }
  }
  const [plain = "", told = ""] = videos;
  assert.equal(framesOf(told), framesOf(plain));
});
