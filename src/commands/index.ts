import * as vscode from "vscode";
import * as z from "zod";
import { ProblemError } from "../shared/model/problem.ts";
import { unexpectedText } from "../shared/texts.ts";
import { tell } from "../ui/tell.ts";
import { tellProblem } from "../ui/tellProblem.ts";
import type { ActionId } from "../ui/words/actionIds.ts";
import { inWords } from "../ui/words/error.ts";
import type { Command, CommandDeps } from "./command.ts";
import { hostingCommands } from "./hosting.ts";
import type { AppCommandId } from "./ids.ts";
import { jobCommands } from "./jobs.ts";
import { pairCommands } from "./pair.ts";
import { tokenCommands } from "./token.ts";
import { videoCommands } from "./videos.ts";

/** The commands of the application. Their errors are in the user's language, because VS Code shows them. */
export interface Commands {
  run(id: AppCommandId, args: readonly unknown[]): Promise<unknown>;
  /**
   * Runs an action on a row of the list, or on anything with a job's id. If the list asked for it, this shows a problem itself:
   * VS Code would present an error as a bug of the extension, truncated to one line and without the commands that help.
   */
  act(action: ActionId, row: unknown): Promise<void>;
}

const rowSchema = z.object({ id: z.string() });

/** @param now elapsed time, ms */
export function createCommands(deps: CommandDeps, now?: () => number): Commands {
  const all: Record<AppCommandId, Command> = {
    ...pairCommands(deps, now),
    ...tokenCommands(deps),
    ...hostingCommands(deps),
    ...jobCommands(deps),
    ...videoCommands(deps),
    copyDiagnostics: async () => {
      await vscode.env.clipboard.writeText(await deps.diagnostics());
      void tell(
        "info",
        vscode.l10n.t("Diagnostics copied to the clipboard. They contain no token, prompt or address."),
      );
    },
  };
  const worded = async <T>(work: () => T): Promise<Awaited<T>> => {
    try {
      return await work();
    } catch (error) {
      const told = inWords(error);
      if (told !== error) {
        throw told;
      }
      deps.report(error);
      throw new Error(unexpectedText(), { cause: error });
    }
  };
  return {
    run: (id, args) => worded(() => all[id](...args)),
    act: (action, row) =>
      worded(async () => {
        const parsed = rowSchema.safeParse(row);
        if (!parsed.success) {
          return;
        }
        try {
          await deps.actions.run(parsed.data.id, action);
        } catch (error) {
          if (!(error instanceof ProblemError) || !deps.jobsView.has(row)) {
            throw error;
          }
          void tellProblem(error.problem);
        }
      }),
  };
}
