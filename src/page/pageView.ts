import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type { RecentPair } from "../shared/messages/pair.ts";
import type { Field } from "../shared/messages/panel.ts";
import { settableWords } from "../shared/model/parameters.ts";
import type { Outlook } from "./form/generate.ts";
import { noticePlace } from "./kit/notice.ts";
import type { Preview } from "./pair/exactPixels.ts";
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
import type { ReviewSource } from "./videos/intents.ts";

/** What the parts of the page ask for by themselves. */
export interface Sources {
  readonly preview: Preview;
  readonly recentPairs: () => Promise<readonly RecentPair[]>;
  readonly prompts: () => Promise<readonly string[]>;
  readonly outlook: Outlook;
  readonly source: ReviewSource;
  readonly dismiss: () => void;
}

/** The whole page: each part with what it shows of the state. */
export function pageView(state: State, parts: Sources): TemplateResult {
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
      ${noticePlace(state.notice, state.settings.trouble, parts.dismiss)}
      <flf-pair
        .images=${images}
        .draft=${draft}
        .likeness=${likeness}
        .preview=${parts.preview}
        .recent=${parts.recentPairs}
        .parameters=${parameters}
        .messages=${messages}
        .hasEarlier=${state.earlier !== undefined}
      ></flf-pair>
      <section class="form" aria-label=${l10n.t("Settings")}>
        <flf-prompt
          .prompt=${draft.prompt}
          .problem=${messages.prompt}
          .likeness=${likeness}
          .loadPrompts=${parts.prompts}
        ></flf-prompt>
        <flf-parameters
          .values=${draft.parameters}
          .defaults=${state.settings.defaults}
          .problems=${messages}
          .fitting=${fittingResolution(state)}
          .settled=${isSettled(state)}
          .preset=${activePreset(draft, baseline)}
          .canLoop=${draft.start !== undefined && draft.start !== draft.end}
          .lastSeed=${jobs[0]?.parameters.seed}
          .hosting=${draft.hosting}
          .usualHosting=${state.settings.hosting}
        ></flf-parameters>
        <flf-generate
          .parameters=${isComplete(messages) ? parameters : undefined}
          .generating=${state.generating}
          .saved=${jobs.filter((job) => job.state === "saved").length}
          .outlook=${parts.outlook}
        ></flf-generate>
      </section>
      <section class="videos" aria-labelledby="videos-title">
        <h2 id="videos-title" tabindex="-1" data-refuge>${l10n.t("Videos")}</h2>
        ${jobs.length === 0 ? html`<p class="quiet">${l10n.t("The videos you generate appear here.")}</p>` : nothing}
        ${
          compared === undefined
            ? nothing
            : keyed(
                compared.map(({ id }) => id).join(" "),
                html`<flf-takes .jobs=${compared} .source=${parts.source}></flf-takes>`,
              )
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
                .source=${parts.source}
              ></flf-job>`,
          )}
        </div>
      </section>
      <div role="status" class="unseen">${keyed(state.announced, html`<span>${state.announcement}</span>`)}</div>
    </main>
  `;
}

/** True when every setting of the form stands for a value, so that the next video can be foretold. */
function isComplete(messages: Partial<Record<Field, unknown>>): boolean {
  return settableWords.every((word) => messages[word] === undefined);
}
