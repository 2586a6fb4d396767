import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../shared/messages/form.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type HostingChoice, hostingKindOf, hostingKinds } from "../../shared/model/hosting.ts";
import {
  type ChoiceName,
  choiceNames,
  type NumberName,
  numberNames,
  type Parameters,
  parameterTable,
  type Resolution,
  type SettableName,
  settableNames,
} from "../../shared/model/parameters.ts";
import { PanelElement } from "../kit/element.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { fill, numberText, type Texts } from "../kit/texts.ts";
import type { ActivePreset } from "../state/presets.ts";

const isAdvanced = (name: SettableName) => parameterTable[name].place === "advanced";
const advancedNames = settableNames.filter(isAdvanced);

/** Every parameter of the model: the few that matter most in sight, the others one step away. */
export class ParametersElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    values: { attribute: false },
    defaults: { attribute: false },
    problems: { attribute: false },
    fitting: { attribute: false },
    settled: { attribute: false },
    preset: { attribute: false },
    canLoop: { attribute: false },
    lastSeed: { attribute: false },
    hosting: { attribute: false },
    usualHosting: { attribute: false },
    openHelp: { state: true },
    advancedOpen: { state: true },
  };
  declare texts: Texts;
  /** Texts of the fields that are set. */
  declare values: Form["parameters"];
  /** What the user's settings put in place of the model's defaults. */
  declare defaults: Parameters;
  declare problems: Partial<Record<Field, ShownProblem>>;
  /** The resolution that suits the images best; undefined without any. */
  declare fitting: Resolution | undefined;
  /** False while `fitting` may change with a picture that is on its way. */
  declare settled: boolean;
  declare preset: ActivePreset | undefined;
  /** True where start and end are two images. */
  declare canLoop: boolean;
  /** Of the newest video. */
  declare lastSeed: number | undefined;
  /** How the images get to the service; undefined leaves it to the settings. */
  declare hosting: HostingChoice | undefined;
  /** What the settings say of that. */
  declare usualHosting: HostingChoice;
  declare openHelp: ReadonlySet<SettableName>;
  declare advancedOpen: boolean;

  constructor() {
    super();
    this.openHelp = new Set();
    this.advancedOpen = false;
  }

  /** Makes a field visible that may be folded away. */
  async unfold(word: Field): Promise<void> {
    this.advancedOpen ||= advancedNames.some((advanced) => advanced === word);
    await this.updateComplete;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("problems");
    if (changed.has("problems") && advancedNames.some((word) => this.problems[word] && !before?.[word])) {
      this.advancedOpen = true;
    }
  }

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    const set =
      advancedNames.filter((word) => this.values[word] !== undefined).length + (this.hosting === undefined ? 0 : 1);
    return html`
      <flf-presets
        .texts=${this.texts}
        .active=${this.preset}
        .stepsSet=${this.defaults.steps !== undefined}
        .canLoop=${this.canLoop}
      ></flf-presets>
      ${this.#choices(false)}
      <div class="columns">${this.#numbers(false)}</div>
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
        ${this.#choices(true)}
        <div class="columns three">${this.#numbers(true)}</div>
        ${this.#hosting()}
      </details>
    `;
  }

  #hosting(): TemplateResult {
    const { strings } = this.texts;
    // `auto` and `dataUri` are one and the same for a single video.
    const choices = hostingKinds.map((kind) => [kind, strings[`hosting.${kind}`]] as const);
    return html`<div class="field">
      <div class="label-row"><label for="hosting">${strings.hosting}</label></div>
      <div class="select">
        <select
          id="hosting"
          @change=${(event: Event & { target: HTMLSelectElement }) => {
            this.send({ kind: "hosting", choice: hostingKinds.find((kind) => kind === event.target.value) });
          }}
        >
          <option value="" .selected=${this.hosting === undefined}>
            ${fill(strings.hostingSettings, strings[`hosting.${this.usualHosting}`])}
          </option>
          ${choices.map(
            ([kind, label]) =>
              html`<option value=${kind} .selected=${this.hosting !== undefined && kind === hostingKindOf(this.hosting)}>
                ${label}
              </option>`,
          )}
        </select>
        ${icon("chevron-down")}
      </div>
    </div>`;
  }

  #choices(advanced: boolean): TemplateResult[] {
    return choiceNames
      .filter((name) => isAdvanced(name) === advanced)
      .map((name) => (name === "resolution" ? this.#resolution() : this.#choice(name)));
  }

  #numbers(advanced: boolean): TemplateResult[] {
    return numberNames
      .filter((name) => isAdvanced(name) === advanced)
      .map((name) => (name === "seed" ? this.#seed() : this.#number(name)));
  }

  #resolution(): TemplateResult {
    return html`<flf-size
      class="field"
      .texts=${this.texts}
      .value=${this.values.resolution}
      .standard=${this.defaults.resolution}
      .fitting=${this.fitting}
      .settled=${this.settled}
      .problem=${this.problems.resolution}
    ></flf-size>`;
  }

  #choice(name: Exclude<ChoiceName, "resolution">): TemplateResult {
    const row = parameterTable[name];
    const standard = String(this.defaults[name] ?? row.default);
    const chosen = this.values[name] ?? standard;
    return html`<div
      class="field"
      role="radiogroup"
      aria-labelledby="${name}-label"
      aria-describedby="${name}-message ${name}-help"
    >
      ${this.#label(name)}
      <div class="radios" id=${name} tabindex="-1">
        ${row.choices.map(
          (choice) => html`<label>
            <input
              type="radio"
              name=${name}
              value=${choice}
              .checked=${live(String(choice) === chosen)}
              @change=${() => this.#set(name, String(choice) === standard ? "" : String(choice))}
            />
            <span>${this.#choiceText(name, choice)}</span>
          </label>`,
        )}
      </div>
      ${fieldMessage(`${name}-message`, this.problems[name]?.message, this.problems[name])} ${this.#help(name)}
    </div>`;
  }

  /** A choice in words; one that has none is said as it is sent. */
  #choiceText(name: ChoiceName, choice: string | number): string {
    const { strings } = this.texts;
    return name === "length"
      ? fill(choice === parameterTable.length.default ? strings.frames : strings.framesExperimental, choice)
      : String(choice);
  }

  #seed(): TemplateResult {
    const { strings } = this.texts;
    const { lastSeed } = this;
    const isKept = (this.values.seed ?? "") !== "";
    const reuse = lastSeed === undefined ? "" : fill(strings.seedLast, lastSeed);
    return this.#number(
      "seed",
      html`${
        lastSeed === undefined || this.values.seed === String(lastSeed)
          ? nothing
          : html`<vscode-toolbar-button
                icon="history"
                label=${reuse}
                title=${reuse}
                @click=${() => this.send({ kind: "reuseSeed", seed: lastSeed })}
              ></vscode-toolbar-button>`
      }<vscode-toolbar-button
          icon="refresh"
          label=${strings.seedDraw}
          title=${strings.seedDraw}
          @click=${() => this.send({ kind: "drawSeed" })}
        ></vscode-toolbar-button>`,
      html`<p class="state" id="seed-state">
        ${icon(isKept ? "lock" : "unlock")}<span>${isKept ? strings.seedKept : strings.seedRandom}</span>
      </p>`,
    );
  }

  #number(
    word: NumberName,
    action: TemplateResult | typeof nothing = nothing,
    state: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const { strings, parameters } = this.texts;
    const problem = this.problems[word];
    const text = this.values[word] ?? "";
    const reset = word === "seed" ? strings.seedReset : fill(strings.reset, parameters[word].title);
    return html`<div class="field">
      ${this.#label(word)}
      <div class="input">
        <input
          id=${word}
          data-refuge
          inputmode=${parameterTable[word].kind === "integer" ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="${word}-message ${word}-range ${word === "seed" ? "seed-state " : ""}${word}-help"
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
      ${fieldMessage(`${word}-message`, problem?.message, problem)} ${state} ${this.#help(word)}
    </div>`;
  }

  #placeholder(word: NumberName): string {
    const { strings, language } = this.texts;
    const setting = this.defaults[word];
    const model = parameterTable[word].default;
    if (setting !== undefined) {
      return fill(strings.settingDefault, numberText(setting, language));
    }
    return model === undefined ? strings.seedPlaceholder : fill(strings.modelDefault, numberText(model, language));
  }

  #label(word: SettableName): TemplateResult {
    const { strings, parameters, language } = this.texts;
    const row = parameterTable[word];
    const open = this.openHelp.has(word);
    const { title } = parameters[word];
    return html`<div class="label-row">
      ${
        row.kind === "choice"
          ? html`<span class="label" id="${word}-label">${title}</span>`
          : html`<label for=${word}>${title}</label>`
      }
      ${
        row.kind === "choice" || word === "seed"
          ? nothing
          : html`<span class="range" id="${word}-range">${fill(strings.range, numberText(row.minimum, language), numberText(row.maximum, language))}</span>`
      }
      ${aboutButton(this.texts, { id: word, title, open }, () => {
        this.openHelp = new Set(open ? [...this.openHelp].filter((other) => other !== word) : [...this.openHelp, word]);
      })}
      ${row.kind === "choice" && this.values[word] !== undefined ? this.#resetChoice(word, title) : nothing}
    </div>`;
  }

  #resetChoice(word: SettableName, title: string): TemplateResult {
    const reset = fill(this.texts.strings.reset, title);
    return html`<button
      type="button"
      class="about last"
      aria-label=${reset}
      title=${reset}
      @click=${() => this.#reset(word)}
    >
      ${icon("discard")}
    </button>`;
  }

  #help(word: SettableName): TemplateResult {
    return helpText(word, this.texts.parameters[word].description, this.openHelp.has(word));
  }

  #set(word: SettableName, text: string): void {
    this.send({ kind: "parameter", word, text });
  }

  #reset(word: SettableName): void {
    this.#set(word, "");
    // The button goes away with the value: the focus must not go with it.
    this.querySelector<HTMLElement>(`#${word}`)?.focus();
  }
}

customElements.define("flf-parameters", ParametersElement);
