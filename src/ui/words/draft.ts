import * as vscode from "vscode";
import { fileNameSetting, placeholders } from "../../output/naming.ts";
import { workspaceVariable } from "../../output/writtenPath.ts";
import { aboutText, unitPriceText } from "../../shared/model/money.ts";
import { parameterTable, settableNames } from "../../shared/model/parameters.ts";
import { listText, pluralText, promptEmptyText, rangeText } from "../../shared/texts.ts";
import { changeSettings, openFolder, setCap } from "./offers.ts";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";
import { quoted, settingText } from "./setting.ts";

/** What is wrong with a draft, with the settings that it uses, or with its cost. */
export const draftSentences = {
  promptEmpty: () => ({
    field: "prompt",
    message: promptEmptyText(),
  }),
  parameterInvalid: (problem) => {
    const field = settableNames.find((name) => name === problem.word);
    const title = field === undefined ? problem.word : vscode.l10n.t(parameterTable[field].title);
    const range = field === undefined ? "" : rangeText(field);
    return {
      ...(field && { field }),
      message: vscode.l10n.t("{0} can’t be {1}. Allowed: {2}.", title, quoted(problem.value), range),
    };
  },
  parameterUnknown: (problem) => vscode.l10n.t("The model has no parameter {0}. Nothing was sent.", problem.key),
  argumentInvalid: (problem) =>
    vscode.l10n.t("The argument {0} is missing or invalid. Nothing was sent.", problem.argument),
  variableUnknown: (problem) => ({
    message:
      problem.where === fileNameSetting
        ? vscode.l10n.t({
            message: "{0} can’t contain {1}. Nothing was sent. Supported: {2}.",
            args: [problem.where, problem.variable, listText(placeholders.map((name) => `\${${name}}`))],
            comment: ["{0} is the name of a setting, {2} a list of what is filled in"],
          })
        : vscode.l10n.t({
            message: "{0} can’t contain {1}. It can start with {2}. Nothing was sent.",
            args: [problem.where, problem.variable, anyOf("~", workspaceVariable)],
            comment: ["{0} is the name of a setting, {2} a list of what is filled in"],
          }),
    // It may be in an argument of a command, too.
    actions: [problem.where.startsWith("wanFlf2v.") ? { ...changeSettings, setting: problem.where } : changeSettings],
  }),
  settingInvalid: (problem) => ({
    message: vscode.l10n.t({
      message: "{0} Nothing was sent. Correct it and try again.",
      args: [settingText(problem)],
      comment: ["{0} is what is wrong with a setting, one or two sentences"],
    }),
    actions: [{ ...changeSettings, setting: problem.setting }],
  }),
  noFolder: () => ({
    message: vscode.l10n.t(
      "There is no open folder to save the video in. Nothing was sent. Open a folder, or set an absolute output folder.",
    ),
    actions: [openFolder, changeSettings],
  }),
  capReached: (problem) => ({ message: capText(problem), actions: [setCap] }),
  capUnsure: (problem) => ({
    message: vscode.l10n.t(
      "The cost of this video is unknown, so your monthly cap of {0} USD can’t be guaranteed. Nothing was sent.",
      unitPriceText(problem.cap, vscode.env.language),
    ),
    actions: [setCap],
  }),
  videosReached: (problem) => ({
    message: videosText(problem),
    actions: [
      { ...changeSettings, setting: problem.per === "day" ? "wanFlf2v.videosPerDay" : "wanFlf2v.videosPerMonth" },
    ],
  }),
} satisfies Partial<Sentences<Code>>;

function anyOf(...choices: readonly string[]): string {
  return new Intl.ListFormat(vscode.env.language, { type: "disjunction" }).format(choices);
}

/** What a month has cost, and what it may cost. */
function capText({ cap, spent, estimate }: ProblemOf<"capReached">): string {
  const { language } = vscode.env;
  const [limit, sum] = [unitPriceText(cap, language), aboutText(spent, language)];
  return estimate === undefined
    ? vscode.l10n.t(
        "You reached your monthly cap of {0} USD. Spent or committed this month: about {1} USD. Nothing was sent.",
        limit,
        sum,
      )
    : vscode.l10n.t(
        "This video, about {2} USD, would exceed your monthly cap of {0} USD. Spent or committed this month: about {1} USD. Nothing was sent.",
        limit,
        sum,
        aboutText(estimate, language),
      );
}

/** How many videos a day or a month had, and how many it may have. */
function videosText({ per, cap, made }: ProblemOf<"videosReached">): string {
  const numbers = [cap, made];
  return per === "day"
    ? pluralText(
        cap,
        vscode.l10n.t(
          "You reached your cap of {0} video per day. Made or in progress today: {1}. Nothing was sent.",
          ...numbers,
        ),
        vscode.l10n.t(
          "You reached your cap of {0} videos per day. Made or in progress today: {1}. Nothing was sent.",
          ...numbers,
        ),
      )
    : pluralText(
        cap,
        vscode.l10n.t(
          "You reached your cap of {0} video per month. Made or in progress this month: {1}. Nothing was sent.",
          ...numbers,
        ),
        vscode.l10n.t(
          "You reached your cap of {0} videos per month. Made or in progress this month: {1}. Nothing was sent.",
          ...numbers,
        ),
      );
}
