import { type Problem, problemSchema } from "../../shared/model/problem.ts";
import { plain } from "./plain.ts";

/** The most characters of a path, as operating systems limit them. */
const longestPath = 4096;

/** A problem with facts that are safe in a sentence: all of them are foreign text. */
export function plainProblem(problem: Problem): Problem {
  const facts = Object.entries(problem).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "string" ? plain(value, key === "path" ? longestPath : undefined) : value,
  ]);
  return problemSchema.parse(Object.fromEntries(facts));
}
