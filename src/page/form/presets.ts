import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { type Preset, type PresetId, presetIds, presets } from "../../shared/model/presets.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { roved } from "../kit/roved.ts";
import type { ActivePreset } from "../state/presets.ts";

/** The presets with their purposes, in a list that arrow keys move through, and whether the active one's values changed. */
class PresetsElement extends elementWith({
  /** Undefined while the values match no preset. */
  active: given<ActivePreset | undefined>(),
  /** True if the user's settings set the number of steps, which presets leave alone. */
  stepsSet: given<boolean>(),
  /** True if the start and the end are different images. */
  canLoop: given<boolean>(),
  /** The preset that Tab stops at, if it is not the active one. */
  focused: own<PresetId | undefined>(undefined),
}) {
  protected override render(): TemplateResult {
    const tabStop = this.focused ?? this.active?.id ?? "standard";
    return html`<div class="field">
      <div class="label-row">
        <span class="label" id="preset-label">${l10n.t("Preset")}</span>
        ${this.#change()}
      </div>
      <div
        class="pills"
        role="toolbar"
        aria-orientation="vertical"
        aria-labelledby="preset-label"
        @keydown=${this.#onKey}
        @focusout=${this.#onBlur}
      >
        ${presetIds.map((id) => {
          const isActive = id === this.active?.id;
          const { experimental }: Preset = presets[id];
          return html`<div class="preset">
            <button
              type="button"
              class="pill"
              id="preset-${id}"
              aria-pressed=${isActive ? "true" : "false"}
              aria-describedby="preset-${id}-note"
              tabindex=${id === tabStop ? "0" : "-1"}
              ?data-refuge=${id === tabStop}
              data-changed=${isActive && this.active?.changed === true}
              @click=${() => this.#apply(id)}
            >
              <span>${presetTitle(id)}</span>${experimental ? icon("beaker") : nothing}
            </button>
            <p class="preset-note" id="preset-${id}-note">${noteOf(id)}</p>
          </div>`;
        })}
      </div>
      ${this.#state()}
    </div>`;
  }

  /** This is in the label's row, because it comes and goes with each value and must move nothing below. */
  #change(): TemplateResult | typeof nothing {
    const { active } = this;
    if (active === undefined) {
      return html`<p class="changed quiet">${l10n.t("Custom settings.")}</p>`;
    }
    if (!active.changed) {
      return nothing;
    }
    const title = presetTitle(active.id);
    return html`<p class="changed">
      ${icon("edit")}<span>${presetValue(active)}</span>
      <button type="button" class="link" @click=${() => this.#restore(active.id)}>
        ${l10n.t({ message: "Restore {0}", args: [title], comment: ["{0} is the name of a preset"] })}
      </button>
    </p>`;
  }

  #state(): TemplateResult {
    return html`
      ${this.stepsSet ? html`<p class="quiet">${l10n.t("The number of steps comes from your settings, not from the preset.")}</p>` : nothing}
      ${
        this.active?.id === "loop" && this.canLoop
          ? html`<p class="suggestion">
              ${icon("sync")}
              <button type="button" class="link" @click=${() => this.send({ kind: "loopEnd" })}>${l10n.t("Use the Start Image as the End Image Too")}</button>
            </p>`
          : nothing
      }
    `;
  }

  #apply(id: PresetId): void {
    this.send({ kind: "preset", id });
    this.send({
      kind: "tell",
      text: l10n.t({
        message: "Preset {0} applied.",
        args: [presetTitle(id)],
        comment: ["{0} is the name of a preset"],
      }),
    });
  }

  #restore(id: PresetId): void {
    this.#apply(id);
    // The link disappears with the change, so the focus must move to the preset.
    this.querySelector<HTMLElement>(`#preset-${id}`)?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const here = presetIds.findIndex((id) => document.activeElement?.id === `preset-${id}`);
    const id = presetIds[roved(event.key, here, presetIds.length) ?? -1];
    if (id !== undefined) {
      event.preventDefault();
      this.focused = id;
      this.querySelector<HTMLElement>(`#preset-${id}`)?.focus();
    }
  }

  #onBlur(event: FocusEvent): void {
    if (!(event.relatedTarget instanceof Node) || !this.contains(event.relatedTarget)) {
      this.focused = undefined;
    }
  }
}

/** The preset that is active and whether its values have changed, in words. */
export function presetValue(active: ActivePreset | undefined): string {
  if (active === undefined) {
    return l10n.t({ message: "Custom", comment: ["The user's own settings, in place of a preset's name"] });
  }
  const title = presetTitle(active.id);
  return active.changed
    ? l10n.t({
        message: "{0} (edited)",
        args: [title],
        comment: ["{0} is the name of a preset that the user has edited"],
      })
    : title;
}

/** What a preset is for, and whether it is experimental. */
function noteOf(id: PresetId): string {
  const { experimental }: Preset = presets[id];
  const note = presetNote(id);
  return experimental
    ? l10n.t({ message: "Experimental: {0}", args: [note], comment: ["{0} says why, in one sentence"] })
    : note;
}

function presetTitle(id: PresetId): string {
  switch (id) {
    case "standard":
      return l10n.t("Recommended");
    case "draft":
      return l10n.t("Draft");
    case "snappy":
      return l10n.t("Fast");
    case "moreMotion":
      return l10n.t("More Motion");
    case "calm":
      return l10n.t("Calm");
    case "smooth":
      return l10n.t("Longer");
    case "loop":
      return l10n.t("Loop");
  }
}

/** What a preset is for. */
function presetNote(id: PresetId): string {
  switch (id) {
    case "standard":
      return l10n.t("Recommended settings for this model.");
    case "draft":
      return l10n.t(
        "The smallest size of the same shape, for trying out prompts and seeds. Faster; cheaper only if the price depends on size.",
      );
    case "snappy":
      return l10n.t("The same 81 frames at 24 per second. Helps when motion looks too slow.");
    case "moreMotion":
      return l10n.t(
        "Guidance 1.6. May affect only the first of the model’s two passes. Slower; colors may oversaturate.",
      );
    case "calm":
      return l10n.t(
        "Shift 6; use it with “static camera” in the prompt. May affect only the first of the model’s two passes, so the two may no longer match exactly.",
      );
    case "smooth":
      return l10n.t(
        "141 frames at 24 per second, 5.9 seconds. The model works best at 81 frames, so expect more drift and flicker.",
      );
    case "loop":
      return l10n.t(
        "The same image at start and end. Ask for motion that returns to where it began, as the starter “Idle Loop” does.",
      );
  }
}

customElements.define("flf-presets", PresetsElement);
