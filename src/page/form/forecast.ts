/** What is known of the next video before it is paid for, in words. Pure: no DOM, no messages. */

import { aboutText, unitPriceText } from "../../shared/model/money.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { estimatedCost, type Price } from "../../shared/model/price.ts";
import { fill, type Texts } from "../kit/texts.ts";

/** A length of time as an estimate of it is told, from ms: to the second below a minute, above it to five seconds. */
export function durationText({ strings }: Texts, ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) {
    return fill(strings.seconds, seconds);
  }
  const rounded = Math.round(seconds / 5) * 5;
  const minutes = Math.floor(rounded / 60);
  if (minutes >= 60) {
    return fill(strings.hoursMinutes, Math.floor(minutes / 60), minutes % 60);
  }
  return rounded % 60 === 0 ? fill(strings.minutes, minutes) : fill(strings.minutesSeconds, minutes, rounded % 60);
}

/** The price in words; `note` where it is one that the bill can differ from. */
export function priceText(
  { strings, language }: Texts,
  price: Price,
  parameters: Pick<Parameters, "length" | "fps">,
): { readonly text: string; readonly note?: string } {
  switch (price.kind) {
    case "unknown":
      return { text: strings.priceUnknown };
    case "noToken":
      return { text: strings.priceNoToken };
    case "known": {
      const note = strings.priceNote;
      const sum = estimatedCost(price, parameters);
      if (sum === undefined) {
        return { text: fill(strings.pricePerUnit, unitPriceText(price.usd, language), price.unit), note };
      }
      return price.unit.startsWith("second")
        ? {
            text: fill(
              strings.priceTotal,
              unitPriceText(price.usd, language),
              strings.unitSecond,
              aboutText(sum, language),
            ),
            note,
          }
        : { text: fill(strings.pricePerVideo, unitPriceText(price.usd, language)), note };
    }
  }
}
