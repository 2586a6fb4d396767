import * as l10n from "@vscode/l10n";
import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import { blurRadius, coverCrop, fitBox, type Rect, settled } from "../../shared/model/crop.ts";
import { type CropPlan, centerCrop, maximumZoom } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";
import type { Size } from "../../shared/model/size.ts";
import { inputTitle, numberText, percentText } from "../../shared/texts.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import type { PairImage } from "../state/state.ts";
import { zoomStep } from "./framing.ts";

type Crop = CropPlan & { mode: "crop" };

/**
 * One image with the part of it that is sent: a crop that mouse and keyboard move, or the whole image in its frame. It
 * uses the same arithmetic as the worker that prepares the image.
 */
class CropFrameElement extends elementWith({
  side: given<Side>(),
  image: given<PairImage & { state: "shown" }>(),
  plan: given<CropPlan>(),
  /** The video's size in pixels. */
  target: given<Size>(),
  change: given<(plan: CropPlan) => void>(),
  /** What a screen reader announces after a key moved the crop. */
  told: own(""),
}) {
  /** While dragging: the offset from the center of the crop to the pointer, in image pixels. */
  #grip: { readonly x: number; readonly y: number } | undefined;

  protected override render(): TemplateResult {
    const { plan, side } = this;
    return plan.mode === "fit"
      ? html`<div class="frame" id=${side} tabindex="-1" data-refuge>${this.#whole(plan)}</div>`
      : html`<div
            class="frame movable"
            id=${side}
            tabindex="0"
            data-refuge
            role="application"
            aria-label=${l10n.t({ message: "Crop: {0}", args: [inputTitle(side)], comment: ["{0} is “Start Image” or “End Image”"] })}
            aria-describedby="${side}-crop ${side}-crop-keys"
            title=${l10n.t("Arrow keys move the crop, farther with Shift. Home centers it. Plus and minus zoom.")}
            @keydown=${(event: KeyboardEvent) => this.#key(event, plan)}
          >
            ${this.#crop(plan)}
          </div>
          <span class="unseen" id="${side}-crop">${this.#place(plan)}</span>
          <span class="unseen" id="${side}-crop-keys">${l10n.t("Arrow keys move the crop, farther with Shift. Home centers it. Plus and minus zoom.")}</span>
          <span class="unseen" aria-live="polite">${this.told}</span>`;
  }

  #crop(plan: Crop): TemplateResult {
    const { width, height, name, url } = this.image;
    const { rect } = coverCrop(this.image, this.target, plan.focus, plan.zoom);
    const cuts = rect.width < width - 0.5 || rect.height < height - 0.5;
    const { x, y } = center(rect);
    const arm = Math.max(width, height) / 40;
    return html`<svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label=${name}
      @pointerdown=${(event: PointerEvent) => this.#grab(event, plan)}
      @pointermove=${(event: PointerEvent) => this.#drag(event, plan)}
      @pointerup=${this.#release}
      @pointercancel=${this.#release}
    >
      <image href=${url} width=${width} height=${height} preserveAspectRatio="none"></image>
      ${
        cuts
          ? svg`<path class="cut" fill-rule="evenodd" d="M0 0H${width}V${height}H0Z M${rect.left} ${rect.top}h${rect.width}v${rect.height}h${-rect.width}Z"></path>
            <rect class="kept" x=${rect.left} y=${rect.top} width=${rect.width} height=${rect.height}></rect>
            <path class="focus under" d="M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}"></path>
            <path class="focus" d="M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}"></path>`
          : nothing
      }
    </svg>`;
  }

  #whole(plan: CropPlan & { mode: "fit" }): TemplateResult {
    const { width, height } = this.target;
    const { box } = fitBox(this.image, this.target);
    return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${this.image.name}>
      ${
        plan.fill.kind === "blur"
          ? this.#blurred()
          : svg`<rect width=${width} height=${height} fill=${plan.fill.color}></rect>`
      }
      <image
        href=${this.image.url}
        x=${box.left}
        y=${box.top}
        width=${box.width}
        height=${box.height}
        preserveAspectRatio="none"
      ></image>
      <rect class="kept" width=${width} height=${height}></rect>
    </svg>`;
  }

  /** An approximation of the blurred copy, drawn by the page. "Preview Final Crop" shows the real one. */
  #blurred(): SVGTemplateResult {
    const { width, height } = this.target;
    const radius = blurRadius(this.target);
    const [left, top] = [-2 * radius, -2 * radius];
    const id = `${this.side}-soft`;
    return svg`<defs>
        <filter id=${id} x="0" y="0" width="1" height="1"><feGaussianBlur stdDeviation=${radius}></feGaussianBlur></filter>
        <clipPath id="${id}-frame"><rect width=${width} height=${height}></rect></clipPath>
      </defs>
      <g clip-path="url(#${id}-frame)">
        <image href=${this.image.url} filter="url(#${id})" x=${left} y=${top} width=${width - 2 * left}
          height=${height - 2 * top} preserveAspectRatio="xMidYMid slice"></image>
      </g>`;
  }

  #place({ focus, zoom }: Crop): string {
    return l10n.t({
      message: "Center at {0} from the left, {1} from the top; zoom {2}×",
      args: [percentText(focus.x), percentText(focus.y), numberText(zoom, { maximumFractionDigits: 2 })],
      comment: ["Two percentages and a factor"],
    });
  }

  #key(event: KeyboardEvent, plan: Crop): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const moved = this.#afterKey(event, plan);
    if (moved !== undefined) {
      event.preventDefault();
      this.#set(moved);
      this.told = this.#place(moved);
    }
  }

  #afterKey({ key, shiftKey }: KeyboardEvent, plan: Crop): Crop | undefined {
    const step = shiftKey ? 0.1 : 0.01;
    const { focus } = settled(plan, this.image, this.target);
    const to = (x: number, y: number) => this.#centered(plan, x, y);
    switch (key) {
      case "ArrowLeft":
        return to(focus.x - step, focus.y);
      case "ArrowRight":
        return to(focus.x + step, focus.y);
      case "ArrowUp":
        return to(focus.x, focus.y - step);
      case "ArrowDown":
        return to(focus.x, focus.y + step);
      case "Home":
        return to(centerCrop.focus.x, centerCrop.focus.y);
      case "+":
      case "=":
        return { ...plan, zoom: Math.min(maximumZoom, rounded(plan.zoom + zoomStep)) };
      case "-":
        return { ...plan, zoom: Math.max(1, rounded(plan.zoom - zoomStep)) };
      default:
        return undefined;
    }
  }

  #grab(event: PointerEvent, plan: Crop): void {
    const at = this.#pointOf(event);
    if (event.button !== 0 || at === undefined) {
      return;
    }
    const { rect } = coverCrop(this.image, this.target, plan.focus, plan.zoom);
    const { x, y } = center(rect);
    const inside = Math.abs(at.x - x) <= rect.width / 2 && Math.abs(at.y - y) <= rect.height / 2;
    this.#grip = inside ? { x: at.x - x, y: at.y - y } : { x: 0, y: 0 };
    if (event.currentTarget instanceof Element) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    this.#drag(event, plan);
  }

  #drag(event: PointerEvent, plan: Crop): void {
    const at = this.#pointOf(event);
    if (this.#grip !== undefined && at !== undefined) {
      const { width, height } = this.image;
      this.#set(this.#centered(plan, (at.x - this.#grip.x) / width, (at.y - this.#grip.y) / height));
    }
  }

  readonly #release = (): void => {
    this.#grip = undefined;
  };

  /** The pointer's position in image pixels. */
  #pointOf(event: PointerEvent): DOMPoint | undefined {
    const drawing = this.querySelector("svg");
    const matrix = drawing?.getScreenCTM()?.inverse();
    return matrix && new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  }

  #centered(plan: Crop, x: number, y: number): Crop {
    const within = (value: number) => Math.min(1, Math.max(0, value));
    const { focus } = settled({ ...plan, focus: { x: within(x), y: within(y) } }, this.image, this.target);
    return { ...plan, focus: { x: rounded(focus.x), y: rounded(focus.y) } };
  }

  #set(plan: Crop): void {
    if (JSON.stringify(plan) !== JSON.stringify(this.plan)) {
      this.change(plan);
    }
  }
}

function center(rect: Rect): { x: number; y: number } {
  return { x: rect.left + rect.width / 2, y: rect.top + rect.height / 2 };
}

/** Four decimals place the crop of the largest picture to within two pixels and stay short in a recipe. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

customElements.define("flf-crop-frame", CropFrameElement);
