import * as l10n from "@vscode/l10n";
import type { ShownPrice } from "../../shared/messages/form.ts";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import { randomSeed, type SettableName } from "../../shared/model/parameters.ts";
import { type Preset, type PresetId, presets } from "../../shared/model/presets.ts";
import type { Bare, IntentHandlers } from "../kit/intents.ts";
import { patched, withParameter } from "../state/form.ts";
import type { Page } from "../state/page.ts";
import { withPreset } from "../state/presets.ts";
import { baselineOf, isSettled, withAnnouncement, withDraft, withEarlier, withNothing } from "../state/state.ts";
import { generate } from "./generating.ts";

interface FormIntents {
  readonly prompt: { readonly text: string };
  readonly parameter: { readonly name: SettableName; readonly text: string };
  readonly hosting: { readonly choice: HostingChoice | undefined };
  readonly drawSeed: Bare;
  readonly reuseSeed: { readonly seed: number };
  readonly preset: { readonly id: PresetId };
  /** Uses the start image on both sides. */
  readonly loopEnd: Bare;
  readonly startAnew: Bare;
  readonly backToDraft: Bare;
  /** Makes a video of the form, as the button says wherever it is shown. */
  readonly generate: Bare;
  /** What the service asks for a video. */
  readonly priced: { readonly price: ShownPrice };
}

declare module "../kit/intents.ts" {
  interface Intents extends FormIntents {}
}

/** Handles the intents of the form. */
export class FormActions {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  readonly handlers: IntentHandlers<FormIntents> = {
    prompt: ({ text }) => this.#page.changeDraft((draft) => ({ ...draft, prompt: text })),
    parameter: ({ name, text }) => this.#page.changeDraft((draft) => withParameter(draft, name, text)),
    hosting: ({ choice }) => this.#page.changeDraft((draft) => patched(draft, { hosting: choice })),
    drawSeed: () => this.#page.changeDraft((draft) => withParameter(draft, "seed", String(randomSeed()))),
    reuseSeed: ({ seed }) => {
      this.#page.changeDraft((draft) => withParameter(draft, "seed", String(seed)));
      this.#page.change((state) => withAnnouncement(state, l10n.t("Seed {0} is set for the next video.", seed)));
    },
    preset: ({ id }) => this.#preset(id),
    loopEnd: () => this.#page.changeDraft((draft) => patched(draft, { end: draft.start })),
    startAnew: () => {
      this.#page.changeWithDraft((state) =>
        withAnnouncement(withNothing(state), l10n.t("The form is empty. “Restore My Draft” brings your draft back.")),
      );
      return this.#page.focus("start");
    },
    backToDraft: () => {
      this.#page.changeWithDraft((state) => withAnnouncement(withEarlier(state), l10n.t("Your draft is restored.")));
      return this.#page.focus("prompt");
    },
    priced: ({ price }) => this.#page.change((state) => ({ ...state, price })),
    generate: () => {
      const state = this.#page.state();
      const asksForToken = state?.price?.kind === "noToken";
      return state?.generating === true
        ? undefined
        : this.#page.once(`generate ${state?.revision}`, () => generate(this.#page, asksForToken));
    },
  };

  /** Applies a preset. If its size depends on the pictures, waits for them first. */
  async #preset(id: PresetId): Promise<void> {
    const isNewest = this.#page.turn("preset");
    const { size }: Preset = presets[id];
    const state = this.#page.state();
    if (size === "smallest" && state !== undefined && !isSettled(state)) {
      await this.#page.pictures.settle();
    }
    if (isNewest()) {
      this.#page.changeWithDraft((now) => withDraft(now, withPreset(now.draft, id, baselineOf(now))));
    }
  }
}
