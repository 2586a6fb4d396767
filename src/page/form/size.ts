import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Parameters, type Resolution, resolutions, sizeOf } from "../../shared/model/parameters.ts";
import { inputHelp, inputTitle } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { shapeGlyph } from "./shapeGlyph.ts";
import { betterFit, returnedSize, sizeGroups } from "./sizeGroups.ts";

/** The video's size: the one that fits the images best, or one of the model's ten, grouped by shape. */
class SizeElement extends elementWith({
  /** The value set in the form; undefined leaves it to the settings or the images. */
  value: given<string | undefined>(),
  /** The value from the user's settings that replaces the best fit. */
  standard: given<Parameters["resolution"]>(),
  /** The resolution that fits the images best; undefined while no image is known. */
  fitting: given<Resolution | undefined>(),
  /** False while a picture is loading that may change `fitting`. */
  settled: given<boolean>(),
  problem: given<ShownProblem | undefined>(),
  helpOpen: own(false),
}) {
  protected override render(): TemplateResult {
    const title = inputTitle("resolution");
    const used = resolutions.find((resolution) => resolution === (this.value ?? this.standard ?? this.fitting));
    const returned = used && returnedSize(sizeOf({ resolution: used }));
    return html`<div
      class="field"
      role="radiogroup"
      aria-labelledby="resolution-label"
      aria-describedby="resolution-message resolution-note resolution-help"
    >
      <div class="label-row">
        <span class="label" id="resolution-label">${title}</span>
        ${aboutButton({ id: "resolution", title, open: this.helpOpen }, () => {
          this.helpOpen = !this.helpOpen;
        })}
      </div>
      <div class="sizes" id="resolution" tabindex="-1">
        ${this.#chip("", this.#automatic(), undefined)}
        ${sizeGroups().map(
          ({ aspect, members }) => html`<div class="size-row">
            ${members.slice(0, 1).map(shapeGlyph)}<span class="aspect" aria-hidden="true">${aspect}</span>
            <div class="chips">
              ${members.map((member) => this.#chip(member, this.#pixels(member), this.#label(member)))}
            </div>
          </div>`,
        )}
      </div>
      ${fieldMessage("resolution-message", this.problem?.message, this.problem)}
      <div class="size-notes">
        <p class="help" id="resolution-note" ?hidden=${returned === undefined}>
          ${returned === undefined ? nothing : l10n.t({ message: "RunComfy will probably return {0} × {1}.", args: [returned.width, returned.height], comment: ["{0} and {1} are width and height in pixels"] })}
        </p>
        ${this.settled ? this.#suggestion(betterFit(this.fitting, used)) : nothing}
      </div>
      ${helpText("resolution", inputHelp("resolution"), this.helpOpen)}
    </div>`;
  }

  #suggestion(better: Resolution | undefined): TemplateResult | typeof nothing {
    return better === undefined
      ? nothing
      : html`<p class="suggestion">
          ${icon("lightbulb")}
          <button
            type="button"
            class="link"
            @click=${() => this.#set(this.standard === undefined ? "" : better)}
          >
            ${l10n.t({ message: "Use {0} to crop less", args: [this.#label(better)], comment: ["{0} is a resolution"] })}
          </button>
        </p>`;
  }

  /** The label for the size that is used while none is chosen. */
  #automatic(): string {
    if (this.standard !== undefined) {
      return l10n.t({
        message: "From settings: {0}",
        args: [this.#label(this.standard)],
        comment: ["{0} is a resolution"],
      });
    }
    return this.fitting === undefined
      ? l10n.t("Best fit for the images")
      : l10n.t({
          message: "Best fit: {0}",
          args: [this.#label(this.fitting)],
          comment: ["{0} is a resolution such as 1280 × 720 (16:9)"],
        });
  }

  #chip(value: string, text: string, label: string | undefined): TemplateResult {
    return html`<label class="chip">
      <input
        type="radio"
        name="resolution"
        value=${value}
        aria-label=${label ?? nothing}
        .checked=${live(value === (this.value ?? ""))}
        ?data-refuge=${value === (this.value ?? "")}
        @change=${() => this.#set(value)}
      />
      <span>${text}</span>
    </label>`;
  }

  #pixels(resolution: Resolution): string {
    const { width, height } = sizeOf({ resolution });
    return l10n.t("{0} × {1}", width, height);
  }

  #label(resolution: Resolution): string {
    const { width, height } = sizeOf({ resolution });
    return l10n.t({
      message: "{0} × {1} ({2})",
      args: [width, height, resolution.slice(resolution.indexOf("(") + 1, -1)],
      comment: ["Width, height and ratio such as 4:3"],
    });
  }

  #set(text: string): void {
    this.send({ kind: "parameter", name: "resolution", text });
  }
}

customElements.define("flf-size", SizeElement);
