import * as l10n from "@vscode/l10n";
import type { Form } from "../../shared/messages/form.ts";
import { drop, keep, pick, type RecentPair } from "../../shared/messages/pair.ts";
import type { FieldsOf } from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";
import { MAX_FILE_BYTES } from "../../shared/model/imageKinds.ts";
import { orderPair } from "../../shared/model/pairing.ts";
import { lastSegment } from "../../shared/model/path.ts";
import type { PairPlans } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";
import { otherSide, sides } from "../../shared/model/side.ts";
import { shortName } from "../../shared/shortName.ts";
import { isolated, namesText } from "../../shared/texts.ts";
import type { Bare, IntentHandlers } from "../kit/intents.ts";
import { patched } from "../state/form.ts";
import { swapped, withPlans, withSeparate } from "../state/framing.ts";
import type { Page } from "../state/page.ts";
import { isComposing } from "../state/stage.ts";
import { isSettled, type PairImage, type State, withAnnouncement } from "../state/state.ts";
import { edgePlans } from "./edgePlans.ts";

interface PairIntents {
  readonly swap: Bare;
  readonly clear: { readonly side: Side };
  readonly readAgain: { readonly side: Side };
  readonly plans: { readonly plans: PairPlans };
  readonly separate: { readonly separate: boolean };
  /** Frames these images whole, each on the color of its own edge. */
  readonly edges: { readonly sides: readonly Side[] };
  /** Uses the other side's image on this side as well. */
  readonly useTwice: { readonly side: Side };
  readonly pick: FieldsOf<"pick">;
  readonly drop: FieldsOf<"drop"> & { readonly side: Side };
  /** Pictures without a file that the host can read: pasted, or dropped from outside the editor. */
  readonly keep: { readonly side: Side; readonly files: readonly File[] };
  readonly restorePair: { readonly pair: RecentPair };
}

declare module "../kit/intents.ts" {
  interface Intents extends PairIntents {}
}

/** Handles the intents of the pair and its framing. */
export class PairActions {
  readonly #page: Page;
  /** Sides for which edge framing was requested while a picture was still loading. */
  #edges: readonly Side[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  readonly handlers: IntentHandlers<PairIntents> = {
    swap: () => this.#page.changeDraft(swapped),
    clear: ({ side }) => {
      this.#page.changeDraft((draft) => patched(draft, { [side]: undefined }));
      return this.#page.focus(side);
    },
    readAgain: ({ side }) => this.#readAgain(side),
    plans: ({ plans }) => {
      this.#edges = [];
      this.#page.changeDraft((draft) => withPlans(draft, plans));
    },
    separate: ({ separate }) => {
      this.#edges = [];
      this.#page.changeDraft((draft) => withSeparate(draft, separate));
    },
    edges: ({ sides: framed }) => this.#frameOnEdges(framed),
    useTwice: ({ side }) => {
      this.#page.changeDraft((draft) => patched(draft, { [side]: draft[otherSide(side)] }));
      return this.#page.focus(side);
    },
    pick: ({ side }) => this.#page.guarded(() => this.#pick(side), side),
    drop: ({ side, uris }) => this.#page.guarded(() => this.#drop(side, uris), side),
    keep: ({ side, files }) => this.#page.guarded(() => this.#keep(side, files), side),
    restorePair: ({ pair: { start, end, plans, startName, endName } }) => {
      this.#page.choose({ start, end, plans });
      this.#page.change((state) =>
        withAnnouncement(
          state,
          l10n.t({
            message: "{0} and {1} are restored.",
            args: [isolated(startName), isolated(endName)],
            comment: ["File names of a start and an end image"],
          }),
        ),
      );
    },
  };

  /** Applies edge framing that was waiting for a picture. Call this when a picture of the draft has loaded. */
  arrived(): void {
    if (this.#edges.length > 0) {
      this.#frameOnEdges(this.#edges);
    }
  }

  #frameOnEdges(framed: readonly Side[]): void {
    const state = this.#page.state();
    if (state !== undefined) {
      this.#page.changeDraft((draft) => withPlans(draft, edgePlans(state, framed)));
      this.#edges = isSettled(state) ? [] : framed;
    }
  }

  async #readAgain(side: Side): Promise<void> {
    const path = this.#page.state()?.draft[side];
    const mayFocus = this.#page.attend();
    if (path !== undefined) {
      await this.#page.pictures.readAnew(path);
      if (mayFocus()) {
        await this.#page.focus(side);
      }
    }
  }

  async #pick(side: Side): Promise<void> {
    const [isNewest, mayFocus] = [this.#page.turn(side), this.#page.attend()];
    const { path } = await this.#page.ask(pick, { side });
    if (path !== undefined && isNewest()) {
      this.#page.choose({ [side]: path });
    }
    if (mayFocus()) {
      await this.#page.focus(side);
    }
  }

  async #drop(side: Side, uris: string[]): Promise<void> {
    const isNewest = this.#page.turn(...(uris.length > 1 ? sides : [side]));
    try {
      const { paths, others, unopened } = await this.#page.ask(drop, { uris });
      if (!isNewest()) {
        return;
      }
      const before = this.#page.state()?.draft;
      this.#put(side, paths);
      if (before !== undefined && (await this.#isRefused(before))) {
        return;
      }
      const said = [
        unopened,
        others > 0 || uris.length === 0
          ? l10n.t("Only image files on this computer can be used. Save the image as a file, then drop the file.")
          : undefined,
        paths.length > 2 ? tooMany(paths.map((path) => shortName(lastSegment(path)))) : undefined,
      ].filter((each) => each !== undefined);
      if (said.length > 0) {
        await this.#tell(side, said.join(" "));
      }
    } catch (error) {
      if (!(error instanceof RequestError) || !isNewest()) {
        throw error;
      }
      await this.#tell(side, error.problem.message);
    }
  }

  /**
   * Waits for the pictures of the dropped files. If one of them cannot be read as a picture and took the place of an
   * image, restores the previous pair and shows the reason at that side.
   * @returns whether it did
   */
  async #isRefused(before: Form): Promise<boolean> {
    const dropped = this.#page.state()?.draft;
    await this.#page.pictures.settle();
    const state = this.#page.state();
    if (state === undefined || sides.some((side) => state.draft[side] !== dropped?.[side])) {
      return false;
    }
    const refused = sides.find((side) => {
      const path = state.draft[side];
      return before[side] !== undefined && path !== before[side] && imageAt(state, path)?.state === "failed";
    });
    const image = refused && imageAt(state, state.draft[refused]);
    if (refused === undefined || image?.state !== "failed") {
      return false;
    }
    const { start, end, plans } = before;
    this.#page.choose({ start, end, plans });
    await this.#tell(refused, image.problem.message);
    return true;
  }

  /** A single file goes to the side it was put on. Of two files, the names decide which one is the start. */
  #put(side: Side, [first, second]: readonly string[], names?: readonly string[]): void {
    if (first === undefined) {
      return;
    }
    const [one = first, other = second ?? ""] = names ?? [];
    const isOrdered = orderPair(one, other).start === one;
    const pair = isOrdered ? { start: first, end: second } : { start: second, end: first };
    this.#page.choose(second === undefined ? { [side]: first } : pair);
  }

  /** Creates files for pictures that came without one. */
  async #keep(side: Side, files: readonly File[]): Promise<void> {
    const pair = files.slice(0, 2);
    const [isNewest, mayFocus] = [this.#page.turn(...(pair.length > 1 ? sides : [side])), this.#page.attend()];
    const paths: string[] = [];
    for (const file of pair) {
      const { path } = await this.#page.ask(keep, { bytes: await this.#bytesOf(file), name: nameOf(file) });
      paths.push(path);
    }
    if (!isNewest()) {
      return;
    }
    this.#put(
      side,
      paths,
      pair.map(({ name }) => name),
    );
    if (files.length > pair.length) {
      await this.#tell(side, tooMany(files.map(nameOf)));
    }
    if (mayFocus()) {
      await this.#page.focus(side);
    }
  }

  /** @throws {RequestError} for a folder, or a file above the size limit. */
  async #bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
    if (file.size > MAX_FILE_BYTES) {
      const message = l10n.t({
        message: "{0} is too large. An image file can be up to {1} MB.",
        args: [isolated(nameOf(file)), MAX_FILE_BYTES / 1048576],
        comment: ["{0} is a file name"],
      });
      throw new RequestError({ message });
    }
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      const message = l10n.t({
        message: "{0} can’t be read. Drop an image file, not a folder.",
        args: [isolated(nameOf(file))],
        comment: ["{0} is a file name"],
      });
      throw new RequestError({ message }, { cause: error });
    }
  }

  /** Shows at a side why what was dropped there did not become its image; where a video is on the stage, beside that. */
  #tell(side: Side, message: string): Promise<void> {
    const state = this.#page.state();
    const field = state === undefined || isComposing(state) ? side : undefined;
    return this.#page.tell({ field, message }, () => false);
  }
}

function nameOf(file: File): string {
  return file.name || l10n.t("Pasted image");
}

/** @param names of all images that were given */
function tooMany(names: readonly string[]): string {
  return l10n.t({
    message: "A video uses two images, so only the first two were added. Left out: {0}",
    args: [namesText(names.slice(2))],
    comment: ["{0} is a list of file names"],
  });
}

function imageAt({ images }: State, path: string | undefined): PairImage | undefined {
  return path === undefined ? undefined : images.get(path);
}
