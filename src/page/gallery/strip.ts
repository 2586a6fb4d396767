import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Sign } from "../../shared/jobs/signs.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { Side } from "../../shared/model/side.ts";
import { pluralText } from "../../shared/texts.ts";
import { factLine, titleText } from "../../shared/videoTexts.ts";
import type { Ask } from "../kit/host.ts";
import { isModified } from "../kit/keyPress.ts";
import { Minutes } from "../kit/minutes.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { roved } from "../kit/roved.ts";
import { mostCompared, mostTakes } from "../state/stage.ts";
import { compose, type PairImage } from "../state/state.ts";
import { jobFacts, jobHint, jobPicture, unseenState } from "./card.ts";
import { splitPicture } from "./splitPicture.ts";

/**
 * The takes of a pair: the form first, then its videos, newest first. Choosing one puts it on the stage. Several are selected
 * as in VS Code's lists, with Ctrl (Cmd on a Mac) and Shift, to compare them.
 */
class StripElement extends elementWith({
  /** All jobs, newest first. */
  jobs: given<readonly JobView[]>(),
  /** What is on the stage: "compose", or a job by its id. */
  shown: given<string>(),
  /** The pair on the stage; undefined while it is unknown. */
  pair: given<string | undefined>(),
  /** The pictures in the form. */
  images: given<Readonly<Record<Side, PairImage | undefined>>>(),
  ask: given<Ask>(),
  /** The option that the Tab key reaches. */
  stop: own<string | undefined>(undefined),
  /** The ids of several takes that are selected to be compared; empty unless there are at least two. */
  several: own<readonly string[]>([]),
}) {
  readonly #minutes = new Minutes(this);
  #takes: readonly JobView[] = [];
  /** Where a range of takes begins. */
  #anchor: string | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { jobs, shown, pair } = this;
    if (changed.has("jobs") || changed.has("pair") || changed.has("shown")) {
      this.#takes = jobs.filter((job) => job.id === shown || (pair !== undefined && job.pair === pair));
    }
    if (changed.has("shown")) {
      this.#select([]);
      this.#anchor = shown;
    } else if (this.several.some((id) => !this.#savedIds().includes(id))) {
      this.#select(this.several);
    }
    const isGone = this.stop !== compose && !this.#takes.some(({ id }) => id === this.stop);
    if (changed.has("shown") || isGone) {
      this.stop = this.#takes.some(({ id }) => id === shown) ? shown : compose;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const takes = this.#takes.filter(({ id }, index) => index < mostTakes || id === this.shown);
    const others = this.#takes.length - takes.length;
    return takes.length === 0
      ? nothing
      : html`
          <header>
            <h2 id="strip-title">${l10n.t("Takes of This Pair")}</h2>
            ${this.#compareButton()}
          </header>
          <div
            class="strip"
            role="listbox"
            aria-labelledby="strip-title"
            aria-orientation="horizontal"
            aria-multiselectable="true"
            @keydown=${this.#onKey}
            @focusin=${this.#onFocus}
          >
            ${this.#composeOption()}
            ${repeat(
              takes,
              ({ id }) => id,
              (job) => this.#option(job),
            )}
          </div>
          ${
            others === 0
              ? nothing
              : html`<p class="quiet">${pluralText(others, l10n.t("{0} older take is listed under All Videos.", others), l10n.t("{0} older takes are listed under All Videos.", others))}</p>`
          }
        `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const strip = this.querySelector(".strip");
    const option = this.#options().find(({ dataset }) => dataset.job === this.shown);
    if (changed.has("shown") && changed.get("shown") !== undefined && strip !== null && option !== undefined) {
      // Only the strip scrolls: the page stays where its user is.
      const [inner, outer] = [option.getBoundingClientRect(), strip.getBoundingClientRect()];
      strip.scrollLeft += Math.min(inner.left - outer.left, 0) + Math.max(inner.right - outer.right, 0);
    }
  }

  #composeOption(): TemplateResult {
    const url = (side: Side) => {
      const image = this.images?.[side];
      return image?.state === "shown" ? image.url : undefined;
    };
    const content = html`
      <span class="words"><span class="title">${l10n.t("Compose")}</span></span>
      <span class="picture">${splitPicture({ start: url("start"), end: url("end") })}</span>
    `;
    return this.#optionOf(compose, l10n.t("The form for the next video"), content);
  }

  #option(job: JobView): TemplateResult {
    const facts = jobFacts(job, this.#minutes.now);
    const first = facts.slice(0, -1);
    const content = html`
      <span class="words">
        <span class="title">${first.length === 0 ? titleText(job) : factLine(first)}</span>
        <span class="facts">${factLine([job.folder, facts.at(-1)].filter((fact) => fact !== undefined))}</span>
        ${unseenState(job)}
      </span>
      ${jobPicture(job, this.ask)}
    `;
    return this.#optionOf(job.id, jobHint(job), content, job.sign);
  }

  #optionOf(id: string, hint: string, content: TemplateResult, sign?: Sign): TemplateResult {
    return html`<div
      class="video-card"
      role="option"
      aria-selected=${(this.several.length === 0 ? id === this.shown : this.several.includes(id)) ? "true" : "false"}
      title=${hint}
      tabindex=${id === this.stop ? 0 : -1}
      data-job=${id}
      data-state=${sign ?? nothing}
      @click=${(event: MouseEvent) => this.#choose(id, event)}
    >
      ${content}
    </div>`;
  }

  #onFocus({ target }: FocusEvent): void {
    if (target instanceof HTMLElement && target.dataset.job !== undefined) {
      this.stop = target.dataset.job;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    const options = this.#options();
    const here = target instanceof HTMLElement ? options.indexOf(target) : -1;
    if (here < 0 || event.altKey || event.getModifierState("AltGraph")) {
      return;
    }
    const id = options[here]?.dataset.job ?? compose;
    const next = options[roved(key, here, options.length, { axis: "row", stops: true }) ?? -1];
    const isList = event.ctrlKey || event.metaKey;
    if (key === "Escape" && this.several.length > 0) {
      event.preventDefault();
      this.#select([]);
    } else if (isList && key.toLowerCase() === "a") {
      event.preventDefault();
      this.#select(this.#savedIds());
    } else if (key === "Enter" && !isModified(event) && this.several.includes(id)) {
      event.preventDefault();
      this.#compare();
    } else if ((key === "Enter" || key === " ") && (key === " " || !isModified(event))) {
      event.preventDefault();
      this.#choose(id, event);
    } else if (next !== undefined && !isList) {
      event.preventDefault();
      next.focus();
      if (event.shiftKey) {
        this.#extend(next.dataset.job ?? compose);
      }
    }
  }

  /** Puts one on the stage. With Ctrl it is added to those that are selected or taken from them, with Shift all up to it are. */
  #choose(id: string, { ctrlKey, metaKey, shiftKey }: MouseEvent | KeyboardEvent): void {
    if (shiftKey) {
      this.#extend(id);
    } else if (ctrlKey || metaKey) {
      const before = this.several.length === 0 ? [this.shown] : this.several;
      this.#anchor = id;
      this.#select(before.includes(id) ? before.filter((each) => each !== id) : [...before, id]);
    } else {
      this.#anchor = id;
      this.#select([]);
      this.send({ kind: "show", what: id });
    }
  }

  #extend(to: string): void {
    const ids = this.#takes.map(({ id }) => id);
    const [one, other] = [ids.indexOf(this.#anchor ?? to), ids.indexOf(to)];
    this.#select(one < 0 || other < 0 ? [] : ids.slice(Math.min(one, other), Math.max(one, other) + 1));
  }

  /** Selects the saved ones of these. Fewer than two are no selection to compare. */
  #select(ids: readonly string[]): void {
    const saved = this.#savedIds().filter((id) => ids.includes(id));
    this.several = saved.length < 2 ? [] : saved;
  }

  #savedIds(): string[] {
    return this.#takes.flatMap(({ id, state }) => (state === "saved" ? [id] : []));
  }

  #compareButton(): TemplateResult | typeof nothing {
    const count = this.several.length;
    return count === 0
      ? nothing
      : html`<span class="quiet count" role="status">
            ${count > mostCompared ? l10n.t("Select at most {0} takes to compare them.", mostCompared) : nothing}
          </span>
          <vscode-button secondary icon="split-horizontal" ?disabled=${count > mostCompared} @click=${this.#compare}
            >${l10n.t({ message: "Compare {0} Takes", args: [count], comment: ["{0} is a number of at least 2"] })}</vscode-button
          >`;
  }

  readonly #compare = (): void => {
    if (this.several.length <= mostCompared) {
      // The newest is first in the strip, and last where takes stand in the order in which they were made.
      this.send({ kind: "compareTakes", jobIds: this.several.toReversed() });
    }
  };

  #options(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=option]")];
  }
}

customElements.define("flf-strip", StripElement);
