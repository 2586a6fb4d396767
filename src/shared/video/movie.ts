import { isMatroska, readMatroska } from "./matroska.ts";
import { isMp4, readMp4 } from "./mp4.ts";
import { type Source, Unplayable } from "./source.ts";
import { type Movie, timelineOf } from "./timeline.ts";

/**
 * Reads a video's index: its contents, and where each frame lies and when it is shown. We don't use mediabunny for this: it
 * reads tables without bounds, silently drops what is truncated, and ignores edit lists, hidden frames and declared rates. The
 * checker and the player both use this function, so they cannot disagree.
 * @param how `whole` refuses a file in which anything is missing or damaged; `rest` reads what is left of it
 * @throws {Unplayable} with the reason why this is not a playable video.
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
