import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { keepPicture, seePicture, tidyPictures } from "../../../src/images/pasted.ts";
import { bmp } from "./bitmap.ts";

const root = await mkdtemp(join(tmpdir(), "wan-flf2v-pasted-"));
after(() => rm(root, { recursive: true }));

const DAY = 24 * 3_600_000;
const now = Date.now();

/** Keeps a picture like no other, last looked at so many days ago. */
async function keep(folder: string, number: number, days: number): Promise<string> {
  const rows = [[number & 255, number >> 8, 0, 0]];
  const path = await keepPicture(folder, bmp({ width: 1, height: 1, bits: 24, rows }));
  const seen = new Date(now - days * DAY);
  await utimes(path, seen, seen);
  return path;
}

const left = async (folder: string) => (await readdir(folder)).filter((name) => !name.endsWith(".old")).sort();

/** Tidies at two starts, more than a week apart, and gives how many went at the second. */
async function tidied(folder: string, needed: ReadonlySet<string> = new Set()): Promise<number> {
  assert.equal(await tidyPictures(folder, needed, now - 7 * DAY), 0);
  return await tidyPictures(folder, needed, now);
}

test("a pasted picture goes when nothing needs it and nobody looked at it for a month", async () => {
  const folder = join(root, "age");
  const [old, needed, young] = [await keep(folder, 1, 38), await keep(folder, 2, 400), await keep(folder, 3, 29)];
  assert.equal(await tidied(folder, new Set([needed])), 1);
  assert.deepEqual(await left(folder), [needed, young].map((path) => basename(path)).sort());
  assert.ok(!(await left(folder)).includes(basename(old)));
});

test("a picture that is looked at, or pasted again, stays another month", async () => {
  const folder = join(root, "seen");
  const looked = await keep(folder, 1, 38);
  const rows = [[2, 0, 0, 0]];
  const again = await keep(folder, 2, 38);
  assert.equal(await tidyPictures(folder, new Set(), now - 7 * DAY), 0);
  assert.equal(await seePicture(folder, looked), true);
  assert.equal(await keepPicture(folder, bmp({ width: 1, height: 1, bits: 24, rows })), again);
  assert.equal(await tidyPictures(folder, new Set(), now), 0);
});

test("no more than a hundred that nothing needs are kept; those of today all are", async () => {
  const folder = join(root, "number");
  const days = await Promise.all(Array.from({ length: 103 }, (_, i) => keep(folder, i, 9 + i / 100)));
  const today = await Promise.all(Array.from({ length: 4 }, (_, i) => keep(folder, 1000 + i, 0)));
  const [eldest = "", second = ""] = [days.at(-1), days.at(-2)];
  assert.equal(await tidied(folder, new Set([eldest])), 6);
  const names = await left(folder);
  assert.equal(names.length, 101);
  assert.ok([eldest, ...today].every((path) => names.includes(basename(path))));
  assert.ok(!names.includes(basename(second)));
  const fresh = join(root, "fresh");
  await Promise.all(Array.from({ length: 105 }, (_, i) => keep(fresh, i, 0.5)));
  assert.equal(await tidied(fresh), 0);
});

test("one start with a wrong clock takes no picture, however many there are and whatever was written by it", async () => {
  const folder = join(root, "clock");
  await Promise.all(Array.from({ length: 105 }, (_, i) => keep(folder, i, 0)));
  assert.equal(await tidyPictures(folder, new Set(), now + 91 * DAY), 0);
  assert.equal(await tidyPictures(folder, new Set(), now + 97 * DAY), 0, "by that clock it is no week yet");
  assert.equal(await tidyPictures(folder, new Set(), now), 0);
  assert.equal((await readdir(folder)).length, 105, "the clock is right again, and nothing is left of it");
  assert.equal(await tidyPictures(folder, new Set(), now + 99 * DAY), 0);
  // What such a clock has said counts from now on at the earliest.
  assert.equal(await tidyPictures(folder, new Set(), now + 40 * DAY), 0);
  assert.equal(await tidyPictures(folder, new Set(), now + 46 * DAY), 0);
  assert.equal(await tidyPictures(folder, new Set(), now + 47 * DAY), 105);
  assert.deepEqual(await readdir(folder), []);
});

test("half-written files of a crash go, all other files and folders stay", async () => {
  const folder = join(root, "others");
  await mkdir(join(folder, `${"a".repeat(64)}.png`), { recursive: true });
  const long = new Date(now - 400 * DAY);
  const part = "0b0e8f6a-1111-4222-8333-444455556666.part";
  for (const name of [part, "notes.txt", `${"b".repeat(64)}.png.bak`, "holiday.png"]) {
    await writeFile(join(folder, name), "x");
    await utimes(join(folder, name), long, long);
  }
  assert.equal(await tidied(folder), 1);
  assert.deepEqual(await left(folder), [
    `${"a".repeat(64)}.png`,
    `${"b".repeat(64)}.png.bak`,
    "holiday.png",
    "notes.txt",
  ]);
  assert.equal(await seePicture(folder, join(folder, "holiday.png")), false);
  assert.equal(await tidyPictures(join(root, "absent"), new Set(), now), 0);
});
