import { html, type PropertyValues, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { Ask } from "../kit/host.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { signIcon } from "../kit/signIcon.ts";
import { Visibility } from "../kit/visibility.ts";
import { picturesOf, type SmallPictures } from "./pictures.ts";
import { splitPicture } from "./splitPicture.ts";

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

customElements.define("flf-thumbnail", ThumbnailElement);
