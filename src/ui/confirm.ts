import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import type { JobService } from "../jobs/service.ts";
import type { Catalogue } from "../runcomfy/catalogue.ts";
import {
  checkCap,
  checkVideoCaps,
  type Payment,
  type Spend,
  type VideoCaps,
  type VideoCounts,
} from "../shared/model/budget.ts";
import { aboutText, unitPriceText } from "../shared/model/money.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import { estimatedCost, needsConfirmation, type Price } from "../shared/model/price.ts";
import { videoSummary } from "../shared/texts.ts";
import { ask } from "./tell.ts";
import { basisText } from "./words/plan.ts";

/** What the user's settings say about paying, and the sums to compare it with. */
export interface Budget {
  /** USD above which each video needs a yes; null never asks. */
  readonly confirmAbove: number | null;
  /** USD that a month may cost; null for no limit. */
  readonly cap: number | null;
  readonly spend: () => Spend;
  /** How many videos may be made. */
  readonly videoCaps: VideoCaps;
  /** How many were made. */
  readonly videos: () => VideoCounts;
  /** Looks up the price. */
  readonly price: () => Promise<Price>;
  /** The last known price, without waiting. */
  readonly lastPrice: () => Price;
}

/** The current budget, from the user's settings, their jobs and the service's price list. */
export function budgetOf(
  settings: Pick<Settings, "confirmAbove" | "monthlyCap" | "videoCaps">,
  jobs: Pick<JobService, "spend" | "videos">,
  catalogue: Pick<Catalogue, "price" | "lastPrice">,
): Budget {
  return {
    confirmAbove: settings.confirmAbove(),
    cap: settings.monthlyCap(),
    spend: () => jobs.spend(),
    videoCaps: settings.videoCaps(),
    videos: () => jobs.videos(),
    price: () => catalogue.price(),
    lastPrice: () => catalogue.lastPrice(),
  };
}

/**
 * Asks the user before generating a video that costs more than their limit, or whose price is unknown while they have a
 * limit or a cap. Without either, nothing is looked up and nothing waits.
 * @returns how the video is paid for; undefined if the user cancelled.
 * @throws {ProblemError} `videosReached` or `capReached` instead of asking about a video that a cap does not allow.
 */
export async function askPayment(budget: Budget, parameters: Parameters): Promise<Payment | undefined> {
  const { confirmAbove, cap, videoCaps } = budget;
  if (videoCaps.day !== null || videoCaps.month !== null) {
    checkVideoCaps(budget.videos(), videoCaps);
  }
  if (confirmAbove === null && cap === null) {
    return { estimate: estimatedCost(budget.lastPrice(), parameters), cap, videoCaps, acceptsUnknown: false };
  }
  const price = await budget.price();
  const estimate = estimatedCost(price, parameters);
  const payment = { estimate, cap, videoCaps, acceptsUnknown: true };
  checkCap(budget.spend(), payment);
  const isUnsure = cap !== null && estimate === undefined;
  if (!isUnsure && !needsConfirmation(confirmAbove, estimate)) {
    return payment;
  }
  const { language } = vscode.env;
  const question =
    estimate === undefined
      ? vscode.l10n.t("Generate this video? Its cost is unknown.")
      : vscode.l10n.t("Generate for about {0} USD?", aboutText(estimate, language));
  const detail = [
    videoSummary(parameters),
    ...basisText(price),
    ...(isUnsure ? [unsure(cap, language)] : []),
    ...(confirmAbove === null ? [] : [reason(confirmAbove, language)]),
  ];
  return (await ask(question, detail, vscode.l10n.t("Generate Video"))) ? payment : undefined;
}

function unsure(cap: number, language: string): string {
  return vscode.l10n.t({
    message: "Without a price, your monthly cap of {0} USD can’t be guaranteed.",
    args: [unitPriceText(cap, language)],
    comment: ["{0} is a sum"],
  });
}

function reason(limit: number, language: string): string {
  return vscode.l10n.t({
    message: "You asked to confirm videos above {0} USD and videos with an unknown price.",
    args: [unitPriceText(limit, language)],
    comment: ["{0} is a sum"],
  });
}
