import { html, type TemplateResult } from "lit";
import type { Parameters } from "../../src/model/parameters.ts";
import { PanelElement } from "./element.ts";
import { fill, type Texts, videoFacts } from "./texts.ts";

/** What the next video will be, and the button that makes it. */
export class GenerateElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    parameters: { attribute: false },
    generating: { attribute: false },
  };
  declare texts: Texts;
  /** What is sent; undefined while a field stands for nothing that could be. */
  declare parameters: Parameters | undefined;
  declare generating: boolean;

  protected override render(): TemplateResult {
    const { strings, language } = this.texts;
    const keys = /Mac/.test(navigator.platform) ? "⌘⏎" : "Ctrl+Enter";
    return html`
      <p class="summary">
        ${
          this.parameters === undefined
            ? strings.summaryFlawed
            : fill(strings.summary, ...videoFacts(this.parameters, language))
        }
      </p>
      <vscode-button
        block
        icon=${this.generating ? "loading" : "sparkle"}
        ?icon-spin=${this.generating}
        aria-disabled=${this.generating ? "true" : "false"}
        title=${fill(strings.generateKeys, strings.generate, keys)}
        @click=${this.#press}
        >${this.generating ? strings.generating : strings.generate}</vscode-button
      >
    `;
  }

  #press(event: MouseEvent): void {
    // The second half of a double click is no second wish to pay for a video.
    if (event.detail < 2) {
      this.send({ kind: "generate" });
    }
  }
}

customElements.define("flf-generate", GenerateElement);
