import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { kindOf } from "../shared/jobs/states.ts";
import type { JobView } from "../shared/messages/jobs.ts";
import type { Field } from "../shared/messages/shownProblem.ts";
import { settableNames } from "../shared/model/parameters.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { foldedGenerate, startingText } from "./form/generateButton.ts";
import { pairOnStage } from "./gallery/pair.ts";
import type { Ask } from "./kit/host.ts";
import { noticePlace } from "./kit/notice.ts";
import { activePreset } from "./state/presets.ts";
import { comparedTakes, isComposing, jobOnStage, neighbor, pickedTakes, takesOf } from "./state/stage.ts";
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

/** What the page itself does for its parts. */
interface PageActs {
  readonly dismiss: () => void;
  readonly generate: () => void;
}

/** The whole page: each part with its share of the state. */
export function pageView(state: State, ask: Ask, { dismiss, generate }: PageActs): TemplateResult {
  const isForm = isComposing(state);
  const notice = noticePlace(state.notice, state.settings.trouble, dismiss);
  return html`
    <main class=${isForm ? "composing" : nothing}>
      <h1 class="unseen">${document.title}</h1>
      ${isForm ? nothing : stageView(state, ask, notice, generate)}
      ${formView(state, ask, isForm, isForm ? notice : nothing)}
      ${videosView(state, ask)}
      <div role="status" class="unseen">${keyed(state.announced, html`<span>${state.announcement}</span>`)}</div>
    </main>
  `;
}

/** What is on the stage in place of the form: takes side by side, or one video. */
function stageView(state: State, ask: Ask, notice: TemplateResult, generate: () => void): TemplateResult {
  const { jobs, draft, starting } = state;
  const compared = comparedTakes(state);
  if (compared !== undefined) {
    return html`${keyed(
      compared.map(({ id }) => id).join(" "),
      html`<flf-takes .jobs=${compared} .picked=${pickedTakes(compared, state.shown)} .ask=${ask}></flf-takes>`,
    )}`;
  }
  const job = jobOnStage(state);
  const made = job ?? jobs.find(({ id }) => id === starting?.takeOf);
  const urls = urlsOf(state);
  return html`<flf-stage
    .job=${job}
    .starting=${startingText(state.asksForToken && starting?.takeOf === undefined)}
    .order=${made ?? { prompt: draft.prompt, parameters: parametersOf(state) }}
    .source=${made}
    .standIn=${made === undefined || isOfForm(made, draft.prompt) ? urls : undefined}
    .older=${job && neighbor(jobs, job, "older")}
    .newer=${job && neighbor(jobs, job, "newer")}
    .problem=${job && state.jobProblems[job.id]}
    .note=${job && state.jobNotes[job.id]}
    .fresh=${job !== undefined && state.fresh.has(job.id)}
    .takes=${job === undefined ? [] : takesOf(jobs, job)}
    .look=${state.look}
    .notice=${notice}
    .fold=${html`<flf-fold
      .images=${urls}
      .prompt=${draft.prompt}
      .generating=${state.generating}
      .generate=${foldedGenerate(
        { generating: state.generating, asksForToken: state.asksForToken, price: state.price, act: generate },
        isComplete(fieldMessages(state)) ? parametersOf(state) : undefined,
      )}
      .mayGenerate=${job !== undefined && kindOf(job.state) !== "active"}
    ></flf-fold>`}
    .ask=${ask}
  ></flf-stage>`;
}

/** The pair and its settings. They stay in the page while a video is on the stage, so that they come back as they were. */
function formView(state: State, ask: Ask, isShown: boolean, notice: TemplateResult | typeof nothing): TemplateResult {
  const { draft, jobs } = state;
  const messages = fieldMessages(state);
  const parameters = parametersOf(state);
  const baseline = baselineOf(state);
  const likeness = likenessOf(state);
  const images = { start: imageOf(state, "start"), end: imageOf(state, "end") };
  return html`
    <flf-pair
      ?hidden=${!isShown}
      .images=${images}
      .draft=${draft}
      .likeness=${likeness}
      .ask=${ask}
      .parameters=${parameters}
      .messages=${messages}
      .hasEarlier=${state.earlier !== undefined}
    ></flf-pair>
    <section class="form" ?hidden=${!isShown} aria-label=${l10n.t("Settings")}>
      <flf-prompt
        .prompt=${draft.prompt}
        .problem=${messages.prompt}
        .likeness=${likeness}
        .start=${draft.start}
        .end=${draft.end}
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
      <div class="go">
        ${notice}
        <flf-generate
          .parameters=${isComplete(messages) ? parameters : undefined}
          .generating=${state.generating}
          .asksForToken=${state.asksForToken}
          .price=${state.price}
          .start=${draft.start}
          .saved=${jobs.filter((job) => job.state === "saved").length}
          .ask=${ask}
        ></flf-generate>
      </div>
    </section>
  `;
}

/** The takes of the pair on the stage, and all videos. A press puts one on the stage. */
function videosView(state: State, ask: Ask): TemplateResult {
  const { jobs, shown } = state;
  const images = { start: imageOf(state, "start"), end: imageOf(state, "end") };
  return html`
    <div class="videos">
      <flf-strip
        .jobs=${jobs}
        .shown=${shown}
        .pair=${pairOnStage(state)}
        .images=${images}
        .ask=${ask}
      ></flf-strip>
      <flf-gallery .jobs=${jobs} .shown=${shown} .ask=${ask}></flf-gallery>
    </div>
  `;
}

/** True for a job that is being made of the form, going by its prompt: it may have no copies of its images yet. */
function isOfForm({ state, prompt }: JobView, words: string): boolean {
  return kindOf(state) === "active" && prompt === words.trim();
}

/** Addresses of the form's pictures, as far as they are there. */
function urlsOf(state: State): { readonly [S in Side]?: string } {
  return Object.fromEntries(
    sides.flatMap((side) => {
      const image = imageOf(state, side);
      return image?.state === "shown" ? [[side, image.url] as const] : [];
    }),
  );
}

/** True if every setting of the form has a valid value, so that the next video can be forecast. */
function isComplete(messages: Partial<Record<Field, unknown>>): boolean {
  return settableNames.every((name) => messages[name] === undefined);
}
