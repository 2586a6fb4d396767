import { html, type TemplateResult } from "lit";
import type { PanelStrings } from "../../shared/messages/panel.ts";
import type { Side } from "../../shared/model/side.ts";
import { fill, type Texts } from "../kit/texts.ts";
import { variables } from "../kit/variables.ts";
import type { Overlay } from "./stage.ts";

const choices: readonly { readonly overlay: Overlay; readonly text: keyof PanelStrings }[] = [
  { overlay: { side: "start", way: "wipe" }, text: "wipeStart" },
  { overlay: { side: "start", way: "difference" }, text: "differenceStart" },
  { overlay: { side: "end", way: "wipe" }, text: "wipeEnd" },
  { overlay: { side: "end", way: "difference" }, text: "differenceEnd" },
];

/** What the video is held against, of the images that are there. */
export function compareChoice(
  { strings }: Texts,
  chosen: Overlay | undefined,
  inputs: { readonly [S in Side]: ImageBitmap | undefined } | undefined,
  choose: (overlay: Overlay | undefined) => void,
): TemplateResult {
  const offered = choices.filter(({ overlay }) => inputs?.[overlay.side] !== undefined);
  return html`<select
    class="against"
    aria-label=${strings.compareInput}
    title=${strings.compareInput}
    @change=${(event: Event & { target: HTMLSelectElement }) => choose(offered[event.target.selectedIndex - 1]?.overlay)}
  >
    <option .selected=${chosen === undefined}>${strings.compareOff}</option>
    ${offered.map(
      ({ overlay, text }) =>
        html`<option .selected=${overlay.side === chosen?.side && overlay.way === chosen.way}>${strings[text]}</option>`,
    )}
  </select>`;
}

/** How far an arrow key moves the divider, as a share of the width; with Shift five times as far. */
const keyStep = 0.02;

/** The divider between image (left) and video (right): dragged anywhere on the picture, or moved by the arrow keys. */
export function wipeHandle(texts: Texts, side: Side, divider: number, move: (divider: number) => void): TemplateResult {
  const { strings, language } = texts;
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
      <span class="badge">${texts.parameters[side].title}</span>
      <span class="badge last">${strings.videoSide}</span>
      <div
        class="handle"
        role="slider"
        tabindex="0"
        aria-label=${strings.divider}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(divider * 100)}
        aria-valuetext=${fill(strings.dividerShare, new Intl.NumberFormat(language, { style: "percent" }).format(divider))}
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
