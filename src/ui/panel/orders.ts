import type { Seen } from "../../shared/messages/panel.ts";
import type { ImageSource } from "../../shared/model/draft.ts";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import type { PairPlans } from "../../shared/model/plan.ts";
import { Wishes } from "../wishes.ts";

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

/** Orders under way: the same wish told twice is one, another one is made as well, however long the first one takes. */
export class Orders {
  readonly #make: (order: Order) => Promise<string | undefined>;
  readonly #underWay = new Wishes<string | undefined>();

  /** @param make makes a job; gives its id, or undefined where the user was asked and decided against it */
  constructor(make: (order: Order) => Promise<string | undefined>) {
    this.#make = make;
  }

  /**
   * @param wish what was pressed; the same content asked for in two places is two wishes
   * @returns what `make` gives for it
   */
  place(wish: string, order: Order): Promise<string | undefined> {
    return this.#underWay.place(JSON.stringify([wish, order]), () => this.#make(order));
  }
}
