import type { Draft } from "../../shared/model/draft.ts";
import { Wishes } from "../wishes.ts";

/** Orders under way: the same wish told twice is one, another one is made as well, however long the first one takes. */
export class Orders {
  readonly #make: (draft: Draft) => Promise<string | undefined>;
  readonly #underWay = new Wishes<string | undefined>();

  /** @param make makes a job; gives its id, or undefined where the user was asked and decided against it */
  constructor(make: (draft: Draft) => Promise<string | undefined>) {
    this.#make = make;
  }

  /**
   * @param wish what was pressed; the same content asked for in two places is two wishes
   * @returns what `make` gives for it
   */
  place(wish: string, draft: Draft): Promise<string | undefined> {
    return this.#underWay.place(JSON.stringify([wish, draft]), () => this.#make(draft));
  }
}
