import { html, type TemplateResult } from "lit";
import type { ShownProblem } from "../../src/ui/panel/protocol.ts";
import { countWords } from "./draft.ts";
import { PanelElement } from "./element.ts";
import { aboutButton, helpText } from "./help.ts";
import { fieldMessage } from "./notice.ts";
import { fill, type Texts } from "./texts.ts";

/** The prompt with its length. */
export class PromptElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    prompt: { attribute: false },
    problem: { attribute: false },
    helpOpen: { state: true },
  };
  declare texts: Texts;
  declare prompt: string;
  declare problem: ShownProblem | undefined;
  declare helpOpen: boolean;

  constructor() {
    super();
    this.helpOpen = false;
  }

  protected override render(): TemplateResult {
    const { strings, parameters, language } = this.texts;
    const words = countWords(this.prompt, language);
    return html`
      <div class="label-row">
        <label for="prompt">${parameters.prompt.title}</label>
        ${aboutButton(this.texts, { id: "prompt", title: parameters.prompt.title, open: this.helpOpen }, () => {
          this.helpOpen = !this.helpOpen;
        })}
        <span class="range last" id="prompt-count">${fill(strings.promptCount, words, [...this.prompt].length)}</span>
      </div>
      <textarea
        id="prompt"
        rows="5"
        aria-required="true"
        aria-invalid=${this.problem === undefined ? "false" : "true"}
        aria-describedby="prompt-message prompt-help"
        placeholder=${strings.promptPlaceholder}
        .value=${this.prompt}
        @input=${(event: InputEvent & { target: HTMLTextAreaElement }) =>
          this.send({ kind: "prompt", text: event.target.value })}
      ></textarea>
      ${fieldMessage("prompt-message", this.problem?.message, this.problem)}
      ${helpText("prompt", parameters.prompt.description, this.helpOpen)}
    `;
  }
}

customElements.define("flf-prompt", PromptElement);
