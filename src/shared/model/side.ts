import * as z from "zod";

/** The two images of a pair, in chronological order: the video begins with the first and ends with the second. */
export const sides = ["start", "end"] as const;
export const sideSchema = z.enum(sides);
export type Side = z.infer<typeof sideSchema>;

/** The other image of the pair. */
export function otherSide(side: Side): Side {
  return side === "start" ? "end" : "start";
}
