import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ffprobe from "@ffprobe-installer/ffprobe";
import * as z from "zod";
import { runFfmpeg } from "../../support/service/ffmpeg.ts";
import type { Service } from "../../support/service/service.ts";

export const MODEL = "community/wan-2-2/fun-inpaint";

/** The body of the sample request, exactly as the API page prints it. */
export const SAMPLE_BODY = `{
"112_image": "Runcomfy_1272_1.png",
"110_image": "Runcomfy_1272_2.png",
"99_text": "A dreamy scene where a girl is playing with her hair. Zoom in, and the looks up, and blinks. windy hair, leaves moving with wind, lens flare"
}`;

const record = z.record(z.string(), z.unknown());

/** An answer with its JSON body as a record. */
export type Answered = { status: number; headers: Headers; json: Record<string, unknown> };

/** One call of the API with the service's own token. */
export async function call(
  service: Service,
  path: string,
  init: { method?: string; body?: string; token?: string | null } = {},
): Promise<Answered> {
  const token = init.token === undefined ? service.token : init.token;
  const response = await fetch(`${service.url}${path}`, {
    method: init.method ?? "GET",
    redirect: "manual",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(init.body === undefined ? {} : { body: init.body }),
  });
  return { status: response.status, headers: response.headers, json: record.parse(await response.json()) };
}

/** Submits a body (default: the sample) and gives the request id. */
export async function submit(service: Service, body: string | object = SAMPLE_BODY): Promise<string> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { status, json } = await call(service, `/v1/models/${MODEL}`, { method: "POST", body: text });
  assert.equal(status, 200, JSON.stringify(json));
  return z.uuid().parse(json.request_id);
}

/** Submits, runs to the end at once and gives the id and the address of the video. */
export async function finished(service: Service, body?: string | object): Promise<{ id: string; video: string }> {
  const id = await submit(service, body);
  await service.advance("completed", id);
  const { json } = await call(service, `/v1/requests/${id}/result`);
  const output = record.parse(json.output);
  return { id, video: z.string().parse(output.video ?? z.array(z.string()).parse(output.videos)[0]) };
}

const probed = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string(),
      codec_name: z.string(),
      width: z.number(),
      height: z.number(),
      pix_fmt: z.string(),
      r_frame_rate: z.string(),
      nb_read_frames: z.coerce.number(),
      duration: z.coerce.number().optional(),
    }),
  ),
  format: z.object({ format_name: z.string() }),
});

/** What ffprobe says about a video after decoding every frame. */
export async function probe(video: Buffer): Promise<z.output<typeof probed>> {
  const folder = await mkdtemp(join(tmpdir(), "probe-"));
  try {
    const file = join(folder, "video");
    await writeFile(file, video);
    const args = ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", file];
    const { stdout } = await promisify(execFile)(ffprobe.path, args);
    return probed.parse(JSON.parse(stdout));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const never = new AbortController().signal;

/** All frames of an MP4 as RGB, 3 bytes a pixel. */
export async function frames(video: Buffer, width: number, height: number): Promise<Buffer[]> {
  const folder = await mkdtemp(join(tmpdir(), "frames-"));
  try {
    const file = join(folder, "video.mp4");
    await writeFile(file, video);
    const filter = "scale=in_color_matrix=bt709:in_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24";
    const raw = await runFfmpeg(["-i", file, "-vf", filter, "-vsync", "0", "-f", "rawvideo", "-"], [], never);
    const size = width * height * 3;
    assert.equal(raw.length % size, 0);
    return Array.from({ length: raw.length / size }, (_, index) => raw.subarray(index * size, (index + 1) * size));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A PNG as RGB, 3 bytes a pixel. */
export function rgb(png: Buffer): Promise<Buffer> {
  return runFfmpeg(["-f", "png_pipe", "-i", "-", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], [png], never);
}

/** A test picture in the format that ffmpeg's encoder `codec` writes. @param source a lavfi source */
export function pictureFile(source: string, codec: "png" | "mjpeg" | "libwebp"): Promise<Buffer> {
  return runFfmpeg(["-f", "lavfi", "-i", source, "-frames:v", "1", "-c:v", codec, "-f", "image2pipe", "-"], [], never);
}

/** Peak signal-to-noise ratio in dB between two pictures of 8-bit samples. */
export function psnr(one: Buffer, other: Buffer): number {
  assert.equal(one.length, other.length);
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * one.length) / sum);
}

export function dataUri(bytes: Buffer, type: string): string {
  return `data:${type};base64,${bytes.toString("base64")}`;
}

/** A clock that stands still until it is moved. */
export function handClock(start = 1_780_000_000_000): { now: () => number; move: (ms: number) => void } {
  let time = start;
  return {
    now: () => time,
    move: (ms) => {
      time += ms;
    },
  };
}
