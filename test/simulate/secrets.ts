import type { Random } from "./random.ts";
import { mustBeRunning, type Process, type Scheduler } from "./scheduler.ts";

/** VS Code's secret storage: shared by all windows, slow now and then, and failing where the keyring is locked. */
export class Secrets {
  isFailing = false;
  /** Since when a token is stored without a break, simulated ms; undefined while there is none. */
  storedSince: number | undefined;
  readonly #values = new Map<string, string>();
  readonly #listeners = new Set<{ process: Process | undefined; listener: (event: { key: string }) => void }>();
  readonly #random: Random;
  readonly #scheduler: Scheduler;

  constructor(random: Random, scheduler: Scheduler) {
    this.#random = random;
    this.#scheduler = scheduler;
  }

  /** What VS Code hands to an extension. */
  readonly port = {
    get: async (key: string) => {
      await this.#reach();
      return this.#values.get(key);
    },
    keys: async () => [...this.#values.keys()],
    store: async (key: string, value: string) => {
      await this.#reach();
      this.#values.set(key, value);
      this.storedSince ??= this.#scheduler.now;
      this.#tell(key);
    },
    delete: async (key: string) => {
      await this.#reach();
      this.#values.delete(key);
      this.storedSince = undefined;
      this.#tell(key);
    },
    onDidChange: (listener: (event: { key: string }) => void) => {
      const entry = { process: mustBeRunning(), listener };
      this.#listeners.add(entry);
      return { dispose: () => this.#listeners.delete(entry) };
    },
  };

  async #reach(): Promise<void> {
    await this.#scheduler.wait(this.#random.between(0, this.#random.chance(0.1) ? 900 : 10), mustBeRunning());
    if (this.isFailing) {
      throw new Error("the keyring is locked");
    }
  }

  #tell(key: string): void {
    for (const { process, listener } of this.#listeners) {
      this.#scheduler.after(this.#random.between(1, 50), process, () => listener({ key }));
    }
  }
}
