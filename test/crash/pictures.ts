import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runFfmpeg } from "../support/service/ffmpeg.ts";
import { startService } from "../support/service/service.ts";

/** One pair that all jobs are made from, and the bytes of the one video that comes of it. */
export interface Pair {
  /** Absolute paths of PNG files of 480 x 480. */
  readonly start: string;
  readonly end: string;
  /** What the service makes of them, as it hands it out. */
  readonly video: Buffer;
}

/** Wire keys of what a submit must carry here. */
export const seedKey = "96_noise_seed";

async function draw(path: string, source: string): Promise<Buffer> {
  const filter = ["-f", "lavfi", "-i", `${source}=size=480x480`, "-frames:v", "1"];
  const png = await runFfmpeg([...filter, "-f", "image2pipe", "-c:v", "png", "-"], [], new AbortController().signal);
  await writeFile(path, png);
  return png;
}

/** Submits a pair past the engine, as another program of the same user would. Gives the request's id. */
export async function submitDirectly(
  service: { readonly url: string; readonly token: string },
  images: readonly [Buffer, Buffer],
  seed: number,
): Promise<string> {
  const [start, end] = images.map((png) => `data:image/png;base64,${png.toString("base64")}`);
  const answer = await fetch(`${service.url}/v1/models/community/wan-2-2/fun-inpaint`, {
    method: "POST",
    headers: { Authorization: `Bearer ${service.token}` },
    body: JSON.stringify({
      "99_text": "Slowly from one to the other.",
      "110_image": start,
      "112_image": end,
      "111_widthx111_height": "480x480 (1:1)",
      [seedKey]: seed,
    }),
  });
  const id = /"request_id":"([^"]+)"/.exec(await answer.text())?.[1];
  if (id === undefined) {
    throw new Error("the service did not accept the pair");
  }
  return id;
}

/** Draws the pair into a folder and has its video made, so that no later run waits for the encoder. */
export async function makePair(folder: string): Promise<Pair & { readonly images: readonly [Buffer, Buffer] }> {
  await mkdir(folder, { recursive: true });
  const start = join(folder, "alpha.png");
  const end = join(folder, "omega.png");
  const images = [await draw(start, "testsrc"), await draw(end, "smptebars")] as const;
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  const id = await submitDirectly(service, images, 1);
  await service.advance("completed");
  const result = await fetch(`${service.url}/v1/requests/${id}/result`, {
    headers: { Authorization: `Bearer ${service.token}` },
  });
  const address = /"(http[^"]+\.mp4)"/.exec(await result.text())?.[1];
  if (address === undefined) {
    throw new Error("the service made no video of the pair");
  }
  return { start, end, images, video: Buffer.from(await (await fetch(address)).arrayBuffer()) };
}
