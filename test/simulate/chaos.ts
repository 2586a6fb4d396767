import type { Foreign } from "./foreign.ts";
import { fair, service } from "./network.ts";
import type { Users } from "./users.ts";
import { type Settings, Window, wordOf } from "./window.ts";
import type { World } from "./world.ts";

/** What can happen besides the work itself. Each seed has some of it, more or less of each. */
const kinds = [
  "submit",
  "decide",
  "disagree",
  "open",
  "kill",
  "killAtBoundary",
  "close",
  "stand",
  "journalTrouble",
  "fileTrouble",
  "clock",
  "token",
  "keyring",
  "setting",
  "foreign",
  "spoil",
  "weather",
  "certificates",
  "machine",
  "watches",
] as const;
export type Kind = (typeof kinds)[number];

/** What always goes on, so that there is something to go wrong. */
const staple: readonly Kind[] = ["submit", "decide"];
/** What every seed has some of. */
const common: readonly Kind[] = ["weather", "disagree"];
/** What is rare in every seed. */
const rare: readonly Kind[] = ["spoil", "journalTrouble", "setting"];

/** Everything that happens to the windows from outside. */
export class Chaos {
  readonly windows: Window[] = [];
  readonly settings: Settings = { jobsAtOnce: 4, deleteUploads: true, isBroken: false, strictCertificates: true };
  readonly #world: World;
  readonly #users: Users;
  readonly #foreign: Foreign;
  readonly #weights: readonly (readonly [number, Kind])[];
  readonly #tokens: string[] = [];

  constructor(world: World, parts: { users: Users; foreign: Foreign; often: readonly Kind[] }) {
    this.#world = world;
    this.#users = parts.users;
    this.#foreign = parts.foreign;
    const { random } = world;
    this.#weights = kinds.map((kind) => {
      if (parts.often.includes(kind)) {
        return [10, kind] as const;
      }
      if (staple.includes(kind)) {
        return [random.between(4, 12), kind] as const;
      }
      if (common.includes(kind)) {
        return [random.between(1, 6), kind] as const;
      }
      const share = rare.includes(kind) ? 0.25 : 0.4;
      return [random.chance(share) ? (rare.includes(kind) ? 0.3 : random.between(1, 3)) : 0, kind] as const;
    });
    this.settings.strictCertificates = !this.#has("certificates");
    world.database.isFileNeeded = this.#has("spoil");
    world.database.onBoundary = (process, name) => {
      if (process.boundariesLeft !== undefined) {
        process.boundariesLeft -= 1;
        if (process.boundariesLeft <= 0) {
          this.windows.find((window) => window.process === process)?.kill(`at "${name}"`);
        }
      }
    };
  }

  get living(): Window[] {
    return this.windows.filter(({ isAlive, isClosing }) => isAlive && !isClosing);
  }

  /** A window that waits for the answer to a paid request. */
  #sending(): Window | undefined {
    const awaited = this.#world.service.posts.filter(({ meaning, taken }) => meaning === undefined && taken.length > 0);
    return this.living.find(({ process }) => awaited.some((post) => post.process === process));
  }

  /** Opens a window on some machine. */
  async open(): Promise<Window> {
    const isElsewhere = this.#has("machine") && this.#world.random.chance(0.3);
    const window = new Window(this.#world, this.settings, isElsewhere ? "b" : "a");
    this.windows.push(window);
    this.#world.trace(`${window.name} opens on ${window.process.machine}`);
    await window.load();
    return window;
  }

  #has(kind: Kind): boolean {
    return this.#weights.some(([weight, other]) => other === kind && weight > 0);
  }

  /** The first token and the first windows, then so many things that happen. */
  async run(steps: number): Promise<void> {
    const { random, scheduler } = this.#world;
    await this.open();
    await this.#setToken();
    await scheduler.runUntil(scheduler.now + 1000);
    if (random.chance(0.7)) {
      await this.open();
    }
    await this.#weather();
    for (let step = 0; step < steps; step += 1) {
      const window = this.living.length === 0 ? await this.open() : random.pick(this.living);
      await this.#happen(random.weighted(this.#weights), window);
      await scheduler.runUntil(scheduler.now + random.between(0, random.chance(0.15) ? 20_000 : 1500));
    }
  }

  /** A world in which nothing goes wrong any more. */
  async calm(): Promise<void> {
    const world = this.#world;
    world.network.weather = fair;
    world.disk.trouble = undefined;
    world.disk.slowness = 3;
    world.database.trouble = undefined;
    world.secrets.isFailing = false;
    this.settings.isBroken = false;
    this.settings.strictCertificates = true;
    for (const window of this.windows) {
      window.process.boundariesLeft = undefined;
    }
    // What users began, or windows that stand still have before them, comes to its end.
    const standing = this.windows.map(({ process }) => process.standsUntil);
    await world.scheduler.runUntil(Math.max(world.scheduler.now, ...standing) + 30_000);
    const window = await this.open();
    if (world.secrets.storedSince === undefined) {
      await this.#setToken();
    }
    for (const each of [window, ...this.living]) {
      await each.load();
    }
  }

  async #happen(kind: Kind, window: Window): Promise<void> {
    const world = this.#world;
    const { random, scheduler } = world;
    const trace = (text: string) => world.trace(`--- ${text}`);
    switch (kind) {
      case "submit":
        return this.#users.submit(window);
      case "decide":
        return this.#users.decide(window);
      case "disagree":
        // A sleeping share is what leaves one of them the time to come in between.
        world.disk.slowness = random.pick([3, 2000]);
        return this.#users.disagree(window, random.pick(this.living));
      case "open":
        if (this.living.length < 3) {
          await this.open();
        }
        return;
      case "kill":
        return window.kill("by somebody");
      case "killAtBoundary":
        window.process.boundariesLeft = random.between(1, 12);
        return;
      case "close":
        return (random.chance(0.7) ? (this.#sending() ?? window) : window).close();
      case "stand": {
        const time = random.pick([500, 9000, 12_000, 40_000, 400_000]);
        trace(`${window.name} stands still for ${time} ms`);
        window.process.standsUntil = Math.max(window.process.standsUntil, scheduler.now + time);
        return;
      }
      case "journalTrouble": {
        const until = scheduler.now + random.pick([50, 2000, 15_000]);
        const process = random.chance(0.5) ? window.process : undefined;
        const code = random.pick([5, 13, 8, 10] as const);
        trace(`the journal is in trouble ${code} until ${until}${process === undefined ? "" : ` for ${process.name}`}`);
        world.database.trouble = { code, until, process };
        return;
      }
      case "fileTrouble": {
        const until = scheduler.now + random.pick([100, 3000, 30_000]);
        const code = random.pick(["EPERM", "EBUSY", "EACCES", "ENOSPC", "EIO", "ESTALE", "ENOENT", "EMFILE"]);
        const about = random.pick(["videos", "images", "other", ""]);
        trace(`files in ${about} are in trouble ${code} until ${until}`);
        world.disk.trouble = { code, about, until, share: random.pick([0.2, 1]) };
        return;
      }
      case "clock": {
        const step = random.pick([15_000, -15_000, 3_600_000, -3_600_000, 90 * 86_400_000, -90 * 86_400_000, 11_000]);
        const machine = random.pick(["a", "a", "b"]);
        // A clock that is half a year ahead, with videos made meanwhile, cannot be told from half a year.
        const by = world.clockOffset(machine) > 86_400_000 ? -Math.abs(step) : step;
        trace(`the clock of ${machine} steps by ${by}`);
        world.stepClock(machine, by);
        return;
      }
      case "token":
        return random.chance(0.7) ? this.#setToken() : this.#removeToken(window);
      case "keyring":
        world.secrets.isFailing = random.chance(0.6);
        trace(`the keyring ${world.secrets.isFailing ? "fails" : "works"}`);
        return;
      case "setting":
        this.settings.isBroken = random.chance(0.4);
        this.settings.jobsAtOnce = random.between(1, 5);
        this.settings.deleteUploads = random.chance(0.7);
        trace(`settings: ${JSON.stringify(this.settings)}`);
        return;
      case "certificates":
        this.settings.strictCertificates = !this.settings.strictCertificates;
        trace(`certificates are ${this.settings.strictCertificates ? "" : "not "}looked at`);
        return;
      case "foreign":
        return this.#foreign.put();
      case "spoil":
        return this.#foreign.spoil();
      case "weather":
        return this.#weather();
      case "machine":
        return;
      case "watches":
        world.disk.watches = random.pick(["work", "silent", "none"] as const);
        trace(`watchers: ${world.disk.watches}`);
        return;
    }
  }

  async #weather(): Promise<void> {
    const { random, network, disk } = this.#world;
    const part = () => (random.chance(0.5) ? 0 : random.pick([0.05, 0.2, 0.5]));
    network.weather = { offline: part(), odd: part(), lost: part(), misread: part() };
    disk.slowness = random.chance(0.25) ? 2000 : 3;
    this.#world.trace(`--- weather: ${JSON.stringify(network.weather)}, disk ${disk.slowness}`);
  }

  async #setToken(): Promise<void> {
    const [window] = this.living;
    const tokens = window?.tokens;
    if (window === undefined || tokens === undefined) {
      return;
    }
    const token = `tok-own-${this.#tokens.length % 3}`;
    this.#tokens.push(token);
    await this.#world.scheduler.act(window.process, () => {
      const set = async () => tokens.store(token, service, window.jobs?.tokensInUse() ?? []);
      set().then(
        () => this.#world.trace(`--- token ${token} set`),
        (error: unknown) => this.#world.trace(`--- token not set: ${wordOf(error)}`),
      );
    });
  }

  async #removeToken({ tokens, process }: Window): Promise<void> {
    await this.#world.scheduler.act(process, () => {
      tokens?.remove().then(
        () => this.#world.trace("--- token removed"),
        (error: unknown) => this.#world.trace(`--- token not removed: ${wordOf(error)}`),
      );
    });
  }
}
