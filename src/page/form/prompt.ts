import { html, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { PanelStrings } from "../../shared/messages/panel.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Finding, type Likeness, lintPrompt } from "../../shared/prompt/lint.ts";
import {
  type ChipGroup,
  chipInsertion,
  chips,
  countWords,
  neighbour,
  placeholders,
  type Span,
  type Starter,
  starterIds,
  starters,
} from "../../shared/prompt/prompting.ts";
import { PanelElement } from "../kit/element.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import type { Ask } from "../kit/host.ts";
import "./promptHistory.ts";
import { fieldMessage } from "../kit/notice.ts";
import { hintList, stillHolding } from "./hints.ts";
import "../kit/menu.ts";
import type { MenuItem } from "../kit/menu.ts";
import { promptCountText, type Texts } from "../kit/texts.ts";

/** How long the typing must rest before a new hint appears, ms. */
const restBeforeHints = 1000;

const starterTitles: Readonly<Record<Starter, keyof PanelStrings>> = {
  camera: "starterCamera",
  time: "starterTime",
  pose: "starterPose",
  morph: "starterMorph",
  reveal: "starterReveal",
  scale: "starterScale",
  screen: "starterScreen",
  loop: "starterLoop",
  unlike: "starterUnlike",
};

const chipTitles: Readonly<Record<ChipGroup, keyof PanelStrings>> = {
  camera: "chipsCamera",
  pace: "chipsPace",
  amplitude: "chipsAmplitude",
};

/** The prompt with its length, what helps to write it, and hints on it. */
export class PromptElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    prompt: { attribute: false },
    problem: { attribute: false },
    likeness: { attribute: false },
    ask: { attribute: false },
    helpOpen: { state: true },
    hints: { state: true },
  };
  declare texts: Texts;
  declare prompt: string;
  declare problem: ShownProblem | undefined;
  /** How the two images compare, as soon as it is known. */
  declare likeness: Likeness | undefined;
  declare ask: Ask;
  declare helpOpen: boolean;
  declare hints: readonly Finding[];
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** True from a key until the typing rests. */
  #typing = false;

  constructor() {
    super();
    this.helpOpen = false;
    this.hints = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#rest);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("prompt") || changed.has("likeness")) {
      const found = this.#lint();
      this.hints = this.#typing ? stillHolding(this.hints, found) : found;
    }
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
        <span class="range last" id="prompt-count">${promptCountText(this.texts, words, [...this.prompt].length)}</span>
      </div>
      <textarea
        id="prompt"
        rows="5"
        dir="auto"
        aria-required="true"
        aria-invalid=${this.problem === undefined ? "false" : "true"}
        aria-describedby="prompt-message prompt-hints prompt-help"
        placeholder=${strings.promptPlaceholder}
        .value=${live(this.prompt)}
        @input=${(event: InputEvent & { target: HTMLTextAreaElement }) => this.#onInput(event.target.value)}
        @keydown=${this.#onKey}
        @blur=${this.#settle}
      ></textarea>
      <div class="prompt-tools">
        <flf-menu
          .name=${"starters"}
          .label=${strings.starters}
          .items=${this.#starterItems()}
          .choose=${(id: string) => this.#insertStarter(id)}
        ></flf-menu>
        ${(["camera", "pace", "amplitude"] as const).map(
          (group) => html`<flf-menu
            .name=${`chips-${group}`}
            .label=${strings[chipTitles[group]]}
            .items=${Object.values(chips[group]).map((words): MenuItem => ({ id: words, title: words }))}
            .choose=${(words: string) => this.#insertChip(group, words)}
          ></flf-menu>`,
        )}
        <flf-history
          .texts=${this.texts}
          .ask=${this.ask}
          .choose=${(prompt: string) => this.#replaceAll(prompt, strings.historyInserted)}
        ></flf-history>
      </div>
      ${fieldMessage("prompt-message", this.problem?.message, this.problem)} ${hintList(this.texts, this.hints)}
      ${helpText("prompt", parameters.prompt.description, this.helpOpen)}
    `;
  }

  #starterItems(): MenuItem[] {
    const { strings } = this.texts;
    return starterIds.map((id) => ({ id, title: strings[starterTitles[id]], detail: starters[id] }));
  }

  #lint(): Finding[] {
    return lintPrompt(this.prompt, { language: this.texts.language, likeness: this.likeness });
  }

  #onInput(text: string): void {
    clearTimeout(this.#rest);
    this.#typing = true;
    this.#rest = setTimeout(() => this.#settle(), restBeforeHints);
    this.send({ kind: "prompt", text });
  }

  /** Shows every hint that holds. */
  #settle(): void {
    clearTimeout(this.#rest);
    this.#typing = false;
    this.hints = this.#lint();
  }

  #onKey(event: KeyboardEvent & { target: HTMLTextAreaElement }): void {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    const { selectionStart: start, selectionEnd: end, value } = event.target;
    const next = neighbour(value, { start, end }, event.shiftKey ? "before" : "after");
    // Where no braces are left on the way, the key does what it always does.
    if (next !== undefined) {
      event.preventDefault();
      event.target.setSelectionRange(next.start, next.end);
    }
  }

  #insertStarter(chosen: string): void {
    const id = starterIds.find((candidate) => candidate === chosen);
    if (id === undefined) {
      return;
    }
    const text = starters[id];
    this.#replaceAll(text, this.texts.strings.starterInserted);
    const [first] = placeholders(text);
    if (first !== undefined) {
      this.#area().setSelectionRange(first.start, first.end);
    }
  }

  #replaceAll(text: string, announcement: string): void {
    const area = this.#area();
    this.#type({ start: 0, end: area.value.length }, text);
    this.send({ kind: "tell", text: announcement });
  }

  #insertChip(group: ChipGroup, words: string): void {
    const { value, selectionStart, selectionEnd } = this.#area();
    const { over, text } = chipInsertion(value, { start: selectionStart, end: selectionEnd }, group, words);
    this.#type(over, text);
  }

  /** Types a text as the keyboard would: only so can Undo take it back. */
  #type(over: Span, text: string): void {
    const area = this.#area();
    area.focus();
    area.setSelectionRange(over.start, over.end);
    document.execCommand("insertText", false, text);
    this.#settle();
  }

  #area(): HTMLTextAreaElement {
    const area = this.querySelector<HTMLTextAreaElement>("#prompt");
    if (area === null) {
      throw new Error("The prompt is not there.");
    }
    return area;
  }
}

customElements.define("flf-prompt", PromptElement);
