import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { type Service, startService } from "../../support/service/service.ts";
import { call, dataUri, finished, frames, pictureFile, probe, psnr, rgb } from "./helpers.ts";

let service: Service;
before(async () => {
  service = await startService({ timing: { queueMs: 0, runMs: 0 } });
});
after(() => service.close());

async function bytesAt(url: string): Promise<Buffer> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

/** Brightness of RGB pixels by BT.709; 4:2:0 video halves color detail, so sharp pictures are compared without color. */
function luma(pixels: Buffer): Buffer {
  const bright = Buffer.alloc(pixels.length / 3);
  for (let at = 0; at < bright.length; at++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 3, at * 3 + 3);
    bright[at] = Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  }
  return bright;
}

const RESULTS = [
  { size: "480x480 (1:1)", length: 81, rate: 12, width: 480, height: 480 },
  { size: "540x960 (9:16)", length: 81, rate: 16, width: 536, height: 960 },
  { size: "960x540 (16:9)", length: 141, rate: 24, width: 960, height: 536 },
] as const;

for (const { size, length, rate, width, height } of RESULTS) {
  test(`${size}, ${length} frames at ${rate} fps comes back as H.264 MP4 of ${width}x${height}`, async () => {
    const { video } = await finished(service, {
      "99_text": "x",
      "111_widthx111_height": size,
      "111_length": length,
      "159_frame_rate": rate,
    });
    const bytes = await bytesAt(video);
    const { streams, format } = await probe(bytes);
    assert.equal(streams.length, 1, "no sound");
    assert.deepEqual(
      { ...streams[0], duration: streams[0]?.duration?.toFixed(4) },
      {
        codec_type: "video",
        codec_name: "h264",
        width,
        height,
        pix_fmt: "yuv420p",
        r_frame_rate: `${rate}/1`,
        nb_read_frames: length,
        duration: (length / rate).toFixed(4),
      },
    );
    assert.match(format.format_name, /mp4/);
    const moov = bytes.indexOf("moov");
    assert.ok(moov > 0 && moov < bytes.indexOf("mdat"), "faststart");
  });
}

const SAMPLES = new URL("../../support/service/samples/", import.meta.url);

test("first and last frame are the two images, and SIMULATED stands only in between", async () => {
  const [width, height] = [720, 1280];
  const start = await readFile(new URL("Runcomfy_1272_2.png", SAMPLES));
  const end = await readFile(new URL("Runcomfy_1272_1.png", SAMPLES));
  const { id, video } = await finished(service, {
    "110_image": dataUri(start, "image/png"),
    "112_image": dataUri(end, "image/png"),
    "99_text": "x",
  });
  const uploads = service.uploads(id);
  assert.ok(uploads?.start.equals(start) && uploads.end.equals(end), "the images as sent, each in its place");
  const all = await frames(await bytesAt(video), width, height);
  assert.equal(all.length, 81);
  const [from, to] = [await rgb(start), await rgb(end)];
  const at = (index: number) => all[index] ?? Buffer.alloc(0);
  const measured = [psnr(at(0), from), psnr(at(80), to)];
  for (const decibel of measured) assert.ok(decibel > 45, `start, end: ${measured.join(", ")} dB`);

  const faded = (index: number) =>
    Buffer.from(from.map((value, offset) => value + ((to[offset] ?? 0) - value) * (index / 80)));
  for (const index of [7, 73]) {
    const difference = psnr(at(index), faded(index));
    assert.ok(difference > 38, `frame ${index} shows no word: ${difference} dB`);
  }
  const shareOfWordColors = (frame: Buffer) => {
    let matching = 0;
    const rows = frame.subarray(605 * width * 3, 675 * width * 3);
    for (let offset = 0; offset < rows.length; offset += 3) {
      const [red = 0, green = 0, blue = 0] = rows.subarray(offset, offset + 3);
      if (Math.max(red, green, blue) < 60 || Math.min(red, green, blue) > 200) matching++;
    }
    return matching / (rows.length / 3);
  };
  for (const index of [20, 40, 60]) assert.ok(shareOfWordColors(at(index)) > 0.9, `frame ${index} shows the word`);
});

test("sharp detail survives the encoder at both ends", async () => {
  const start = await pictureFile("testsrc2=size=720x720", "png");
  const end = await pictureFile("mandelbrot=size=720x720:maxiter=200", "png");
  const { video } = await finished(service, {
    "110_image": dataUri(start, "image/png"),
    "112_image": dataUri(end, "image/png"),
    "99_text": "x",
    "111_widthx111_height": "720x720 (1:1)",
  });
  const all = await frames(await bytesAt(video), 720, 720);
  const measured = [
    psnr(luma(all[0] ?? Buffer.alloc(0)), luma(await rgb(start))),
    psnr(luma(all[80] ?? Buffer.alloc(0)), luma(await rgb(end))),
  ];
  for (const decibel of measured) assert.ok(decibel > 42, `start, end: ${measured.join(", ")} dB in luma`);
});

test("images of another shape are covered and cropped at the center", async () => {
  const wide = await pictureFile("color=c=red:s=300x100,drawbox=x=100:y=0:w=100:h=100:color=blue:t=fill", "png");
  const { video } = await finished(service, {
    "110_image": dataUri(wide, "image/png"),
    "112_image": dataUri(wide, "image/png"),
    "99_text": "x",
    "111_widthx111_height": "480x480 (1:1)",
  });
  const [first = Buffer.alloc(0)] = await frames(await bytesAt(video), 480, 480);
  for (const x of [10, 240, 470]) {
    const [red = 255, , blue = 0] = first.subarray((240 * 480 + x) * 3, (240 * 480 + x) * 3 + 3);
    assert.ok(blue > 200 && red < 60, `blue at ${x}: ${red}, ${blue}`);
  }
});

test("JPEG and WebP data URIs and hosted files are read", async () => {
  const jpeg = await pictureFile("testsrc=size=480x480", "mjpeg");
  const webp = await pictureFile("testsrc2=size=480x480", "libwebp");
  const host = createServer((_, response) => response.end(webp)).listen(0, "127.0.0.1");
  await once(host, "listening");
  try {
    const address = host.address();
    assert.ok(address && typeof address === "object");
    const { id } = await finished(service, {
      "110_image": dataUri(jpeg, "image/jpeg"),
      "112_image": `http://127.0.0.1:${address.port}/end.webp`,
      "99_text": "x",
      "111_widthx111_height": "480x480 (1:1)",
    });
    const images = service.requests().find((request) => request.requestId === id)?.images;
    const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual(images, {
      start: { source: "data", type: "image/jpeg", bytes: jpeg.length, sha256: sha256(jpeg) },
      end: { source: "url", type: "image/webp", bytes: webp.length, sha256: sha256(webp) },
    });
  } finally {
    host.close();
  }
});

test("identical jobs are encoded once", async () => {
  const started = performance.now();
  const ids = await Promise.all(Array.from({ length: 50 }, () => finished(service)));
  assert.equal(new Set(ids.map(({ id }) => id)).size, 50);
  assert.ok(performance.now() - started < 5000);
  const [one, other] = await Promise.all(ids.slice(0, 2).map(({ video }) => bytesAt(video)));
  assert.ok(one && other?.equals(one));
  assert.equal((await call(service, "/prod/v2/balance")).status, 200);
});
