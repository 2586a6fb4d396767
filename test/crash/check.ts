import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { recipeSchema } from "../../src/shared/model/recipe.ts";
import { seedKey } from "./pictures.ts";
import type { JobFacts } from "./protocol.ts";
import type { World } from "./world.ts";

/** What went wrong, a sentence each. All lists must be empty. */
export interface Damage {
  /** Acknowledged or journalled jobs without their video, and paid requests without a job. */
  readonly lost: string[];
  /** Seeds that more than one request was accepted for. */
  readonly paidTwice: string[];
  /** Files under a final name that are not whole, and videos that stand alone or twice. */
  readonly partialFiles: string[];
  /** What an interrupted step left behind. */
  readonly orphanTempFiles: string[];
  /** Images of ended jobs that still lie on the user's storage. */
  readonly orphanUploads: string[];
}

/** No damage so far. */
export const undamaged = (): Damage => ({
  lost: [],
  paidTwice: [],
  partialFiles: [],
  orphanTempFiles: [],
  orphanUploads: [],
});

/** Adds to `sum` what `more` found, naming where. */
export function addDamage(sum: Damage, more: Damage, where: string): void {
  for (const kind of ["lost", "paidTwice", "partialFiles", "orphanTempFiles", "orphanUploads"] as const) {
    sum[kind].push(...more[kind].map((sentence) => `${where}: ${sentence}`));
  }
}

/** All sentences of a damage. */
export const sentencesOf = (damage: Damage): string[] => [
  ...damage.lost,
  ...damage.paidTwice,
  ...damage.partialFiles,
  ...damage.orphanTempFiles,
  ...damage.orphanUploads,
];

const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
const recipeOf = (video: string) => video.replace(/\.mp4$/, ".flf.json");

function readRecipe(path: string) {
  try {
    return recipeSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * What must hold at every moment, also right after a kill: what has a final name is whole. A name that was claimed with
 * an empty file, where there are no hard links, is no file yet.
 */
export function checkMoment(world: World, hardLinks = true): Damage {
  const damage = undamaged();
  for (const folder of [world.folder, `${world.folder}.away`, world.elsewhere]) {
    for (const name of list(folder).filter((file) => !file.startsWith("."))) {
      const path = join(folder, name);
      const { size } = statSync(path);
      const whole = name.endsWith(".mp4") ? size === world.videoBytes : readRecipe(path) !== undefined;
      if (!whole && (hardLinks || size > 0)) {
        damage.partialFiles.push(`${name} has ${size} bytes`);
      }
    }
  }
  return damage;
}

/** What must hold once all jobs rest and no engine runs. `jobs` is the whole journal. */
export function checkRest(world: World, jobs: readonly JobFacts[]): Damage {
  const damage = undamaged();
  const requests = world.service.requests();
  checkJobs(world, jobs, damage);
  const seeds = new Map<unknown, number>();
  for (const { requestId, parameters, cancelled } of requests) {
    const seed = parameters[seedKey];
    seeds.set(seed, (seeds.get(seed) ?? 0) + 1);
    const known = jobs.some((job) => job.requestId === requestId) || world.foreign.has(requestId);
    if (!known && !cancelled && !recipesIn(world).some((recipe) => recipe?.requestId === requestId)) {
      damage.lost.push(`request ${requestId} was paid and is in no job`);
    }
  }
  for (const [seed, count] of seeds) {
    if (count > 1) {
      damage.paidTwice.push(`seed ${seed} was accepted ${count} times`);
    }
  }
  checkFolders(world, jobs, damage);
  const kept = keptUploads(world);
  damage.orphanUploads.push(...[...(world.uploads?.objects.keys() ?? [])].filter((path) => !kept.has(basename(path))));
  return damage;
}

/** The names of the objects that are kept on purpose: a request whose answer got lost may be about to read them. */
function keptUploads(world: World): Set<string> {
  const journal = new DatabaseSync(join(world.storage, "journal.sqlite"), { readOnly: true });
  try {
    const rows = journal.prepare("SELECT facts ->> 'name' AS name FROM uploads WHERE keep_until <> 0").all();
    return new Set(rows.map(({ name }) => String(name)));
  } finally {
    journal.close();
  }
}

function checkJobs(world: World, jobs: readonly JobFacts[], damage: Damage): void {
  for (const job of jobs) {
    if (job.state === "saved") {
      const recipe = job.recipe === undefined ? undefined : readRecipe(job.recipe);
      const { video = "" } = job;
      const found =
        existsSync(video) && sha256(video) === world.videoSha256 && job.recipe === recipeOf(video) ? recipe : undefined;
      if (found?.video.sha256 !== world.videoSha256 || found.requestId !== job.requestId || !isNamed(video, found)) {
        damage.lost.push(`${job.id} is called saved, but its video or recipe is not there`);
      }
    } else if (!isGivenUp(world, job)) {
      damage.lost.push(`${job.id} is ${job.state}${job.problem === undefined ? "" : ` (${job.problem})`}`);
    }
  }
  for (const id of world.acknowledged) {
    if (!world.removed.has(id) && !jobs.some((job) => job.id === id)) {
      damage.lost.push(`${id} was acknowledged and is not in the journal`);
    }
  }
}

/**
 * True for a job that its user cancelled. One that was sent again before says that its earlier POST, whose answer got lost,
 * may be paid for all the same: the books of the service show that no such request is in no job.
 */
function isGivenUp(world: World, { id, state, problem }: JobFacts): boolean {
  const isOpenForEarlier = state === "failed" && problem === "submitUnclear" && world.sentAgain.has(id);
  return world.givenUp.has(id) && (state === "cancelled" || isOpenForEarlier);
}

const isNamed = (video: string, recipe: { video: { file: string } }) => video.endsWith(`/${recipe.video.file}`);
const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

function recipesIn(world: World) {
  return [world.folder, world.elsewhere].flatMap((folder) =>
    list(folder)
      .filter((name) => name.endsWith(".flf.json"))
      .map((name) => readRecipe(join(folder, name))),
  );
}

function checkFolders(world: World, jobs: readonly JobFacts[], damage: Damage): void {
  const requestsSeen = new Set<string>();
  for (const folder of [world.folder, world.elsewhere]) {
    for (const name of list(folder)) {
      const path = join(folder, name);
      if (name.endsWith(".part")) {
        damage.orphanTempFiles.push(name);
      } else if (name.endsWith(".mp4")) {
        const recipe = readRecipe(recipeOf(path));
        if (sha256(path) !== world.videoSha256) {
          damage.partialFiles.push(`${name} is not whole`);
        } else if (recipe === undefined) {
          damage.partialFiles.push(`${name} has no readable recipe`);
        } else if (requestsSeen.has(recipe.requestId)) {
          damage.partialFiles.push(`${name} is a second video of one request`);
        } else {
          requestsSeen.add(recipe.requestId);
        }
      } else if (!(name.endsWith(".flf.json") && existsSync(join(folder, name.replace(/\.flf\.json$/, ".mp4"))))) {
        damage.partialFiles.push(`${name} is a recipe without a video, or nothing of ours`);
      }
    }
  }
  for (const id of list(join(world.storage, "images"))) {
    if (!jobs.some((job) => job.id === id)) {
      damage.orphanTempFiles.push(`copies of ${id}`);
    }
  }
  for (const name of list(world.storage)) {
    if (!["journal.sqlite", "journal.sqlite.sent", "images"].includes(name)) {
      damage.orphanTempFiles.push(name);
    }
  }
}
