import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { signIcon } from "../kit/signIcon.ts";
import { Visibility } from "../kit/visibility.ts";
import { picturesOf, type SmallPictures } from "./pictures.ts";

/** Both images of a job as one picture, and its state as an icon. It asks for the images once it is in view. */
class ThumbnailElement extends elementWith({
  job: given<JobView>(),
  ask: given<Ask>(),
  pictures: own<SmallPictures | undefined>(undefined),
}) {
  readonly #visibility = new Visibility(() => this.#want());
  #endWait: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#visibility.watch(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#visibility.end();
    this.#endWait?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("job") && changed.get("job")?.id !== this.job.id) {
      this.pictures = picturesOf(this.ask).get(this.job.id);
      this.#want();
    }
  }

  protected override render(): TemplateResult {
    return html`
      ${splitPicture(this.pictures)}
      <span class="state">${signIcon(this.job.sign)}</span>
    `;
  }

  #want(): void {
    this.#endWait?.();
    this.#endWait = undefined;
    if (this.#visibility.isSeen && this.pictures === undefined) {
      this.#endWait = picturesOf(this.ask).want(this.job.id, (pictures) => {
        this.pictures = pictures;
      });
    }
  }
}

/** The left half of a start image and the right half of an end image. One alone is shown whole. Undefined while they load. */
export function splitPicture(pictures: SmallPictures | undefined): TemplateResult {
  const { start, end } = pictures ?? {};
  const picture = (url: string, side: string) => html`<img class=${side} src=${url} alt="" draggable="false" />`;
  return html`<span class="split">
    ${start === undefined ? nothing : picture(start, "start")}
    ${end === undefined ? nothing : picture(end, start === undefined ? "whole" : "end")}
    ${pictures !== undefined && start === undefined && end === undefined ? icon("file-media") : nothing}
  </span>`;
}

customElements.define("flf-thumbnail", ThumbnailElement);
