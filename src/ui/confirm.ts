import * as vscode from "vscode";
import { durationOf, fpsOf, framesOf, type Parameters, sizeOf } from "../model/parameters.ts";
import { estimatedCost, needsConfirmation, type Price } from "../model/price.ts";
import { aboutText, unitPriceText } from "./money.ts";

/**
 * Asks the user before a video is made that costs more than their limit, or whose price is not known while they have one.
 * The limit is asked for first: without one nothing is looked up and nothing waits.
 * @param limit USD; null never asks.
 * @returns false where the user thought better of it.
 */
export async function confirmCost(
  limit: number | null,
  parameters: Parameters,
  price: () => Promise<Price>,
): Promise<boolean> {
  if (limit === null) {
    return true;
  }
  const found = await price();
  const cost = estimatedCost(found, parameters);
  if (!needsConfirmation(limit, cost)) {
    return true;
  }
  const { language } = vscode.env;
  const generate = vscode.l10n.t("Generate Video");
  const question =
    cost === undefined
      ? vscode.l10n.t("Make this video? What it costs is not known.")
      : vscode.l10n.t("Make this video for about {0} USD?", aboutText(cost, language));
  const answer = await vscode.window.showWarningMessage(
    question,
    {
      modal: true,
      detail: [video(parameters, language), ...basis(found, language), reason(limit, language)].join("\n"),
    },
    generate,
  );
  return answer === generate;
}

function video(parameters: Parameters, language: string): string {
  const { width, height } = sizeOf(parameters);
  const seconds = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(durationOf(parameters));
  return vscode.l10n.t({
    message: "{0} × {1} · {2} frames at {3} fps = {4} s",
    args: [width, height, framesOf(parameters), fpsOf(parameters), seconds],
    comment: ["Width, height, number of frames, frames per second, seconds"],
  });
}

function basis(price: Price, language: string): string[] {
  if (price.kind !== "known") {
    return [];
  }
  return [
    vscode.l10n.t({
      message: "{0} USD per {1}: RunComfy's base price; the final cost can differ.",
      args: [unitPriceText(price.usd, language), price.unit],
      comment: ["A price and its unit in the service's own word"],
    }),
  ];
}

function reason(limit: number, language: string): string {
  return vscode.l10n.t({
    message: "Your settings ask for this above {0} USD, and where no price is known.",
    args: [unitPriceText(limit, language)],
    comment: ["{0} is a sum"],
  });
}
