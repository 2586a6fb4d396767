import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Look } from "../../shared/messages/form.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Parameters, sizeOf } from "../../shared/model/parameters.ts";
import { isolated } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import type { Intent } from "../kit/intents.ts";
import { problemActions } from "../kit/notice.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { signIcon } from "../kit/signIcon.ts";
import { toolButton } from "../kit/toolButton.ts";
import { toolbar } from "../kit/toolbar.ts";
import { pictureVariables } from "../kit/variables.ts";
import { Visibility } from "../kit/visibility.ts";
import { compose } from "../state/state.ts";
import type { Pictures } from "./backdrop.ts";
import { jobActions } from "./jobActions.ts";
import { type StageKey, stageKey } from "./keys.ts";

/** One video in the place that rules the page: how it comes about, then the video itself, and what concerns it beside it. */
class StageElement extends elementWith({
  /** Undefined while the video that was asked for has no job yet. */
  job: given<JobView | undefined>(),
  /** What is said of it until then. */
  starting: given<string>(),
  /** What the video on the stage is made of. */
  order: given<{ readonly prompt: string; readonly parameters?: Parameters | undefined }>(),
  /** The job whose images the video is made of: itself, or the one that it is another take of. */
  source: given<JobView | undefined>(),
  /** The form's images, if the video is made of them and has no copies of its own yet. */
  standIn: given<Pictures | undefined>(),
  /** The takes before and after it. */
  older: given<JobView | undefined>(),
  newer: given<JobView | undefined>(),
  problem: given<ShownProblem | undefined>(),
  fresh: given<boolean>(),
  /** The result of the last action on the job. */
  note: given<string | undefined>(),
  /** Other takes of the same pair. */
  takes: given<readonly JobView[]>(),
  /** Where the user was in the video when they left it. */
  look: given<Look | undefined>(),
  /** What the page has to say, and the folded form. */
  notice: given<TemplateResult>(),
  fold: given<TemplateResult>(),
  ask: given<Ask>(),
  /** True while the picture fills the studio. */
  full: own(false),
}) {
  readonly #visibility = new Visibility(() => this.#tellInView());
  /** The picture that is watched, and what the page was told of it. */
  #watched: Element | undefined;
  #inView: string | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#visibility.end();
    this.#watched = undefined;
    this.#inView = undefined;
  }

  protected override updated(_changed: PropertyValues): void {
    const picture = this.querySelector(".player, .scene");
    if (picture !== null && picture !== this.#watched) {
      this.#visibility.end();
      this.#watched = picture;
      this.#visibility.watch(picture);
    }
    this.#tellInView();
  }

  protected override render(): TemplateResult {
    const { job } = this;
    const name = job?.name ?? this.starting;
    const isSaved = job?.state === "saved";
    return html`
      <article
        class=${this.full && isSaved ? "stage full" : "stage"}
        tabindex="-1"
        data-refuge
        aria-labelledby="stage-title"
        aria-keyshortcuts="E T Shift+T F Escape"
        data-job=${job?.id ?? nothing}
        data-state=${job?.sign ?? "starting"}
        @keydown=${this.#onKey}
      >
        <header>
          ${signIcon(job?.sign ?? "preparing")}
          <h2 id="stage-title" dir="auto" title=${name}>${name}</h2>
          ${job?.since === undefined ? nothing : html`<flf-elapsed .since=${job.since}></flf-elapsed>`}
          ${this.#turns()}
        </header>
        ${job !== undefined && isSaved ? this.#player(job) : this.#scene()}
        <div class="concerns">
          ${this.notice} ${this.#outcome()}
          ${job !== undefined && isSaved ? html`${jobActions(job, this.takes, this.#send)} ${this.#facts(job)}` : nothing}
          ${this.order.prompt === "" ? nothing : html`<p class="prompt" dir="auto" title=${this.order.prompt}>${this.order.prompt}</p>`}
        </div>
        ${this.fold}
      </article>
    `;
  }

  #tellInView(): void {
    const jobId = this.#visibility.isSeen ? this.job?.id : undefined;
    if (jobId !== this.#inView) {
      this.#inView = jobId;
      this.send({ kind: "inView", jobId });
    }
  }

  /** The ways to the other takes and back to the form. */
  #turns(): TemplateResult {
    const { older, newer } = this;
    const way = (to: JobView | undefined, name: string, glyph: string, key: readonly [string, string]) =>
      to === undefined
        ? nothing
        : toolButton({ name, icon: glyph, key, act: () => this.send({ kind: "show", what: to.id }) });
    return html`<div class="turns" role="toolbar" aria-label=${l10n.t("Stage")} ${toolbar()}>
      ${way(older, l10n.t("Previous Take"), "arrow-left", ["Shift+T", "Shift+T"])}
      ${way(newer, l10n.t("Next Take"), "arrow-right", ["T", "T"])}
      ${toolButton({
        ...{ name: l10n.t("Back to the Form"), icon: "close", key: ["Esc", "Escape"] },
        act: () => this.send({ kind: "show", what: compose }),
      })}
    </div>`;
  }

  #player(job: JobView): TemplateResult {
    return html`${keyed(
      job.id,
      html`<flf-player
        .job=${job}
        .fresh=${this.fresh}
        .look=${this.look}
        .full=${this.full}
        .fill=${this.#fill}
        .ask=${this.ask}
      ></flf-player>`,
    )}`;
  }

  /** The place of the video while there is none: its images, and over them what is known and what can be done. */
  #scene(): TemplateResult {
    const { job } = this;
    return html`<div class="scene" ${pictureVariables(sizeOf(this.order.parameters ?? {}))}>
      <flf-backdrop .job=${this.source} .standIn=${this.standIn} .ask=${this.ask}></flf-backdrop>
      <div class="words">
        <p class="sentence">${job?.sentence ?? this.starting}</p>
        ${job === undefined || job.since === undefined ? nothing : html`<div class="bar" aria-hidden="true"></div>`}
        ${job?.detail === undefined ? nothing : html`<p class="detail">${job.detail}</p>`}
        ${job?.cost === undefined ? nothing : html`<p class="cost">${job.cost}</p>`}
        ${job === undefined ? nothing : jobActions(job, this.takes, this.#send)}
      </div>
    </div>`;
  }

  #facts(job: JobView): TemplateResult {
    return html`
      <p class="sentence">${job.video === undefined ? job.sentence : l10n.t("Saved as {0}", isolated(job.video))}</p>
      ${job.detail === undefined ? nothing : html`<p class="detail">${job.detail}</p>`}
      ${job.cost === undefined ? nothing : html`<p class="cost">${job.cost}</p>`}
    `;
  }

  /** What came of the last action on the job. */
  #outcome(): TemplateResult {
    const { note, problem } = this;
    return html`
      ${note === undefined ? nothing : html`<p class="note">${icon("check")}<span>${note}</span></p>`}
      ${
        problem === undefined
          ? nothing
          : html`<div class="field-message" role="alert">
              <p>${icon("error")}<span>${problem.message}</span></p>
              ${problemActions(problem)}
            </div>`
      }
    `;
  }

  readonly #send = (intent: Intent): void => this.send(intent);

  readonly #fill = (): void => {
    this.full = !this.full;
  };

  #onKey(event: KeyboardEvent): void {
    const key = event.defaultPrevented ? undefined : stageKey(event);
    if (key !== undefined && this.#does(key)) {
      event.preventDefault();
    } else if (event.target === event.currentTarget) {
      this.#passOn(event);
    }
  }

  /** With the focus on the whole stage, as when a video comes up, the player's keys work, too. */
  #passOn(event: KeyboardEvent): void {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
    const passed = new KeyboardEvent("keydown", {
      ...{ key, code, shiftKey, ctrlKey, altKey, metaKey, repeat },
      cancelable: true,
    });
    if (this.querySelector(".player")?.dispatchEvent(passed) === false) {
      event.preventDefault();
    }
  }

  /** @returns whether the key meant anything here */
  #does(key: StageKey): boolean {
    const to = key === "older" ? this.older : key === "newer" ? this.newer : undefined;
    if (to !== undefined) {
      this.send({ kind: "show", what: to.id });
      return true;
    }
    if (key === "fill" && this.job?.state === "saved") {
      this.#fill();
      return true;
    }
    if (key === "leave" && this.full) {
      this.full = false;
      return true;
    }
    if (key === "leave" || key === "edit") {
      this.send({ kind: "show", what: compose });
      return true;
    }
    return false;
  }
}

customElements.define("flf-stage", StageElement);
