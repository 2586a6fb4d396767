import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { JobView } from "../../shared/messages/jobs.ts";
import { nameText } from "../../shared/videoTexts.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { toolButton } from "../kit/toolButton.ts";
import { comparedWith, mostTakes } from "../state/stage.ts";

/**
 * Chooses another take to play in step with the one on the stage, or all of them. The list only selects and the button starts. What is
 * selected stays so whichever takes come and go beside it.
 */
class TakeChoiceElement extends elementWith({
  /** The job on the stage. */
  job: given<JobView>(),
  /** Other takes of the same pair, newest first; not empty. */
  takes: given<readonly JobView[]>(),
  /** The id of the take that is selected. */
  chosen: own<string | undefined>(undefined),
}) {
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (
      (changed.has("job") && changed.get("job")?.id !== this.job.id) ||
      !this.takes.some(({ id }) => id === this.chosen)
    ) {
      this.chosen = this.takes[0]?.id;
    }
  }

  protected override render(): TemplateResult {
    const { job, takes, chosen } = this;
    const offered = takes.filter(({ id }, index) => index < mostTakes || id === chosen);
    const name = l10n.t("Compare with another take");
    return html`<select class="takes" aria-label=${name} title=${name} @change=${this.#onChange}>
        ${repeat(
          offered,
          ({ id }) => id,
          (take) => html`<option value=${take.id} .selected=${live(take.id === chosen)}>${nameText(take)}</option>`,
        )}
      </select>
      ${toolButton({
        ...{ name: l10n.t("Compare Takes"), icon: "split-horizontal" },
        act: () => {
          if (this.chosen !== undefined) {
            this.send({ kind: "compareTakes", jobIds: [job.id, this.chosen] });
          }
        },
      })}
      ${
        takes.length < 2
          ? nothing
          : toolButton({
              ...{ name: l10n.t("Compare All Takes"), icon: "table" },
              act: () => this.send({ kind: "compareTakes", jobIds: comparedWith(job, takes) }),
            })
      }`;
  }

  readonly #onChange = (event: Event) => {
    if (event.target instanceof HTMLSelectElement) {
      this.chosen = event.target.value;
    }
  };
}

customElements.define("flf-take-choice", TakeChoiceElement);
