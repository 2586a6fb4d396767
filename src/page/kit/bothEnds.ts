import { html, type TemplateResult } from "lit";

/** The most characters of a name's end that stay in sight. Enough for what tells two names of a pair apart. */
const tail = 14;

/** A name that keeps both ends where it is too long for its line. Screen readers and searches meet it as one text. */
export function bothEnds(name: string): TemplateResult {
  const characters = [...name];
  const cut = characters.length - Math.min(tail, Math.floor(characters.length / 2));
  return html`<bdi class="both-ends"
    ><span class="unseen">${name}</span
    ><span class="head" aria-hidden="true" data-text=${characters.slice(0, cut).join("")}></span
    ><span class="tail" aria-hidden="true" data-text=${characters.slice(cut).join("")}></span
  ></bdi>`;
}
