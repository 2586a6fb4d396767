/** What is known about the next video before it is paid for, in words. Pure: no DOM, no messages. */

import * as l10n from "@vscode/l10n";
import { aboutText, unitPriceText } from "../../shared/model/money.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { estimatedCost, type Price } from "../../shared/model/price.ts";
import { isolated, userLanguage } from "../../shared/texts.ts";

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
