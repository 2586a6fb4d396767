import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Field, PageDraft, ShownProblem } from "../../shared/messages/panel.ts";
import { type HostingChoice, hostingKindOf, hostingKinds } from "../../shared/model/hosting.ts";
import {
  lengths,
  type Parameters,
  parameterTable,
  type Resolution,
  type SettableWord,
} from "../../shared/model/parameters.ts";
import { inputHelp, inputTitle, numberText } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import type { ActivePreset } from "../state/presets.ts";

type NumberWord = Exclude<SettableWord, "resolution" | "length">;
const advancedWords = ["steps", "cfg", "shift"] as const;

/** Every parameter of the model: the few that matter most in sight, the others one step away. */
export class ParametersElement extends elementWith({
  /** Texts of the fields that are set. */
  values: given<PageDraft["parameters"]>(),
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
  openHelp: own<ReadonlySet<SettableWord>>(new Set()),
  advancedOpen: own(false),
}) {
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
    const set =
      advancedWords.filter((word) => this.values[word] !== undefined).length + (this.hosting === undefined ? 0 : 1);
    return html`
      <flf-presets
        .active=${this.preset}
        .stepsSet=${this.defaults.steps !== undefined}
        .canLoop=${this.canLoop}
      ></flf-presets>
      <flf-size
        class="field"
        .value=${this.values.resolution}
        .standard=${this.defaults.resolution}
        .fitting=${this.fitting}
        .settled=${this.settled}
        .problem=${this.problems.resolution}
      ></flf-size>
      ${this.#length()}
      <div class="columns">${this.#number("fps")} ${this.#seed()}</div>
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
        <div class="columns three">${advancedWords.map((word) => this.#number(word))}</div>
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

  #length(): TemplateResult {
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
            <span>${length > parameterTable.length.default ? l10n.t("{0} frames (experimental)", length) : l10n.t("{0} frames", length)}</span>
          </label>`,
        )}
      </div>
      ${fieldMessage("length-message", this.problems.length?.message, this.problems.length)} ${this.#help("length")}
    </div>`;
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
    word: NumberWord,
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

  #placeholder(word: NumberWord): string {
    const setting = this.defaults[word];
    const model = parameterTable[word].default;
    if (setting !== undefined) {
      return l10n.t("From settings ({0})", numberText(setting));
    }
    return model === undefined ? l10n.t("Random") : l10n.t("Model default ({0})", numberText(model));
  }

  #label(word: SettableWord): TemplateResult {
    const row = parameterTable[word];
    const open = this.openHelp.has(word);
    const title = inputTitle(word);
    return html`<div class="label-row">
      ${
        word === "length"
          ? html`<span class="label" id="length-label">${title}</span>`
          : html`<label for=${word}>${title}</label>`
      }
      ${
        row.kind === "choice" || word === "seed"
          ? nothing
          : html`<span class="range" id="${word}-range">${l10n.t({ message: "{0}–{1}", args: [numberText(row.minimum), numberText(row.maximum)], comment: ["Lowest and highest allowed number"] })}</span>`
      }
      ${aboutButton({ id: word, title, open }, () => {
        this.openHelp = new Set(open ? [...this.openHelp].filter((other) => other !== word) : [...this.openHelp, word]);
      })}
      ${row.kind === "choice" && this.values[word] !== undefined ? this.#resetChoice(word, title) : nothing}
    </div>`;
  }

  #resetChoice(word: SettableWord, title: string): TemplateResult {
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

  #help(word: SettableWord): TemplateResult {
    return helpText(word, inputHelp(word), this.openHelp.has(word));
  }

  #set(word: SettableWord, text: string): void {
    this.send({ kind: "parameter", word, text });
  }

  #reset(word: SettableWord): void {
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
