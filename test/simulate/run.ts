import { Chaos, type Kind } from "./chaos.ts";
import { checkRows, checkViews, isFollowing, isSettled, isUnderWay } from "./check.ts";
import { Foreign } from "./foreign.ts";
import { Ledger } from "./ledger.ts";
import { readRows } from "./rows.ts";
import { Users } from "./users.ts";
import { type ViolationKind, World } from "./world.ts";

/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly trace: string;
  readonly violations: readonly { readonly kind: ViolationKind; readonly text: string }[];
}

/** Simulated ms that everything may take to come to rest in a world without trouble: no pause is longer than an hour. */
const longestCalm = 3 * 3_600_000;
/** How long a quiet engine is watched, ms, and how many events it may have in that time in one window. */
const watched = 60_000;
const busyAtMost = 120;

/**
 * Plays one seed to its end. The trace goes to `print`, line by line, where it is given.
 * @param often what happens often in this world
 */
export async function simulate(
  seed: number,
  scratch: string,
  print?: (line: string) => void,
  often: readonly Kind[] = [],
): Promise<Outcome> {
  const world = new World(seed, scratch, print);
  const leave = world.enter();
  try {
    const ledger = new Ledger(world);
    const foreign = new Foreign(world);
    const users = new Users(world, ledger);
    const chaos = new Chaos(world, { users, foreign, often });
    await chaos.run(world.random.between(15, 60));
    world.trace("=== from here on nothing goes wrong");
    await chaos.calm();
    await rest(world);
    for (const window of chaos.living.slice(0, 1)) {
      await users.settle(window);
    }
    await rest(world);
    await quiet(world, chaos);
    const { violations, scheduler } = world;
    const rows = readRows(world.journal);
    ledger.checkRequests(rows);
    checkViews(world, chaos, rows);
    foreign.check();
    if (scheduler.isExhausted) {
      const left = rows.filter((row) => isUnderWay(world, row)).map(({ progress }) => progress);
      world.violation("spinning", `${scheduler.steps} events, and no end: ${left.join("; ")}`);
    } else {
      checkRows(world, rows);
    }
    return { seed, steps: scheduler.steps, trace: world.traceHash(), violations: [...violations] };
  } finally {
    leave();
  }
}

/** Lets time go on until nothing is left to do. */
async function rest(world: World): Promise<void> {
  const { scheduler } = world;
  const end = scheduler.now + longestCalm;
  let pause = 1000;
  while (scheduler.now < end && !scheduler.isExhausted) {
    await scheduler.runUntil(scheduler.now + pause);
    if (isSettled(world, readRows(world.journal))) {
      return;
    }
    pause = Math.min(pause * 2, 120_000);
  }
}

/** An engine with nothing to do does next to nothing. */
async function quiet(world: World, chaos: Chaos): Promise<void> {
  const { scheduler } = world;
  if (isFollowing(readRows(world.journal))) {
    return;
  }
  await scheduler.runUntil(scheduler.now + 5000);
  const before = new Map(scheduler.stepsOf);
  await scheduler.runUntil(scheduler.now + watched);
  for (const { process, name } of chaos.living) {
    const steps = (scheduler.stepsOf.get(process) ?? 0) - (before.get(process) ?? 0);
    if (steps > busyAtMost) {
      world.violation("spinning", `${name} does ${steps} things in a minute with nothing to do`);
    }
  }
}
