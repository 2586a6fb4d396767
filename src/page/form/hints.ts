import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { Finding } from "../../shared/prompt/lint.ts";
import { isolated, listText, pluralText } from "../../shared/texts.ts";
import { icon } from "../kit/icon.ts";

/**
 * The hints to show while the user types: shown hints stay only while they apply, and new ones wait for a pause.
 * @param shown the hints that are shown now
 * @param found the hints that apply now
 */
export function stillHolding(shown: readonly Finding[], found: readonly Finding[]): Finding[] {
  return found.filter(({ kind }) => shown.some((finding) => finding.kind === kind));
}

/** The length of a prompt, in words and characters. */
export function promptCountText(words: number, characters: number): string {
  return l10n.t({
    message: "{0} · {1}",
    args: [
      pluralText(
        words,
        l10n.t({
          message: "{0} word",
          args: [words],
          comment: ["Where the language has one form for {0}, such as 1"],
        }),
        l10n.t("{0} words", words),
      ),
      pluralText(
        characters,
        l10n.t({
          message: "{0} character",
          args: [characters],
          comment: ["Where the language has one form for {0}, such as 1"],
        }),
        l10n.t("{0} characters", characters),
      ),
    ],
    comment: ["Length of the prompt: “12 words” and “70 characters”"],
  });
}

/**
 * The hints, in a list that describes the prompt. It is no live region: screen readers read it when the field gets the
 * focus.
 */
export function hintList(findings: readonly Finding[]): TemplateResult {
  const hints = findings.flatMap((finding) => hintText(finding) ?? []);
  return html`<ul id="prompt-hints" class="hints" role="list" aria-label=${l10n.t("Prompt Hints")} ?hidden=${hints.length === 0}>
    ${hints.length === 0 ? nothing : hints.map((hint) => html`<li>${icon("lightbulb")}<span>${hint}</span></li>`)}
  </ul>`;
}

/** A finding in words. Undefined for the empty prompt, which becomes an error at its field when Generate is pressed. */
function hintText(finding: Finding): string | undefined {
  switch (finding.kind) {
    case "empty":
      return undefined;
    case "sample":
      return l10n.t("This is RunComfy’s sample prompt. Describe what happens in your own video.");
    case "placeholder":
      return l10n.t({
        message: "Fill in {0}. To select it, place the cursor before it and press Tab.",
        args: [isolated(finding.found)],
        comment: ["{0} is a word in braces"],
      });
    case "tooLong":
      return l10n.t({
        message: "{0} words. Prompts under 100 words work best.",
        args: [finding.words],
        comment: ["{0} is the number of words"],
      });
    case "negation":
      return l10n.t({
        message: "“{0}”: say what you want instead. This model has no negative prompt.",
        args: [isolated(finding.found)],
        comment: ["{0} is a word such as no or without"],
      });
    case "cameraMoves":
      return l10n.t({
        message: "Two camera moves ({0}). One per video works best, so consider two videos.",
        args: [listText(finding.found)],
        comment: ["{0} is the list of the moves found"],
      });
    case "still":
      return l10n.t(
        "Both images are almost the same, so the video may barely move. Ask for motion, or make two videos with an image in between.",
      );
    case "unlike":
      return l10n.t(
        "The images are very different. Say what turns one into the other. The starter “Different Scenes” shows how.",
      );
    case "description":
      return l10n.t("The images already show this. Say what changes between them.");
    case "noMotion":
      return l10n.t("Say what moves.");
  }
}
