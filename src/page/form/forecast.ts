/** What is known about the next video before it is paid for, in words. Pure: no DOM, no messages. */

import * as l10n from "@vscode/l10n";
import type { UsedCap } from "../../shared/model/budget.ts";
import { aboutText, unitPriceText } from "../../shared/model/money.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { estimatedCost, type Price } from "../../shared/model/price.ts";
import { isolated, pluralText, userLanguage } from "../../shared/texts.ts";

/** How much of each cap on the number of videos is used, in words. */
export function usedTexts(used: readonly UsedCap[]): string[] {
  return used.map(({ per, made, cap }) => {
    const numbers = [made, cap];
    return per === "day"
      ? pluralText(cap, l10n.t("{0} of {1} video today", ...numbers), l10n.t("{0} of {1} videos today", ...numbers))
      : pluralText(
          cap,
          l10n.t("{0} of {1} video this month", ...numbers),
          l10n.t("{0} of {1} videos this month", ...numbers),
        );
  });
}

/** The price in words. `note` is set if the bill may differ from it. */
export function priceText(
  price: Price,
  parameters: Pick<Parameters, "length" | "fps">,
): { readonly text: string; readonly note?: string } {
  switch (price.kind) {
    case "unknown":
      return { text: l10n.t("Price unknown") };
    case "noToken":
      return { text: l10n.t("Set an API token to see the price") };
    case "known": {
      const note = l10n.t("(estimate; final cost may differ)");
      const sum = estimatedCost(price, parameters);
      if (sum === undefined) {
        return {
          text: l10n.t({
            message: "{0} USD per {1}",
            args: [unitPriceText(price.usd, userLanguage()), isolated(price.unit)],
            comment: ["A price and its unit in the service's own word"],
          }),
          note,
        };
      }
      return price.unit.startsWith("second")
        ? {
            text: l10n.t({
              message: "{0} USD per second → about {1} USD",
              args: [unitPriceText(price.usd, userLanguage()), aboutText(sum, userLanguage())],
              comment: ["The price of one second of video, and the sum for the video"],
            }),
            note,
          }
        : {
            text: l10n.t({
              message: "About {0} USD per video",
              args: [unitPriceText(price.usd, userLanguage())],
              comment: ["{0} is a price"],
            }),
            note,
          };
    }
  }
}
