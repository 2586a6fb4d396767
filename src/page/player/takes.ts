import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { video } from "../../shared/messages/videos.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { isolated } from "../../shared/texts.ts";
import { nameText } from "../../shared/videoTexts.ts";
import type { Ask } from "../kit/host.ts";
import { elementWith, given } from "../kit/properties.ts";
import { frameText, keyHelp, playTrouble, transportControls, videoScreen } from "./controls.ts";
import { Playback } from "./playback.ts";
import type { Transport } from "./transport.ts";

/** Two takes side by side, with one slider and one clock. Both always show the same frame. */
class TakesElement extends elementWith({
  jobs: given<readonly [JobView, JobView]>(),
  ask: given<Ask>(),
}) {
  readonly #playback = new Playback(this, {
    load: () => this.jobs.map(({ id }) => this.ask(video, { jobId: id })),
    showFirst: async () => 0,
    opened: ({ transport }) => transport.change(transport.head),
  });

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>(".screen")?.focus();
    this.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const { jobs } = this;
    const { shown, onKey } = this.#playback;
    return html`
      <header @keydown=${this.#onKey}>
        <h2>${l10n.t("Compare Takes")}</h2>
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
        aria-label=${l10n.t({ message: "{0} and {1} side by side", args: jobs.map((job) => isolated(nameText(job))), comment: ["Names of two videos"] })}
        @keydown=${(event: KeyboardEvent) => {
          onKey(event);
          this.#onKey(event);
        }}
      >
        <div class="pair">${jobs.map((job, index) => this.#take(job, index))}</div>
        ${keyHelp("keys-takes")}
        ${shown.state === "open" ? this.#controls(shown.transport) : nothing}
      </div>
      ${playTrouble(this.#playback)}
    `;
  }

  #take(job: JobView, index: number): TemplateResult {
    const { parameters } = job;
    const name = nameText(job);
    const { shown, zoomed } = this.#playback;
    const size = shown.state === "open" ? shown.clips[index]?.size : undefined;
    return html`<figure>
      ${videoScreen({
        ...{ name, keys: "keys-takes", size: size ?? sizeOf(parameters ?? {}), zoomed },
        scroll: (event) => this.#onScroll(event),
      })}
      <figcaption>
        <span class="name">${name}</span>
        ${parameters?.seed === undefined ? nothing : html`<span class="quiet">${l10n.t("Seed {0}", parameters.seed)}</span>`}
      </figcaption>
    </figure>`;
  }

  #controls(transport: Transport): TemplateResult {
    const { head, shown } = transport;
    return html`
      ${transportControls({ transport, zoomed: this.#playback.zoomed, zoom: this.#playback.zoom })}
      <span class="unseen" aria-live="polite">${head.playing ? "" : frameText(shown, head.count)}</span>
    `;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      this.send({ kind: "compareTakes", jobIds: undefined });
    }
  }

  /** Scrolls both takes to the same place. */
  #onScroll(event: Event & { currentTarget: HTMLElement }): void {
    const { scrollLeft, scrollTop } = event.currentTarget;
    for (const screen of this.querySelectorAll(".screen")) {
      screen.scrollTo(scrollLeft, scrollTop);
    }
  }
}

customElements.define("flf-takes", TakesElement);
