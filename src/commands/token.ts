import * as vscode from "vscode";
import { showAccount } from "../ui/account.ts";
import { callerTells } from "../ui/callerTells.ts";
import { tell } from "../ui/tell.ts";
import { askToken } from "../ui/tokenEntry.ts";
import { confirmRemoval, usedNow } from "../ui/tokenRemoval.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** The commands for the API token and its account. */
export function tokenCommands({
  connection,
  keepToken,
  jobs,
  account,
}: Pick<CommandDeps, "connection" | "keepToken" | "jobs" | "account">) {
  return {
    /** Returns the result as a sentence if its caller shows it itself. */
    setToken: async (from?: unknown): Promise<string | undefined> => {
      const entered = await askToken((token) => connection.check(token));
      if (entered === undefined) {
        return undefined;
      }
      await keepToken(entered.token);
      if (from === callerTells) {
        return entered.message;
      }
      void tell("info", entered.message);
      return undefined;
    },

    removeToken: async (): Promise<void> => {
      if (!(await confirmRemoval(jobs.list()))) {
        return;
      }
      const removed = await connection.tokens.remove();
      const left = await connection.findToken().catch(() => undefined);
      const message = removed ? vscode.l10n.t("API token removed.") : vscode.l10n.t("No API token was stored.");
      void tell("info", left === undefined ? message : `${message} ${usedNow(left.source)}`);
    },

    /** Shows the token, the balance, the prices and this month's cost. */
    checkAccount: () => showAccount(account),
  } satisfies Partial<Record<AppCommandId, Command>>;
}
