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

  /** The first file goes to the side it was put on, a second one to the other. */
  put(side: Side, [first, second]: readonly string[]): void {
    if (first !== undefined) {
      const patch = { [side]: first, ...(second === undefined ? {} : { [otherSide(side)]: second }) };
      this.#page.changeDraft((draft) => patched(draft, patch));
    }
  }

  /** Makes files of pictures that came without one. */
  async #keep(side: Side, files: readonly File[]): Promise<void> {
    const paths: string[] = [];
    for (const file of files.slice(0, 2)) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      paths.push(await this.#page.host.keep(bytes, file.name || this.#page.pastedName()));
    }
    this.put(side, paths);
    await this.#page.focus(side);
  }
}

function otherSide(side: Side): Side {
  return side === "start" ? "end" : "start";
}
