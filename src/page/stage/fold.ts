import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { sides } from "../../shared/model/side.ts";
import { elementWith, given } from "../kit/properties.ts";
import { compose } from "../state/state.ts";
import type { Pictures } from "./backdrop.ts";

/** The form in one line, while a video is on the stage: its images, the beginning of its prompt, and the way back to it. */
class FoldElement extends elementWith({
  images: given<Pictures>(),
  prompt: given<string>(),
  generating: given<boolean>(),
  /** The form's button, with what the video costs. */
  generate: given<TemplateResult>(),
  /** True if the next video can be asked for here. */
  mayGenerate: given<boolean>(),
}) {
  protected override render(): TemplateResult {
    const isEmpty = this.prompt.trim() === "" && sides.every((side) => this.images[side] === undefined);
    return html`
      <section class="fold" aria-label=${l10n.t("Next Video")}>
        ${sides.map((side) => {
          const url = this.images[side];
          return url === undefined ? nothing : html`<img src=${url} alt="" />`;
        })}
        <p class=${isEmpty ? "beginning quiet" : "beginning"} dir="auto" title=${this.prompt}>
          ${isEmpty ? l10n.t("No images and no prompt yet") : this.prompt}
        </p>
        <vscode-button
          secondary
          icon="edit"
          title=${l10n.t({ message: "{0} ({1})", args: [l10n.t("Edit"), "E"], comment: ["A button's label and its keyboard shortcut"] })}
          @click=${() => this.send({ kind: "show", what: compose })}
          >${l10n.t("Edit")}</vscode-button
        >
        ${this.generating || (this.mayGenerate && !isEmpty) ? this.generate : nothing}
      </section>
    `;
  }
}

customElements.define("flf-fold", FoldElement);
