import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type CropPlan, centreCrop, maximumZoom } from "../../shared/model/plan.ts";
import { PanelElement } from "../kit/element.ts";
import { fill, type Texts } from "../kit/texts.ts";

/** How much one step of the slider, or one press of plus or minus, zooms. */
export const zoomStep = 0.05;

type Mode = "crop" | "blur" | "color";

/** The ways to frame an image: cropped and how closely, or whole and on what. */
export class FramingElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    name: { attribute: false },
    label: { attribute: false },
    plan: { attribute: false },
    change: { attribute: false },
    edge: { attribute: false },
  };
  declare texts: Texts;
  /** Tells the controls of several framings apart. */
  declare name: string;
  declare label: string;
  declare plan: CropPlan;
  declare change: (plan: CropPlan) => void;
  /** Frames whole, each image on the colour of its own edge. */
  declare edge: () => void;

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    const { plan } = this;
    const chosen: Mode = plan.mode === "crop" ? "crop" : plan.fill.kind;
    const modes: readonly [Mode, string][] = [
      ["crop", strings.modeCrop],
      ["blur", strings.modeBlur],
      ["color", strings.modeColor],
    ];
    return html`<div class="framing" role="group" aria-label=${this.label}>
      <div class="radios" role="radiogroup" aria-label=${this.label}>
        ${modes.map(
          ([mode, label]) => html`<label>
            <input
              type="radio"
              name="${this.name}-mode"
              .checked=${live(mode === chosen)}
              @change=${() => this.#choose(mode)}
            />
            <span>${label}</span>
          </label>`,
        )}
      </div>
      ${plan.mode === "crop" ? this.#zoom(plan) : nothing}
      ${plan.mode === "fit" && plan.fill.kind === "color" ? this.#color(plan.fill.color) : nothing}
    </div>`;
  }

  #zoom(plan: CropPlan & { mode: "crop" }): TemplateResult {
    const { strings, language } = this.texts;
    const factor = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const value = fill(strings.zoomValue, factor.format(plan.zoom));
    return html`<label class="zoom">
        <span>${strings.zoom}</span>
        <input
          type="range"
          min="1"
          max=${maximumZoom}
          step=${zoomStep}
          aria-valuetext=${value}
          .value=${live(String(plan.zoom))}
          @input=${(event: InputEvent & { target: HTMLInputElement }) =>
            this.change({ ...plan, zoom: Number(event.target.value) })}
        />
        <output>${value}</output>
      </label>
      <button type="button" class="link" @click=${() => this.change(centreCrop)}>${strings.center}</button>`;
  }

  #color(color: string): TemplateResult {
    const { strings } = this.texts;
    return html`<input
        type="color"
        aria-label=${strings.fillColor}
        title=${strings.fillColor}
        .value=${live(color)}
        @input=${(event: InputEvent & { target: HTMLInputElement }) =>
          this.change({ mode: "fit", fill: { kind: "color", color: event.target.value } })}
      />
      <button type="button" class="link" @click=${() => this.edge()}>${strings.edgeColor}</button>`;
  }

  #choose(mode: Mode): void {
    switch (mode) {
      case "crop":
        this.change(centreCrop);
        return;
      case "blur":
        this.change({ mode: "fit", fill: { kind: "blur" } });
        return;
      case "color":
        this.edge();
    }
  }
}

customElements.define("flf-framing", FramingElement);
