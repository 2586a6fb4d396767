import { writeFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";

// Draws the two sample pictures of the API page anew: _2, the start, is a hill by day, _1, the end, by night.

type Color = readonly [red: number, green: number, blue: number];
type Scene = {
  readonly skyTop: Color;
  readonly skyLow: Color;
  readonly light: { readonly x: number; readonly y: number; readonly radius: number; readonly color: Color };
  readonly farHill: Color;
  readonly nearHill: Color;
  readonly window: Color;
};

const WIDTH = 720;
const HEIGHT = 1280;

const DAY: Scene = {
  skyTop: [70, 140, 220],
  skyLow: [250, 220, 170],
  light: { x: 200, y: 330, radius: 90, color: [255, 240, 150] },
  farHill: [110, 160, 120],
  nearHill: [60, 120, 60],
  window: [60, 70, 90],
};
const NIGHT: Scene = {
  skyTop: [10, 15, 50],
  skyLow: [60, 45, 100],
  light: { x: 520, y: 260, radius: 70, color: [235, 235, 220] },
  farHill: [30, 40, 70],
  nearHill: [12, 24, 40],
  window: [255, 210, 90],
};

function mix(from: Color, to: Color, share: number): Color {
  const part = Math.min(1, Math.max(0, share));
  const at = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * part);
  return [at(0), at(1), at(2)];
}

function colorAt(scene: Scene, x: number, y: number): Color {
  const far = 760 + 70 * Math.sin(x / 130) + 25 * Math.sin(x / 47);
  const near = 960 + 90 * Math.sin(x / 210 + 2);
  if (x > 300 && x < 440 && y > 830 && y < 960) {
    const isWindow = (x > 325 && x < 360) || (x > 380 && x < 415);
    return isWindow && y > 865 && y < 910 ? scene.window : mix(scene.nearHill, [120, 80, 60], 0.5);
  }
  if (y > 760 && y <= 830 && Math.abs(x - 370) < y - 760 + 15) return mix(scene.nearHill, [150, 50, 40], 0.6);
  if (y > near) return mix(scene.nearHill, [0, 0, 0], (y - near) / 900);
  if (y > far) return mix(scene.farHill, scene.nearHill, (y - far) / 500);
  const { light } = scene;
  const distance = Math.hypot(x - light.x, y - light.y);
  const sky = mix(scene.skyTop, scene.skyLow, y / 800);
  return mix(sky, light.color, Math.max(0, Math.min(1, (light.radius + 1 - distance) / 2)));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function png(scene: Scene): Buffer {
  const rows = Buffer.alloc(HEIGHT * (WIDTH * 3 + 1));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) rows.set(colorAt(scene, x, y), y * (WIDTH * 3 + 1) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

await writeFile(new URL("./Runcomfy_1272_2.png", import.meta.url), png(DAY));
await writeFile(new URL("./Runcomfy_1272_1.png", import.meta.url), png(NIGHT));
