import * as vscode from "vscode";
import { checkCap, type Payment, type Spend } from "../shared/model/budget.ts";
import { aboutText, unitPriceText } from "../shared/model/money.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import { estimatedCost, needsConfirmation, type Price } from "../shared/model/price.ts";
import { videoSummary } from "../shared/texts.ts";
import { ask } from "./tell.ts";

/** What the user's settings say about paying, and what there is to hold it against. */
export interface Budget {
  /** USD above which each video is asked about; null never asks. */
  readonly confirmAbove: number | null;
  /** USD that a month may cost; null for no limit. */
  readonly cap: number | null;
  readonly spend: () => Spend;
  /** Looks the price up. */
  readonly price: () => Promise<Price>;
  /** The price as it was looked up last, which costs no time. */
  readonly lastPrice: () => Price;
}

/**
 * Asks the user before a video is made that costs more than their limit, or whose price is not known while they have a
 * limit or a cap. Without both nothing is looked up and nothing waits.
 * @returns what the video is to be paid with; undefined where the user decided against it.
 * @throws {ProblemError} `capReached`: what will be refused is not asked about.
 */
export async function askPayment(budget: Budget, parameters: Parameters): Promise<Payment | undefined> {
  const { confirmAbove, cap } = budget;
  if (confirmAbove === null && cap === null) {
    return { estimate: estimatedCost(budget.lastPrice(), parameters), cap, acceptsUnknown: false };
  }
  const price = await budget.price();
  const estimate = estimatedCost(price, parameters);
  const payment = { estimate, cap, acceptsUnknown: true };
  checkCap(budget.spend(), payment);
  const isUnsure = cap !== null && estimate === undefined;
  if (!isUnsure && !needsConfirmation(confirmAbove, estimate)) {
    return payment;
  }
  const { language } = vscode.env;
  const question =
    estimate === undefined
      ? vscode.l10n.t("Make this video? What it costs is not known.")
      : vscode.l10n.t("Make this video for about {0} USD?", aboutText(estimate, language));
  const detail = [
    videoSummary(parameters),
    ...basis(price, language),
    ...(isUnsure ? [unsure(cap, language)] : []),
    ...(confirmAbove === null ? [] : [reason(confirmAbove, language)]),
  ];
  return (await ask(question, detail, vscode.l10n.t("Generate Video"))) ? payment : undefined;
}

function basis(price: Price, language: string): string[] {
  if (price.kind !== "known") {
    return [];
  }
  return [
    vscode.l10n.t({
      message: "{0} USD per {1}: RunComfy’s base price; the final cost can differ.",
      args: [unitPriceText(price.usd, language), price.unit],
      comment: ["A price and its unit in the service's own word"],
    }),
  ];
}

function unsure(cap: number, language: string): string {
  return vscode.l10n.t({
    message: "Without a price, your monthly cap of {0} USD cannot be kept for sure.",
    args: [unitPriceText(cap, language)],
    comment: ["{0} is a sum"],
  });
}

function reason(limit: number, language: string): string {
  return vscode.l10n.t({
    message: "Your settings ask for this above {0} USD, and where no price is known.",
    args: [unitPriceText(limit, language)],
    comment: ["{0} is a sum"],
  });
}
