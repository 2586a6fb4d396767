import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Form } from "../../shared/messages/form.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Parameters, parameterTable, sizeOf } from "../../shared/model/parameters.ts";
import { lastSegment } from "../../shared/model/path.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import { otherSide, type Side, sides } from "../../shared/model/side.ts";
import type { Likeness } from "../../shared/prompt/lint.ts";
import { inputTitle } from "../../shared/texts.ts";
import { bothEnds } from "../kit/bothEnds.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { fieldMessage } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { planOf } from "../state/framing.ts";
import type { PairImage } from "../state/state.ts";
import { aspectText, enlargedText, isBlown, isCut, keptText } from "./captions.ts";
import { droppedUris, filesOf, holdFiles, mayHoldImages } from "./drop.ts";

/** The start and end images, each with the part of it that is sent, and the controls for framing them. */
class PairElement extends elementWith({
  images: given<Record<Side, PairImage | undefined>>(),
  draft: given<Form>(),
  /** The parameters that are sent. Their resolution determines the frame. */
  parameters: given<Parameters>(),
  messages: given<Partial<Record<Side, ShownProblem>>>(),
  /** How the two images compare at a glance. */
  likeness: given<Likeness | undefined>(),
  ask: given<Ask>(),
  /** True if an earlier draft can be restored. */
  hasEarlier: given<boolean>(),
  /** True while the real pixels replace the drawing. */
  exact: own(false),
}) {
  constructor() {
    super();
    this.addEventListener("paste", (event) => this.#paste(event));
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#side("start")}
      <vscode-toolbar-button
        class="swap"
        icon="arrow-swap"
        label=${l10n.t("Swap Start and End Image")}
        title=${l10n.t("Swap Start and End Image")}
        @click=${() => this.send({ kind: "swap" })}
      ></vscode-toolbar-button>
      ${this.#side("end")}
      <div class="pair-tools">
        ${this.#hint()}
        <div class="beginnings">
          <flf-recent-pairs .ask=${this.ask}></flf-recent-pairs>
          <button
            type="button"
            class="link"
            data-refuge
            @click=${() => this.send({ kind: "startAnew" })}
          >
            ${icon("clear-all")} ${l10n.t("Start Over")}
          </button>
          ${
            this.hasEarlier
              ? html`<button type="button" class="link" @click=${() => this.send({ kind: "backToDraft" })}>
                  ${icon("discard")} ${l10n.t("Restore My Draft")}
                </button>`
              : nothing
          }
        </div>
      </div>
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    // Without an image and a size, the frames have the shape of most videos.
    const { width, height } =
      this.parameters.resolution === undefined ? { width: 16, height: 9 } : sizeOf(this.parameters);
    this.style.setProperty("--ratio", String(width / height));
  }

  #side(side: Side): TemplateResult {
    const image = this.images[side];
    const problem = this.messages[side];
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
        <h2 class="unseen" id="${side}-title">${inputTitle(side)}</h2>
        ${image === undefined ? this.#empty(side, problem) : this.#picture(side, image)}
        ${fieldMessage(`${side}-message`, problem?.message, problem)}
      </section>
    `;
  }

  #empty(side: Side, problem: ShownProblem | undefined): TemplateResult {
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
        <span>${side === "start" ? l10n.t("Choose Start Image…") : l10n.t("Choose End Image…")}</span>
        <span class="hint" id="${side}-hint">${l10n.t("Paste, or hold Shift and drop one or two images.")}</span>
      </button>
      ${
        this.draft[otherSide(side)] === undefined
          ? nothing
          : html`<p class="caption">
              <button type="button" class="link" @click=${() => this.send({ kind: "useTwice", side })}>
                ${side === "start" ? l10n.t("Use the End Image Here Too (Loop)") : l10n.t("Use the Start Image Here Too (Loop)")}
              </button>
            </p>`
      }
    `;
  }

  #picture(side: Side, image: PairImage): TemplateResult {
    const path = this.draft[side] ?? "";
    switch (image.state) {
      case "loading":
        return this.#place(
          side,
          html`<div class="frame" id=${side} tabindex="-1" data-refuge>
            <span class="quiet">${icon("loading", "codicon-modifier-spin")} ${l10n.t("Reading the image…")}</span>
          </div>`,
        );
      case "failed":
        return html`${this.#place(
          side,
          html`<div class="frame" id=${side} tabindex="-1" data-refuge aria-describedby="${side}-message">
            <span class="quiet">${icon("error")}</span>
          </div>`,
        )}
          <p class="caption" title=${path}>
            <span class="file">${bothEnds(lastSegment(path))}</span>
            <button type="button" class="link" @click=${() => this.send({ kind: "readAgain", side })}>
              ${l10n.t("Try Again")}
            </button>
          </p>`;
      case "shown":
        return this.#shown(side, image, path);
    }
  }

  /**
   * A side's frame with the tools that lie on it. They are quiet until the pointer or the focus is there.
   * @param cut true if the tools for framing stay in sight
   */
  #place(
    side: Side,
    frame: TemplateResult,
    framing: TemplateResult | typeof nothing = nothing,
    cut = false,
  ): TemplateResult {
    const replace = side === "start" ? l10n.t("Replace Start Image…") : l10n.t("Replace End Image…");
    const clear = side === "start" ? l10n.t("Clear Start Image") : l10n.t("Clear End Image");
    return html`<div class="place" ?data-cut=${cut}>
      ${frame}
      <div class="corner">
        <vscode-toolbar-button
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
        ></vscode-toolbar-button>
      </div>
      ${framing}
    </div>`;
  }

  #shown(side: Side, image: PairImage & { state: "shown" }, path: string): TemplateResult {
    const { width, height } = image;
    const target = sizeOf(this.parameters);
    const plan = planOf(this.draft, side);
    const enlarged = enlargedText(image, target, plan);
    const frame = this.exact
      ? html`<flf-exact-pixels
          .side=${side}
          .name=${image.name}
          .path=${path}
          .resolution=${this.parameters.resolution ?? parameterTable.resolution.default}
          .plan=${plan}
          .ask=${this.ask}
        ></flf-exact-pixels>`
      : html`<flf-crop-frame
          .side=${side}
          .image=${image}
          .plan=${plan}
          .target=${target}
          .change=${(changed: CropPlan) => this.#frame(side, changed)}
        ></flf-crop-frame>`;
    return html`
      ${this.#place(side, frame, this.#framingOf(side, plan), isCut(image, target, plan))}
      <p class="caption" title=${path}>
        <span class="file">${bothEnds(image.name)}</span>
        <span>${l10n.t({ message: "{0} × {1} ({2})", args: [width, height, aspectText(image)], comment: ["Width, height and ratio such as 4:3"] })}</span>
        <span>${keptText(image, target, plan)}</span>
        ${
          enlarged === undefined
            ? nothing
            : isBlown(image, target, plan)
              ? html`<span class="warning">${icon("warning")} ${enlarged}</span>`
              : html`<span>${enlarged}</span>`
        }
        ${image.assumed === undefined ? nothing : html`<span>${image.assumed}</span>`}
      </p>
    `;
  }

  #hint(): TemplateResult | typeof nothing {
    const text =
      this.likeness === "same"
        ? l10n.t("Start and end look the same, so the video will loop. Say in the prompt what moves.")
        : this.likeness === "unlike"
          ? l10n.t("Start and end are very different. Say in the prompt how one becomes the other.")
          : "";
    return text === "" ? nothing : html`<p class="hint" id="pair-hint">${icon("info")}<span>${text}</span></p>`;
  }

  #framingOf(side: Side, plan: CropPlan): TemplateResult {
    const alike = this.draft.separate !== true;
    const framed = alike ? sides.filter((each) => this.draft[each] !== undefined) : [side];
    return html`<flf-framing
      .side=${side}
      .plan=${plan}
      .alike=${alike}
      .exact=${this.exact}
      .change=${(changed: CropPlan) => this.#frame(side, changed)}
      .edge=${() => this.send({ kind: "edges", sides: framed })}
      .setAlike=${(wanted: boolean) => this.send({ kind: "separate", separate: !wanted })}
      .setExact=${(wanted: boolean) => {
        this.exact = wanted;
      }}
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
    // A picture from a web page has an address there and often comes with its bytes.
    this.send(files.length > 0 && !holdFiles(uris) ? { kind: "keep", side, files } : { kind: "drop", side, uris });
  }

  /** Puts an image from the clipboard on the side that has the focus, or else on the first empty side. */
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
