import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { costOf, isEnded, type Job, needsUser } from "../../src/jobs/job.ts";
import type { State } from "../../src/shared/jobs/states.ts";
import { ProblemError } from "../../src/shared/model/problem.ts";
import type { Service } from "../support/service/service.ts";
import { checkBooks, checkFiles, checkSecrets, checkUploads } from "./check.ts";
import type { Lanes } from "./lanes.ts";
import type { Row, Sight } from "./row.ts";
import { jobText, problemText } from "./sentences.ts";
import { makeWorld, type World } from "./world.ts";

/** How long a row may take to come to its next stage, ms. */
const patience = 30_000;

/**
 * Plays one row from Generate to the end and compares everything that it says.
 * @returns what the user reads last.
 * @throws AssertionError with what the job went through.
 */
export async function play(row: Row, lanes: Lanes): Promise<string> {
  return lanes.use(async (service) => {
    if (row.timing !== undefined) {
      service.changeSettings({ timing: { queueMs: 0, runMs: 0, ...row.timing } });
    }
    service.setFaults([...(row.faults ?? [])]);
    const root = await mkdtemp(join(lanes.scratch, "row-"));
    await using world = await makeWorld(row, service, lanes, root);
    await world.act(row.before ?? []);
    return row.refused === undefined
      ? await follow(row, world, service, lanes)
      : await refuse(row, row.refused, world, service, lanes);
  });
}

/** Generate must be refused, with nothing left behind. */
async function refuse(
  row: Row,
  expected: NonNullable<Row["refused"]>,
  world: World,
  service: Service,
  lanes: Lanes,
): Promise<string> {
  const error: unknown = await world.generate().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert(error instanceof ProblemError, `Generate was not refused: ${String(error)}`);
  assert.equal(error.problem.code, expected.problem);
  const { message } = problemText(error.problem);
  assert.ok(message.includes(expected.says ?? ""), message);
  await world.end();
  checkBooks({ posts: 0, accepted: 0, paid: 0, cancels: 0, downloads: 0, ...row.books }, service);
  await checkFiles({ videos: 0, ...row.files }, undefined, world, lanes);
  await checkSecrets(world, service);
  return message;
}

async function follow(row: Row, world: World, service: Service, lanes: Lanes): Promise<string> {
  const sees: readonly Sight[] = row.sees ?? [{ state: "saved" }];
  const seen: Job[] = [];
  let news = Promise.withResolvers<void>();
  const id = await world.generate();
  world.watch(id, (job) => {
    seen.push(job);
    news.resolve();
  });
  const story = () => `${seen.map(described).join(" → ")}\n${world.log.slice(-25).join("\n")}`;
  let next = 0;
  let last: Job | undefined;
  for (const sight of sees) {
    const late = AbortSignal.timeout(patience);
    const tooLate = new Promise<void>((resolve) => late.addEventListener("abort", () => resolve()));
    for (last = undefined; last === undefined; ) {
      const job = seen[next];
      if (job === undefined) {
        news = Promise.withResolvers();
        await Promise.race([news.promise, tooLate]);
        assert.ok(!late.aborted, `the job did not come to ${sight.state} ${sight.problem ?? ""}: ${story()}`);
        continue;
      }
      next += 1;
      if (isWanted(job, sight)) {
        last = job;
      } else {
        const stands = (isEnded(job.progress) || needsUser(job.progress)) && next === seen.length;
        assert.ok(!stands, `the job stands, but not at ${sight.state} ${sight.problem ?? ""}: ${story()}`);
      }
    }
    checkWords(last, sight);
    await world.act(sight.then ?? []);
  }
  assert(last !== undefined);
  if (row.uploads !== undefined) {
    await world.uploadsSettled();
    checkUploads(row.uploads.books, world);
  }
  await world.end();
  const states = seen.map((job) => job.progress.state);
  const passed = (row.never ?? []).filter((state: State) => states.includes(state));
  assert.deepEqual(passed, [], `passed a state that it must not pass: ${story()}`);
  const faults = world.log.filter((line) => / failed in /.test(line) && !/database|disk/.test(line));
  assert.deepEqual(faults, [], "the engine met an error that it does not know");
  // Runs that the engine does not follow end as well: what is paid shows only then.
  await service.advance("completed");
  const saved = last.progress.state === "saved" ? 1 : 0;
  checkBooks({ posts: 1, accepted: 1, paid: 1, cancels: 0, downloads: saved, ...row.books }, service, story);
  if (row.cost !== undefined) {
    assert.equal(costOf(last.progress), row.cost ?? undefined);
  }
  if (row.apart !== undefined) {
    checkPace(row.apart, service);
  }
  await checkFiles({ videos: saved, ...row.files }, last, world, lanes);
  await checkSecrets(world, service);
  return wordsOf(last);
}

function wordsOf(job: Job): string {
  const { state, detail } = jobText(job);
  return detail === undefined ? state : `${state}: ${detail}`;
}

function problemOf(job: Job): string | undefined {
  return "problem" in job.progress ? job.progress.problem?.code : undefined;
}

function isWanted(job: Job, sight: Sight): boolean {
  const { state } = job.progress;
  return (
    state === sight.state &&
    (sight.problem === undefined || problemOf(job) === sight.problem) &&
    (sight.cancel === undefined || job.cancel === sight.cancel) &&
    // What stands is compared word for word by `checkWords`.
    (isEnded(job.progress) || needsUser(job.progress) || wordsOf(job).includes(sight.says ?? ""))
  );
}

/** A state that stands must name its problem in the row; every problem has a sentence, and the actions are those said. */
function checkWords(job: Job, sight: Sight): void {
  if (needsUser(job.progress) || job.progress.state === "failed") {
    assert.equal(problemOf(job), sight.problem);
  }
  const text = jobText(job);
  const words = wordsOf(job);
  assert.ok(sight.problem === undefined || (text.detail ?? "") !== "", `no sentence for ${sight.problem}`);
  assert.doesNotMatch(words, /undefined|\[object|\{\d\}|NaN/);
  assert.ok(words.includes(sight.says ?? ""), `"${words}" does not say "${sight.says}"`);
  if (sight.offers !== undefined) {
    assert.deepEqual(
      text.actions.map((action) => action.id),
      sight.offers,
    );
  }
}

function checkPace({ call, ms }: NonNullable<Row["apart"]>, service: Service): void {
  const times = service.ledger.exchanges.filter((exchange) => exchange.call === call).map(({ at }) => at);
  assert.ok(times.length > 1, `only ${times.length} calls of ${call}`);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  assert.ok(Math.min(...gaps) >= ms, `${call} again after ${gaps.join(", ")} ms`);
}

function described(job: Job): string {
  const problem = problemOf(job);
  return `${job.progress.state}${problem === undefined ? "" : `(${JSON.stringify("problem" in job.progress ? job.progress.problem : "")})`}`;
}
