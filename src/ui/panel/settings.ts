import type { PanelSettings, ShownProblem } from "../../shared/messages/panel.ts";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import type { PanelDeps } from "./deps.ts";

/** The settings as far as they are right; for a wrong one the model's own value, and the first that is wrong in words. */
export function readSettings(
  { defaults, hosting }: Pick<PanelDeps, "defaults" | "hosting">,
  inWords: (problem: Problem) => ShownProblem,
): PanelSettings {
  const wrong: ShownProblem[] = [];
  const orElse = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      wrong.push(inWords(error.problem));
      return fallback;
    }
  };
  return {
    defaults: orElse(() => defaults.get(), {}),
    hosting: orElse<HostingChoice>(() => hosting(), "auto"),
    trouble: wrong[0],
  };
}
