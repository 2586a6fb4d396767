import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

export type FramingMode = "crop" | "blur" | "color";

/** The sign of a way to frame an image, for which the icon font has none: the image within the video's frame. */
export function glyph(mode: FramingMode): TemplateResult {
  return html`<svg class="mode ${mode}" viewBox="0 0 16 16" aria-hidden="true">${drawn(mode)}</svg>`;
}

function drawn(mode: FramingMode): SVGTemplateResult {
  return mode === "crop"
    ? svg`<path class="line" d="M4.5 1v10.5H15M1 4.5h10.5V15"></path>`
    : svg`<path class="bars" d="M1 3h3v10H1zM12 3h3v10h-3z"></path><rect class="line" x="5.5" y="3.5" width="5" height="9"></rect>`;
}
