interface Way {
  /** The arrow keys that move: in a row or in a column. All four if missing. */
  readonly axis?: "row" | "column";
  /** True where Home and End belong to a field. */
  readonly inField?: boolean;
  /** True if it stops at both ends. Otherwise it goes around them. */
  readonly stops?: boolean;
}

const steps: Readonly<Record<"row" | "column", Readonly<Record<string, number>>>> = {
  row: { ArrowRight: 1, ArrowLeft: -1 },
  column: { ArrowDown: 1, ArrowUp: -1 },
};

/**
 * The index in a list that a key moves to, wherever keys move through one.
 * @param here below 0 if nothing in the list has the focus
 * @returns undefined for a key that does not move
 */
export function roved(key: string, here: number, count: number, way: Way = {}): number | undefined {
  const { axis, inField = false, stops = false } = way;
  if (count === 0) {
    return undefined;
  }
  const last = count - 1;
  if (!inField && (key === "Home" || key === "End")) {
    return key === "Home" ? 0 : last;
  }
  const step = (axis === "column" ? undefined : steps.row[key]) ?? (axis === "row" ? undefined : steps.column[key]);
  if (step === undefined) {
    return undefined;
  }
  const next = here < 0 && step < 0 ? last : here + step;
  return stops ? Math.min(Math.max(next, 0), last) : (next + count) % count;
}
