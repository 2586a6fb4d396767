import { html, nothing, type TemplateResult } from "lit";
import type { PanelStrings } from "../../shared/messages/panel.ts";
import { type Preset, type PresetId, presetIds, presets } from "../../shared/model/presets.ts";
import { PanelElement } from "../kit/element.ts";
import { icon } from "../kit/icon.ts";
import { fill, type Texts } from "../kit/texts.ts";
import type { ActivePreset } from "../state/presets.ts";

const words: Readonly<Record<PresetId, { title: keyof PanelStrings; note: keyof PanelStrings }>> = {
  standard: { title: "presetStandard", note: "presetStandardNote" },
  draft: { title: "presetDraft", note: "presetDraftNote" },
  snappy: { title: "presetSnappy", note: "presetSnappyNote" },
  moreMotion: { title: "presetMoreMotion", note: "presetMoreMotionNote" },
  calm: { title: "presetCalm", note: "presetCalmNote" },
  smooth: { title: "presetSmooth", note: "presetSmoothNote" },
  loop: { title: "presetLoop", note: "presetLoopNote" },
};

/** The presets in a row that arrow keys walk through; what the one in force is for, and whether it is still itself. */
export class PresetsElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    active: { attribute: false },
    stepsSet: { attribute: false },
    canLoop: { attribute: false },
    focused: { state: true },
  };
  declare texts: Texts;
  /** Undefined while the values are the user's own. */
  declare active: ActivePreset | undefined;
  /** True where the user's settings ask for steps, which presets leave out. */
  declare stepsSet: boolean;
  /** True where start and end are two images. */
  declare canLoop: boolean;
  /** The one that Tab comes to, where it is not the active one. */
  declare focused: PresetId | undefined;

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    const tabStop = this.focused ?? this.active?.id ?? "standard";
    return html`<div class="field">
      <div class="label-row">
        <span class="label" id="preset-label">${strings.presets}</span>
        ${this.#change()}
      </div>
      <div class="pills" role="toolbar" aria-labelledby="preset-label" @keydown=${this.#onKey} @focusout=${this.#onBlur}>
        ${presetIds.map((id) => {
          const isActive = id === this.active?.id;
          const { experimental }: Preset = presets[id];
          return html`<button
            type="button"
            class="pill"
            id="preset-${id}"
            aria-pressed=${isActive ? "true" : "false"}
            tabindex=${id === tabStop ? "0" : "-1"}
            ?data-refuge=${id === tabStop}
            title=${this.#note(id)}
            data-changed=${isActive && this.active?.changed === true}
            @click=${() => this.#apply(id)}
          >
            ${experimental ? icon("beaker") : nothing}<span>${this.#title(id)}</span>
          </button>`;
        })}
      </div>
      <div class="preset-note">${this.#state()}</div>
    </div>`;
  }

  /** In the row of the label: it comes and goes with each value, and must move nothing below. */
  #change(): TemplateResult | typeof nothing {
    const { strings } = this.texts;
    const { active } = this;
    if (active?.changed !== true) {
      return nothing;
    }
    const title = this.#title(active.id);
    return html`<p class="changed">
      ${icon("edit")}<span>${fill(strings.presetChanged, title)}</span>
      <button type="button" class="link" @click=${() => this.#restore(active.id)}>
        ${fill(strings.presetRestore, title)}
      </button>
    </p>`;
  }

  #state(): TemplateResult {
    const { strings } = this.texts;
    const { active } = this;
    if (active === undefined) {
      return html`<p class="quiet">${strings.presetNone}</p>`;
    }
    return html`
      <p class="quiet">${this.#note(active.id)}</p>
      ${this.stepsSet ? html`<p class="quiet">${strings.presetSettings}</p>` : nothing}
      ${
        active.id === "loop" && this.canLoop
          ? html`<p class="suggestion">
              ${icon("sync")}
              <button type="button" class="link" @click=${() => this.send({ kind: "loopEnd" })}>${strings.loopEnd}</button>
            </p>`
          : nothing
      }
    `;
  }

  #title(id: PresetId): string {
    return this.texts.strings[words[id].title];
  }

  #note(id: PresetId): string {
    const { strings } = this.texts;
    const { experimental }: Preset = presets[id];
    const note = strings[words[id].note];
    return experimental ? fill(strings.experimental, note) : note;
  }

  #apply(id: PresetId): void {
    this.send({ kind: "preset", id });
    this.send({ kind: "tell", text: fill(this.texts.strings.presetApplied, this.#title(id)) });
  }

  #restore(id: PresetId): void {
    this.#apply(id);
    // The link goes away with the change: the focus must not go with it.
    this.querySelector<HTMLElement>(`#preset-${id}`)?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const here = presetIds.findIndex((id) => document.activeElement?.id === `preset-${id}`);
    const last = presetIds.length - 1;
    const targets: Record<string, number> = {
      ArrowRight: here === last ? 0 : here + 1,
      ArrowLeft: here === 0 ? last : here - 1,
      Home: 0,
      End: last,
    };
    const id = presetIds[targets[event.key] ?? -1];
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

customElements.define("flf-presets", PresetsElement);
