import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";

const run = promisify(execFile);

/** One frame of a video as PNG bytes, counted from 0, decoded by ffmpeg. */
export async function frameOfVideo(video: string, frame: number): Promise<Buffer> {
  const filter = ["-vf", `select=eq(n\\,${frame})`, "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"];
  const { stdout } = await run(ffmpeg.path, ["-v", "error", "-i", video, ...filter], {
    encoding: "buffer",
    maxBuffer: 1e8,
  });
  return stdout;
}

/**
 * How alike two images of one size are: peak signal-to-noise ratio of the luma in dB, as ffmpeg measures it. Identical
 * images give Infinity.
 */
export async function psnrOfImages(one: Buffer, other: Buffer): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "wan-psnr-"));
  try {
    const files = [join(folder, "one"), join(folder, "other")] as const;
    await writeFile(files[0], one);
    await writeFile(files[1], other);
    const graph = "[0:v]format=yuv444p[a];[1:v]format=yuv444p[b];[a][b]psnr";
    const { stderr } = await run(ffmpeg.path, ["-i", files[0], "-i", files[1], "-lavfi", graph, "-f", "null", "-"]);
    const value = /PSNR y:(\S+)/.exec(stderr)?.[1];
    if (value === undefined) {
      throw new Error(`ffmpeg measured nothing: ${stderr}`);
    }
    return value === "inf" ? Number.POSITIVE_INFINITY : Number(value);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
