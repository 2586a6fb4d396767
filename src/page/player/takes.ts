import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { video } from "../../shared/messages/videos.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import type { Size } from "../../shared/model/size.ts";
import { isolated } from "../../shared/texts.ts";
import { nameText } from "../../shared/videoTexts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { isModified } from "../kit/keyPress.ts";
import { moved } from "../kit/moved.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { variables } from "../kit/variables.ts";
import { frameText, keyHelp, playTrouble, transportControls, videoScreen } from "./controls.ts";
import { endsInShort } from "./ends.ts";
import { Playback } from "./playback.ts";
import { gridGap, type TakesGrid, takesGrid } from "./takesGrid.ts";
import type { Transport } from "./transport.ts";

/** What of the window's height is beside the pictures: title, controls and borders, px. */
const besideGrid = 150;

/** Takes in a grid, with one slider and one clock. All always show the same frame. */
class TakesElement extends elementWith({
  jobs: given<readonly JobView[]>(),
  /** The ids of those that count: in their recipes, or as the one that the stage shows. */
  picked: given<readonly string[]>(),
  ask: given<Ask>(),
  /** The take that the Tab key reaches. */
  stop: own<string | undefined>(undefined),
  /** Width for all pictures together and height of the window, px. */
  room: own<Size>({ width: 0, height: 0 }),
}) {
  readonly #playback = new Playback(this, {
    load: () => this.jobs.map(({ id }) => this.ask(video, { jobId: id })),
    least: 2,
    showFirst: async () => 0,
    opened: ({ transport }) => transport.change(transport.head),
  });
  readonly #resizing = new ResizeObserver(() => this.#look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizing.observe(document.documentElement);
    window.addEventListener("resize", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    window.removeEventListener("resize", this.#look);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("jobs") && !this.jobs.some(({ id }) => id === this.stop)) {
      this.stop = (this.jobs.find(({ id }) => this.picked.includes(id)) ?? this.jobs[0])?.id;
    }
  }

  protected override firstUpdated(): void {
    this.#look();
    this.#screens()
      .find(({ tabIndex }) => tabIndex === 0)
      ?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const { jobs } = this;
    const { shown } = this.#playback;
    const { columns, width } = this.#grid();
    return html`
      <header @keydown=${this.#onEscape}>
        <h2>${l10n.t("Compare Takes")}</h2>
        <vscode-toolbar-button
          icon="close"
          label=${l10n.t("Close Comparison")}
          title=${l10n.t("Close Comparison")}
          @click=${this.#close}
        ></vscode-toolbar-button>
      </header>
      <div class="player" role="group" aria-label=${this.#name()} @keydown=${this.#onKey}>
        <div
          class="grid"
          ${variables({ "--columns": columns, "--picture": `${width}px`, "--gap": `${gridGap}px` })}
          @focusin=${this.#onFocus}
        >
          ${jobs.map((job, index) => this.#take(job, index))}
        </div>
        ${keyHelp("keys-takes", l10n.t("The arrow keys move between takes, and Enter chooses one. Space plays and pauses. Comma and period move by one frame, Shift with the left and right arrow keys by ten."))}
        ${shown.state === "open" ? this.#controls(shown.transport) : nothing}
      </div>
      ${playTrouble(this.#playback)}
    `;
  }

  #name(): string {
    const names = this.jobs.map((job) => isolated(nameText(job)));
    return names.length === 2
      ? l10n.t({ message: "{0} and {1} side by side", args: names, comment: ["Names of two videos"] })
      : l10n.t({ message: "{0} takes side by side", args: [names.length], comment: ["{0} is a number from 3 to 12"] });
  }

  #take(job: JobView, index: number): TemplateResult {
    const { parameters } = job;
    const name = nameText(job);
    const { shown, zoomed } = this.#playback;
    const clip = shown.state === "open" ? shown.clips[index] : undefined;
    const isPicked = this.picked.includes(job.id);
    return html`<figure class=${isPicked ? "picked" : nothing}>
      ${videoScreen({
        ...{ name, keys: "keys-takes", size: clip?.size ?? sizeOf(parameters ?? {}), zoomed },
        ...{ isStop: job.id === this.stop, isCurrent: isPicked },
        instead:
          shown.state === "open" && clip === undefined
            ? html`<p class="over">${icon("warning")} ${l10n.t("Can’t be shown")}</p>`
            : nothing,
        scroll: (event) => this.#onScroll(event),
        doubleClick: () => this.#pick(job),
      })}
      <figcaption>
        <span class="name" title=${name}>${name}</span>
        ${isPicked ? this.#pickedMark(job) : this.#pickButton(job, name)}
        ${parameters?.seed === undefined ? nothing : html`<span class="quiet">${l10n.t("Seed {0}", parameters.seed)}</span>`}
        ${job.measures === undefined ? nothing : endsInShort(job.measures)}
      </figcaption>
    </figure>`;
  }

  #pickedMark(job: JobView): TemplateResult {
    const text = isFromRecipe(job)
      ? l10n.t({ message: "In Use", args: [], comment: ["The take that counts in its recipe"] })
      : l10n.t("On the Stage");
    return html`<span class="mark">${icon("pass-filled")} ${text}</span>`;
  }

  #pickButton(job: JobView, name: string): TemplateResult {
    const text = isFromRecipe(job) ? l10n.t("Use This Take") : l10n.t("Show on Stage");
    const label = l10n.t({
      message: "{0}: {1}",
      args: [text, isolated(name)],
      comment: ["A button and the video it is for"],
    });
    return html`<button type="button" class="link" aria-label=${label} @click=${() => this.#pick(job)}>${text}</button>`;
  }

  #controls(transport: Transport): TemplateResult {
    const { head, shown } = transport;
    return html`
      ${transportControls({ transport, zoomed: this.#playback.zoomed, zoom: this.#playback.zoom })}
      <span class="unseen" aria-live="polite">${head.playing ? "" : frameText(shown, head.count)}</span>
    `;
  }

  /** Lets a take count in its recipe. One without a recipe comes to the stage. */
  #pick(job: JobView): void {
    if (!isFromRecipe(job)) {
      this.#close();
      this.send({ kind: "show", what: job.id });
    } else if (!this.picked.includes(job.id)) {
      this.send({ kind: "act", jobId: job.id, action: "useTake" });
    }
  }

  readonly #close = (): void => this.send({ kind: "compareTakes", jobIds: undefined });

  readonly #onKey = (event: KeyboardEvent): void => {
    const here = event.target instanceof HTMLElement ? this.#screens().indexOf(event.target) : -1;
    const job = this.jobs[here];
    if (job !== undefined && !isModified(event) && this.#isTaken(event.key, job, here)) {
      event.preventDefault();
      return;
    }
    this.#playback.onKey(event);
    this.#onEscape(event);
  };

  /** @returns whether the key meant anything to the grid */
  #isTaken(key: string, job: JobView, here: number): boolean {
    if (key === "Enter") {
      this.#pick(job);
      return true;
    }
    const next = key.startsWith("Arrow") ? moved(key, here, [this.jobs.length], this.#grid().columns) : undefined;
    this.#screens()[next ?? -1]?.focus();
    return next !== undefined;
  }

  readonly #onEscape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      this.#close();
    }
  };

  readonly #onFocus = ({ target }: FocusEvent): void => {
    const job = target instanceof HTMLElement ? this.jobs[this.#screens().indexOf(target)] : undefined;
    this.stop = job?.id ?? this.stop;
  };

  /** Scrolls all takes to the same place. */
  #onScroll(event: Event & { currentTarget: HTMLElement }): void {
    const { scrollLeft, scrollTop } = event.currentTarget;
    for (const screen of this.#screens()) {
      screen.scrollTo(scrollLeft, scrollTop);
    }
  }

  readonly #look = (): void => {
    const width = this.querySelector(".player")?.clientWidth ?? 0;
    const height = window.innerHeight;
    if (width > 0 && (width !== this.room.width || height !== this.room.height)) {
      this.room = { width, height };
    }
  };

  #grid(): TakesGrid {
    const { width, height } = sizeOf(this.jobs[0]?.parameters ?? {});
    return takesGrid(
      this.jobs.length,
      { width: this.room.width, height: this.room.height - besideGrid },
      width / height,
    );
  }

  #screens(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".screen")];
  }
}

/** True for a take of a recipe, which says which of its takes counts. */
function isFromRecipe({ isPicked }: JobView): boolean {
  return isPicked !== undefined;
}

customElements.define("flf-takes", TakesElement);
