import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type { Field } from "../shared/messages/shownProblem.ts";
import { settableNames } from "../shared/model/parameters.ts";
import type { Ask } from "./kit/host.ts";
import { noticePlace } from "./kit/notice.ts";
import { activePreset } from "./state/presets.ts";
import {
  baselineOf,
  fieldMessages,
  fittingResolution,
  imageOf,
  isSettled,
  likenessOf,
  parametersOf,
  type State,
} from "./state/state.ts";
import { comparedTakes, takesOf } from "./videos/actions.ts";

/** The whole page: each part with its share of the state. */
export function pageView(state: State, ask: Ask, dismiss: () => void): TemplateResult {
  const { draft, jobs } = state;
  const messages = fieldMessages(state);
  const compared = comparedTakes(state);
  const parameters = parametersOf(state);
  const baseline = baselineOf(state);
  const likeness = likenessOf(state);
  const images = { start: imageOf(state, "start"), end: imageOf(state, "end") };
  return html`
    <main>
      <h1 class="unseen">${document.title}</h1>
      ${noticePlace(state.notice, state.settings.trouble, dismiss)}
      <flf-pair
        .images=${images}
        .draft=${draft}
        .likeness=${likeness}
        .ask=${ask}
        .parameters=${parameters}
        .messages=${messages}
        .hasEarlier=${state.earlier !== undefined}
      ></flf-pair>
      <section class="form" aria-label=${l10n.t("Settings")}>
        <flf-prompt
          .prompt=${draft.prompt}
          .problem=${messages.prompt}
          .likeness=${likeness}
          .ask=${ask}
        ></flf-prompt>
        <flf-parameters
          .values=${draft.parameters}
          .defaults=${state.settings.defaults}
          .problems=${messages}
          .fitting=${fittingResolution(state)}
          .settled=${isSettled(state)}
          .preset=${activePreset(draft, baseline)}
          .canLoop=${draft.start !== undefined && draft.start !== draft.end}
          .lastSeed=${jobs[0]?.parameters?.seed}
          .hosting=${draft.hosting}
          .usualHosting=${state.settings.hosting}
        ></flf-parameters>
        <flf-generate
          .parameters=${isComplete(messages) ? parameters : undefined}
          .generating=${state.generating}
          .saved=${jobs.filter((job) => job.state === "saved").length}
          .ask=${ask}
        ></flf-generate>
      </section>
      <section class="videos" aria-labelledby="videos-title">
        <h2 id="videos-title" tabindex="-1" data-refuge>${l10n.t("Videos")}</h2>
        ${jobs.length === 0 ? html`<p class="quiet">${l10n.t("The videos you generate appear here.")}</p>` : nothing}
        ${
          compared === undefined
            ? nothing
            : keyed(compared.map(({ id }) => id).join(" "), html`<flf-takes .jobs=${compared} .ask=${ask}></flf-takes>`)
        }
        <div class="cards">
          ${repeat(
            jobs,
            (job) => job.id,
            (job) =>
              html`<flf-job
                .job=${job}
                .problem=${state.jobProblems[job.id]}
                .note=${state.jobNotes[job.id]}
                .fresh=${state.fresh.has(job.id)}
                .takes=${takesOf(jobs, job)}
                .ask=${ask}
              ></flf-job>`,
          )}
        </div>
      </section>
      <div role="status" class="unseen">${keyed(state.announced, html`<span>${state.announcement}</span>`)}</div>
    </main>
  `;
}

/** True if every setting of the form has a valid value, so that the next video can be forecast. */
function isComplete(messages: Partial<Record<Field, unknown>>): boolean {
  return settableNames.every((name) => messages[name] === undefined);
}
