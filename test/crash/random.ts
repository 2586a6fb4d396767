import { setTimeout } from "node:timers/promises";
import { finish, type Outcome } from "./boundaries.ts";
import { addDamage, checkMoment, undamaged } from "./check.ts";
import { Refused, type Window } from "./window.ts";
import { type Ground, survives, World } from "./world.ts";

/** Jobs that are kept open. */
const openJobs = 4;
/** The longest life of an engine before its kill, ms. */
const longestLife = 800;

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills the engine so many times at random moments over a stream of jobs in one journal. In between its user makes new
 * jobs, cancels some, takes some out of the list and settles what only a user can.
 */
export async function killAtRandom(
  ground: Ground,
  count: number,
  seed: number,
  tell: (line: string) => void,
): Promise<Outcome> {
  const random = numbers(seed);
  const outcome: Outcome = { kills: 0, jobs: 0, damage: undamaged() };
  await using world = await World.make(ground, { uploads: true });
  world.service.changeSettings({ timing: { queueMs: 60, runMs: 120 } });
  while (outcome.kills < count) {
    const window = world.start();
    const life = longestLife * random() ** 1.5;
    await window.opening;
    const death = setTimeout(life).then(() => window.kill());
    await survives(() => live(world, window, random));
    await death;
    outcome.kills += 1;
    addDamage(outcome.damage, checkMoment(world), `kill ${outcome.kills}`);
    if (outcome.kills % 50 === 0) {
      tell(`${outcome.kills} kills, ${world.acknowledged.size} jobs`);
    }
  }
  await world.mend();
  outcome.jobs += await finish(world, world.start(), outcome.damage, `after ${count} kills of seed ${seed}`, 180_000);
  return outcome;
}

/** What the user does in one window until it dies. */
async function live(world: World, window: Window, random: () => number): Promise<void> {
  for (;;) {
    const jobs = await window.list();
    const open = jobs.filter(({ state }) => !["saved", "cancelled", "failed"].includes(state));
    for (const job of open) {
      if (job.state === "unclear" || job.state === "needsAction") {
        await world.decide(window, job, jobs);
      } else if (random() < 0.04) {
        await unlessTooLate(world.cancel(window, job.id));
      }
    }
    for (const job of jobs) {
      if (job.state === "saved" && random() < 0.05) {
        await world.remove(window, job.id);
      }
    }
    if (open.length < openJobs) {
      // Every other one under a name of its own.
      await world.submit(window, random() < 0.5 ? "take" : `take-${world.acknowledged.size}`);
    } else {
      await window.until(changes(window));
    }
  }
}

/** Gives a condition that holds as soon as any job has moved on. */
function changes(window: Window): () => boolean {
  const before = window.log.length;
  return () => window.log.length > before;
}

async function unlessTooLate(cancelling: Promise<void>): Promise<void> {
  try {
    await cancelling;
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
  }
}
