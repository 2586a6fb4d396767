import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Look } from "../../shared/messages/form.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { AnswerOf } from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";
import { input, video } from "../../shared/messages/videos.ts";
import { type Parameters, sizeOf } from "../../shared/model/parameters.ts";
import type { Side } from "../../shared/model/side.ts";
import { clipSummary, isolated, videoSummary } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { toolButton } from "../kit/toolButton.ts";
import { frameText, keyHelp, playTrouble, transportControls, videoScreen } from "./controls.ts";
import { endSentences } from "./ends.ts";
import type { Clip } from "./frames/clip.ts";
import { comparedPart } from "./frames/measure.ts";
import { compareChoice, wipeHandle } from "./overlay.ts";
import { amplification, type Overlay, type Picture } from "./picture.ts";
import { type OpenVideos, Playback } from "./playback.ts";
import { type Playhead, soughtTo, toggled } from "./playhead.ts";
import type { Transport } from "./transport.ts";

/** How long the user stays at a frame before the page is told, ms. */
const lookDelay = 150;

/** A saved video: any frame by its exact number, alone or against the images that the video was made from. */
class PlayerElement extends elementWith({
  job: given<JobView>(),
  /** True for a video that arrived while the page was open. It starts playing by itself. */
  fresh: given<boolean>(),
  /** Where the user was in the video when they left it. */
  look: given<Look | undefined>(),
  /** True while the picture fills the studio, and what changes that. */
  full: given<boolean>(),
  fill: given<() => void>(),
  ask: given<Ask>(),
  /** The images as they were sent, as far as copies are stored. Undefined until they are loaded. */
  inputs: own<{ readonly [S in Side]: ImageBitmap | undefined } | undefined>(undefined),
  overlay: own<Overlay | undefined>(undefined),
  /** Share of the width that shows the image in a wipe. */
  divider: own(0.5),
  /** True if the ends could not be compared. */
  unmeasured: own(false),
  /** Why the host has no video to show, in words. */
  refusal: own<string | undefined>(undefined),
}) {
  readonly #playback = new Playback(this, {
    load: () => [this.#load()],
    least: 1,
    showFirst: async ([picture]) => (await picture?.showFirst()) ?? 0,
    opened: (...opened) => void this.#opened(...opened),
  });

  /** What the page knows of where the user is in the video. */
  #told: Look = { frame: 0 };
  #telling: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#telling);
    this.inputs?.start?.close();
    this.inputs?.end?.close();
    this.inputs = undefined;
    this.unmeasured = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (["overlay", "divider", "inputs"].some((name) => changed.has(name))) {
      const image = this.overlay && this.inputs?.[this.overlay.side];
      this.#video()?.picture.compare(image, this.overlay?.way, this.divider);
    }
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#tellLook(), lookDelay);
  }

  protected override render(): TemplateResult {
    const { parameters, name, id } = this.job;
    const { shown, zoomed, zoom, onKey } = this.#playback;
    const video = this.#video();
    const size = video?.clip.size ?? sizeOf(parameters ?? {});
    return html`
      <div
        class="player"
        role="group"
        aria-label=${l10n.t({ message: "Player of {0}", args: [isolated(name)], comment: ["{0} is the name of a video"] })}
        @keydown=${onKey}
      >
        ${videoScreen({
          ...{ name, keys: `keys-${id}`, size, zoomed },
          over: this.#overlaid(),
          instead:
            shown.state === "waiting"
              ? html`<p class="over">${icon("loading", "codicon-modifier-spin")} ${l10n.t("Reading the video…")}</p>`
              : nothing,
          click: (event) => this.#onClick(event),
          doubleClick: zoom,
        })}
        ${keyHelp(`keys-${id}`, l10n.t("Space plays and pauses. The left and right arrow keys, comma, and period move by one frame, or by ten with Shift. F fills the studio, T and Shift+T go to the next and previous take, and E or Escape goes back to the form."))}
        ${video === undefined ? nothing : this.#controls(video.clip, video.transport)}
      </div>
      <div class="judged">
        ${playTrouble(this.#playback, this.refusal)}
        ${this.#ends()}
        ${this.#facts(parameters, video?.clip)}
      </div>
    `;
  }

  async #load(): Promise<AnswerOf<"video">> {
    try {
      return await this.ask(video, { jobId: this.job.id });
    } catch (error) {
      this.refusal = error instanceof RequestError ? error.problem.message : undefined;
      throw error;
    }
  }

  /** The video; undefined until it is open. */
  #video(): { clip: Clip; picture: Picture; transport: Transport } | undefined {
    const { shown } = this.#playback;
    if (shown.state !== "open") {
      return undefined;
    }
    const [[clip], [picture]] = [shown.clips, shown.pictures];
    return clip && picture && { clip, picture, transport: shown.transport };
  }

  #ends(): TemplateResult | typeof nothing {
    if (this.#playback.shown.state === "failed") {
      return nothing;
    }
    return this.unmeasured && this.job.measures === undefined
      ? html`<p class="ends quiet">${l10n.t("The video couldn’t be compared with the images.")}</p>`
      : endSentences(this.job, this.#canCompare() ? this.#showEnd : undefined);
  }

  #controls(clip: Clip, transport: Transport): TemplateResult {
    const { head, shown } = transport;
    const live = head.playing || this.querySelector(".scrub") === document.activeElement;
    return html`
      ${transportControls({
        ...{ transport, zoomed: this.#playback.zoomed, zoom: this.#playback.zoom },
        fill: { isFull: this.full, act: this.fill },
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
        <button type="button" class="link" @click=${() => this.#saveFrame(true)}>${l10n.t("Continue from This Frame")}</button>
      </div>
      ${clip.way === "element" ? html`<p class="quiet">${l10n.t("This window has no video decoder, so every frame is exact but playback is slow.")}</p>` : nothing}
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
      : html`<span class="badge">${l10n.t({ message: "Difference, amplified {0} times", args: [amplification], comment: ["{0} is a number"] })}</span>`;
  }

  /** What the video was made with. If that isn't known, what it is. */
  #facts(parameters: Parameters | undefined, clip: Clip | undefined): TemplateResult | typeof nothing {
    if (parameters !== undefined) {
      return html`<p class="facts">
        <span>${videoSummary(parameters, clip?.size)}</span>${this.#seed(parameters)}
      </p>`;
    }
    return clip === undefined
      ? nothing
      : html`<p class="facts"><span>${clipSummary({ ...clip.size, frames: clip.count, fps: clip.fps })}</span></p>`;
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

  /** True if there is an image that matches the video's size. */
  #canCompare(): boolean {
    const video = this.#video();
    return (
      video !== undefined &&
      [this.inputs?.start, this.inputs?.end].some(
        (image) => image !== undefined && comparedPart(image, video.clip.size),
      )
    );
  }

  async #opened({ clips: [clip], transport }: OpenVideos, isHere: () => boolean, isUsed: boolean): Promise<void> {
    const { look } = this;
    if (look !== undefined) {
      this.#told = look;
      this.overlay = look.overlay;
      transport.change(soughtTo(transport.head, look.frame));
    } else if (this.fresh && !isUsed && !prefersReducedMotion() && this.#playback.isSeen) {
      transport.change(toggled(transport.head));
    }
    try {
      await (clip && this.#compareEnds(clip, isHere));
    } catch {
      this.unmeasured = isHere();
    }
  }

  /** Loads the images, and measures both ends if that has not been done yet. */
  async #compareEnds(clip: Clip, isHere: () => boolean): Promise<void> {
    const { job } = this;
    const image = async (side: Side) => {
      const { bytes } = await this.ask(input, { jobId: job.id, side });
      return bytes && (await createImageBitmap(new Blob([bytes], { type: "image/png" })));
    };
    const [start, end] = await Promise.all([image("start"), image("end")]);
    if (!isHere()) {
      start?.close();
      end?.close();
      return;
    }
    this.inputs = { start, end };
    if (job.measures === undefined) {
      const { measureClip } = await import("./frames/openClip.ts");
      this.send({ kind: "measured", jobId: job.id, measures: await measureClip(clip, this.inputs) });
    }
  }

  /** Tells the page where the user is in the video, so that they find it there again. */
  #tellLook(): void {
    const head = this.#video()?.transport.head;
    if (head === undefined || head.playing) {
      return;
    }
    const look: Look = { frame: head.frame, ...(this.overlay && { overlay: this.overlay }) };
    if (JSON.stringify(look) !== JSON.stringify(this.#told)) {
      this.#told = look;
      this.send({ kind: "look", look });
    }
  }

  #compare(overlay: Overlay | undefined, head: Playhead): void {
    this.overlay = overlay;
    if (overlay !== undefined) {
      this.#video()?.transport.change(soughtTo(head, overlay.side === "start" ? 0 : head.count - 1));
    }
  }

  readonly #showEnd = (side: Side, framesBeforeEnd: number): void => {
    const transport = this.#video()?.transport;
    if (transport !== undefined) {
      const { head } = transport;
      this.overlay = { side, way: this.overlay?.way ?? "wipe" };
      transport.change(soughtTo(head, side === "start" ? 0 : head.count - 1 - framesBeforeEnd));
    }
  };

  async #saveFrame(next: boolean): Promise<void> {
    const video = this.#video();
    if (video === undefined) {
      return;
    }
    const { transport, picture } = video;
    transport.change({ ...transport.head, playing: false });
    const { frame } = transport.head;
    try {
      const bytes = await picture.png(frame);
      this.send({ kind: "saveFrame", jobId: this.job.id, frame: frame + 1, bytes, next });
    } catch {
      this.#playback.lose(frame);
    }
  }

  #onClick(event: MouseEvent): void {
    const transport = this.#video()?.transport;
    // The second click of a double click zooms. With an overlay, a click belongs to its divider.
    if (transport !== undefined && this.overlay === undefined && event.detail < 2) {
      transport.change(toggled(transport.head));
    }
  }
}

/** True if the user prefers reduced motion, according to VS Code or the system. */
function prefersReducedMotion(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") ||
    window.matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}

customElements.define("flf-player", PlayerElement);
