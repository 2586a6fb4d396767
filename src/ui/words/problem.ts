import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { draftSentences } from "./draft.ts";
import { hostingSentences } from "./hosting.ts";
import { imageSentences } from "./image.ts";
import { listSentences } from "./list.ts";
import { networkSentences } from "./network.ts";
import { plainProblem } from "./plainProblem.ts";
import { savingSentences } from "./saving.ts";
import type { Code, ProblemOf, Sentence, Sentences } from "./sentence.ts";
import { serviceSentences } from "./service.ts";
import { tokenSentences } from "./token.ts";

/** A sentence for every problem: one without does not compile. */
const sentences: Sentences<Code> = {
  ...draftSentences,
  ...imageSentences,
  ...hostingSentences,
  ...tokenSentences,
  ...networkSentences,
  ...serviceSentences,
  ...savingSentences,
  ...listSentences,
};

/**
 * A problem in words: what happened, what it means for money and files, what to do now; with the field it belongs to and
 * the commands that help. `sent`: the service already has the request, so money and a video depend on it.
 */
export function problemText(problem: Problem, sent = false): ShownProblem {
  const said = sentenceFor(plainProblem(problem), sent);
  return typeof said === "string" ? { message: said } : said;
}

function sentenceFor<C extends Code>(problem: ProblemOf<C> & { code: C }, sent: boolean): Sentence {
  return sentences[problem.code](problem, sent);
}
