import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Finding, type Likeness, lintPrompt } from "../../shared/prompt/lint.ts";
import {
  type ChipGroup,
  chipInsertion,
  chipPlace,
  chips,
  countWords,
  neighbor,
  placeholders,
  type Span,
  type Starter,
  starterIds,
  starters,
} from "../../shared/prompt/prompting.ts";
import { inputHelp, inputTitle, userLanguage } from "../../shared/texts.ts";
import { aboutButton, helpText } from "../kit/help.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import "./promptHistory.ts";
import { fieldMessage } from "../kit/notice.ts";
import { hintList, promptCountText, stillHolding } from "./hints.ts";
import "../kit/menu.ts";
import type { MenuItem } from "../kit/menu.ts";

/** How long typing must pause before a new hint appears, ms. */
const hintDelay = 1000;

/** The prompt with its length, tools for writing it, and hints. */
class PromptElement extends elementWith({
  prompt: given<string>(),
  problem: given<ShownProblem | undefined>(),
  /** How the two images compare; undefined until it is known. */
  likeness: given<Likeness | undefined>(),
  /** Paths of the images. */
  start: given<string | undefined>(),
  end: given<string | undefined>(),
  ask: given<Ask>(),
  helpOpen: own(false),
  hints: own<readonly Finding[]>([]),
  /** What the prompt has from elsewhere: it is another pair's, or it just took the place of the user's own text. */
  origin: own<"lastPair" | "replaced" | undefined>(undefined),
}) {
  #hintTimer: ReturnType<typeof setTimeout> | undefined;
  /** True from a key press until typing pauses. */
  #typing = false;
  /** The images that were there when the prompt was written. */
  #writtenFor: readonly (string | undefined)[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#hintTimer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const images = [this.start, this.end];
    if (changed.has("prompt")) {
      this.#writtenFor = images;
      this.origin = this.origin === "lastPair" ? undefined : this.origin;
    } else if (
      (changed.has("start") || changed.has("end")) &&
      this.prompt.trim() !== "" &&
      [...this.#writtenFor, ...images].every((path) => path !== undefined) &&
      images.every((path) => !this.#writtenFor.includes(path))
    ) {
      this.origin = "lastPair";
    }
    if (changed.has("prompt") || changed.has("likeness")) {
      const found = this.#lint();
      this.hints = this.#typing ? stillHolding(this.hints, found) : found;
    }
  }

  protected override render(): TemplateResult {
    const words = countWords(this.prompt, userLanguage());
    return html`
      <div class="prompt-box">
        <label class="unseen" for="prompt">${inputTitle("prompt")}</label>
        <textarea
          id="prompt"
          rows="3"
          dir="auto"
          aria-required="true"
          aria-invalid=${this.problem === undefined ? "false" : "true"}
          aria-describedby="prompt-message prompt-hints prompt-help"
          placeholder=${l10n.t("What moves or changes between the two images, and what does the camera do?")}
          .value=${live(this.prompt)}
          @input=${(event: InputEvent & { target: HTMLTextAreaElement }) => this.#onInput(event.target.value)}
          @keydown=${this.#onKey}
          @blur=${this.#settle}
        ></textarea>
        <div class="prompt-tools">
          <flf-menu
            .name=${"starters"}
            .label=${l10n.t("Starters")}
            .items=${this.#starterItems()}
            .choose=${(id: string) => this.#insertStarter(id)}
          ></flf-menu>
          ${(["camera", "pace", "amplitude"] as const).map(
            (group) => html`<flf-menu
              .name=${`chips-${group}`}
              .label=${chipTitle(group)}
              .items=${Object.values(chips[group]).map((words): MenuItem => ({ id: words, title: words }))}
              .choose=${(words: string) => this.#insertChip(group, words)}
            ></flf-menu>`,
          )}
          <flf-prompt-history
            .ask=${this.ask}
            .choose=${(prompt: string) => this.#replaceAll(prompt, l10n.t("Prompt inserted. Undo restores your text."))}
          ></flf-prompt-history>
          <span class="range last" id="prompt-count">${promptCountText(words, [...this.prompt].length)}</span>
          ${this.prompt === "" ? nothing : this.#clearButton()}
          ${aboutButton({ id: "prompt", title: inputTitle("prompt"), open: this.helpOpen }, () => {
            this.helpOpen = !this.helpOpen;
          })}
        </div>
      </div>
      ${this.#origin()} ${fieldMessage("prompt-message", this.problem?.message, this.problem)} ${hintList(this.hints)}
      ${helpText("prompt", inputHelp("prompt"), this.helpOpen)}
    `;
  }

  #clearButton(): TemplateResult {
    const label = l10n.t("Clear Prompt");
    return html`<button type="button" class="about" aria-label=${label} title=${label} @click=${() => this.#clear()}>
      ${icon("clear-all")}
    </button>`;
  }

  /** Where the prompt comes from, if the user may not expect it, with the way back. */
  #origin(): TemplateResult | typeof nothing {
    switch (this.origin) {
      case undefined:
        return nothing;
      case "lastPair":
        return html`<p class="suggestion">
          ${icon("history")}<span>${l10n.t("This prompt is from your last pair.")}</span>
          <button type="button" class="link" @click=${() => this.#clear()}>${l10n.t("Clear")}</button>
        </p>`;
      case "replaced":
        return html`<p class="suggestion">
          ${icon("history")}<span>${l10n.t("Your text was replaced.")}</span>
          <button type="button" class="link" @click=${() => this.#undo()}>${l10n.t("Undo")}</button>
        </p>`;
    }
  }

  #starterItems(): MenuItem[] {
    return starterIds.map((id) => ({ id, title: starterTitle(id), detail: starters[id] }));
  }

  #lint(): Finding[] {
    return lintPrompt(this.prompt, { language: userLanguage(), likeness: this.likeness });
  }

  #onInput(text: string): void {
    clearTimeout(this.#hintTimer);
    this.#typing = true;
    this.#hintTimer = setTimeout(() => this.#settle(), hintDelay);
    this.send({ kind: "prompt", text });
    // After the text was sent: drawn before that, the field would get its old text back.
    this.origin = undefined;
  }

  /** Shows every hint that applies. */
  #settle(): void {
    clearTimeout(this.#hintTimer);
    this.#typing = false;
    this.hints = this.#lint();
  }

  #onKey(event: KeyboardEvent & { target: HTMLTextAreaElement }): void {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    const { selectionStart: start, selectionEnd: end, value } = event.target;
    const next = neighbor(value, { start, end }, event.shiftKey ? "before" : "after");
    // With no braces left in that direction, Tab keeps its usual effect.
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
    this.#replaceAll(
      text,
      l10n.t(
        "Starter inserted. Fill in the braces. Tab moves to the next placeholder and, after the last one, out of the prompt. Undo restores your text.",
      ),
    );
    const [first] = placeholders(text);
    if (first !== undefined) {
      this.#area().setSelectionRange(first.start, first.end);
    }
  }

  #replaceAll(text: string, announcement: string): void {
    const area = this.#area();
    const isReplaced = area.value.trim() !== "" && area.value !== text;
    this.#type({ start: 0, end: area.value.length }, text);
    this.origin = isReplaced && text !== "" ? "replaced" : undefined;
    this.send({ kind: "tell", text: announcement });
  }

  #clear(): void {
    this.#replaceAll("", l10n.t("Prompt cleared. Undo restores your text."));
  }

  #undo(): void {
    this.#area().focus();
    document.execCommand("undo");
    this.origin = undefined;
  }

  #insertChip(group: ChipGroup, words: string): void {
    const { value, selectionStart, selectionEnd } = this.#area();
    const place = chipPlace(value, { start: selectionStart, end: selectionEnd });
    const { over, text } = chipInsertion(value, place, group, words);
    this.#type(over, text);
  }

  /** Types a text as the keyboard would, because Undo can only take back typed text. */
  #type(over: Span, text: string): void {
    const area = this.#area();
    area.focus();
    area.setSelectionRange(over.start, over.end);
    document.execCommand(text === "" ? "delete" : "insertText", false, text);
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

function starterTitle(id: Starter): string {
  switch (id) {
    case "camera":
      return l10n.t("Camera Move");
    case "time":
      return l10n.t("Day to Night");
    case "pose":
      return l10n.t("Pose Change");
    case "morph":
      return l10n.t("Transformation");
    case "reveal":
      return l10n.t("Product Reveal");
    case "scale":
      return l10n.t("Detail to Whole");
    case "screen":
      return l10n.t("Screen to Screen");
    case "loop":
      return l10n.t("Idle Loop");
    case "unlike":
      return l10n.t("Different Scenes");
  }
}

function chipTitle(group: ChipGroup): string {
  switch (group) {
    case "camera":
      return l10n.t({ message: "Camera", comment: ["Menu of camera moves to insert"] });
    case "pace":
      return l10n.t({ message: "Pace", comment: ["Menu of words for speed to insert"] });
    case "amplitude":
      return l10n.t({ message: "Strength", comment: ["Menu of words for the amount of motion to insert"] });
  }
}

customElements.define("flf-prompt", PromptElement);
