import { type FSWatcher, watch } from "node:fs";
import { messageOf } from "../shared/errors.ts";
import type { Journal } from "./journal/journal.ts";
import type { Ports } from "./ports.ts";

/** ms between two looks for another window's commits, in case the system reports none. */
const lookEvery = 15_000;
/** A commit touches the folder several times within this time, ms. One look afterward is enough, and meets no lock. */
const commitTime = 20;
/** Pause before the next look at a locked journal, ms. */
const lockedPause = 300;

/** Follows what the user's other windows do to the journal. */
export class OtherWindows {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #changed: () => void;
  #watcher: FSWatcher | undefined;
  #interval: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** @param changed called after another window's commit, and once a list that could not be read can be. */
  constructor(journal: Journal, ports: Ports, changed: () => void) {
    this.#journal = journal;
    this.#ports = ports;
    this.#changed = changed;
  }

  start(): void {
    this.#watch();
    this.#interval = setInterval(() => this.#look(), lookEvery);
    this.#interval.unref();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watcher?.close();
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
  }

  /** Looks again in a moment: the journal is locked now. */
  lookSoon(): void {
    this.#lookAfter(lockedPause);
  }

  /** Another window's commit touches the folder. This only helps: not every system and file system reports it. */
  #watch(): void {
    const failed = (error: unknown) => {
      this.#watcher?.close();
      this.#watcher = undefined;
      this.#ports.log(`the journal is looked at now and then: ${messageOf(error)}`);
    };
    try {
      this.#watcher = watch(this.#ports.storage, () => this.#lookAfter(commitTime));
      this.#watcher.on("error", failed);
    } catch (error) {
      // The system has no file watches left.
      failed(error);
    }
  }

  #lookAfter(pause: number): void {
    if (this.#isDisposed) {
      return;
    }
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#look();
    }, pause);
  }

  #look(): void {
    try {
      // Views that got an older list have to look again, too.
      const isBehind = this.#journal.isBehind;
      if (this.#journal.changedByOthers() || isBehind) {
        this.#changed();
      }
    } catch (error) {
      this.#ports.log(`the journal cannot be read: ${messageOf(error)}`);
      this.lookSoon();
    }
  }
}
