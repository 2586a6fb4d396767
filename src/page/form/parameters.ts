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

/** All parameters of the model: the most important ones in view, the others in a section that opens. */
export class ParametersElement extends elementWith({
  /** Texts of the fields that are set. */
  values: given<Form["parameters"]>(),
  /** Values from the user's settings that replace the model's defaults. */
  defaults: given<Parameters>(),
  problems: given<Partial<Record<Field, ShownProblem>>>(),
  /** The resolution that fits the images best; undefined without images. */
  fitting: given<Resolution | undefined>(),
  /** False while a picture is loading that may change `fitting`. */
  settled: given<boolean>(),
  preset: given<ActivePreset | undefined>(),
  /** True if the start and the end are different images. */
  canLoop: given<boolean>(),
  /** Seed of the newest video. */
  lastSeed: given<number | undefined>(),
  /** How the images reach the service; undefined leaves it to the settings. */
  hosting: given<HostingChoice | undefined>(),
  /** The hosting chosen in the settings. */
  usualHosting: given<HostingChoice>(),
  openHelp: own<ReadonlySet<SettableName>>(new Set()),
  advancedOpen: own(false),
}) {
  /** Opens the advanced section if the field is in it. */
  async unfold(name: Field): Promise<void> {
    this.advancedOpen ||= advancedNames.some((advanced) => advanced === name);
    await this.updateComplete;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("problems");
    if (changed.has("problems") && advancedNames.some((name) => this.problems[name] && !before?.[name])) {
      this.advancedOpen = true;
    }
  }

  protected override render(): TemplateResult {
    const set =
      advancedNames.filter((name) => this.values[name] !== undefined && this.problems[name] === undefined).length +
      (this.hosting === undefined ? 0 : 1);
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
    // `auto` and `dataUri` do the same for a single video, so they share one entry.
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

  /** A choice in words. A choice without words of its own is shown as it is sent. */
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
      this.problems.seed === undefined
        ? html`<p class="state" id="seed-state">
        ${icon(isKept ? "lock" : "unlock")}<span>${isKept ? l10n.t("Used for every video until you clear it.") : l10n.t("New random seed for each video")}</span>
      </p>`
        : nothing,
    );
  }

  #number(
    name: NumberName,
    action: TemplateResult | typeof nothing = nothing,
    state: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const problem = this.problems[name];
    const text = this.values[name] ?? "";
    const reset =
      name === "seed"
        ? l10n.t("Use a New Random Seed for Each Video")
        : l10n.t({ message: "Reset {0}", args: [inputTitle(name)], comment: ["{0} is the title of a parameter"] });
    return html`<div class="field">
      ${this.#label(name)}
      <div class="input">
        <input
          id=${name}
          data-refuge
          inputmode=${parameterTable[name].kind === "integer" ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="${name}-message ${name}-range ${name === "seed" ? "seed-state " : ""}${name}-help"
          placeholder=${this.#placeholder(name)}
          .value=${live(text)}
          @input=${(event: InputEvent & { target: HTMLInputElement }) => this.#set(name, event.target.value)}
        />
        ${
          text === ""
            ? nothing
            : html`<vscode-toolbar-button
                icon="close"
                label=${reset}
                title=${reset}
                @click=${() => this.#reset(name)}
              ></vscode-toolbar-button>`
        }
        ${action}
      </div>
      ${fieldMessage(`${name}-message`, problem?.message, problem)} ${state} ${this.#help(name)}
    </div>`;
  }

  #placeholder(name: NumberName): string {
    const setting = this.defaults[name];
    const model = parameterTable[name].default;
    if (setting !== undefined) {
      return l10n.t("From settings ({0})", numberText(setting));
    }
    return model === undefined ? l10n.t("Random") : l10n.t("Model default ({0})", numberText(model));
  }

  #label(name: SettableName): TemplateResult {
    const row = parameterTable[name];
    const open = this.openHelp.has(name);
    const title = inputTitle(name);
    return html`<div class="label-row">
      ${
        row.kind === "choice"
          ? html`<span class="label" id="${name}-label">${title}</span>`
          : html`<label for=${name}>${title}</label>`
      }
      ${
        row.kind === "choice" || name === "seed"
          ? nothing
          : html`<span class="range" id="${name}-range">${rangeText(name)}</span>`
      }
      ${aboutButton({ id: name, title, open }, () => {
        this.openHelp = new Set(open ? [...this.openHelp].filter((other) => other !== name) : [...this.openHelp, name]);
      })}
      ${row.kind === "choice" && this.values[name] !== undefined ? this.#resetChoice(name, title) : nothing}
    </div>`;
  }

  #resetChoice(name: SettableName, title: string): TemplateResult {
    const reset = l10n.t({ message: "Reset {0}", args: [title], comment: ["{0} is the title of a parameter"] });
    return html`<button
      type="button"
      class="about last"
      aria-label=${reset}
      title=${reset}
      @click=${() => this.#reset(name)}
    >
      ${icon("discard")}
    </button>`;
  }

  #help(name: SettableName): TemplateResult {
    return helpText(name, inputHelp(name), this.openHelp.has(name));
  }

  #set(name: SettableName, text: string): void {
    this.send({ kind: "parameter", name, text });
  }

  #reset(name: SettableName): void {
    this.#set(name, "");
    // The button disappears with the value, so the focus must move to the field.
    this.querySelector<HTMLElement>(`#${name}`)?.focus();
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
