import { ProblemError } from "../../../src/model/problem.ts";
import { world } from "../current.ts";
import { running } from "../scheduler.ts";
import { readVideo } from "../video.ts";
import * as files from "./fsPromises.ts";

/** In the place of the product's reader of video files: it knows the simulated container alone, and judges it as strictly. */
export async function verifyVideo(file: string) {
  const { scheduler, random } = world();
  const bytes = Buffer.from(await files.readFile(file));
  await scheduler.wait(random.between(1, 60), running());
  if (!readVideo(bytes)) {
    throw new ProblemError({ code: "notAVideo", reason: "not whole" });
  }
  return { extension: ".mp4", codec: "simulated", width: 16, height: 16, frames: 81, fps: 16, duration: 5 };
}
