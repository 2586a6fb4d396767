/** Where the pictures of takes stand. Pure: numbers only, in pixels. */
import type { Size } from "../../shared/model/size.ts";

/** How takes stand beside and below each other, and how wide each picture is. */
export interface TakesGrid {
  readonly columns: number;
  readonly width: number;
}

/** The gap between two takes, and the height of what stands below each picture. */
export const gridGap = 8;
const belowPicture = 48;
/** Narrower pictures are not made to get all into view. */
const leastWidth = 120;
/** Beside each other pictures compare better, even if they are a little smaller than below each other. */
const nearlyLargest = 0.95;

/**
 * The columns with which the pictures of so many takes are about the largest while all are in view. Where they would get too small,
 * the rows go on below: they never need more width than there is.
 * @param room width and height that there are for all takes
 * @param ratio width of a picture by its height
 */
export function takesGrid(count: number, room: Size, ratio: number): TakesGrid {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const widthIn = (columns: number) => Math.floor((room.width - gridGap * (columns - 1)) / columns);
  const inView = all.map((columns) => {
    const rows = Math.ceil(count / columns);
    const height = (room.height - rows * belowPicture - gridGap * (rows - 1)) / rows;
    return { columns, width: Math.min(widthIn(columns), Math.floor(height * ratio)) };
  });
  // More columns with as many rows would leave places empty at the end of a row.
  const full = inView.filter(({ columns }) => columns === Math.ceil(count / Math.ceil(count / columns)));
  const largest = Math.max(...inView.map(({ width }) => width));
  const best = full.findLast(({ width }) => width >= largest * nearlyLargest);
  if (best !== undefined && largest >= leastWidth) {
    return best;
  }
  const columns = all.findLast((each) => widthIn(each) >= leastWidth) ?? 1;
  return { columns, width: Math.max(widthIn(columns), 1) };
}
