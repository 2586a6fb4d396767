import { html, nothing, svg, type TemplateResult } from "lit";
import { coverCrop } from "../../src/images/crop.ts";
import { type Parameters, sizeOf } from "../../src/model/parameters.ts";
import { type PageDraft, type ShownProblem, type Side, sides } from "../../src/ui/panel/protocol.ts";
import { PanelElement } from "./element.ts";
import { icon } from "./icon.ts";
import { fieldMessage } from "./notice.ts";
import type { PairImage } from "./state.ts";
import { fill, type Texts } from "./texts.ts";

/** Start and end image, each with what the crop to the chosen resolution leaves of it. */
export class PairElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    images: { attribute: false },
    paths: { attribute: false },
    parameters: { attribute: false },
    messages: { attribute: false },
  };
  declare texts: Texts;
  declare images: Record<Side, PairImage | undefined>;
  declare paths: Pick<PageDraft, Side>;
  /** What is sent, for its resolution. */
  declare parameters: Parameters;
  declare messages: Partial<Record<Side, ShownProblem>>;

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
        aria-describedby="${side}-message ${side}-hint"
        ?data-invalid=${problem !== undefined}
        @click=${() => this.send({ kind: "pick", side })}
      >
        ${icon("file-media")}
        <span class="tile-label">${side === "start" ? strings.chooseStart : strings.chooseEnd}</span>
        <span class="hint" id="${side}-hint">${strings.dropHint}</span>
      </button>
    `;
  }

  #picture(side: Side, image: PairImage): TemplateResult {
    const { strings } = this.texts;
    const path = this.paths[side] ?? "";
    switch (image.state) {
      case "loading":
        return html`<div class="frame" id=${side} tabindex="-1">
          <span class="quiet">${icon("loading", "codicon-modifier-spin")} ${strings.loadingImage}</span>
        </div>`;
      case "failed":
        return html`<div class="frame" id=${side} tabindex="-1" aria-describedby="${side}-message">
            <span class="quiet">${icon("error")}</span>
          </div>
          <p class="caption" title=${path}><span class="file">${path.split(/[\\/]/).at(-1)}</span></p>`;
      case "shown":
        return this.#shown(side, image, path);
    }
  }

  #shown(side: Side, image: PairImage & { state: "shown" }, path: string): TemplateResult {
    const { strings, language } = this.texts;
    const { width, height } = image;
    const { rect, lost } = coverCrop({ width, height }, sizeOf(this.parameters));
    const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(lost.share);
    // Below half a percent the crop is a matter of rounding, not of the picture.
    const cropped = lost.share >= 0.005 && lost.side !== null;
    const cut = lost.side === "left and right" ? strings.cutSides : strings.cutTopBottom;
    return html`
      <div class="frame" id=${side} tabindex="-1">
        <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${image.name}>
          <image href=${image.url} width=${width} height=${height} preserveAspectRatio="none"></image>
          ${
            cropped
              ? svg`<path class="cut" fill-rule="evenodd" d="M0 0H${width}V${height}H0Z M${rect.left} ${rect.top}h${rect.width}v${rect.height}h${-rect.width}Z"></path>
                <rect class="kept" x=${rect.left} y=${rect.top} width=${rect.width} height=${rect.height}></rect>`
              : nothing
          }
        </svg>
      </div>
      <p class="caption" title=${path}>
        <span class="file">${image.name}</span>
        <span>${fill(strings.pixels, width, height)}</span>
        <span>${cropped ? fill(cut, share) : strings.cutNothing}</span>
      </p>
    `;
  }

  #dragOver(event: DragEvent): void {
    if (event.dataTransfer === null || !event.dataTransfer.types.some((type) => type in dropTypes)) {
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
    const uris = droppedUris(event.dataTransfer);
    if (uris.length > 0) {
      event.preventDefault();
      this.send({ kind: "drop", side, uris });
    }
  }
}

/** Forms in which the workbench and the system hand over dropped files, best first. */
const dropTypes = { "application/vnd.code.uri-list": true, "text/uri-list": true };

function droppedUris(data: DataTransfer | null): string[] {
  for (const type of Object.keys(dropTypes)) {
    const lines = (data?.getData(type) ?? "").split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
    if (lines.length > 0) {
      return lines;
    }
  }
  return [];
}

function mark(event: DragEvent, over: boolean): void {
  if (event.currentTarget instanceof Element) {
    event.currentTarget.toggleAttribute("data-over", over);
  }
}

customElements.define("flf-pair", PairElement);
