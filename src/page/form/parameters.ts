import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../shared/messages/form.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type HostingChoice, hostingKindOf, hostingKinds } from "../../shared/model/hosting.ts";
import {
  type NumberName,
  numberNames,
  type Parameters,
  parameterTable,
  type Resolution,
  type SettableName,
  settableNames,
} from "../../shared/model/parameters.ts";
import { inputHelp, inputTitle, videoSummary } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import type { ActivePreset } from "../state/presets.ts";
import { ChoiceElement } from "./choice.ts";
import {
  choiceLabel,
  framesValue,
  rateValue,
  seedValue,
  sizeValue,
  usedResolution,
  validParameters,
} from "./choiceTexts.ts";
import { presetValue } from "./presets.ts";
import { shapeGlyph } from "./shapeGlyph.ts";
import "./numberField.ts";

const isAdvanced = (name: SettableName) => parameterTable[name].place === "advanced";
const advancedNames = numberNames.filter(isAdvanced);

/** What the parts of a choice need: its name in the page, title, value, sign and content. */
interface Choice {
  readonly name: string;
  readonly title: string;
  readonly value: string;
  readonly sign?: TemplateResult;
  /** The parameters that it sets. */
  readonly sets: readonly SettableName[];
  readonly content: TemplateResult;
}

/** All parameters of the model in one row of choices. Each says its value, and opens. */
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
  framesHelpOpen: own(false),
}) {
  /** Opens the choice that the field is in. */
  async unfold(field: Field): Promise<void> {
    await this.updateComplete;
    const choice = this.#choices().find(({ sets }) => sets.some((name) => name === field));
    const element = choice && this.querySelector(`#choice-${choice.name}`)?.parentElement;
    if (element instanceof ChoiceElement) {
      await element.show();
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="choices">
      ${this.#choices().map(
        ({ name, title, value, sign, sets, content }) => html`<flf-choice
          .name=${name}
          .label=${choiceLabel(title, value)}
          .heading=${title}
          .value=${value}
          .sign=${sign ?? nothing}
          .problem=${sets.map((each) => this.problems[each]?.message).find((problem) => problem !== undefined)}
          .content=${content}
          .tall=${sets.length !== 1 || name === "size"}
        ></flf-choice>`,
      )}
    </div>`;
  }

  #choices(): Choice[] {
    const used = usedResolution(this);
    return [
      {
        name: "size",
        title: inputTitle("resolution"),
        value: sizeValue(this),
        ...(used !== undefined && { sign: shapeGlyph(used) }),
        sets: ["resolution"],
        content: this.#resolution(),
      },
      {
        name: "frames",
        title: inputTitle("length"),
        value: framesValue(this),
        sets: ["length"],
        content: this.#frames(),
      },
      {
        name: "rate",
        title: inputTitle("fps"),
        value: rateValue(this),
        sets: ["fps"],
        content: this.#number("fps", nothing, this.#duration(used)),
      },
      {
        name: "seed",
        title: inputTitle("seed"),
        value: seedValue(this),
        sign: icon((this.values.seed ?? "") === "" ? "refresh" : "lock"),
        sets: ["seed"],
        content: this.#seed(),
      },
      {
        name: "preset",
        title: l10n.t("Preset"),
        value: presetValue(this.preset),
        sets: [],
        content: html`<flf-presets
          .active=${this.preset}
          .stepsSet=${this.defaults.steps !== undefined}
          .canLoop=${this.canLoop}
        ></flf-presets>`,
      },
      {
        name: "advanced",
        title: l10n.t("Advanced Settings"),
        value: this.#advancedValue(),
        sign: icon("settings"),
        sets: settableNames.filter(isAdvanced),
        content: html`${advancedNames.map((name) => this.#number(name))} ${this.#hosting()}`,
      },
    ];
  }

  #advancedValue(): string {
    const set =
      advancedNames.filter((name) => this.values[name] !== undefined && this.problems[name] === undefined).length +
      (this.hosting === undefined ? 0 : 1);
    return set === 0
      ? l10n.t("Advanced")
      : l10n.t({
          message: "Advanced · {0} set",
          args: [set],
          comment: ["{0} is how many advanced parameters the user has set"],
        });
  }

  #hosting(): TemplateResult {
    // `auto` and `dataUri` do the same for a single video, so they share one entry.
    const choices = hostingKinds.map((kind) => [kind, hostingText(kind)] as const);
    return html`<div class="field">
      <div class="label-row"><label for="hosting">${l10n.t("Image Hosting")}</label></div>
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
    </div>`;
  }

  #resolution(): TemplateResult {
    return html`<flf-size
      .value=${this.values.resolution}
      .standard=${this.defaults.resolution}
      .fitting=${this.fitting}
      .settled=${this.settled}
      .problem=${this.problems.resolution}
    ></flf-size>`;
  }

  #frames(): TemplateResult {
    const row = parameterTable.length;
    const title = inputTitle("length");
    const standard = this.defaults.length ?? row.default;
    const chosen = this.values.length ?? String(standard);
    return html`<div
      class="field"
      role="radiogroup"
      aria-labelledby="length-label"
      aria-describedby="length-message length-help"
    >
      <div class="label-row">
        <span class="label" id="length-label">${title}</span>
        ${aboutButton({ id: "length", title, open: this.framesHelpOpen }, () => {
          this.framesHelpOpen = !this.framesHelpOpen;
        })}
        ${this.values.length === undefined ? nothing : this.#resetFrames(title)}
      </div>
      <div class="radios" id="length" tabindex="-1" data-refuge>
        ${row.choices.map(
          (choice) => html`<label>
            <input
              type="radio"
              name="length"
              value=${choice}
              .checked=${live(String(choice) === chosen)}
              @change=${() => this.#set("length", choice === standard ? "" : String(choice))}
            />
            <span>${choice === row.default ? l10n.t("{0} frames", choice) : l10n.t("{0} frames (experimental)", choice)}</span>
          </label>`,
        )}
      </div>
      ${fieldMessage("length-message", this.problems.length?.message, this.problems.length)}
      ${helpText("length", inputHelp("length"), this.framesHelpOpen)}
    </div>`;
  }

  #resetFrames(title: string): TemplateResult {
    const reset = l10n.t({ message: "Reset {0}", args: [title], comment: ["{0} is the title of a parameter"] });
    return html`<button
      type="button"
      class="about last"
      aria-label=${reset}
      title=${reset}
      @click=${() => {
        this.#set("length", "");
        // The button disappears with the value, so the focus must move to the choices.
        this.querySelector<HTMLElement>("#length")?.focus();
      }}
    >
      ${icon("discard")}
    </button>`;
  }

  /** What the rate makes of the frames. */
  #duration(used: Resolution | undefined): TemplateResult | typeof nothing {
    if (this.problems.fps !== undefined || this.problems.length !== undefined) {
      return nothing;
    }
    return html`<p class="state" id="fps-state">
      <span>${videoSummary({ ...validParameters(this), ...(used !== undefined && { resolution: used }) })}</span>
    </p>`;
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
    return html`<flf-number-field
      class="field"
      .name=${name}
      .text=${this.values[name] ?? ""}
      .standard=${this.defaults[name]}
      .problem=${this.problems[name]}
      .action=${action}
      .state=${state}
    ></flf-number-field>`;
  }

  #set(name: SettableName, text: string): void {
    this.send({ kind: "parameter", name, text });
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
