import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { numberText } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";
import { afterKey, type Head, type PlayerKey, soughtTo, speeds } from "./playhead.ts";

/** "Frame 40 of 81": the number of a frame as people read it, from 1. `frame` counts from 0. */
export function frameText(frame: number, count: number): string {
  return l10n.t({ message: "Frame {0} of {1}", args: [frame + 1, count], comment: ["Both numbers count from 1"] });
}

/** Says which frame, from 0, cannot be shown; nothing where all is well. */
export function lostFrame(frame: number | undefined): TemplateResult | typeof nothing {
  return frame === undefined
    ? nothing
    : html`<p class="quiet" role="alert">${icon("warning")} ${l10n.t("Frame {0} cannot be shown.", frame + 1)}</p>`;
}

/** A small button with a picture, whose name and key show when the mouse rests on it. */
export function toolButton(tool: {
  readonly name: string;
  readonly icon: string;
  /** How the key is written for people, and as `aria-keyshortcuts` wants it. */
  readonly key?: readonly [shown: string, spoken: string];
  readonly pressed?: boolean;
  readonly act: (event: MouseEvent & { currentTarget: HTMLElement }) => void;
}): TemplateResult {
  const { name, pressed, key } = tool;
  return html`<button
    type="button"
    class="tool"
    aria-label=${name}
    title=${key === undefined ? name : l10n.t({ message: "{0} ({1})", args: [name, key[0]], comment: ["A button's label and its keyboard shortcut"] })}
    aria-keyshortcuts=${key?.[1] ?? nothing}
    aria-pressed=${pressed === undefined ? nothing : pressed ? "true" : "false"}
    @click=${tool.act}
  >
    ${icon(tool.icon)}
  </button>`;
}

export interface Transported {
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
  const { head, shown, change } = player;
  const press = (key: Exclude<PlayerKey, { kind: "zoom" }>) => () => change(afterKey(head, key));
  const text = frameText(shown, head.count);
  return html`
    <input
      class="scrub"
      type="range"
      min="1"
      max=${head.count}
      step="1"
      aria-label=${l10n.t("Frame")}
      aria-valuetext=${text}
      .value=${String(head.frame + 1)}
      @input=${(event: Event & { target: HTMLInputElement }) => change(soughtTo(head, event.target.valueAsNumber - 1))}
    />
    <div class="transport">
      ${toolButton({
        ...{ name: l10n.t("Previous Frame"), icon: "chevron-left", key: ["←", "ArrowLeft"] },
        act: press({ kind: "step", frames: -1 }),
      })}
      ${toolButton({
        ...{ name: head.playing ? l10n.t("Pause") : l10n.t("Play"), icon: head.playing ? "debug-pause" : "play" },
        ...{ key: ["␣", "Space"], act: press({ kind: "toggle" }) },
      })}
      ${toolButton({
        ...{ name: l10n.t("Next Frame"), icon: "chevron-right", key: ["→", "ArrowRight"] },
        act: press({ kind: "step", frames: 1 }),
      })}
      <span class="frame-number">${text}</span>
      <div class="modes">
      <select
        class="speed"
        aria-label=${l10n.t("Speed")}
        title=${l10n.t({ message: "{0} ({1})", args: [l10n.t("Speed"), "[ ]"], comment: ["A button's label and its keyboard shortcut"] })}
        @change=${(event: Event & { target: HTMLSelectElement }) => {
          const speed = speeds[event.target.selectedIndex];
          change({ ...head, speed: speed ?? head.speed });
        }}
      >
        ${speeds.map(
          (speed) =>
            html`<option .selected=${speed === head.speed}>
              ${l10n.t({ message: "{0}×", args: [numberText(speed)], comment: ["A multiple of the video's own speed"] })}
            </option>`,
        )}
      </select>
      ${toolButton({
        ...{ name: l10n.t("Loop"), icon: "sync", key: ["L", "L"], pressed: head.loop },
        act: press({ kind: "loop" }),
      })}
      ${toolButton({
        ...{ name: l10n.t("Play Forward and Back"), icon: "arrow-both", key: ["P", "P"], pressed: head.pingPong },
        act: press({ kind: "pingPong" }),
      })}
      ${toolButton({
        ...{ name: l10n.t("Actual Pixels"), icon: "zoom-in", key: ["Z", "Z"], pressed: player.zoomed },
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
