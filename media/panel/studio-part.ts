import { orderPair } from "../../src/model/pairing.ts";
import type { PageDraft, Side } from "../../src/ui/panel/protocol.ts";
import { patched } from "./draft.ts";
import type { Host } from "./host.ts";
import type { State } from "./state.ts";
import { withPlans, withSeparate } from "./studio-draft.ts";
import type { StudioIntent } from "./studio-intent.ts";
import { fill } from "./texts.ts";

/** What the studio needs of the page. */
export interface StudioPage {
  readonly host: Host;
  change(change: (state: State) => State): void;
  changeDraft(change: (draft: PageDraft) => PageDraft): void;
  focus(side: Side): Promise<void>;
  /** What an image without a name is called. */
  pastedName(): string;
}

/** The page's part in putting a pair together and framing it. */
export class StudioPart {
  readonly #page: StudioPage;

  constructor(page: StudioPage) {
    this.#page = page;
  }

  /**
   * Does what the pair or its framing asks for.
   * @throws {RequestError} when the host does not grant it.
   */
  async run(intent: StudioIntent): Promise<void> {
    const page = this.#page;
    switch (intent.kind) {
      case "plans":
        return page.changeDraft((draft) => withPlans(draft, intent.plans));
      case "separate":
        return page.changeDraft((draft) => withSeparate(draft, intent.separate));
      case "useTwice":
        page.changeDraft((draft) => patched(draft, { [intent.side]: draft[otherSide(intent.side)] }));
        return await page.focus(intent.side);
      case "restorePair": {
        const { start, end, plans, startName, endName } = intent.pair;
        page.changeDraft((draft) => patched(draft, { start, end, plans }));
        return page.change((state) => ({
          ...state,
          announcement: fill(state.texts.strings.pairRestored, startName, endName),
        }));
      }
      case "keep":
        return await this.#keep(intent.side, intent.files);
    }
  }

  /**
   * One file goes to the side it was put on; of two, their names tell which is the start.
   * @param names what the files are called, where their paths do not tell.
   */
  put(side: Side, [first, second]: readonly string[], names?: readonly string[]): void {
    if (first === undefined) {
      return;
    }
    const [one = first, other = second ?? ""] = names ?? [];
    const isOrdered = orderPair(one, other).start === one;
    const pair = isOrdered ? { start: first, end: second } : { start: second, end: first };
    this.#page.changeDraft((draft) => patched(draft, second === undefined ? { [side]: first } : pair));
  }

  /** Makes files of pictures that came without one. */
  async #keep(side: Side, files: readonly File[]): Promise<void> {
    const pair = files.slice(0, 2);
    const paths: string[] = [];
    for (const file of pair) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      paths.push(await this.#page.host.keep(bytes, file.name || this.#page.pastedName()));
    }
    this.put(
      side,
      paths,
      pair.map(({ name }) => name),
    );
    await this.#page.focus(side);
  }
}

function otherSide(side: Side): Side {
  return side === "start" ? "end" : "start";
}
