import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit";
import { clock } from "../kit/clock.ts";
import { isHidden } from "../kit/hidden.ts";
import { elementWith, given } from "../kit/properties.ts";

/** The time since a moment, updated once a second while the page is visible. */
class ElapsedElement extends elementWith({
  /** In ms since 1970. */
  since: given<number>(),
}) {
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onVisibility = () => this.#tick();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`<span role="timer" title=${l10n.t("Elapsed time")}
      ><span class="unseen">${l10n.t("Elapsed time")} </span>${clock(Date.now() - this.since)}</span
    >`;
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (!isHidden()) {
      this.requestUpdate();
      // Aims at the next whole second of the job's own time, so that no second is skipped or shown twice.
      this.#timer = setTimeout(() => this.#tick(), 1000 - ((Date.now() - (this.since ?? 0)) % 1000));
    }
  }
}

customElements.define("flf-elapsed", ElapsedElement);
