import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type { JobView } from "../../shared/messages/jobs.ts";
import { ownCommands } from "../../shared/messages/panel.ts";
import { isolated, numberText, pluralText } from "../../shared/texts.ts";
import { factLine, titleText } from "../../shared/videoTexts.ts";
import { bothEnds } from "../kit/bothEnds.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { isModified } from "../kit/keyPress.ts";
import type { MenuItem } from "../kit/menu.ts";
import { Minutes } from "../kit/minutes.ts";
import { moved } from "../kit/moved.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { toolButton } from "../kit/toolButton.ts";
import { variables } from "../kit/variables.ts";
import { jobFacts, jobHint, jobPicture, unseenState } from "./card.ts";
import { columnsIn, type Rows, rowsSeen } from "./layout.ts";
import { found, type Group, type GroupId, grouped } from "./order.ts";

/** Least width of a card, and the gap between cards, in pixels. */
const leastWidth = 184;
const gap = 12;
/** How far out of view cards are drawn, in pixels: a turn of the wheel must not show empty places. */
const nearly = 600;
/** How many cards of each group are drawn wherever the page is scrolled: enough for most people's, and for those who listen. */
const always = 12;
/** A name of fewer characters fits into every card. */
const shortName = 18;
/** How long a search rests before its outcome is announced, ms. */
const announceAfter = 500;

/**
 * All videos, with a search. Only the cards in view, or nearly, are in the page: there can be thousands. Choosing one puts
 * it on the stage.
 */
class GalleryElement extends elementWith({
  /** All jobs, newest first. */
  jobs: given<readonly JobView[]>(),
  /** What is on the stage: "compose", or a job by its id. */
  shown: given<string>(),
  ask: given<Ask>(),
  search: own(""),
  /** The card that the Tab key reaches. */
  stop: own<string | undefined>(undefined),
  columns: own(1),
  /** Height of a row with its gap, in pixels. */
  rowHeight: own(200),
  seen: own<Partial<Record<GroupId, Rows>>>({}),
}) {
  readonly #minutes = new Minutes(this);
  readonly #resizing = new ResizeObserver(() => this.#lookSoon());
  #groups: readonly Group[] = [];
  /** All cards in the order in which they stand. */
  #order: readonly JobView[] = [];
  #frame: number | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // Whatever scrolls, and whatever above grows, moves the cards.
    document.addEventListener("scroll", this.#lookSoon, { capture: true, passive: true });
    window.addEventListener("resize", this.#lookSoon);
    this.#resizing.observe(this);
    this.#resizing.observe(document.body);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("scroll", this.#lookSoon, { capture: true });
    window.removeEventListener("resize", this.#lookSoon);
    this.#resizing.disconnect();
    clearTimeout(this.#announcing);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("jobs") || changed.has("search")) {
      this.#groups = grouped(found(this.jobs, this.search));
      this.#order = this.#groups.flatMap(({ jobs }) => jobs);
    }
    const has = (id: string | undefined) => this.#order.some((job) => job.id === id);
    if (!has(this.stop) || (changed.has("shown") && has(this.shown))) {
      this.stop = has(this.shown) ? this.shown : this.#order[0]?.id;
    }
  }

  protected override render(): TemplateResult {
    const isEmpty = this.jobs.length === 0;
    return html`
      <header>
        <h2 id="gallery-title" tabindex="-1" data-refuge>${l10n.t("All Videos")}</h2>
        ${isEmpty ? nothing : this.#searchField()}
      </header>
      <div class=${this.search === "" ? nothing : "searched"}>
      ${
        isEmpty
          ? html`<div class="nothing">
              <p>${l10n.t("The videos you generate appear here.")}</p>
              <p class="quiet">${l10n.t("Choose a start and an end image, write a prompt, and generate your first video.")}</p>
            </div>`
          : this.#order.length === 0
            ? html`<div class="nothing">
                <p>${l10n.t("No videos match “{0}”.", isolated(this.search.trim()))}</p>
                <vscode-button secondary @click=${this.#clear}>${l10n.t("Clear Search")}</vscode-button>
              </div>`
            : this.#list()
      }
      </div>
    `;
  }

  protected override updated(): void {
    this.#lookSoon();
  }

  #searchField(): TemplateResult {
    const count = this.#order.length;
    return html`
      <div class="input search">
        ${icon("search")}
        <input
          type="search"
          aria-label=${l10n.t("Search prompts and names")}
          placeholder=${l10n.t("Search prompts and names")}
          spellcheck="false"
          .value=${this.search}
          @input=${this.#onInput}
          @keydown=${this.#onSearchKey}
        />
        ${this.search === "" ? nothing : toolButton({ name: l10n.t("Clear Search"), icon: "close", act: () => this.#clear() })}
      </div>
      <p class="quiet count">
        ${
          this.search.trim() === ""
            ? pluralText(count, l10n.t("{0} video", numberText(count)), l10n.t("{0} videos", numberText(count)))
            : l10n.t("{0} of {1}", numberText(count), numberText(this.jobs.length))
        }
      </p>
      ${this.#menu()}
    `;
  }

  /** What can be done with many videos at once. Each of these commands asks first. */
  #menu(): TemplateResult | typeof nothing {
    const { cancelWaiting, clearFinished } = ownCommands;
    const items: MenuItem[] = [
      ...(this.jobs.some(({ isUnsent }) => isUnsent)
        ? [{ id: cancelWaiting, title: l10n.t("Cancel All Waiting Videos…") }]
        : []),
      ...(this.jobs.some(({ isFinished }) => isFinished)
        ? [{ id: clearFinished, title: l10n.t("Clear Finished Videos…") }]
        : []),
    ];
    return items.length === 0
      ? nothing
      : html`<flf-menu
          .name=${"gallery"}
          .label=${l10n.t("More")}
          .items=${items}
          .choose=${(command: string) => this.send({ kind: "command", command })}
        ></flf-menu>`;
  }

  #list(): TemplateResult {
    const isDivided = this.#groups.length > 1;
    return html`<div
      class="list"
      role="listbox"
      aria-labelledby="gallery-title"
      @keydown=${this.#onKey}
      @focusin=${this.#onFocus}
      ${variables({ "--columns": this.columns, "--row-height": `${this.rowHeight}px`, "--gap": `${gap}px` })}
    >
      ${this.#groups.map((group) => {
        const rows = Math.ceil(group.jobs.length / this.columns);
        return keyed(
          group.id,
          html`<div role="group" aria-label=${groupName(group.id)}>
            ${isDivided ? html`<p class="group-name" aria-hidden="true">${groupName(group.id)}</p>` : nothing}
            <div class="cards" role="presentation" data-group=${group.id} ${variables({ "--rows": rows })}>
              ${repeat(
                this.#drawn(group),
                ({ job }) => job.id,
                ({ job, index }) => this.#card(job, index),
              )}
            </div>
          </div>`,
        );
      })}
    </div>`;
  }

  /** The first cards of a group, those in view, or nearly, and the one that the Tab key reaches. */
  #drawn({ id, jobs }: Group): { readonly job: JobView; readonly index: number }[] {
    const { from, to } = this.seen[id] ?? { from: 0, to: 0 };
    return jobs.flatMap((job, index) => {
      const row = Math.floor(index / this.columns);
      return index < always || (row >= from && row < to) || job.id === this.stop ? [{ job, index }] : [];
    });
  }

  #card(job: JobView, index: number): TemplateResult {
    const place = { "--row": Math.floor(index / this.columns), "--column": index % this.columns };
    return html`<div
      class="video-card"
      role="option"
      aria-selected=${job.id === this.shown ? "true" : "false"}
      aria-setsize=${this.#order.length}
      aria-posinset=${this.#order.indexOf(job) + 1}
      title=${jobHint(job)}
      tabindex=${job.id === this.stop ? 0 : -1}
      data-job=${job.id}
      data-state=${job.sign}
      @click=${() => this.send({ kind: "show", what: job.id })}
      ${variables(place)}
    >
      <span class="words">
        <span class="title" dir="auto">${titleText(job)}</span>
        <span class="facts">${factLine(jobFacts(job, this.#minutes.now))}</span>
        ${unseenState(job)}
        <span class="name">${this.#name(job)}</span>
      </span>
      ${jobPicture(job, this.ask)}
    </div>`;
  }

  #name({ name, folder }: JobView): TemplateResult | string {
    return folder === undefined
      ? name.length < shortName
        ? name
        : bothEnds(name)
      : html`${bothEnds(name)}<bdi class="folder">${folder}</bdi>`;
  }

  readonly #lookSoon = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#look();
    });
  };

  /** Finds out where the cards are. */
  #look(): void {
    const list = this.querySelector<HTMLElement>(".list");
    if (list === null || list.clientWidth === 0) {
      return;
    }
    this.columns = columnsIn(list.clientWidth, leastWidth, gap);
    const height = list.querySelector(".video-card")?.getBoundingClientRect().height;
    if (height !== undefined && Math.abs(height + gap - this.rowHeight) > 0.5) {
      this.rowHeight = height + gap;
    }
    const seen: Partial<Record<GroupId, Rows>> = {};
    for (const { id, jobs } of this.#groups) {
      const top = list.querySelector(`[data-group=${id}]`)?.getBoundingClientRect().top;
      if (top !== undefined) {
        seen[id] = rowsSeen(top, window.innerHeight, this.rowHeight, Math.ceil(jobs.length / this.columns), nearly);
      }
    }
    if (JSON.stringify(seen) !== JSON.stringify(this.seen)) {
      this.seen = seen;
    }
  }

  #onInput({ target }: InputEvent): void {
    if (target instanceof HTMLInputElement) {
      this.search = target.value;
      clearTimeout(this.#announcing);
      this.#announcing = setTimeout(() => this.#announce(), announceAfter);
    }
  }

  #announce(): void {
    const count = this.#order.length;
    const text =
      count === 0
        ? l10n.t("No videos found")
        : pluralText(count, l10n.t("{0} video found", count), l10n.t("{0} videos found", count));
    this.send({ kind: "tell", text });
  }

  #onSearchKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.search !== "") {
      event.preventDefault();
      this.search = "";
    } else if (event.key === "ArrowDown" && !isModified(event)) {
      event.preventDefault();
      void this.#focus(this.#order[0]?.id);
    }
  }

  #clear(): void {
    this.search = "";
    this.querySelector<HTMLElement>("input")?.focus();
  }

  #onFocus({ target }: FocusEvent): void {
    if (target instanceof HTMLElement && target.dataset.job !== undefined) {
      this.stop = target.dataset.job;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    const here = this.#order.findIndex(({ id }) => id === this.stop);
    const job = this.#order[here];
    if (job === undefined || isModified(event)) {
      return;
    }
    const sizes = this.#groups.map(({ jobs }) => jobs.length);
    const next = moved(key, here, sizes, this.columns);
    if (key === "Enter" || key === " ") {
      event.preventDefault();
      this.send({ kind: "show", what: job.id });
    } else if (next !== undefined) {
      event.preventDefault();
      void this.#focus(this.#order[next]?.id);
    }
  }

  /** Moves the focus to a card, which may not be drawn yet. */
  async #focus(id: string | undefined): Promise<void> {
    this.stop = id;
    await this.updateComplete;
    const card = this.querySelector<HTMLElement>("[role=option][tabindex='0']");
    card?.focus();
    card?.scrollIntoView({ block: "nearest" });
  }
}

function groupName(id: GroupId): string {
  switch (id) {
    case "attention":
      return l10n.t("Needs Attention");
    case "progress":
      return l10n.t("In Progress");
    case "done":
      return l10n.t("Done");
  }
}

customElements.define("flf-gallery", GalleryElement);
