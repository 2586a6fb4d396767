import { addDamage, checkMoment, checkRest, type Damage, sentencesOf, undamaged } from "./check.ts";
import type { Halt, JobFacts } from "./protocol.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import type { Window } from "./window.ts";
import { type Ground, survives, World, within } from "./world.ts";

/** Runs at once: most of a run is waiting. */
const lanes = 4;
/** Boundaries right after the user's doing that count although other scenarios have them too. */
const afterAct = 5;
/** No run takes longer, ms. */
const patience = 45_000;
/** A run whose timing kept it from the boundary is repeated. */
const maximumTries = 3;

/** One boundary of one scenario. */
interface Stop {
  readonly scenario: Scenario;
  readonly halt: Halt;
}

export interface Outcome {
  kills: number;
  jobs: number;
  readonly damage: Damage;
}

/** Kills the engine once at every boundary of the journal and the file system that the scenarios have. */
export async function killAtBoundaries(ground: Ground, tell: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { kills: 0, jobs: 0, damage: undamaged() };
  const stayers = new Stayers();
  const stops: Stop[] = [];
  const seen = new Set<string>();
  for (const { scenario, keys, acted } of await inLanes(scenarios, (scenario) =>
    record(ground, stayers, scenario, outcome),
  )) {
    const from = scenario.from === undefined ? acted : keys.indexOf(scenario.from);
    const own = keys.filter(
      (key, index) =>
        scenario === scenarios[0] || !seen.has(nameOf(key)) || (from >= 0 && index >= from && index < from + afterAct),
    );
    for (const key of own) {
      const [at = "", nth] = key.split("#");
      stops.push({ scenario, halt: { at, nth: Number(nth), signal: "SIGKILL" } });
    }
    for (const key of keys) {
      seen.add(nameOf(key));
    }
    tell(`${scenario.name}: ${own.length} of ${keys.length} boundaries`);
  }
  await inLanes(stops, (stop) => killAt(ground, stayers, stop, outcome));
  await within(patience, stayers.end());
  return outcome;
}

/** The processes that live on: they look after one world after the other, and need to warm up only once. */
class Stayers {
  readonly #idle: Window[] = [];

  /** Opens an engine on a world. */
  open(world: World, telling = false): Window {
    const window = this.#idle.pop();
    if (window === undefined) {
      return world.start(undefined, telling);
    }
    world.startIn(window, telling);
    return window;
  }

  /** Closes the engine. */
  async close(world: World, window: Window): Promise<void> {
    await world.leave(window);
    this.#idle.push(window);
  }

  /** Waits for all processes to exit by themselves. */
  async end(): Promise<void> {
    await Promise.all(this.#idle.map((window) => window.exit()));
  }
}

/** Plays a scenario to its end. Gives its checkpoints as `name#count`, and the index of the first after the user's act. */
async function record(ground: Ground, stayers: Stayers, scenario: Scenario, outcome: Outcome) {
  await using world = await World.make(ground, { hurried: true, ...scenario.world });
  const window = stayers.open(world, true);
  let acted = -1;
  const play = scenario.play(world, window, () => {
    acted = window.checkpoints.length;
  });
  await within(patience, play);
  await world.mend();
  const { checkpoints } = window;
  const jobs = await finish(world, window, outcome.damage, `${scenario.name}, undisturbed`, patience, () =>
    stayers.close(world, window),
  );
  outcome.jobs += jobs;
  const counts = new Map<string, number>();
  const keys = checkpoints.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}#${count}`;
  });
  return { scenario, keys, acted };
}

const nameOf = (key: string) => key.replace(/#\d+$/, "");

async function killAt(ground: Ground, stayers: Stayers, { scenario, halt }: Stop, outcome: Outcome): Promise<void> {
  const where = `${scenario.name}, killed at ${halt.at}#${halt.nth}`;
  for (let tries = 1; tries <= maximumTries; tries += 1) {
    await using world = await World.make(ground, { hurried: true, ...scenario.world });
    const window = world.start(halt, true);
    const play = async () => {
      await scenario.play(world, window, () => undefined);
      await world.mend();
      await world.settle(window);
    };
    if (await within(patience, survives(play))) {
      continue;
    }
    outcome.kills += 1;
    addDamage(outcome.damage, checkMoment(world, scenario.world?.hardLinks), where);
    await world.mend();
    const stayer = stayers.open(world);
    const jobs = await finish(world, stayer, outcome.damage, where, patience, () => stayers.close(world, stayer));
    outcome.jobs += jobs;
    return;
  }
  outcome.damage.lost.push(`${where}: the boundary was not reached`);
}

/** Lets all jobs of a world come to rest, closes the window and looks at what there is. Gives the number of jobs. */
export async function finish(
  world: World,
  window: Window,
  damage: Damage,
  where: string,
  limit = patience,
  close = () => window.close(),
): Promise<number> {
  let jobs: JobFacts[];
  try {
    jobs = await within(limit, world.settle(window));
    await within(patience, close());
  } catch (error) {
    damage.lost.push(`${where}: ${error instanceof Error ? error.message : String(error)}\n${window.log.join("\n")}`);
    return 0;
  }
  const found = checkRest(world, jobs);
  addDamage(damage, found, where);
  if (sentencesOf(found).length === 0) {
    await world.clear();
  }
  return jobs.length;
}

/** Works through a list, a few at once, and gives the results in the order of the list. */
async function inLanes<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = list.entries();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const [index, item] of queue) {
        results[index] = await work(item);
      }
    }),
  );
  return results;
}
