import * as vscode from "vscode";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { batchSentences } from "./batch.ts";
import { draftSentences } from "./draft.ts";
import { hostingSentences } from "./hosting.ts";
import { imageSentences } from "./image.ts";
import { listSentences } from "./list.ts";
import { networkSentences } from "./network.ts";
import { openHistory } from "./offers.ts";
import { plainProblem } from "./plainProblem.ts";
import { renderingSentences } from "./rendering.ts";
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
  ...renderingSentences,
  ...batchSentences,
};

/**
 * A problem in words: what happened, what it means for money and files, what to do now; with the field it belongs to and
 * the commands that help. `sent`: the service already has the request, so money and a video depend on it.
 */
export function problemText(problem: Problem, sent = false): ShownProblem {
  if (problem.code === "submitUnclear" && problem.refused !== undefined && problem.refused.code !== "notSentAfterAll") {
    return refusedAgain(problem.refused);
  }
  const said = sentenceFor(plainProblem(problem), sent);
  return typeof said === "string" ? { message: said } : said;
}

function sentenceFor<C extends Code>(problem: ProblemOf<C> & { code: C }, sent: boolean): Sentence {
  return sentences[problem.code](problem, sent);
}

/** Why a job was not sent again, while an earlier request of it may be paid for. */
function refusedAgain(refused: Problem): ShownProblem {
  const { message, actions = [] } = problemText(refused);
  return {
    message: vscode.l10n.t({
      message:
        "Sending again was refused: {0} RunComfy’s answer to an earlier request was lost; that one may still be paid for.",
      args: [message],
      comment: ["{0} is why, one or several sentences"],
    }),
    actions: [...actions.filter(({ command }) => command !== openHistory.command), openHistory],
  };
}
