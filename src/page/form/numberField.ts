import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type NumberName, parameterTable } from "../../shared/model/parameters.ts";
import { inputHelp, inputTitle, numberText, rangeText } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";

/** The field of a parameter that is a number. */
class NumberFieldElement extends elementWith({
  name: given<NumberName>(),
  /** The field's text. */
  text: given<string>(),
  /** The value from the user's settings that replaces the model's default. */
  standard: given<number | undefined>(),
  problem: given<ShownProblem | undefined>(),
  /** Further buttons in the field. */
  action: given<TemplateResult | typeof nothing>(),
  /** What the value means, shown below the field. Its id is the name with `-state`. */
  state: given<TemplateResult | typeof nothing>(),
  helpOpen: own(false),
}) {
  protected override render(): TemplateResult {
    const { name, problem, text } = this;
    const title = inputTitle(name);
    const reset =
      name === "seed"
        ? l10n.t("Use a New Random Seed for Each Video")
        : l10n.t({ message: "Reset {0}", args: [title], comment: ["{0} is the title of a parameter"] });
    return html`
      <div class="label-row">
        <label for=${name}>${title}</label>
        ${name === "seed" ? nothing : html`<span class="range" id="${name}-range">${rangeText(name)}</span>`}
        ${aboutButton({ id: name, title, open: this.helpOpen }, () => {
          this.helpOpen = !this.helpOpen;
        })}
      </div>
      <div class="input">
        <input
          id=${name}
          data-refuge
          inputmode=${parameterTable[name].kind === "integer" ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="${name}-message ${name}-range ${name}-state ${name}-help"
          placeholder=${this.#placeholder()}
          .value=${live(text)}
          @input=${(event: InputEvent & { target: HTMLInputElement }) => this.#set(event.target.value)}
        />
        ${
          text === ""
            ? nothing
            : html`<vscode-toolbar-button
                icon="close"
                label=${reset}
                title=${reset}
                @click=${() => this.#reset()}
              ></vscode-toolbar-button>`
        }
        ${this.action ?? nothing}
      </div>
      ${fieldMessage(`${name}-message`, problem?.message, problem)} ${this.state ?? nothing}
      ${helpText(name, inputHelp(name), this.helpOpen)}
    `;
  }

  #placeholder(): string {
    const model = parameterTable[this.name].default;
    if (this.standard !== undefined) {
      return l10n.t("From settings ({0})", numberText(this.standard));
    }
    return model === undefined ? l10n.t("Random") : l10n.t("Model default ({0})", numberText(model));
  }

  #set(text: string): void {
    this.send({ kind: "parameter", name: this.name, text });
  }

  #reset(): void {
    this.#set("");
    // The button disappears with the value, so the focus must move to the field.
    this.querySelector<HTMLElement>("input")?.focus();
  }
}

customElements.define("flf-number-field", NumberFieldElement);
