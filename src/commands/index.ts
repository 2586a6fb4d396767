import * as vscode from "vscode";
import * as z from "zod";
import type { WanFlf2v } from "../../api/wanFlf2v.d.ts";
import type { ActionId } from "../shared/jobs/actions.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { unexpectedText } from "../shared/texts.ts";
import { tell } from "../ui/tell.ts";
import { tellProblem } from "../ui/tellProblem.ts";
import { inWords } from "../ui/words/error.ts";
import { isOptions } from "./arguments.ts";
import { batchCommands } from "./batch.ts";
import type { Command, CommandDeps } from "./command.ts";
import { hostingCommands } from "./hosting.ts";
import type { AppCommandId } from "./ids.ts";
import { jobCommands } from "./jobs.ts";
import { pairCommands } from "./pair.ts";
import { recipeCommands } from "./recipes.ts";
import { tokenCommands } from "./token.ts";
import { videoCommands } from "./videos.ts";

/**
 * The commands of the application. Their errors are in the user's language, because VS Code shows them. What a user starts
 * shows its problem itself: VS Code would present an error as a bug of the extension, truncated to one line and without the
 * commands that help.
 */
export interface Commands {
  /**
   * Runs a command. A user starts it from the palette without an argument, or from a menu with a file. With anything else, or with
   * options, it was called by a program, a keybinding or the panel, which get the error.
   */
  run(id: AppCommandId, args: readonly unknown[]): Promise<unknown>;
  /** Runs an action on a row of the list, which a user starts, or on anything with a job's id, whose caller gets the error. */
  act(action: ActionId, row: unknown): Promise<void>;
  /** The same commands for other extensions, which get every error. */
  readonly calls: Omit<WanFlf2v, "apiVersion" | "onDidChangeJob">;
}

const rowSchema = z.object({ id: z.string() });

/** @param now elapsed time, ms */
export function createCommands(deps: CommandDeps, now?: () => number): Commands {
  const [ofJobs, ofRecipes, ofBatches] = [jobCommands(deps), recipeCommands(deps), batchCommands(deps)];
  const all: Record<AppCommandId, Command> = {
    ...pairCommands(deps, now),
    ...tokenCommands(deps),
    ...hostingCommands(deps),
    ...ofJobs,
    ...videoCommands(deps),
    ...ofRecipes,
    ...ofBatches,
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
    run: (id, [first, ...others]) => worded(() => told(isByUser(first, others[0]), () => all[id](first, ...others))),
    act: (action, row) =>
      worded(async () => {
        const parsed = rowSchema.safeParse(row);
        if (parsed.success) {
          await told(deps.jobsView.has(row), () => deps.actions.run(parsed.data.id, action));
        }
      }),
    calls: {
      renderRecipe: (recipe, options = {}) => worded(async () => (await ofRecipes.renderRecipe(recipe, options)) ?? []),
      planRecipes: (folder) => worded(() => ofRecipes.planRecipes(folder)),
      renderStale: (folder, options = {}) => worded(() => ofRecipes.renderStale(folder, options)),
      createRecipes: (folder, options) => worded(async () => (await ofBatches.createRecipes(folder, options)) ?? []),
      getJob: (id) => worded(() => ofJobs.getJob(id)),
    },
  };
}

function isByUser(first: unknown, second: unknown): boolean {
  return (first === undefined || first instanceof vscode.Uri) && !isOptions(second);
}

/** Does what a user started and shows the problem that it ends with; what `isByUser` denies throws it. */
async function told(isByUser: boolean, work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!isByUser || !(error instanceof ProblemError)) {
      throw error;
    }
    void tellProblem(error.problem);
    return undefined;
  }
}
