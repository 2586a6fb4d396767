import { basename, dirname, isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * HTML that shows a video, for a web page or a Markdown text (which has no syntax of its own for videos): silent, looping,
 * with controls. The address is relative to the document where both lie on one drive, else the file's own.
 * @param video absolute path.
 * @param document absolute path of the document it goes to; undefined where there is none: then the file name alone.
 */
export function videoSnippet(video: string, document: string | undefined): string {
  const way = document === undefined ? basename(video) : relative(dirname(document), video);
  const source = isAbsolute(way) ? pathToFileURL(video).href : way.split(/[\\/]/).map(encodeURIComponent).join("/");
  return `<video src="${escaped(source)}" title="${escaped(basename(video))}" controls loop muted playsinline></video>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
