import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { Size } from "../../shared/model/size.ts";
import { isolated, numberText } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";
import { toolButton } from "../kit/toolButton.ts";
import { pictureVariables, variables } from "../kit/variables.ts";
import type { Playback } from "./playback.ts";
import { afterKey, type HeadKey, type Playhead, soughtTo, speeds } from "./playhead.ts";
import type { Transport } from "./transport.ts";

/** "Frame 40 of 81": the number of a frame as people read it, from 1. `frame` counts from 0. */
export function frameText(frame: number, count: number): string {
  return l10n.t({ message: "Frame {0} of {1}", args: [frame + 1, count], comment: ["Both numbers count from 1"] });
}

/** The picture of a video. Keys control it, and it scrolls if it is larger than its box. */
export function videoScreen(screen: {
  readonly name: string;
  /** Id of the element that explains the keys. */
  readonly keys: string;
  /** The video's size in pixels. */
  readonly size: Size;
  readonly zoomed: boolean;
  /** False if the Tab key passes it by. */
  readonly isStop?: boolean;
  /** True for the one among several that counts. */
  readonly isCurrent?: boolean;
  /** What covers the picture, and what replaces it. */
  readonly over?: TemplateResult | typeof nothing;
  readonly instead?: TemplateResult | typeof nothing;
  readonly click?: (event: MouseEvent) => void;
  readonly doubleClick?: () => void;
  readonly scroll?: (event: Event & { currentTarget: HTMLElement }) => void;
}): TemplateResult {
  const { width, height } = screen.size;
  return html`<div
    class="screen ${screen.zoomed ? "zoomed" : ""}"
    tabindex=${screen.isStop === false ? -1 : 0}
    role="group"
    aria-current=${screen.isCurrent === true ? "true" : nothing}
    aria-label=${l10n.t("Video {0}", isolated(screen.name))}
    aria-describedby=${screen.keys}
    @click=${screen.click}
    @dblclick=${screen.doubleClick}
    @scroll=${screen.scroll}
  >
    <div class="picture" ${pictureVariables(screen.size)}>
      <canvas width=${width} height=${height} aria-hidden="true"></canvas>
      ${screen.over ?? nothing}
    </div>
    ${screen.instead ?? nothing}
  </div>`;
}

/** The explanation of a player's keys, for the element that {@link videoScreen} references. */
export function keyHelp(id: string, keys: string): TemplateResult {
  return html`<p class="unseen" id=${id}>${keys} ${l10n.t("Home and End go to the first and last frame. L loops, P plays forward and back, the square brackets change the speed, and Z shows actual pixels.")}</p>`;
}

/** Reports that a video cannot be shown, or which of its frames, counted from 0, cannot. */
export function playTrouble({ shown, frameLost }: Pick<Playback, "shown" | "frameLost">, why?: string): TemplateResult {
  return html`${
    shown.state === "failed"
      ? html`<p class="quiet" role="alert">
          ${icon("warning")} ${why ?? l10n.t("This video can’t be shown here. Open it in another program.")}
        </p>`
      : nothing
  }${lostFrame(frameLost)}`;
}

/** Reports which frame, counted from 0, cannot be shown. Empty if there is none. */
function lostFrame(frame: number | undefined): TemplateResult | typeof nothing {
  return frame === undefined
    ? nothing
    : html`<p class="quiet" role="alert">${icon("warning")} ${l10n.t("Frame {0} can’t be shown.", frame + 1)}</p>`;
}

interface TransportProps {
  readonly transport: Transport;
  readonly zoomed: boolean;
  readonly zoom: () => void;
  /** How the picture is made to fill the panel, if it can be. */
  readonly fill?: { readonly isFull: boolean; readonly act: () => void };
}

/** Slider, buttons and frame number: the same for one video and for several in step. */
export function transportControls({ transport, zoomed, zoom, fill }: TransportProps): TemplateResult {
  const { head, shown } = transport;
  const change = (next: Playhead) => transport.change(next);
  const press = (key: HeadKey) => () => change(afterKey(head, key));
  const text = frameText(shown, head.count);
  return html`
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
      <span class="frame-number" ${variables({ "--letters": frameText(head.count - 1, head.count).length })}>${text}</span>
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
        ...{ name: l10n.t("Actual Pixels"), icon: "zoom-in", key: ["Z", "Z"], pressed: zoomed },
        act: zoom,
      })}
      ${
        fill === undefined
          ? nothing
          : toolButton({
              ...{
                name: l10n.t("Fill the Studio"),
                icon: fill.isFull ? "screen-normal" : "screen-full",
                key: ["F", "F"],
              },
              ...{ pressed: fill.isFull, act: fill.act },
            })
      }
      </div>
    </div>
  `;
}
