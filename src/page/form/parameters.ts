import * as l10n from "@vscode/l10n";
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
import { inputHelp, inputTitle, numberText, rangeText } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import type { ActivePreset } from "../state/presets.ts";

const isAdvanced = (name: SettableName) => parameterTable[name].place === "advanced";
const advancedNames = settableNames.filter(isAdvanced);

/** Every parameter of the model: the few that matter most in sight, the others one step away. */
export class ParametersElement extends elementWith({
  /** Texts of the fields that are set. */
  values: given<Form["parameters"]>(),
  /** What the user's settings put in place of the model's defaults. */
  defaults: given<Parameters>(),
  problems: given<Partial<Record<Field, ShownProblem>>>(),
  /** The resolution that suits the images best; undefined without any. */
  fitting: given<Resolution | undefined>(),
  /** False while `fitting` may change with a picture that is on its way. */
  settled: given<boolean>(),
  preset: given<ActivePreset | undefined>(),
  /** True where start and end are two images. */
  canLoop: given<boolean>(),
  /** Of the newest video. */
  lastSeed: given<number | undefined>(),
  /** How the images get to the service; undefined leaves it to the settings. */
  hosting: given<HostingChoice | undefined>(),
  /** What the settings say of that. */
  usualHosting: given<HostingChoice>(),
  openHelp: own<ReadonlySet<SettableName>>(new Set()),
  advancedOpen: own(false),
}) {
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
    const set =
      advancedNames.filter((word) => this.values[word] !== undefined).length + (this.hosting === undefined ? 0 : 1);
    return html`
      <flf-presets
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
          ${icon("chevron-right")}<span>${l10n.t("Advanced")}</span>
          ${set === 0 ? nothing : html`<span class="set">${l10n.t({ message: "{0} set", args: [set], comment: ["{0} is how many advanced parameters the user has set"] })}</span>`}
        </summary>
        ${this.#choices(true)}
        <div class="columns three">${this.#numbers(true)}</div>
        ${this.#hosting()}
      </details>
    `;
  }

  #hosting(): TemplateResult {
    // `auto` and `dataUri` are one and the same for a single video.
    const choices = hostingKinds.map((kind) => [kind, hostingText(kind)] as const);
    return html`<div class="field">
      <div class="label-row"><label for="hosting">${l10n.t("Image Hosting")}</label></div>
      <div class="select">
        <select
          id="hosting"
          @change=${(event: Event & { target: HTMLSelectElement }) => {
            this.send({ kind: "hosting", choice: hostingKinds.find((kind) => kind === event.target.value) });
          }}
        >
          <option value="" .selected=${this.hosting === undefined}>
            ${l10n.t({ message: "From settings ({0})", args: [hostingText(this.usualHosting)], comment: ["{0} is a way for the images, such as “Embedded in the request”"] })}
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
    if (name !== "length") {
      return String(choice);
    }
    return choice === parameterTable.length.default
      ? l10n.t("{0} frames", choice)
      : l10n.t("{0} frames (experimental)", choice);
  }

  #seed(): TemplateResult {
    const { lastSeed } = this;
    const isKept = (this.values.seed ?? "") !== "";
    const reuse =
      lastSeed === undefined
        ? ""
        : l10n.t({ message: "Use Seed of the Last Video ({0})", args: [lastSeed], comment: ["{0} is a number"] });
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
          label=${l10n.t("Lock a Random Seed")}
          title=${l10n.t("Lock a Random Seed")}
          @click=${() => this.send({ kind: "drawSeed" })}
        ></vscode-toolbar-button>`,
      html`<p class="state" id="seed-state">
        ${icon(isKept ? "lock" : "unlock")}<span>${isKept ? l10n.t("Used for every video until you clear it.") : l10n.t("New random seed for each video")}</span>
      </p>`,
    );
  }

  #number(
    word: NumberName,
    action: TemplateResult | typeof nothing = nothing,
    state: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const problem = this.problems[word];
    const text = this.values[word] ?? "";
    const reset =
      word === "seed"
        ? l10n.t("Use a New Random Seed for Each Video")
        : l10n.t({ message: "Reset {0}", args: [inputTitle(word)], comment: ["{0} is the title of a parameter"] });
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
    const setting = this.defaults[word];
    const model = parameterTable[word].default;
    if (setting !== undefined) {
      return l10n.t("From settings ({0})", numberText(setting));
    }
    return model === undefined ? l10n.t("Random") : l10n.t("Model default ({0})", numberText(model));
  }

  #label(word: SettableName): TemplateResult {
    const row = parameterTable[word];
    const open = this.openHelp.has(word);
    const title = inputTitle(word);
    return html`<div class="label-row">
      ${
        row.kind === "choice"
          ? html`<span class="label" id="${word}-label">${title}</span>`
          : html`<label for=${word}>${title}</label>`
      }
      ${
        row.kind === "choice" || word === "seed"
          ? nothing
          : html`<span class="range" id="${word}-range">${rangeText(word)}</span>`
      }
      ${aboutButton({ id: word, title, open }, () => {
        this.openHelp = new Set(open ? [...this.openHelp].filter((other) => other !== word) : [...this.openHelp, word]);
      })}
      ${row.kind === "choice" && this.values[word] !== undefined ? this.#resetChoice(word, title) : nothing}
    </div>`;
  }

  #resetChoice(word: SettableName, title: string): TemplateResult {
    const reset = l10n.t({ message: "Reset {0}", args: [title], comment: ["{0} is the title of a parameter"] });
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
    return helpText(word, inputHelp(word), this.openHelp.has(word));
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

function hostingText(choice: HostingChoice): string {
  switch (choice) {
    case "auto":
    case "dataUri":
      return l10n.t("Embedded in the request");
    case "s3":
      return l10n.t("Upload to S3 storage");
    case "put":
      return l10n.t("Upload by HTTP PUT");
  }
}

customElements.define("flf-parameters", ParametersElement);
