import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type CropPlan, centerCrop, maximumZoom } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";
import { inputTitle, numberText } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given } from "../kit/properties.ts";
import { Roving } from "../kit/roving.ts";
import { variables } from "../kit/variables.ts";
import { type FramingMode, glyph } from "./glyph.ts";

/** Zoom per step of the slider, or per press of plus or minus. */
export const zoomStep = 0.05;

/** The toolbar on an image for framing it: cropped with a zoom, or whole with a fill. Arrow keys move through it. */
class FramingElement extends elementWith({
  side: given<Side>(),
  plan: given<CropPlan>(),
  /** True if both images are framed alike. */
  alike: given<boolean>(),
  /** True while the real pixels replace the drawing. */
  exact: given<boolean>(),
  change: given<(plan: CropPlan) => void>(),
  /** Frames the image whole, or each image if both are framed alike, on the color of its own edge. */
  edge: given<() => void>(),
  setAlike: given<(alike: boolean) => void>(),
  setExact: given<(exact: boolean) => void>(),
}) {
  readonly #roving = new Roving(this);

  protected override updated(_changed: PropertyValues): void {
    this.#roving.settle();
  }

  protected override render(): TemplateResult {
    const { plan, side } = this;
    const label = l10n.t({
      message: "Framing: {0}",
      args: [inputTitle(side)],
      comment: ["{0} is “Start Image” or “End Image”"],
    });
    return html`<div class="framing" role="toolbar" aria-label=${label}>
      <div class="modes" role="radiogroup" aria-label=${label}>${this.#modes(plan)}</div>
      ${plan.mode === "crop" ? this.#zoom(plan) : nothing}
      ${plan.mode === "fit" && plan.fill.kind === "color" ? this.#color(plan.fill.color) : nothing}
      <div class="more">
        ${this.#toggle(l10n.t("Use the same framing for both"), "link", this.alike, () => this.setAlike(!this.alike))}
        ${this.#toggle(l10n.t("Preview Final Crop"), "eye", this.exact, () => this.setExact(!this.exact))}
      </div>
    </div>`;
  }

  #modes(plan: CropPlan): TemplateResult[] {
    const chosen: FramingMode = plan.mode === "crop" ? "crop" : plan.fill.kind;
    const modes: readonly [FramingMode, string][] = [
      ["crop", l10n.t("Crop")],
      ["blur", l10n.t({ message: "Fit with Blur", comment: ["The image shown whole, its own blur around it"] })],
      ["color", l10n.t({ message: "Fit with Color", comment: ["The image shown whole, a color around it"] })],
    ];
    return modes.map(
      ([mode, label]) => html`<button
        type="button"
        class="tool"
        data-tool
        role="radio"
        aria-checked=${mode === chosen ? "true" : "false"}
        aria-label=${label}
        title=${label}
        @click=${() => this.#choose(mode)}
      >
        ${glyph(mode)}
      </button>`,
    );
  }

  #zoom(plan: CropPlan & { mode: "crop" }): TemplateResult {
    const value = l10n.t({
      message: "{0}×",
      args: [numberText(plan.zoom, { minimumFractionDigits: 2, maximumFractionDigits: 2 })],
      comment: ["{0} is a factor such as 1.6"],
    });
    const reset = l10n.t("Reset Framing");
    return html`<div class="zoom">
        <input
          type="range"
          data-tool
          min="1"
          max=${maximumZoom}
          step=${zoomStep}
          aria-label=${l10n.t("Zoom")}
          title=${l10n.t("Zoom")}
          aria-valuetext=${value}
          ${variables({ "--filled": (plan.zoom - 1) / (maximumZoom - 1) })}
          .value=${live(String(plan.zoom))}
          @input=${(event: InputEvent & { target: HTMLInputElement }) =>
            this.change({ ...plan, zoom: Number(event.target.value) })}
        />
        <output>${value}</output>
      </div>
      <button type="button" class="tool" data-tool aria-label=${reset} title=${reset} @click=${() => this.change(centerCrop)}>
        ${icon("discard")}
      </button>`;
  }

  #color(color: string): TemplateResult {
    const edge = l10n.t({ message: "Edge Color", comment: ["Takes the color of the image's own edge"] });
    return html`<input
        type="color"
        data-tool
        aria-label=${l10n.t("Color around the image")}
        title=${l10n.t("Color around the image")}
        .value=${live(color)}
        @input=${(event: InputEvent & { target: HTMLInputElement }) =>
          this.change({ mode: "fit", fill: { kind: "color", color: event.target.value } })}
      />
      <button type="button" class="tool" data-tool aria-label=${edge} title=${edge} @click=${() => this.edge()}>
        ${icon("symbol-color")}
      </button>`;
  }

  #toggle(label: string, name: string, checked: boolean, act: () => void): TemplateResult {
    return html`<button
      type="button"
      class="tool"
      data-tool
      role="checkbox"
      aria-checked=${checked ? "true" : "false"}
      aria-label=${label}
      title=${label}
      @click=${act}
    >
      ${icon(name)}
    </button>`;
  }

  #choose(mode: FramingMode): void {
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
