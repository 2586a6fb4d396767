import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type CropPlan, centerCrop, maximumZoom } from "../../shared/model/plan.ts";
import { numberText } from "../../shared/texts.ts";
import { elementWith, given } from "../kit/properties.ts";

/** Zoom per step of the slider, or per press of plus or minus. */
export const zoomStep = 0.05;

type Mode = "crop" | "blur" | "color";

/** The controls for framing an image: cropped with a zoom, or whole with a fill. */
class FramingElement extends elementWith({
  /** Distinguishes the controls of several framings. */
  name: given<string>(),
  label: given<string>(),
  plan: given<CropPlan>(),
  change: given<(plan: CropPlan) => void>(),
  /** Frames the image whole, or each image if both are framed alike, on the color of its own edge. */
  edge: given<() => void>(),
}) {
  protected override render(): TemplateResult {
    const { plan } = this;
    const chosen: Mode = plan.mode === "crop" ? "crop" : plan.fill.kind;
    const modes: readonly [Mode, string][] = [
      ["crop", l10n.t("Crop")],
      ["blur", l10n.t({ message: "Fit with Blur", comment: ["The image shown whole, its own blur around it"] })],
      ["color", l10n.t({ message: "Fit with Color", comment: ["The image shown whole, a color around it"] })],
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
    const value = l10n.t({
      message: "{0}×",
      args: [numberText(plan.zoom, { minimumFractionDigits: 2, maximumFractionDigits: 2 })],
      comment: ["{0} is a factor such as 1.6"],
    });
    return html`<label class="zoom">
        <span>${l10n.t("Zoom")}</span>
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
      <button type="button" class="link" @click=${() => this.change(centerCrop)}>${l10n.t("Reset Framing")}</button>`;
  }

  #color(color: string): TemplateResult {
    return html`<input
        type="color"
        aria-label=${l10n.t("Color around the image")}
        title=${l10n.t("Color around the image")}
        .value=${live(color)}
        @input=${(event: InputEvent & { target: HTMLInputElement }) =>
          this.change({ mode: "fit", fill: { kind: "color", color: event.target.value } })}
      />
      <button type="button" class="link" @click=${() => this.edge()}>${l10n.t({ message: "Edge Color", comment: ["Takes the color of the image's own edge"] })}</button>`;
  }

  #choose(mode: Mode): void {
    switch (mode) {
      case "crop":
        this.change(centerCrop);
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
