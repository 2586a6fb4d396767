import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { type EndMeasure, identical, type Measures } from "../../shared/messages/videos.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import type { Side } from "../../shared/model/side.ts";
import { numberText, pluralText } from "../../shared/texts.ts";
import { factLine } from "../../shared/videoTexts.ts";
import { icon } from "../kit/icon.ts";
import { comparedPart, endVerdict, startVerdict, type Verdict } from "./frames/measure.ts";

/** The measures of both ends of a video, in plain sentences with the figures below them. */
export function endSentences(
  job: JobView,
  show: ((side: Side, framesBeforeEnd: number) => void) | undefined,
): TemplateResult {
  const { measures } = job;
  if (measures === undefined) {
    return html`<p class="ends quiet">${l10n.t("Comparing the first and last frames with the images…")}</p>`;
  }
  if (measures.start === undefined && measures.end === undefined) {
    return html`<p class="ends quiet">${notCompared(job, measures)}</p>`;
  }
  const start = measures.start && startVerdict(measures.start);
  const end = endVerdict(measures.end);
  const early = end?.kind === "early" ? end.frames : 0;
  return html`<ul class="ends">
    ${
      start === undefined || measures.start === undefined
        ? nothing
        : row(
            start,
            startSentence(start),
            measures.start,
            l10n.t("Compare First Frame"),
            show && (() => show("start", 0)),
          )
    }
    ${
      end === undefined
        ? nothing
        : row(
            end,
            endSentence(end),
            measures.end?.at(-1 - early),
            l10n.t("Compare Last Frame"),
            show && (() => show("end", early)),
          )
    }
  </ul>`;
}

/** The same in few words: "Ends match", "Start matches · End differs slightly". */
export function endsInShort(measures: Measures): TemplateResult | typeof nothing {
  const start = measures.start && startVerdict(measures.start);
  const end = endVerdict(measures.end);
  const known = [start, end].filter((verdict) => verdict !== undefined);
  if (known.length === 0) {
    return nothing;
  }
  const doMatch = known.every(({ kind }) => kind === "matches");
  const texts = [start && startInShort(start), end && endInShort(end)].filter((text) => text !== undefined);
  const text = doMatch && known.length === 2 ? l10n.t("Ends match") : factLine(texts);
  const early = end?.kind === "early" ? end.frames : 0;
  const shown = [measures.start, measures.end?.at(-1 - early)].filter((measure) => measure !== undefined);
  return html`<span class="quiet" title=${shown.map(figures).join("\n")}>${icon(doMatch ? "pass" : "info")} ${text}</span>`;
}

function startInShort({ kind }: Verdict): string {
  return kind === "matches"
    ? l10n.t("Start matches")
    : kind === "visible"
      ? l10n.t("Start clearly differs")
      : l10n.t("Start differs slightly");
}

function endInShort(verdict: Verdict): string {
  switch (verdict.kind) {
    case "matches":
      return l10n.t("End matches");
    case "early":
      return pluralText(
        verdict.frames,
        l10n.t("End {0} frame early", verdict.frames),
        l10n.t("End {0} frames early", verdict.frames),
      );
    case "slight":
      return l10n.t("End differs slightly");
    case "visible":
      return l10n.t("End clearly differs");
  }
}

function row(
  verdict: Verdict,
  sentence: string,
  measure: EndMeasure | undefined,
  showing: string,
  show: (() => void) | undefined,
): TemplateResult {
  return html`<li data-verdict=${verdict.kind}>
    ${verdict.kind === "matches" ? icon("pass", "good") : verdict.kind === "visible" ? icon("warning", "warning") : icon("info")}
    <div>
      <p>${sentence}</p>
      ${measure === undefined ? nothing : html`<p class="quiet" title=${l10n.t("Measured on the brightness of all pixels. SSIM: 1 is identical; at 0.92 and above, hardly anyone sees a difference. PSNR: higher is closer.")}>${figures(measure)}</p>`}
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

function figures({ ssim, psnr }: EndMeasure): string {
  const number = (value: number, digits: number) =>
    numberText(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Rounded down, so that a difference never reads as identical.
  return psnr === identical
    ? l10n.t("SSIM 1 · identical")
    : l10n.t({
        message: "SSIM {0} · PSNR {1} dB",
        args: [number(Math.floor(ssim * 1000) / 1000, 3), number(psnr, 1)],
        comment: ["Two measures of likeness"],
      });
}

function startSentence(verdict: Verdict): string {
  switch (verdict.kind) {
    case "matches":
      return l10n.t("The first frame matches the start image.");
    case "slight":
    case "early":
      return l10n.t("The first frame differs slightly from the start image.");
    case "visible":
      return l10n.t("The first frame clearly differs from the start image.");
  }
}

function endSentence(verdict: Verdict): string {
  switch (verdict.kind) {
    case "matches":
      return l10n.t("The last frame matches the end image.");
    case "early":
      return pluralText(
        verdict.frames,
        l10n.t("The end image is matched best {0} frame before the end.", verdict.frames),
        l10n.t("The end image is matched best {0} frames before the end.", verdict.frames),
      );
    case "slight":
      return l10n.t("The last frame differs slightly from the end image.");
    case "visible":
      return l10n.t("The last frame clearly differs from the end image.");
  }
}

/** Why there are no figures: the video has another size than requested, or there are no images to compare it with. */
function notCompared(job: JobView, { width, height }: Measures): string {
  if (job.parameters === undefined) {
    return l10n.t("The start and end images aren’t known, so the video wasn’t compared with them.");
  }
  const asked = sizeOf(job.parameters);
  return comparedPart(asked, { width, height }) === undefined
    ? l10n.t({
        message: "The video is {0} × {1} pixels instead of {2} × {3}, so it wasn’t compared with the images.",
        args: [width, height, asked.width, asked.height],
        comment: ["Widths and heights"],
      })
    : l10n.t("The images it was made from are no longer here, so it wasn’t compared with them.");
}
