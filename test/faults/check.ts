import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Job } from "../../src/jobs/job.ts";
import { readFacts } from "../../src/output/verify.ts";
import { recipeSchema } from "../../src/shared/model/recipe.ts";
import type { Service } from "../support/service/service.ts";
import type { Lanes } from "./lanes.ts";
import type { Books, Files, UploadBooks } from "./row.ts";
import type { World } from "./world.ts";

/** Compares the service's books; a token that left the API's own calls is never right. */
export function checkBooks(expected: Books, service: Service, story: () => string = () => ""): void {
  const { requests, exchanges, downloads, tokenLeaks } = service.ledger;
  const books: Books = {
    posts: exchanges.filter(({ call }) => call === "submit").length,
    accepted: requests.length,
    paid: requests.filter(({ charged }) => charged).length,
    cancels: exchanges.filter(({ call }) => call === "cancel").length,
    downloads: downloads.length,
  };
  assert.deepEqual(books, expected, `the service's books: ${JSON.stringify(books)}\n${story()}`);
  assert.deepEqual(tokenLeaks, []);
}

/** Compares what the user's image storage has seen; whoever reads an image must not need to say who they are. */
export function checkUploads(expected: UploadBooks, world: World): void {
  const { uploads } = world;
  assert(uploads !== undefined);
  const count = (method: string) => uploads.seen.filter((seen) => seen.method === method).length;
  const told = world.leftovers();
  const books = { puts: count("PUT"), deletes: count("DELETE"), left: uploads.objects.size, told };
  assert.deepEqual(books, { told: 0, ...expected }, world.log.slice(-25).join("\n"));
  for (const { path } of uploads.seen) {
    assert.match(path, /^\/[0-9a-f]{32}\.png$/);
  }
}

/**
 * Everything in the folders must be a whole video with its recipe, or somebody else's file; nothing temporary, nothing
 * half. A saved job names exactly its own.
 */
export async function checkFiles(
  expected: Files,
  job: Job | undefined,
  { folders }: World,
  lanes: Lanes,
): Promise<void> {
  const ending = expected.ending ?? "made.mp4";
  const videos: string[] = [];
  for (const path of (await Promise.all(folders.map(filesOf))).flat()) {
    if (/\.(mp4|webm|mov|mkv)$/.test(path) && !(await isForeign(path))) {
      videos.push(path);
      assert.ok(path.endsWith(ending), path);
      await checkVideo(path, job, lanes, expected.other ?? false);
    } else if (path.endsWith(".flf.json") && !(await isForeign(path))) {
      const recipe = recipeSchema.parse(JSON.parse(await readFile(path, "utf8")));
      assert.ok(existsSync(join(dirname(path), recipe.video.file)), `${path} has no video`);
    } else {
      assert.ok(await isForeign(path), `${path} has no business there`);
    }
  }
  assert.equal(videos.length, expected.videos, `videos: ${videos.join(", ")}`);
  if (job?.progress.state === "saved") {
    assert.ok(videos.includes(job.progress.video), `${job.progress.video} is not there`);
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function isForeign(path: string): Promise<boolean> {
  return (await readFile(path)).equals(Buffer.from("somebody else's"));
}

async function checkVideo(path: string, job: Job | undefined, lanes: Lanes, other: boolean): Promise<void> {
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  assert.equal(sha256 === lanes.videoSha256, !other, "not the video that the service made");
  const { extension: _, ...facts } = readFacts(path);
  const recipe = recipeSchema.parse(JSON.parse(await readFile(path.replace(/\.\w+$/, ".flf.json"), "utf8")));
  assert.deepEqual(recipe.video, { file: basename(path), sha256, ...facts });
  assert.equal(recipe.start.conformedSha256, lanes.conform(lanes.images.start).sha256);
  assert.equal(recipe.end.conformedSha256, lanes.conform(lanes.images.end).sha256);
  if (job?.progress.state === "saved") {
    assert.equal(recipe.requestId, job.progress.requestId);
    assert.equal(recipe.cost, job.progress.cost);
  }
}

/** Neither the token nor a result's address nor an image's bytes in the log; no token or address on disk (law 6). */
export async function checkSecrets(world: World, service: Service): Promise<void> {
  const log = world.log.join("\n");
  const files = (await Promise.all([world.storage, ...world.folders].map(filesOf))).flat();
  const kept = files.filter((path) => /\.(json|sqlite)$/.test(path));
  const disk = Buffer.concat(await Promise.all(kept.map((path) => readFile(path))));
  for (const secret of [service.token, "wrong-token", "/outputs/", "data:image", "base64"]) {
    assert.ok(!log.includes(secret), `the log holds ${secret}`);
    assert.ok(!disk.includes(secret), `a file holds ${secret}`);
  }
}
