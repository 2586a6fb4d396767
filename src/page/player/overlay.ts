import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit";
import type { Side } from "../../shared/model/side.ts";
import { inputTitle, percentText } from "../../shared/texts.ts";
import { variables } from "../kit/variables.ts";
import type { Overlay } from "./picture.ts";

const overlays: readonly Overlay[] = [
  { side: "start", way: "wipe" },
  { side: "start", way: "difference" },
  { side: "end", way: "wipe" },
  { side: "end", way: "difference" },
];

/** The list of comparisons that the available images allow. */
export function compareChoice(
  chosen: Overlay | undefined,
  inputs: { readonly [S in Side]: ImageBitmap | undefined } | undefined,
  choose: (overlay: Overlay | undefined) => void,
): TemplateResult {
  const offered = overlays.filter((overlay) => inputs?.[overlay.side] !== undefined);
  return html`<select
    class="against"
    aria-label=${l10n.t("Compare with an image")}
    title=${l10n.t("Compare with an image")}
    @change=${(event: Event & { target: HTMLSelectElement }) => choose(offered[event.target.selectedIndex - 1])}
  >
    <option .selected=${chosen === undefined}>${l10n.t("Video Only")}</option>
    ${offered.map(
      (overlay) =>
        html`<option .selected=${overlay.side === chosen?.side && overlay.way === chosen.way}>${overlayText(overlay)}</option>`,
    )}
  </select>`;
}

function overlayText({ side, way }: Overlay): string {
  if (way === "wipe") {
    return side === "start" ? l10n.t("Start Image: Wipe") : l10n.t("End Image: Wipe");
  }
  return side === "start" ? l10n.t("Start Image: Difference") : l10n.t("End Image: Difference");
}

/** How far an arrow key moves the divider, as a share of the width. With Shift it moves five times as far. */
const keyStep = 0.02;

/** The divider between image (left) and video (right). A drag anywhere on the picture or an arrow key moves it. */
export function wipeHandle(side: Side, divider: number, move: (divider: number) => void): TemplateResult {
  const to = (share: number) => move(Math.min(1, Math.max(0, share)));
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    to((event.clientX - left) / width);
  };
  const onKey = (event: KeyboardEvent) => {
    const share = dividerAfter(event, divider);
    if (share !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      to(share);
    }
  };
  return html`
    <div
      class="wipe"
      ${variables({ "--divider": `${divider * 100}%` })}
      @pointerdown=${(event: PointerEvent & { currentTarget: HTMLElement }) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      @pointermove=${(event: PointerEvent & { currentTarget: HTMLElement }) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) {
          drag(event);
        }
      }}
      @click=${(event: Event) => event.stopPropagation()}
      @dblclick=${(event: Event) => event.stopPropagation()}
    >
      <span class="badge">${inputTitle(side)}</span>
      <span class="badge last">${l10n.t("Video")}</span>
      <div
        class="handle"
        role="slider"
        tabindex="0"
        aria-label=${l10n.t("Divider between image and video")}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(divider * 100)}
        aria-valuetext=${l10n.t({ message: "{0} image", args: [percentText(divider)], comment: ["{0} is a percentage"] })}
        @keydown=${onKey}
      ></div>
    </div>
  `;
}

function dividerAfter(event: KeyboardEvent, divider: number): number | undefined {
  const step = event.shiftKey ? 5 * keyStep : keyStep;
  switch (event.key) {
    case "ArrowLeft":
    case "ArrowDown":
      return divider - step;
    case "ArrowRight":
    case "ArrowUp":
      return divider + step;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return undefined;
  }
}
