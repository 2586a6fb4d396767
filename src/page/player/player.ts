import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/panel.ts";
import { type Parameters, sizeOf } from "../../shared/model/parameters.ts";
import type { Side } from "../../shared/model/side.ts";
import { isolated, videoSummary } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { pictureVariables } from "../kit/variables.ts";
import { Sight } from "../kit/visibility.ts";
import type { ReviewSource } from "../videos/intents.ts";
import { frameText, lostFrame, ownsKey, toolButton, transportControls } from "./controls.ts";
import { endSentences } from "./ends.ts";
import type { Clip } from "./frames/clip.ts";
import { comparedPart } from "./measure.ts";
import { compareChoice, wipeHandle } from "./overlay.ts";
import { afterKey, type Head, playerKey, soughtTo, toggled } from "./playhead.ts";
import { amplification, type Overlay, Stage } from "./stage.ts";
import { Transport } from "./transport.ts";

/** The video as far as the player has it. */
type Shown =
  | { readonly state: "waiting" }
  | { readonly state: "failed" }
  | { readonly state: "open"; readonly clip: Clip; readonly transport: Transport; readonly stage: Stage };

/**
 * A saved video: any frame by its true number, alone or against the images it was made from. Its bytes are asked for when
 * it comes into sight; out of sight, and in a hidden window, it stands still and keeps no frames.
 */
class PlayerElement extends elementWith({
  job: given<JobView>(),
  /** True for a video that arrived before the user's eyes: it starts by itself. */
  fresh: given<boolean>(),
  source: given<ReviewSource>(),
  shown: own<Shown>({ state: "waiting" }),
  /** The images as they were sent, as far as copies are kept; undefined until they are here. */
  inputs: own<{ readonly [S in Side]: ImageBitmap | undefined } | undefined>(undefined),
  overlay: own<Overlay | undefined>(undefined),
  /** Share of the width that shows the image in a wipe. */
  divider: own(0.5),
  zoomed: own(false),
  /** The frame that could not be decoded, from 0. */
  frameLost: own<number | undefined>(undefined),
  /** The ends could not be compared. */
  unmeasured: own(false),
}) {
  /** Each time on the page is another one: what was opened for an earlier one is let go of. */
  #stay = {};
  readonly #sight = new Sight(this, (isSeen) => this.#onSight(isSeen));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.end();
    this.#stay = {};
    if (this.shown.state === "open") {
      this.shown.transport.close();
      this.shown.stage.close();
      this.shown.clip.close();
    }
    this.inputs?.start?.close();
    this.inputs?.end?.close();
    this.inputs = undefined;
    this.shown = { state: "waiting" };
    this.frameLost = undefined;
    this.unmeasured = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.shown.state === "open" && ["overlay", "divider", "inputs"].some((name) => changed.has(name))) {
      const image = this.overlay && this.inputs?.[this.overlay.side];
      this.shown.stage.compare(image, this.overlay?.way, this.divider);
    }
  }

  protected override render(): TemplateResult {
    const { parameters, name } = this.job;
    const { shown } = this;
    const size = shown.state === "open" ? shown.clip.size : sizeOf(parameters);
    return html`
      <div
        class="player"
        role="group"
        aria-label=${l10n.t({ message: "Player of {0}", args: [isolated(name)], comment: ["{0} is the name of a video"] })}
        @keydown=${this.#onKey}
      >
        <div
          class="screen ${this.zoomed ? "zoomed" : ""}"
          tabindex="0"
          role="group"
          aria-label=${l10n.t("Video {0}", isolated(name))}
          aria-describedby="keys-${this.job.id}"
          @click=${this.#onClick}
          @dblclick=${this.#zoom}
        >
          <div class="picture" ${pictureVariables(size)}>
            <canvas width=${size.width} height=${size.height} aria-hidden="true"></canvas>
            ${this.#overlaid()}
          </div>
          ${shown.state === "waiting" ? html`<p class="over">${icon("loading", "codicon-modifier-spin")} ${l10n.t("Reading the video…")}</p>` : nothing}
        </div>
        <p class="unseen" id="keys-${this.job.id}">${l10n.t("Space plays and pauses. The left and right arrow keys, comma and period step one frame, with Shift ten. Home and End go to the first and last frame. L loops, P plays forward and back, the square brackets change the speed, Z shows actual pixels.")}</p>
        ${shown.state === "open" ? this.#controls(shown.clip, shown.transport) : nothing}
      </div>
      ${shown.state === "failed" ? html`<p class="quiet" role="alert">${icon("warning")} ${l10n.t("The video cannot be shown here. Open it in another program.")}</p>` : nothing}
      ${lostFrame(this.frameLost)}
      ${this.#ends()}
      <p class="facts"><span>${videoSummary(parameters, size)}</span>${this.#seed(parameters)}</p>
    `;
  }

  #ends(): TemplateResult | typeof nothing {
    if (this.shown.state === "failed") {
      return nothing;
    }
    return this.unmeasured && this.job.review.measures === undefined
      ? html`<p class="ends quiet">${l10n.t("Its ends could not be compared with the images.")}</p>`
      : endSentences(this.job, this.#canCompare() ? this.#showEnd : undefined);
  }

  #controls(clip: Clip, transport: Transport): TemplateResult {
    const { head, shown } = transport;
    const live = head.playing || this.querySelector(".scrub") === document.activeElement;
    return html`
      ${transportControls({
        ...{ id: this.job.id, head, shown, zoomed: this.zoomed },
        ...{ change: (next) => transport.change(next), zoom: this.#zoom },
      })}
      <span class="unseen" aria-live="polite">${live ? "" : frameText(shown, head.count)}</span>
      <div class="frame-tools">
        ${
          this.#canCompare()
            ? compareChoice(this.overlay, this.inputs, (overlay) => this.#compare(overlay, head))
            : nothing
        }
        ${toolButton({
          ...{ name: l10n.t("Save Frame as PNG"), icon: "device-camera" },
          act: () => void this.#saveFrame(false),
        })}
        <button type="button" class="link" @click=${() => this.#saveFrame(true)}>${l10n.t("Use Frame as Next Start")}</button>
      </div>
      ${clip.way === "element" ? html`<p class="quiet">${l10n.t("This window has no video decoder of its own: every frame is exact, but playing is slow.")}</p>` : nothing}
    `;
  }

  #overlaid(): TemplateResult | typeof nothing {
    if (this.overlay === undefined || !this.#canCompare()) {
      return nothing;
    }
    return this.overlay.way === "wipe"
      ? wipeHandle(this.overlay.side, this.divider, (divider) => {
          this.divider = divider;
        })
      : html`<span class="badge">${l10n.t({ message: "Difference, {0} times amplified", args: [amplification], comment: ["{0} is a number"] })}</span>`;
  }

  #seed({ seed }: Parameters): TemplateResult | typeof nothing {
    return seed === undefined
      ? nothing
      : html`<button
            type="button"
            class="link"
            title=${l10n.t("Use Seed {0} for the Next Video", seed)}
            aria-label=${l10n.t("Use Seed {0} for the Next Video", seed)}
            @click=${() => this.send({ kind: "reuseSeed", seed })}
          >
            ${l10n.t("Seed {0}", seed)}
          </button>`;
  }

  /** True when there is an image of the video's own size to hold it against. */
  #canCompare(): boolean {
    const { shown, inputs } = this;
    return (
      shown.state === "open" &&
      [inputs?.start, inputs?.end].some((image) => image !== undefined && comparedPart(image, shown.clip.size))
    );
  }

  #onSight(isSeen: boolean): void {
    if (isSeen) {
      void this.#open();
    } else if (this.shown.state === "open") {
      this.shown.transport.rest();
    }
  }

  async #open(): Promise<void> {
    if (this.shown.state !== "waiting" || this.#sight.opened) {
      return;
    }
    this.#sight.opened = true;
    const stay = this.#stay;
    try {
      const [{ openClip }, bytes] = await Promise.all([import("./frames/openClip.ts"), this.source.video(this.job.id)]);
      const clip = await openClip(bytes);
      const opened = await this.#stageOf(clip, stay);
      if (opened === undefined) {
        clip.close();
        return;
      }
      const { stage, first } = opened;
      const transport = new Transport(
        {
          clips: [clip],
          show: (frame) => this.#show(stage, frame),
          moved: () => this.requestUpdate(),
        },
        first,
      );
      this.frameLost = first > 0 ? 0 : undefined;
      this.shown = { state: "open", clip, transport, stage };
      if (this.fresh && !prefersStillness() && this.#sight.isSeen) {
        transport.change(toggled(transport.head));
      }
      await this.#compareEnds(clip, stay).catch(() => {
        this.unmeasured = this.#stay === stay;
      });
    } catch {
      if (this.#stay === stay && this.shown.state === "waiting") {
        this.shown = { state: "failed" };
      }
    }
  }

  /** The canvas with the first frame on it that there is; undefined where the player is gone meanwhile. */
  async #stageOf(clip: Clip, stay: object): Promise<{ stage: Stage; first: number } | undefined> {
    const canvas = this.querySelector("canvas");
    if (canvas === null) {
      return undefined;
    }
    const stage = new Stage(clip, canvas);
    const first = await stage.showFirst().catch((error: unknown) => {
      clip.close();
      throw error;
    });
    return this.#stay === stay ? { stage, first } : undefined;
  }

  async #show(stage: Stage, frame: number): Promise<boolean> {
    try {
      const isShown = await stage.show(frame);
      if (isShown) {
        this.frameLost = undefined;
      }
      return isShown;
    } catch {
      this.frameLost = this.isConnected ? frame : undefined;
      return false;
    }
  }

  /** Gets the images, and measures both ends where that has not been done yet. */
  async #compareEnds(clip: Clip, stay: object): Promise<void> {
    const { job, source } = this;
    const image = async (side: Side) => {
      const bytes = await source.input(job.id, side);
      return bytes && (await createImageBitmap(new Blob([bytes], { type: "image/png" })));
    };
    const [start, end] = await Promise.all([image("start"), image("end")]);
    if (this.#stay !== stay) {
      start?.close();
      end?.close();
      return;
    }
    this.inputs = { start, end };
    if (job.review.measures === undefined) {
      const { measureClip } = await import("./frames/openClip.ts");
      this.send({ kind: "measured", jobId: job.id, measures: await measureClip(clip, this.inputs) });
    }
  }

  #compare(overlay: Overlay | undefined, head: Head): void {
    this.overlay = overlay;
    if (overlay !== undefined && this.shown.state === "open") {
      this.shown.transport.change(soughtTo(head, overlay.side === "start" ? 0 : head.count - 1));
    }
  }

  readonly #showEnd = (side: Side, framesBeforeEnd: number): void => {
    if (this.shown.state === "open") {
      const { transport } = this.shown;
      const { head } = transport;
      this.overlay = { side, way: this.overlay?.way ?? "wipe" };
      transport.change(soughtTo(head, side === "start" ? 0 : head.count - 1 - framesBeforeEnd));
    }
  };

  async #saveFrame(next: boolean): Promise<void> {
    if (this.shown.state !== "open") {
      return;
    }
    const { transport, stage } = this.shown;
    transport.change({ ...transport.head, playing: false });
    const { frame } = transport.head;
    try {
      const png = await stage.png(frame);
      this.send({ kind: "saveFrame", jobId: this.job.id, frame: frame + 1, png, next });
    } catch {
      this.frameLost = frame;
    }
  }

  readonly #zoom = (): void => {
    this.zoomed = !this.zoomed;
  };

  #onClick(event: MouseEvent): void {
    // The second half of a double click is a wish to zoom, and a divider is dragged.
    if (this.shown.state === "open" && this.overlay === undefined && event.detail < 2) {
      this.shown.transport.change(toggled(this.shown.transport.head));
    }
  }

  #onKey(event: KeyboardEvent): void {
    const key = playerKey(event);
    if (key === undefined || this.shown.state !== "open" || ownsKey(event.target, event.key)) {
      return;
    }
    event.preventDefault();
    const { transport } = this.shown;
    if (key.kind === "zoom") {
      this.#zoom();
    } else if (!event.repeat || key.kind === "step") {
      transport.change(afterKey(transport.head, key));
    }
  }
}

/** True when the user wants nothing to move by itself, as VS Code or the system says. */
function prefersStillness(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") ||
    window.matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}

customElements.define("flf-player", PlayerElement);
