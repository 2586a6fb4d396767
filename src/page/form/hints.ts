import { html, nothing, type TemplateResult } from "lit";
import type { Finding } from "../../shared/prompt/lint.ts";
import { icon } from "../kit/icon.ts";
import { fill, type Texts } from "../kit/texts.ts";

/**
 * What to show while somebody types: hints that were shown stay only while they hold, new ones wait for a pause.
 * @param shown what is shown now
 * @param found what holds now
 */
export function stillHolding(shown: readonly Finding[], found: readonly Finding[]): Finding[] {
  return found.filter(({ kind }) => shown.some((finding) => finding.kind === kind));
}

/** The hints, in a list that describes the prompt. No live region: a screen reader reads them when the field is entered. */
export function hintList(texts: Texts, findings: readonly Finding[]): TemplateResult {
  const hints = findings.flatMap((finding) => hintText(texts, finding) ?? []);
  return html`<ul id="prompt-hints" class="hints" role="list" aria-label=${texts.strings.hints} ?hidden=${hints.length === 0}>
    ${hints.length === 0 ? nothing : hints.map((hint) => html`<li>${icon("lightbulb")}<span>${hint}</span></li>`)}
  </ul>`;
}

/** A finding in words; undefined for the empty prompt, which is an error at its field once Generate is pressed. */
function hintText({ strings, language }: Texts, finding: Finding): string | undefined {
  switch (finding.kind) {
    case "empty":
      return undefined;
    case "sample":
      return strings.hintSample;
    case "placeholder":
      return fill(strings.hintPlaceholder, finding.found);
    case "tooLong":
      return fill(strings.hintTooLong, finding.words);
    case "negation":
      return fill(strings.hintNegation, finding.found);
    case "cameraMoves":
      return fill(strings.hintCameraMoves, new Intl.ListFormat(language, { type: "unit" }).format(finding.found));
    case "still":
      return strings.hintStill;
    case "unlike":
      return strings.hintUnlike;
    case "description":
      return strings.hintDescription;
    case "noMotion":
      return strings.hintNoMotion;
  }
}
