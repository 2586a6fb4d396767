import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { isolated } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { problemActions } from "../kit/notice.ts";
import { elementWith, given } from "../kit/properties.ts";
import { jobActions } from "./jobActions.ts";

/** One job: its state, its actions, and its video once it is saved. */
class JobElement extends elementWith({
  job: given<JobView>(),
  problem: given<ShownProblem | undefined>(),
  fresh: given<boolean>(),
  /** The result of the last action on the job. */
  note: given<string | undefined>(),
  /** Other takes of the same pair. */
  takes: given<readonly JobView[]>(),
  ask: given<Ask>(),
}) {
  protected override render(): TemplateResult {
    const { job } = this;
    return html`
      <article class="job" tabindex="-1" data-refuge aria-labelledby="job-${job.id}" data-state=${stateLook(job)}>
        <header>
          ${stateIcon(job)}
          <h3 id="job-${job.id}" dir="auto">${job.name}</h3>
          ${job.since === undefined ? nothing : html`<flf-elapsed .since=${job.since}></flf-elapsed>`}
        </header>
        <p class="sentence">${job.video === undefined ? job.sentence : l10n.t("Saved as {0}", isolated(job.video))}</p>
        ${job.detail === undefined ? nothing : html`<p class="detail">${job.detail}</p>`}
        ${job.cost === undefined ? nothing : html`<p class="cost">${job.cost}</p>`}
        ${
          job.state === "saved"
            ? html`<flf-player .job=${job} .fresh=${this.fresh} .ask=${this.ask}></flf-player>`
            : nothing
        }
        ${this.note === undefined ? nothing : html`<p class="note">${icon("check")}<span>${this.note}</span></p>`}
        ${job.prompt === "" ? nothing : html`<p class="prompt" dir="auto" title=${job.prompt}>${job.prompt}</p>`}
        ${
          this.problem === undefined
            ? nothing
            : html`<div class="field-message" role="alert">
                <p>${icon("error")}<span>${this.problem.message}</span></p>
                ${problemActions(this.problem)}
              </div>`
        }
        ${jobActions(job, this.takes, (intent) => this.send(intent))}
      </article>
    `;
  }
}

/**
 * The look of a card's state. Jobs that are held up, and jobs that the user has left, look different from all others.
 */
function stateLook({ state, isHeldUp, isLeft }: JobView): string {
  return isLeft ? "left" : isHeldUp ? "heldUp" : state;
}

function stateIcon({ state, isHeldUp, isLeft }: JobView): TemplateResult {
  if (isHeldUp || isLeft) {
    return icon(isLeft ? "eye-closed" : "warning");
  }
  switch (state) {
    case "preparing":
    case "submitting":
    case "running":
    case "downloading":
      return icon("loading", "codicon-modifier-spin");
    case "waiting":
    case "queued":
      return icon("clockface");
    case "unclear":
    case "needsAction":
      return icon("warning");
    case "saved":
      return icon("pass");
    case "failed":
      return icon("error");
    case "cancelled":
      return icon("circle-slash");
  }
}

customElements.define("flf-job", JobElement);
