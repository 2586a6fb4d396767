/** Where the cards of the gallery are. Pure: numbers only. Cards stand in groups, and each group begins a new row. */

import { roved } from "../kit/roved.ts";

/** From one row to another, the last one not included. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/** How many columns of at least `least` pixels fit side by side, with a gap between them. */
export function columnsIn(width: number, least: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (least + gap)));
}

/**
 * The rows of a group that are in view, or nearly.
 * @param top where the group's first row begins, in pixels from the top of what is seen
 * @param seen height of what is seen
 * @param rowHeight height of a row, with its gap
 * @param nearly how far out of view a row may be
 */
export function rowsSeen(top: number, seen: number, rowHeight: number, rows: number, nearly: number): Rows {
  const row = (pixels: number) => Math.min(Math.max(pixels / rowHeight, 0), rows);
  const from = Math.floor(row(-nearly - top));
  return { from, to: Math.max(from, Math.ceil(row(seen + nearly - top))) };
}

/**
 * The place that a key moves to from another one. Places are counted through all groups.
 * @param sizes how many cards each group has
 * @returns undefined for a key that does not move
 */
export function moved(key: string, here: number, sizes: readonly number[], columns: number): number | undefined {
  if (key === "ArrowDown" || key === "ArrowUp") {
    return inNextRow(here, sizes, columns, key === "ArrowDown" ? 1 : -1);
  }
  const count = sizes.reduce((sum, size) => sum + size, 0);
  return roved(key, here, count, { axis: "row", stops: true });
}

/** The place below or above. A row that is shorter gives its last place; beyond the first and last row all stays. */
function inNextRow(here: number, sizes: readonly number[], columns: number, by: 1 | -1): number {
  const rows: { readonly start: number; readonly size: number }[] = [];
  let start = 0;
  for (const size of sizes) {
    for (let done = 0; done < size; done += columns) {
      rows.push({ start: start + done, size: Math.min(columns, size - done) });
    }
    start += size;
  }
  const at = rows.findIndex((row) => here < row.start + row.size);
  const [row, next] = [rows[at], rows[at + by]];
  return row === undefined || next === undefined ? here : next.start + Math.min(here - row.start, next.size - 1);
}
