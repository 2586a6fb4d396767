import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../kit/icon.ts";
import type { SmallPictures } from "./pictures.ts";

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
