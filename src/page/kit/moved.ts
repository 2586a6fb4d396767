/** Where keys move to among cards in rows. Pure: numbers only. */

import { roved } from "./roved.ts";

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
