import { basename, dirname, isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * HTML that shows a video, for a web page or Markdown (which has no syntax for videos): silent, looping, with controls. The
 * address is relative to the document if both are on the same drive, otherwise the file's own.
 * @param video absolute path.
 * @param document absolute path of the document it goes to; undefined if there is none, which gives the file name alone.
 */
export function videoSnippet(video: string, document: string | undefined): string {
  const way = document === undefined ? basename(video) : relative(dirname(document), video);
  const source = isAbsolute(way) ? pathToFileURL(video).href : way.split(/[\\/]/).map(encodeURIComponent).join("/");
  return `<video src="${escaped(source)}" title="${escaped(basename(video))}" controls loop muted playsinline></video>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
