import type { ImageSource } from "../../model/draft.ts";
import type { HostingChoice } from "../../model/hosting.ts";
import type { PairPlans } from "../../model/plan.ts";
import type { Seen } from "./protocol.ts";

/** What a job is to be made of. */
export interface Order {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  readonly parameters: unknown;
  readonly plans?: PairPlans | undefined;
  /** How the images get to the service; without it, as the settings say. */
  readonly hosting?: HostingChoice | undefined;
  /** The picture files as their user has seen them; one that differs by now is not sent. */
  readonly seen?: Seen | undefined;
}

/** Orders under way: the same wish told twice is one, another one waits for its turn and is made as well. */
export class Orders {
  readonly #make: (order: Order) => Promise<string | undefined>;
  readonly #underWay = new Map<string, Promise<string | undefined>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param make makes a job; gives its id, or undefined where the user was asked and decided against it */
  constructor(make: (order: Order) => Promise<string | undefined>) {
    this.#make = make;
  }

  /**
   * @param wish what was pressed; the same content asked for in two places is two wishes
   * @returns what `make` gives for it
   */
  place(wish: string, order: Order): Promise<string | undefined> {
    const key = JSON.stringify([wish, order]);
    const known = this.#underWay.get(key);
    if (known !== undefined) {
      return known;
    }
    const made = this.#last.then(() => this.#make(order)).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, made);
    this.#last = made.catch(() => undefined);
    return made;
  }
}
