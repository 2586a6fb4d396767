import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/panel.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { isolated } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { pictureVariables } from "../kit/variables.ts";
import { Sight } from "../kit/visibility.ts";
import type { ReviewSource } from "../videos/intents.ts";
import { frameText, lostFrame, ownsKey, transportControls } from "./controls.ts";
import type { Clip } from "./frames/clip.ts";
import { afterKey, playerKey } from "./playhead.ts";
import { Stage } from "./stage.ts";
import { Transport } from "./transport.ts";

type Shown =
  | { readonly state: "waiting" }
  | { readonly state: "failed" }
  | {
      readonly state: "open";
      readonly clips: readonly Clip[];
      readonly transport: Transport;
      readonly stages: readonly Stage[];
    };

/** Two takes side by side: one slider, one clock, always the same frame of both. */
class TakesElement extends elementWith({
  jobs: given<readonly [JobView, JobView]>(),
  source: given<ReviewSource>(),
  shown: own<Shown>({ state: "waiting" }),
  /** The frame that one of them could not decode, from 0. */
  frameLost: own<number | undefined>(undefined),
  zoomed: own(false),
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
      for (const each of [...this.shown.stages, ...this.shown.clips]) {
        each.close();
      }
    }
    this.shown = { state: "waiting" };
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>(".screen")?.focus();
    this.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const { shown, jobs } = this;
    return html`
      <header>
        <h3>${l10n.t("Takes in Step")}</h3>
        <vscode-toolbar-button
          icon="close"
          label=${l10n.t("Close Comparison")}
          title=${l10n.t("Close Comparison")}
          @click=${() => this.send({ kind: "compareTakes", jobIds: undefined })}
        ></vscode-toolbar-button>
      </header>
      <div
        class="player"
        role="group"
        aria-label=${l10n.t({ message: "{0} and {1} in step", args: [isolated(jobs[0].name), isolated(jobs[1].name)], comment: ["Names of two videos"] })}
        @keydown=${this.#onKey}
      >
        <div class="pair">${jobs.map((job, index) => this.#take(job, index))}</div>
        <p class="unseen" id="keys-takes">${l10n.t("Space plays and pauses. The left and right arrow keys, comma and period step one frame, with Shift ten. Home and End go to the first and last frame. L loops, P plays forward and back, the square brackets change the speed, Z shows actual pixels.")}</p>
        ${shown.state === "open" ? this.#controls(shown.transport) : nothing}
      </div>
      ${shown.state === "failed" ? html`<p class="quiet" role="alert">${icon("warning")} ${l10n.t("The video cannot be shown here. Open it in another program.")}</p>` : nothing}
      ${lostFrame(this.frameLost)}
    `;
  }

  #take(job: JobView, index: number): TemplateResult {
    const size = this.shown.state === "open" ? this.shown.clips[index]?.size : undefined;
    const { width, height } = size ?? sizeOf(job.parameters);
    return html`<figure>
      <div
        class="screen ${this.zoomed ? "zoomed" : ""}"
        tabindex="0"
        role="group"
        aria-label=${l10n.t("Video {0}", isolated(job.name))}
        aria-describedby="keys-takes"
        @scroll=${this.#onScroll}
      >
        <div class="picture" ${pictureVariables({ width, height })}>
          <canvas width=${width} height=${height} aria-hidden="true"></canvas>
        </div>
      </div>
      <figcaption>
        <span class="name">${job.name}</span>
        ${job.parameters.seed === undefined ? nothing : html`<span class="quiet">${l10n.t("Seed {0}", job.parameters.seed)}</span>`}
      </figcaption>
    </figure>`;
  }

  #controls(transport: Transport): TemplateResult {
    const { head, shown } = transport;
    return html`
      ${transportControls({
        ...{ id: "takes", head, shown, zoomed: this.zoomed },
        ...{ change: (next) => transport.change(next), zoom: this.#zoom },
      })}
      <span class="unseen" aria-live="polite">${head.playing ? "" : frameText(shown, head.count)}</span>
    `;
  }

  #onSight(isSeen: boolean): void {
    if (isSeen && !this.#sight.opened) {
      this.#sight.opened = true;
      void this.#open();
    } else if (!isSeen && this.shown.state === "open") {
      this.shown.transport.rest();
    }
  }

  async #open(): Promise<void> {
    const stay = this.#stay;
    const clips = await this.#clips();
    const canvases = [...this.querySelectorAll("canvas")];
    const stages = clips.flatMap((clip, index) => {
      const canvas = canvases[index];
      return canvas === undefined ? [] : [new Stage(clip, canvas)];
    });
    if (this.#stay !== stay || stages.length < this.jobs.length) {
      // Closed meanwhile, or one of the two cannot be shown: the other one is let go of as well.
      for (const clip of clips) {
        clip.close();
      }
      if (this.#stay === stay) {
        this.shown = { state: "failed" };
      }
      return;
    }
    const transport = new Transport({
      clips,
      show: (frame) => this.#show(stages, frame),
      moved: () => this.requestUpdate(),
    });
    this.shown = { state: "open", clips, transport, stages };
    transport.change(transport.head);
  }

  /** The videos that can be opened. */
  async #clips(): Promise<Clip[]> {
    const opening = this.jobs.map(async ({ id }) => {
      const [{ openClip }, bytes] = await Promise.all([import("./frames/openClip.ts"), this.source.video(id)]);
      return await openClip(bytes);
    });
    const opened = await Promise.allSettled(opening);
    return opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }

  async #show(stages: readonly Stage[], frame: number): Promise<boolean> {
    const shown = await Promise.allSettled(stages.map((stage) => stage.show(frame)));
    const isLost = shown.some(({ status }) => status === "rejected");
    const isShown = shown.every((each) => each.status === "fulfilled" && each.value);
    if (isLost || isShown) {
      this.frameLost = isLost && this.isConnected ? frame : undefined;
    }
    return isShown;
  }

  /** What is looked at closely in one is looked at in the other. */
  #onScroll(event: Event & { currentTarget: HTMLElement }): void {
    const { scrollLeft, scrollTop } = event.currentTarget;
    for (const screen of this.querySelectorAll(".screen")) {
      screen.scrollTo(scrollLeft, scrollTop);
    }
  }

  readonly #zoom = (): void => {
    this.zoomed = !this.zoomed;
  };

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

customElements.define("flf-takes", TakesElement);
