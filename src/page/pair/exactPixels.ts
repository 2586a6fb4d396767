import * as l10n from "@vscode/l10n";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { preview } from "../../shared/messages/pair.ts";
import type { Resolution } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import { isolated } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";

/** One image's real pixels: what would be sent now, made by the same worker. */
class ExactPixelsElement extends elementWith({
  side: given<string>(),
  name: given<string>(),
  path: given<string>(),
  resolution: given<Resolution>(),
  plan: given<CropPlan>(),
  ask: given<Ask>(),
  url: own<string | undefined>(undefined),
  failed: own(false),
}) {
  #fetching = false;
  /** The inputs that the current picture was made from. */
  #made = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show(undefined);
    this.#made = "";
  }

  protected override updated(_changed: PropertyValues): void {
    void this.#fetch();
  }

  protected override render(): TemplateResult {
    const label = l10n.t({
      message: "{0}, exactly as it will be sent",
      args: [isolated(this.name)],
      comment: ["{0} is a file name"],
    });
    const waiting = this.failed
      ? html`<span class="quiet">${icon("error")} ${l10n.t("The final crop can’t be shown right now.")}</span>`
      : html`<span class="quiet">${icon("loading", "codicon-modifier-spin")}</span>`;
    const picture = this.url === undefined ? waiting : html`<img src=${this.url} alt=${label} />`;
    return html`<div class="frame" id=${this.side} tabindex="-1" data-refuge aria-busy=${this.#isStale() ? "true" : "false"}>
      ${picture}
    </div>`;
  }

  #key(): string {
    return JSON.stringify([this.path, this.resolution, this.plan]);
  }

  #isStale(): boolean {
    return this.#made !== this.#key();
  }

  /**
   * Makes one request at a time, and another one if the inputs have changed meanwhile. A drag therefore does not queue
   * pictures that nobody will see.
   */
  async #fetch(): Promise<void> {
    if (this.#fetching || !this.#isStale()) {
      return;
    }
    this.#fetching = true;
    const key = this.#key();
    try {
      const { path, resolution, plan } = this;
      const { bytes } = await this.ask(preview, { path, resolution, plan });
      if (this.isConnected) {
        this.#show(URL.createObjectURL(new Blob([bytes], { type: "image/png" })));
        this.failed = false;
      }
    } catch {
      this.#show(undefined);
      this.failed = true;
    } finally {
      this.#made = key;
      this.#fetching = false;
      this.requestUpdate();
    }
  }

  #show(url: string | undefined): void {
    if (this.url !== undefined) {
      URL.revokeObjectURL(this.url);
    }
    this.url = url;
  }
}

customElements.define("flf-exact-pixels", ExactPixelsElement);
