import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { ShownPrice } from "../../shared/messages/form.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { priceText } from "./forecast.ts";

/** What the button depends on. */
interface Offer {
  readonly generating: boolean;
  /** True while the user is asked for a token first. */
  readonly asksForToken: boolean;
  /** Undefined until the service has answered. */
  readonly price: ShownPrice | undefined;
  /** What else its tooltip says. */
  readonly hint?: string | undefined;
  /** True where it is not the main button. */
  readonly secondary?: boolean;
  readonly act: () => void;
  readonly onFocus?: () => void;
}

/** The button that makes the next video, which says so if it asks for a token first. It is the same wherever it is shown. */
export function generateButton({
  generating,
  asksForToken,
  price,
  hint,
  secondary = false,
  act,
  onFocus,
}: Offer): TemplateResult {
  const keys = /Mac/.test(navigator.platform) ? "⌘⏎" : "Ctrl+Enter";
  const label = price?.kind === "noToken" ? l10n.t("Set API Token and Generate…") : l10n.t("Generate Video");
  const title = l10n.t({
    message: "{0} ({1})",
    args: [label, keys],
    comment: ["A button's label and its keyboard shortcut"],
  });
  // The second click of a double click must not pay for a second video.
  const onClick = ({ detail }: MouseEvent) => detail < 2 && act();
  return html`<vscode-button
    class="generate"
    ?secondary=${secondary}
    icon=${generating ? "loading" : "sparkle"}
    ?icon-spin=${generating}
    aria-disabled=${generating ? "true" : "false"}
    title=${[title, hint].filter(Boolean).join("\n")}
    @click=${onClick}
    @focus=${() => onFocus?.()}
    >${generating ? startingText(asksForToken) : label}</vscode-button
  >`;
}

/** What is said of a video that has no job yet. */
export function startingText(asksForToken: boolean): string {
  return asksForToken ? l10n.t("Waiting for an API token") : l10n.t("Starting…");
}

/**
 * The same button beside a video, with what the next one costs.
 * @param parameters those that are sent; undefined while a field has no valid value
 */
export function foldedGenerate(
  offer: Pick<Offer, "generating" | "asksForToken" | "price" | "act">,
  parameters: Parameters | undefined,
): TemplateResult {
  const cost = offer.price && parameters && priceText(offer.price, parameters);
  const hint = [cost?.text, cost?.note].filter(Boolean).join(" ");
  return html`
    ${generateButton({ ...offer, hint, secondary: true })}
    ${cost === undefined ? nothing : html`<span class="price" title=${hint}>${cost.text}</span>`}
  `;
}
