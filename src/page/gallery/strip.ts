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
import { mostTakes } from "../state/stage.ts";
import { compose, type PairImage } from "../state/state.ts";
import { jobFacts, jobHint, jobPicture, unseenState } from "./card.ts";
import { splitPicture } from "./splitPicture.ts";

/** The takes of a pair: the form first, then its videos, newest first. Choosing one puts it on the stage. */
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
}) {
  readonly #minutes = new Minutes(this);
  #takes: readonly JobView[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { jobs, shown, pair } = this;
    if (changed.has("jobs") || changed.has("pair") || changed.has("shown")) {
      this.#takes = jobs.filter((job) => job.id === shown || (pair !== undefined && job.pair === pair));
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
          <h2 id="strip-title">${l10n.t("Takes of This Pair")}</h2>
          <div
            class="strip"
            role="listbox"
            aria-labelledby="strip-title"
            aria-orientation="horizontal"
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
      aria-selected=${id === this.shown ? "true" : "false"}
      title=${hint}
      tabindex=${id === this.stop ? 0 : -1}
      data-job=${id}
      data-state=${sign ?? nothing}
      @click=${() => this.send({ kind: "show", what: id })}
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
    if (here < 0 || isModified(event)) {
      return;
    }
    const next = options[roved(key, here, options.length, { axis: "row", stops: true }) ?? -1];
    if (key === "Enter" || key === " ") {
      event.preventDefault();
      this.send({ kind: "show", what: options[here]?.dataset.job ?? compose });
    } else if (next !== undefined) {
      event.preventDefault();
      next.focus();
    }
  }

  #options(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=option]")];
  }
}

customElements.define("flf-strip", StripElement);
