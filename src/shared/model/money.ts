/** Amounts in USD as text, for the panel's page and for dialogs. */

/** A price per unit, as precise as the service states it: "0.05", "0.0125". */
export function unitPriceText(usd: number, language: string): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(usd);
}

/** An approximate amount: rounded to the cent, or to two digits below ten cents. */
export function aboutText(usd: number, language: string): string {
  const isSmall = usd > 0 && usd < 0.1;
  return new Intl.NumberFormat(
    language,
    isSmall ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  ).format(usd);
}
