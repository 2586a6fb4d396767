import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../kit/icon.ts";
import { fill, type Texts } from "../kit/texts.ts";
import { afterKey, type Head, type PlayerKey, soughtTo, speeds } from "./playhead.ts";

/** "Frame 40 of 81": the number of a frame as people read it, from 1. `frame` counts from 0. */
export function frameText(texts: Texts, frame: number, count: number): string {
  return fill(texts.strings.frameOf, frame + 1, count);
}

/** Says which frame, from 0, cannot be shown; nothing where all is well. */
export function lostFrame({ strings }: Texts, frame: number | undefined): TemplateResult | typeof nothing {
  return frame === undefined
    ? nothing
    : html`<p class="quiet" role="alert">${icon("warning")} ${fill(strings.frameFailed, frame + 1)}</p>`;
}

/** A small button with a picture, whose name and key show when the mouse rests on it. */
export function toolButton(tool: {
  readonly name: string;
  readonly icon: string;
  /** How the key is written for people, and as `aria-keyshortcuts` wants it. */
  readonly key?: readonly [shown: string, spoken: string];
  readonly texts: Texts;
  readonly pressed?: boolean;
  readonly act: (event: MouseEvent & { currentTarget: HTMLElement }) => void;
}): TemplateResult {
  const { name, texts, pressed, key } = tool;
  return html`<button
    type="button"
    class="tool"
    aria-label=${name}
    title=${key === undefined ? name : fill(texts.strings.keyed, name, key[0])}
    aria-keyshortcuts=${key?.[1] ?? nothing}
    aria-pressed=${pressed === undefined ? nothing : pressed ? "true" : "false"}
    @click=${tool.act}
  >
    ${icon(tool.icon)}
  </button>`;
}

export interface Transported {
  readonly texts: Texts;
  /** Keeps the ids of two players apart. */
  readonly id: string;
  readonly head: Head;
  /** The frame on screen, from 0. */
  readonly shown: number;
  readonly zoomed: boolean;
  readonly change: (head: Head) => void;
  readonly zoom: () => void;
}

/** Slider, buttons and frame number: the same for one video and for two in step. */
export function transportControls(player: Transported): TemplateResult {
  const { texts, head, shown, change } = player;
  const { strings } = texts;
  const press = (key: Exclude<PlayerKey, { kind: "zoom" }>) => () => change(afterKey(head, key));
  const text = frameText(texts, shown, head.count);
  return html`
    <input
      class="scrub"
      type="range"
      min="1"
      max=${head.count}
      step="1"
      aria-label=${strings.frameSlider}
      aria-valuetext=${text}
      .value=${String(head.frame + 1)}
      @input=${(event: Event & { target: HTMLInputElement }) => change(soughtTo(head, event.target.valueAsNumber - 1))}
    />
    <div class="transport">
      ${toolButton({
        ...{ name: strings.previousFrame, icon: "chevron-left", key: ["←", "ArrowLeft"], texts },
        act: press({ kind: "step", frames: -1 }),
      })}
      ${toolButton({
        ...{ name: head.playing ? strings.pause : strings.play, icon: head.playing ? "debug-pause" : "play", texts },
        ...{ key: ["␣", "Space"], act: press({ kind: "toggle" }) },
      })}
      ${toolButton({
        ...{ name: strings.nextFrame, icon: "chevron-right", key: ["→", "ArrowRight"], texts },
        act: press({ kind: "step", frames: 1 }),
      })}
      <span class="frame-number">${text}</span>
      <div class="modes">
      <select
        class="speed"
        aria-label=${strings.speed}
        title=${fill(strings.keyed, strings.speed, "[ ]")}
        @change=${(event: Event & { target: HTMLSelectElement }) => {
          const speed = speeds[event.target.selectedIndex];
          change({ ...head, speed: speed ?? head.speed });
        }}
      >
        ${speeds.map(
          (speed) =>
            html`<option .selected=${speed === head.speed}>
              ${fill(strings.speedTimes, new Intl.NumberFormat(texts.language).format(speed))}
            </option>`,
        )}
      </select>
      ${toolButton({
        ...{ name: strings.loopVideo, icon: "sync", key: ["L", "L"], texts, pressed: head.loop },
        act: press({ kind: "loop" }),
      })}
      ${toolButton({
        ...{ name: strings.pingPong, icon: "arrow-both", key: ["P", "P"], texts, pressed: head.pingPong },
        act: press({ kind: "pingPong" }),
      })}
      ${toolButton({
        ...{ name: strings.actualPixels, icon: "zoom-in", key: ["Z", "Z"], texts, pressed: player.zoomed },
        act: player.zoom,
      })}
      </div>
    </div>
  `;
}

/** True where a key belongs to the element that has the focus, and not to the player around it. */
export function ownsKey(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLSelectElement) {
    return true;
  }
  if (target instanceof HTMLButtonElement) {
    return key === " ";
  }
  return target instanceof HTMLElement && target.getAttribute("role") === "slider" && key !== " ";
}
