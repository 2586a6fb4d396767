import { isMatroska, readMatroska } from "./matroska.ts";
import { isMp4, readMp4 } from "./mp4.ts";
import { type Source, Unplayable } from "./source.ts";
import { type Movie, timelineOf } from "./timeline.ts";

/**
 * Reads a video's index: what it holds, where each frame lies and when it is shown. Not by mediabunny, which reads the
 * tables of its files without bounds, drops what is cut off in silence, and knows nothing of edit lists, of frames that are
 * never shown and of declared rates. The checker and the player both read by this, so they cannot differ.
 * @param how `whole`: anything that is missing or damaged is refused; `rest`: what is left of it is read
 * @throws {Unplayable} saying why it is no video that can be shown.
 */
export function readMovie(source: Source, how: "whole" | "rest" = "whole"): Movie {
  if (source.size === 0) {
    throw new Unplayable("empty");
  }
  const head = source.read(0, 16).slice();
  if (isMatroska(head)) {
    return timelineOf(source, readMatroska(source, how), how);
  }
  if (isMp4(head)) {
    return timelineOf(source, readMp4(source, how), how);
  }
  throw new Unplayable("unknownFormat");
}
