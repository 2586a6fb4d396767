import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import {
  lengths,
  type Parameters,
  parameterTable,
  type Resolution,
  resolutions,
  type SettableWord,
  sizeOf,
} from "../../src/model/parameters.ts";
import type { Field, PageDraft, ShownProblem } from "../../src/ui/panel/protocol.ts";
import { PanelElement } from "./element.ts";
import { aboutButton, helpText } from "./help.ts";
import { icon } from "./icon.ts";
import { fieldMessage } from "./notice.ts";
import { fill, type Texts } from "./texts.ts";

type NumberWord = Exclude<SettableWord, "resolution" | "length">;
const advancedWords = ["steps", "cfg", "shift"] as const;

/** Every parameter of the model: the few that matter most in sight, the others one step away. */
export class ParametersElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    values: { attribute: false },
    defaults: { attribute: false },
    problems: { attribute: false },
    best: { attribute: false },
    openHelp: { state: true },
    advancedOpen: { state: true },
  };
  declare texts: Texts;
  /** Texts of the fields that are set. */
  declare values: PageDraft["parameters"];
  /** What the user's settings put in place of the model's defaults. */
  declare defaults: Parameters;
  declare problems: Partial<Record<Field, ShownProblem>>;
  /** A resolution that crops less of the images than the chosen one. */
  declare best: Resolution | undefined;
  declare openHelp: ReadonlySet<SettableWord>;
  declare advancedOpen: boolean;

  constructor() {
    super();
    this.openHelp = new Set();
    this.advancedOpen = false;
  }

  /** Makes a field visible that may be folded away. */
  async unfold(word: Field): Promise<void> {
    this.advancedOpen ||= advancedWords.some((advanced) => advanced === word);
    await this.updateComplete;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("problems");
    if (changed.has("problems") && advancedWords.some((word) => this.problems[word] && !before?.[word])) {
      this.advancedOpen = true;
    }
  }

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    const set = advancedWords.filter((word) => this.values[word] !== undefined).length;
    return html`
      ${this.#resolution()} ${this.#length()}
      <div class="columns">${this.#number("fps")} ${this.#seed()}</div>
      <details
        .open=${this.advancedOpen}
        @toggle=${(event: Event & { target: HTMLDetailsElement }) => {
          this.advancedOpen = event.target.open;
        }}
      >
        <summary>
          ${icon("chevron-right")}<span>${strings.advanced}</span>
          ${set === 0 ? nothing : html`<span class="set">${fill(strings.advancedSet, set)}</span>`}
        </summary>
        <div class="columns three">${advancedWords.map((word) => this.#number(word))}</div>
      </details>
    `;
  }

  #resolution(): TemplateResult {
    const { strings } = this.texts;
    const standard = this.defaults.resolution ?? parameterTable.resolution.default;
    const chosen = this.values.resolution ?? standard;
    const groups = [
      { title: strings.aspectLandscape, fits: (ratio: number) => ratio > 1 },
      { title: strings.aspectPortrait, fits: (ratio: number) => ratio < 1 },
      { title: strings.aspectSquare, fits: (ratio: number) => ratio === 1 },
    ].flatMap(({ title, fits }) => {
      const members = resolutions.filter((resolution) => {
        const { width, height } = sizeOf({ resolution });
        return fits(width / height);
      });
      const aspects = [...new Set(members.map(aspectOf))];
      return aspects.map((aspect) => ({
        title: fill(title, aspect),
        members: members.filter((member) => aspectOf(member) === aspect),
      }));
    });
    const { best } = this;
    return html`<div class="field">
      ${this.#label("resolution")}
      <div class="select">
        <select
          id="resolution"
          aria-describedby="resolution-message resolution-help"
          @change=${(event: Event & { target: HTMLSelectElement }) =>
            this.#set("resolution", event.target.value === standard ? "" : event.target.value)}
        >
          ${groups.map(
            ({ title, members }) => html`<optgroup label=${title}>
              ${members.map((member) => {
                const label = this.#resolutionLabel(member);
                return html`<option value=${member} .selected=${live(member === chosen)}>
                  ${member === standard ? fill(strings.defaultChoice, label) : label}
                </option>`;
              })}
            </optgroup>`,
          )}
        </select>
        ${icon("chevron-down")}
      </div>
      ${fieldMessage("resolution-message", this.problems.resolution?.message, this.problems.resolution)}
      ${
        best === undefined
          ? nothing
          : html`<p class="suggestion">
              ${icon("lightbulb")}
              <button type="button" class="link" @click=${() => this.#set("resolution", best === standard ? "" : best)}>
                ${fill(strings.useBest, this.#resolutionLabel(best))}
              </button>
            </p>`
      }
      ${this.#help("resolution")}
    </div>`;
  }

  #resolutionLabel(resolution: Resolution): string {
    const { width, height } = sizeOf({ resolution });
    return `${fill(this.texts.strings.pixels, width, height)} (${aspectOf(resolution)})`;
  }

  #length(): TemplateResult {
    const { strings } = this.texts;
    const standard = String(this.defaults.length ?? parameterTable.length.default);
    const chosen = this.values.length ?? standard;
    return html`<div class="field" role="radiogroup" aria-labelledby="length-label" aria-describedby="length-message length-help">
      ${this.#label("length")}
      <div class="radios" id="length" tabindex="-1">
        ${lengths.map(
          (length) => html`<label>
            <input
              type="radio"
              name="length"
              value=${length}
              .checked=${live(String(length) === chosen)}
              @change=${() => this.#set("length", String(length) === standard ? "" : String(length))}
            />
            <span>${fill(length > parameterTable.length.default ? strings.framesExperimental : strings.frames, length)}</span>
          </label>`,
        )}
      </div>
      ${fieldMessage("length-message", this.problems.length?.message, this.problems.length)} ${this.#help("length")}
    </div>`;
  }

  #seed(): TemplateResult {
    return this.#number(
      "seed",
      html`<vscode-toolbar-button
        icon="refresh"
        label=${this.texts.strings.seedDraw}
        title=${this.texts.strings.seedDraw}
        @click=${() => this.send({ kind: "drawSeed" })}
      ></vscode-toolbar-button>`,
    );
  }

  #number(word: NumberWord, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    const { strings, parameters } = this.texts;
    const problem = this.problems[word];
    const text = this.values[word] ?? "";
    const reset = fill(strings.reset, parameters[word].title);
    return html`<div class="field">
      ${this.#label(word)}
      <div class="input">
        <input
          id=${word}
          inputmode=${parameterTable[word].kind === "integer" ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="${word}-message ${word}-range ${word}-help"
          placeholder=${this.#placeholder(word)}
          .value=${live(text)}
          @input=${(event: InputEvent & { target: HTMLInputElement }) => this.#set(word, event.target.value)}
        />
        ${
          text === ""
            ? nothing
            : html`<vscode-toolbar-button
                icon="close"
                label=${reset}
                title=${reset}
                @click=${() => this.#reset(word)}
              ></vscode-toolbar-button>`
        }
        ${action}
      </div>
      ${fieldMessage(`${word}-message`, problem?.message, problem)} ${this.#help(word)}
    </div>`;
  }

  #placeholder(word: NumberWord): string {
    const { strings, language } = this.texts;
    const number = (value: number) => new Intl.NumberFormat(language, { useGrouping: false }).format(value);
    const setting = this.defaults[word];
    const model = parameterTable[word].default;
    if (setting !== undefined) {
      return fill(strings.settingDefault, number(setting));
    }
    return model === undefined ? strings.seedPlaceholder : fill(strings.modelDefault, number(model));
  }

  #label(word: SettableWord): TemplateResult {
    const { strings, parameters } = this.texts;
    const row = parameterTable[word];
    const open = this.openHelp.has(word);
    const { title } = parameters[word];
    return html`<div class="label-row">
      ${
        word === "length"
          ? html`<span class="label" id="length-label">${title}</span>`
          : html`<label for=${word}>${title}</label>`
      }
      ${
        row.kind === "choice" || word === "seed"
          ? nothing
          : html`<span class="range" id="${word}-range">${fill(strings.range, row.minimum, row.maximum)}</span>`
      }
      ${aboutButton(this.texts, { id: word, title, open }, () => {
        this.openHelp = new Set(open ? [...this.openHelp].filter((other) => other !== word) : [...this.openHelp, word]);
      })}
    </div>`;
  }

  #help(word: SettableWord): TemplateResult {
    return helpText(word, this.texts.parameters[word].description, this.openHelp.has(word));
  }

  #set(word: SettableWord, text: string): void {
    this.send({ kind: "parameter", word, text });
  }

  #reset(word: NumberWord): void {
    this.#set(word, "");
    // The button goes away with the value: the focus must not go with it.
    this.querySelector<HTMLElement>(`#${word}`)?.focus();
  }
}

/** The ratio in a resolution's own words: "16:9". */
function aspectOf(resolution: Resolution): string {
  return resolution.slice(resolution.indexOf("(") + 1, -1);
}

customElements.define("flf-parameters", ParametersElement);
