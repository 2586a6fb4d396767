import * as vscode from "vscode";
import type { BuildPlan, BuildReason } from "../../recipes/plan.ts";
import { unitPriceText } from "../../shared/model/money.ts";
import type { Price } from "../../shared/model/price.ts";
import { durationText, pluralText } from "../../shared/texts.ts";
import { changesText } from "./recipe.ts";

/** The most recipes that a question names one by one. */
const mostNamed = 12;

/**
 * What a build would do, a line each, for the question before it.
 * @param nameOf a recipe's name as the user knows it
 */
export function planDetails(plan: BuildPlan, price: Price, nameOf: (recipe: string) => string): string[] {
  const { toRender, upToDate, videoMissing, rendering, broken, time } = plan;
  const rest = toRender.length - mostNamed;
  const counted = (count: number, one: string, other: string) => (count === 0 ? [] : [pluralText(count, one, other)]);
  return [
    ...toRender.slice(0, mostNamed).map(({ recipe, reason }) => `${nameOf(recipe)}: ${reasonText(reason)}`),
    ...(rest > 0 ? [vscode.l10n.t("… and {0} more", rest)] : []),
    ...counted(
      upToDate.length,
      vscode.l10n.t("{0} recipe is up to date.", upToDate.length),
      vscode.l10n.t("{0} recipes are up to date.", upToDate.length),
    ),
    ...counted(
      rendering.length,
      vscode.l10n.t("{0} recipe is being rendered already.", rendering.length),
      vscode.l10n.t("{0} recipes are being rendered already.", rendering.length),
    ),
    ...counted(
      videoMissing.length,
      vscode.l10n.t("{0} recipe misses its video. It is rendered only by itself.", videoMissing.length),
      vscode.l10n.t("{0} recipes miss their videos. They are rendered only one by one.", videoMissing.length),
    ),
    ...counted(
      broken.length,
      vscode.l10n.t("{0} recipe has errors and is left out.", broken.length),
      vscode.l10n.t("{0} recipes have errors and are left out.", broken.length),
    ),
    ...allowedText(plan),
    ...basisText(price),
    ...(time === undefined
      ? []
      : [vscode.l10n.t("Usually about {0} of rendering (based on your videos).", durationText(time))]),
  ];
}

/** What an estimate is based on. */
export function basisText(price: Price): string[] {
  return price.kind !== "known"
    ? []
    : [
        vscode.l10n.t({
          message: "{0} USD per {1}: RunComfy’s base price; the final cost may differ.",
          args: [unitPriceText(price.usd, vscode.env.language), price.unit],
          comment: ["A price and its unit in the service's own word"],
        }),
      ];
}

function reasonText(reason: BuildReason): string {
  switch (reason.kind) {
    case "notRendered":
      return vscode.l10n.t("not rendered yet");
    case "failed":
      return vscode.l10n.t("failed the last time");
    case "stale":
      return vscode.l10n.t({
        message: "changed: {0}",
        args: [changesText(reason.changed)],
        comment: ["{0} is a list, for example “end image, prompt”"],
      });
  }
}

function allowedText({ allowed, limit, toRender }: BuildPlan): string[] {
  const [some, all] = [allowed, toRender.length];
  if (limit === undefined) {
    return [];
  }
  switch (limit) {
    case "money":
      return [vscode.l10n.t("Your monthly cap allows {0} of the {1} now. The others are not sent.", some, all)];
    case "clipsToday":
      return [
        vscode.l10n.t("Your daily number of videos allows {0} of the {1} now. The others are not sent.", some, all),
      ];
    case "clipsThisMonth":
      return [
        vscode.l10n.t("Your monthly number of videos allows {0} of the {1} now. The others are not sent.", some, all),
      ];
  }
}
