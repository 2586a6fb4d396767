import { html, type TemplateResult } from "lit";
import { type Resolution, sizeOf } from "../../shared/model/parameters.ts";

/** A frame in the shape of a size. */
export function shapeGlyph(resolution: Resolution): TemplateResult {
  const { width, height } = sizeOf({ resolution });
  const longer = Math.max(width, height) / 14;
  const [w, h] = [width / longer, height / longer];
  return html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
    <rect x=${(16 - w) / 2} y=${(16 - h) / 2} width=${w} height=${h} rx="1"></rect>
  </svg>`;
}
