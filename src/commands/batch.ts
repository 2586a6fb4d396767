import * as vscode from "vscode";
import * as z from "zod";
import { type IsHere, pathOf } from "../host/files.ts";
import { type Batch, isTable, pairsIn, rowsOf, templateAt, writeBatch } from "../host/recipeBatch.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { askBatch } from "../ui/recipes/askBatch.ts";
import { tableProblemText } from "../ui/words/table.ts";
import { isOptions, localPath, parseOptions, pathArgument } from "./arguments.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

const batchSchema = z.strictObject({
  as: z.enum(["pairs", "chain", "table"]),
  /** A recipe whose prompt, parameters and crops are used where nothing else is said. */
  template: pathArgument.optional(),
  /** A `.csv` file. Only with `as: "table"`, and not needed if the folder is one itself. */
  table: pathArgument.optional(),
  /** For recipes to which neither table nor template gives one. */
  prompt: z.string().optional(),
});

/** The command that makes recipes of a folder's images or of a table. */
export function batchCommands({ panel }: Pick<CommandDeps, "panel">) {
  const isHere: IsHere = (remote) => panel.isHere(remote);
  const path = (given: string | vscode.Uri, argument: string) => localPath(given, argument, isHere);
  return {
    /**
     * Asks what to create, in a folder or of a table. With options it is a program's call: it asks nothing, creates all or fails, and
     * gives the absolute paths of the recipes that were created.
     */
    createRecipes: async (first?: unknown, second?: unknown): Promise<readonly string[] | undefined> => {
      if (!isOptions(second)) {
        await askBatch(first instanceof vscode.Uri ? pathOf(first, "host", isHere) : undefined);
        return undefined;
      }
      const { as, template, table, prompt } = parseOptions(batchSchema, second);
      const given = pathArgument.safeParse(first).data;
      if (given === undefined) {
        throw new ProblemError({ code: "argumentInvalid", argument: "folder" });
      }
      const from = path(given, "folder");
      const isOfTable = as === "table";
      if (isOfTable !== (table !== undefined || isTable(from)) || (table !== undefined && isTable(from))) {
        throw new ProblemError({ code: "argumentInvalid", argument: "table" });
      }
      const batch = !isOfTable
        ? await pairsIn(from, as)
        : table === undefined
          ? await wholeTable(from)
          : await wholeTable(path(table, "table"), from);
      const { created } = await writeBatch(batch, {
        template: template === undefined ? undefined : await templateAt(path(template, "template")),
        prompt,
      });
      return created;
    },
  } satisfies Partial<Record<AppCommandId, Command>>;
}

/** @throws {ProblemError} `tableBroken` if a row has an error, which a program cannot be asked about. */
async function wholeTable(table: string, folder?: string): Promise<Batch> {
  const batch = await rowsOf(table, folder);
  const errors = batch.problems.filter(({ severity }) => severity === "error");
  if (errors[0] !== undefined) {
    const first = tableProblemText(errors[0]);
    throw new ProblemError({ code: "tableBroken", path: table, errors: errors.length, first });
  }
  return batch;
}
