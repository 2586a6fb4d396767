import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../shared/messages/form.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Parameters, parameterTable, sizeOf } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import { otherSide, type Side, sides } from "../../shared/model/side.ts";
import { lastSegment } from "../../shared/path.ts";
import type { Likeness } from "../../shared/prompt/lint.ts";
import { PanelElement } from "../kit/element.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { fill, type Texts } from "../kit/texts.ts";
import { planOf } from "../state/framing.ts";
import type { PairImage } from "../state/state.ts";
import { aspectText, enlargedText, keptText } from "./captions.ts";
import { droppedUris, filesOf, holdFiles, mayHoldImages } from "./drop.ts";

/** Start and end image, each with what is sent of it, and the ways to frame them. */
export class PairElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    images: { attribute: false },
    draft: { attribute: false },
    parameters: { attribute: false },
    messages: { attribute: false },
    likeness: { attribute: false },
    ask: { attribute: false },
    hasEarlier: { attribute: false },
    exact: { state: true },
  };
  declare texts: Texts;
  declare images: Record<Side, PairImage | undefined>;
  declare draft: Form;
  /** What is sent, for its resolution. */
  declare parameters: Parameters;
  declare messages: Partial<Record<Side, ShownProblem>>;
  /** How the two compare at a glance. */
  declare likeness: Likeness | undefined;
  declare ask: Ask;
  /** True where an earlier draft can be gone back to. */
  declare hasEarlier: boolean;
  /** True while the real pixels are shown in place of the drawing. */
  declare exact: boolean;

  constructor() {
    super();
    this.exact = false;
    this.addEventListener("paste", (event) => this.#paste(event));
  }

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    return html`
      ${sides.map((side) => this.#side(side))}
      <vscode-toolbar-button
        class="swap"
        icon="arrow-swap"
        label=${strings.swap}
        title=${strings.swap}
        @click=${() => this.send({ kind: "swap" })}
      ></vscode-toolbar-button>
      <div class="framing-tools">
        ${this.#hint()} ${this.#framing()}
        <div class="beginnings">
          <flf-recent-pairs .texts=${this.texts} .ask=${this.ask}></flf-recent-pairs>
          <button
            type="button"
            class="link"
            data-refuge
            @click=${() => this.send({ kind: "startAnew" })}
          >
            ${icon("clear-all")} ${strings.startAnew}
          </button>
          ${
            this.hasEarlier
              ? html`<button type="button" class="link" @click=${() => this.send({ kind: "backToDraft" })}>
                  ${icon("discard")} ${strings.backToDraft}
                </button>`
              : nothing
          }
        </div>
      </div>
    `;
  }

  #side(side: Side): TemplateResult {
    const { strings, parameters } = this.texts;
    const image = this.images[side];
    const problem = this.messages[side];
    const replace = side === "start" ? strings.replaceStart : strings.replaceEnd;
    const clear = side === "start" ? strings.clearStart : strings.clearEnd;
    return html`
      <section
        class="image ${side}"
        data-side=${side}
        aria-labelledby="${side}-title"
        @dragenter=${this.#dragOver}
        @dragover=${this.#dragOver}
        @dragleave=${this.#dragLeave}
        @drop=${(event: DragEvent) => this.#drop(event, side)}
      >
        <header>
          <h2 id="${side}-title">${parameters[side].title}</h2>
          ${
            image === undefined
              ? nothing
              : html`<vscode-toolbar-button
                    icon="folder-opened"
                    label=${replace}
                    title=${replace}
                    @click=${() => this.send({ kind: "pick", side })}
                  ></vscode-toolbar-button>
                  <vscode-toolbar-button
                    icon="close"
                    label=${clear}
                    title=${clear}
                    @click=${() => this.send({ kind: "clear", side })}
                  ></vscode-toolbar-button>`
          }
        </header>
        ${image === undefined ? this.#empty(side, problem) : this.#picture(side, image)}
        ${fieldMessage(`${side}-message`, problem?.message, problem)}
        ${this.draft.separate === true && image?.state === "shown" ? this.#framingOf(side) : nothing}
      </section>
    `;
  }

  #empty(side: Side, problem: ShownProblem | undefined): TemplateResult {
    const { strings } = this.texts;
    return html`
      <button
        type="button"
        id=${side}
        class="tile"
        data-refuge
        aria-describedby="${side}-message ${side}-hint"
        ?data-invalid=${problem !== undefined}
        @click=${() => this.send({ kind: "pick", side })}
      >
        ${icon("file-media")}
        <span class="tile-label">${side === "start" ? strings.chooseStart : strings.chooseEnd}</span>
        <span class="hint" id="${side}-hint">${strings.dropHint}</span>
      </button>
      ${
        this.draft[otherSide(side)] === undefined
          ? nothing
          : html`<p class="caption">
              <button type="button" class="link" @click=${() => this.send({ kind: "useTwice", side })}>
                ${side === "start" ? strings.useTwiceStart : strings.useTwiceEnd}
              </button>
            </p>`
      }
    `;
  }

  #picture(side: Side, image: PairImage): TemplateResult {
    const { strings } = this.texts;
    const path = this.draft[side] ?? "";
    switch (image.state) {
      case "loading":
        return html`<div class="frame" id=${side} tabindex="-1" data-refuge>
          <span class="quiet">${icon("loading", "codicon-modifier-spin")} ${strings.loadingImage}</span>
        </div>`;
      case "failed":
        return html`<div class="frame" id=${side} tabindex="-1" data-refuge aria-describedby="${side}-message">
            <span class="quiet">${icon("error")}</span>
          </div>
          <p class="caption" title=${path}>
            <bdi class="file">${lastSegment(path)}</bdi>
            <button type="button" class="link" @click=${() => this.send({ kind: "readAgain", side })}>
              ${strings.readAgain}
            </button>
          </p>`;
      case "shown":
        return this.#shown(side, image, path);
    }
  }

  #shown(side: Side, image: PairImage & { state: "shown" }, path: string): TemplateResult {
    const { strings, language } = this.texts;
    const { width, height } = image;
    const target = sizeOf(this.parameters);
    const plan = planOf(this.draft, side);
    const enlarged = enlargedText(this.texts, image, target, plan);
    return html`
      ${
        this.exact
          ? html`<flf-result
              .texts=${this.texts}
              .side=${side}
              .name=${image.name}
              .path=${path}
              .resolution=${this.parameters.resolution ?? parameterTable.resolution.default}
              .plan=${plan}
              .ask=${this.ask}
            ></flf-result>`
          : html`<flf-crop-frame
              .texts=${this.texts}
              .side=${side}
              .image=${image}
              .plan=${plan}
              .target=${target}
              .change=${(changed: CropPlan) => this.#frame(side, changed)}
            ></flf-crop-frame>`
      }
      <p class="caption" title=${path}>
        <bdi class="file">${image.name}</bdi>
        <span>${fill(strings.pixelsAspect, width, height, aspectText(image, language))}</span>
        <span>${keptText(this.texts, image, target, plan)}</span>
        ${enlarged === undefined ? nothing : html`<span>${enlarged}</span>`}
        ${image.assumed === undefined ? nothing : html`<span>${image.assumed}</span>`}
      </p>
    `;
  }

  #hint(): TemplateResult | typeof nothing {
    const { strings } = this.texts;
    const text = this.likeness === "same" ? strings.pairSame : this.likeness === "unlike" ? strings.pairUnlike : "";
    return text === "" ? nothing : html`<p class="hint" id="pair-hint">${icon("info")}<span>${text}</span></p>`;
  }

  /** The controls for both images, as long as they are framed alike. */
  #framing(): TemplateResult | typeof nothing {
    const { strings } = this.texts;
    const shown = sides.filter((side) => this.images[side]?.state === "shown");
    const [first] = shown;
    if (first === undefined) {
      return nothing;
    }
    const separate = this.draft.separate === true;
    return html`
      ${
        separate
          ? nothing
          : html`<flf-framing
              .texts=${this.texts}
              .name=${"both"}
              .label=${strings.framing}
              .plan=${planOf(this.draft, first)}
              .change=${(plan: CropPlan) => this.#frame(first, plan)}
              .edge=${() => this.send({ kind: "edges", sides: sides.filter((side) => this.draft[side] !== undefined) })}
            ></flf-framing>`
      }
      <div class="framing">
        <label class="check">
          <input
            type="checkbox"
            .checked=${live(!separate)}
            @change=${(event: Event & { target: HTMLInputElement }) =>
              this.send({ kind: "separate", separate: !event.target.checked })}
          />
          <span>${strings.framedAlike}</span>
        </label>
        <label class="check">
          <input
            type="checkbox"
            .checked=${live(this.exact)}
            @change=${(event: Event & { target: HTMLInputElement }) => {
              this.exact = event.target.checked;
            }}
          />
          <span>${strings.showResult}</span>
        </label>
      </div>
    `;
  }

  #framingOf(side: Side): TemplateResult {
    const { strings, parameters } = this.texts;
    return html`<flf-framing
      .texts=${this.texts}
      .name=${side}
      .label=${fill(strings.framingOf, parameters[side].title)}
      .plan=${planOf(this.draft, side)}
      .change=${(plan: CropPlan) => this.#frame(side, plan)}
      .edge=${() => this.send({ kind: "edges", sides: [side] })}
    ></flf-framing>`;
  }

  #frame(side: Side, plan: CropPlan): void {
    this.send({ kind: "plans", plans: this.draft.separate === true ? { [side]: plan } : { start: plan, end: plan } });
  }

  #dragOver(event: DragEvent): void {
    if (event.dataTransfer === null || !mayHoldImages(event.dataTransfer)) {
      return;
    }
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(event, true);
  }

  #dragLeave(event: DragEvent): void {
    mark(event, false);
  }

  #drop(event: DragEvent, side: Side): void {
    mark(event, false);
    if (event.dataTransfer === null || !mayHoldImages(event.dataTransfer)) {
      return;
    }
    event.preventDefault();
    const uris = droppedUris(event.dataTransfer);
    const files = filesOf(event.dataTransfer);
    // What comes from a web page has an address there, and often its bytes along with it.
    this.send(files.length > 0 && !holdFiles(uris) ? { kind: "keep", side, files } : { kind: "drop", side, uris });
  }

  /** An image on the clipboard goes to the side that has the focus, else to the first that is empty. */
  #paste(event: ClipboardEvent): void {
    const files = filesOf(event.clipboardData).filter((file) => file.type.startsWith("image/"));
    if (files.length === 0) {
      return;
    }
    event.preventDefault();
    const place = event.target instanceof Element ? event.target.closest("[data-side]") : null;
    const side =
      sides.find((candidate) => candidate === place?.getAttribute("data-side")) ??
      sides.find((candidate) => this.draft[candidate] === undefined) ??
      "start";
    this.send({ kind: "keep", side, files });
  }
}

function mark(event: DragEvent, over: boolean): void {
  if (event.currentTarget instanceof Element) {
    event.currentTarget.toggleAttribute("data-over", over);
  }
}

customElements.define("flf-pair", PairElement);
