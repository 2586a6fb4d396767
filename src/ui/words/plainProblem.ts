import { type Problem, problemSchema } from "../../shared/model/problem.ts";
import { plain } from "./plain.ts";

/** Characters of a path at most, as systems limit them. */
const longestPath = 4096;

/** A problem whose facts may stand in a sentence: none of them is ours. */
export function plainProblem(problem: Problem): Problem {
  const facts = Object.entries(problem).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "string" ? plain(value, key === "path" ? longestPath : undefined) : value,
  ]);
  return problemSchema.parse(Object.fromEntries(facts));
}
