/** The boundaries of a save, in their order. Tests stop the world at each. */
export type SaveCheckpoint =
  | "cleaned"
  | "temporary"
  | "received"
  | "downloaded"
  | "verified"
  | "placing"
  | "nameClaimed"
  | "renamed"
  | "linked"
  | "unlinked"
  | "placed"
  | "recipeOpened"
  | "recipeWritten"
  | "recipe";
