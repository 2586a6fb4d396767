import { html, nothing, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { type EndMeasure, identical, type Measures } from "../../shared/messages/videos.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import type { Side } from "../../shared/model/side.ts";
import { icon } from "../kit/icon.ts";
import { fill, type Texts } from "../kit/texts.ts";
import { comparedPart, endVerdict, startVerdict, type Verdict } from "./measure.ts";

/** What was measured at both ends of a video, in plain sentences with the figures behind them. */
export function endSentences(
  texts: Texts,
  job: JobView,
  show: ((side: Side, framesBeforeEnd: number) => void) | undefined,
): TemplateResult {
  const { strings } = texts;
  const { measures } = job;
  if (measures === undefined) {
    return html`<p class="ends quiet">${strings.measuring}</p>`;
  }
  if (measures.start === undefined && measures.end === undefined) {
    return html`<p class="ends quiet">${notCompared(texts, job, measures)}</p>`;
  }
  const start = measures.start && startVerdict(measures.start);
  const end = endVerdict(measures.end);
  const early = end?.kind === "early" ? end.frames : 0;
  return html`<ul class="ends">
    ${
      start === undefined || measures.start === undefined
        ? nothing
        : row(
            texts,
            start,
            startSentence(texts, start),
            measures.start,
            strings.showFirst,
            show && (() => show("start", 0)),
          )
    }
    ${
      end === undefined
        ? nothing
        : row(
            texts,
            end,
            endSentence(texts, end),
            measures.end?.at(-1 - early),
            strings.showLast,
            show && (() => show("end", early)),
          )
    }
  </ul>`;
}

function row(
  texts: Texts,
  verdict: Verdict,
  sentence: string,
  measure: EndMeasure | undefined,
  showing: string,
  show: (() => void) | undefined,
): TemplateResult {
  return html`<li data-verdict=${verdict.kind}>
    ${icon(verdict.kind === "matches" ? "pass" : verdict.kind === "visible" ? "warning" : "info")}
    <div>
      <p>${sentence}</p>
      ${measure === undefined ? nothing : html`<p class="quiet" title=${texts.strings.figuresHelp}>${figures(texts, measure)}</p>`}
    </div>
    ${
      show === undefined
        ? nothing
        : html`<button type="button" class="tool" aria-label=${showing} title=${showing} @click=${show}>
            ${icon("compare-changes")}
          </button>`
    }
  </li>`;
}

function figures({ strings, language }: Texts, { ssim, psnr }: EndMeasure): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  // Rounded down: what differs must not read as identical.
  return psnr === identical
    ? strings.figuresIdentical
    : fill(strings.figures, number(Math.floor(ssim * 1000) / 1000, 3), number(psnr, 1));
}

function startSentence({ strings }: Texts, verdict: Verdict): string {
  switch (verdict.kind) {
    case "matches":
      return strings.startMatches;
    case "slight":
    case "early":
      return strings.startSlight;
    case "visible":
      return strings.startVisible;
  }
}

function endSentence({ strings }: Texts, verdict: Verdict): string {
  switch (verdict.kind) {
    case "matches":
      return strings.endMatches;
    case "early":
      return verdict.frames === 1 ? strings.endEarlyOne : fill(strings.endEarly, verdict.frames);
    case "slight":
      return strings.endSlight;
    case "visible":
      return strings.endVisible;
  }
}

/** Why there are no figures: another size than was asked for, or no images to compare with. */
function notCompared({ strings }: Texts, job: JobView, { width, height }: Measures): string {
  const asked = sizeOf(job.parameters);
  return comparedPart(asked, { width, height }) === undefined
    ? fill(strings.sizeDiffers, width, height, asked.width, asked.height)
    : strings.notKept;
}
