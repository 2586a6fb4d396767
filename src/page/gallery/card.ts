import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { kindOf } from "../../shared/jobs/states.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import { ageText, factTexts, momentText, nameText, takeText, titleText } from "../../shared/videoTexts.ts";
import type { Ask } from "../kit/host.ts";

/** The picture of a job, and for how long it has been under way. It comes after the words, which screen readers hear first. */
export function jobPicture(job: JobView, ask: Ask): TemplateResult {
  return html`<span class="picture">
    <flf-thumbnail .job=${job} .ask=${ask}></flf-thumbnail>
    ${job.since === undefined ? nothing : html`<flf-elapsed aria-hidden="true" .since=${job.since}></flf-elapsed>`}
  </span>`;
}

/** What tells a job from others with its prompt: cost and age of a video, or the state while it is none. */
export function jobFacts(job: JobView, now: number): string[] {
  if (job.state === "saved") {
    return factTexts(job, now);
  }
  return [
    ...(job.take === undefined ? [] : [takeText(job.take)]),
    job.sentence,
    ...(kindOf(job.state) === "ended" ? [ageText(job.agedFrom, now)] : []),
  ];
}

/** The state of a video for screen readers. Of a job that is none, the facts say it. */
export function unseenState(job: JobView): TemplateResult | typeof nothing {
  return job.state === "saved" ? html`<span class="unseen">${job.sentence}</span>` : nothing;
}

/** The tooltip of a job in a list: its prompt, its file, what it cost exactly, and when it was created. */
export function jobHint(job: JobView): string {
  const created = l10n.t({ message: "Created {0}", args: [momentText(job.at)], comment: ["Date and time"] });
  return [titleText(job, 600), job.video ?? nameText(job), job.cost, created].filter(Boolean).join("\n");
}
