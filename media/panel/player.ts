import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Parameters, type Size, sizeOf } from "../../src/model/parameters.ts";
import type { JobView } from "../../src/ui/panel/protocol.ts";
import { PanelElement } from "./element.ts";
import { icon } from "./icon.ts";
import { fill, type Texts, videoFacts } from "./texts.ts";

/** A saved video. Its bytes are asked for when it comes into sight, and let go with the player. */
export class PlayerElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    job: { attribute: false },
    fresh: { attribute: false },
    load: { attribute: false },
    url: { state: true },
    failed: { state: true },
    size: { state: true },
  };
  declare texts: Texts;
  declare job: JobView;
  /** True for a video that arrived before the user's eyes: it starts by itself. */
  declare fresh: boolean;
  /** Gets the bytes of a job's video. */
  declare load: (jobId: string) => Promise<Uint8Array<ArrayBuffer>>;
  declare url: string | undefined;
  declare failed: boolean;
  /** Pixels of the video itself, which can differ from what was asked for. */
  declare size: Size | undefined;
  readonly #sight = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      this.#sight.disconnect();
      void this.#fetch();
    }
  });

  constructor() {
    super();
    this.failed = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
    if (this.url !== undefined) {
      URL.revokeObjectURL(this.url);
      this.url = undefined;
    }
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.#sight.observe(this);
  }

  protected override render(): TemplateResult {
    const { strings, language } = this.texts;
    const { parameters, name } = this.job;
    const asked = sizeOf(parameters);
    const facts = videoFacts(parameters, language, this.size ?? asked);
    return html`
      <div class="screen">
        <video
          ?controls=${this.url !== undefined}
          preload="auto"
          loop
          muted
          playsinline
          width=${asked.width}
          height=${asked.height}
          aria-label=${fill(strings.videoLabel, name)}
          src=${this.url ?? nothing}
          ?autoplay=${this.fresh && !prefersStillness()}
          .muted=${true}
          @loadedmetadata=${(event: Event & { target: HTMLVideoElement }) => {
            this.size = { width: event.target.videoWidth, height: event.target.videoHeight };
          }}
          @error=${() => {
            this.failed = true;
          }}
        ></video>
        ${this.url === undefined && !this.failed ? html`<p class="quiet over">${icon("loading", "codicon-modifier-spin")} ${strings.loadingVideo}</p>` : nothing}
      </div>
      ${this.failed ? html`<p class="quiet" role="alert">${icon("warning")} ${strings.videoFailed}</p>` : nothing}
      <p class="facts"><span>${fill(strings.facts, ...facts)}</span>${this.#seed(parameters)}</p>
    `;
  }

  #seed({ seed }: Parameters): TemplateResult | typeof nothing {
    const { strings } = this.texts;
    return seed === undefined
      ? nothing
      : html`<button
            type="button"
            class="link"
            title=${fill(strings.reuseSeed, seed)}
            aria-label=${fill(strings.reuseSeed, seed)}
            @click=${() => this.send({ kind: "reuseSeed", seed })}
          >
            ${fill(strings.seedFact, seed)}
          </button>`;
  }

  async #fetch(): Promise<void> {
    try {
      const bytes = await this.load(this.job.id);
      if (this.isConnected) {
        this.url = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
      }
    } catch {
      this.failed = true;
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
