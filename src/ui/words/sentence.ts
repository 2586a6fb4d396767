import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Problem } from "../../shared/model/problem.ts";

export type Code = Problem["code"];
/** The problem with each code. */
type Problems = { [P in Problem as P["code"]]: P };
/** The problem with this code, or with one of these. */
export type ProblemOf<C extends Code> = Problems[C];

/** A sentence, alone or with the field that it belongs to and the commands that help. */
export type Sentence = string | ShownProblem;

/**
 * A sentence for each of these problems: what happened, what it means for money and files, what to do now. `sent`: the
 * service already has the request, so money and a video depend on it.
 */
export type Sentences<C extends Code> = { readonly [K in C]: (problem: ProblemOf<K>, sent: boolean) => Sentence };

/** The service's own words as a sentence that ours can follow. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
