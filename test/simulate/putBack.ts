/** The number of a fault that can be put back. */
export type PutBack = number;

/** A change of one of the product's files. */
export interface Replaced {
  readonly file: string;
  readonly change: (text: string) => string;
}

/** The changes that put a fault back. */
export function putBack(_fault: PutBack): readonly Replaced[] {
  return [];
}
