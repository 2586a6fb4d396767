/** Where the cards of the gallery are. Pure: numbers only. Cards stand in groups, and each group begins a new row. */

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
