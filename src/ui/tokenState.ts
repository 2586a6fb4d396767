import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import type { FoundToken, Tokens } from "../host/token.ts";

/** Keeps VS Code's context `wanFlf2v.hasToken` true while there is a token, for the welcome view. */
export class TokenState implements vscode.Disposable {
  readonly #findToken: () => Promise<FoundToken | undefined>;
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    findToken: () => Promise<FoundToken | undefined>,
    tokens: Pick<Tokens, "onDidChange">,
    settings: Pick<Settings, "onDidChange">,
  ) {
    this.#findToken = findToken;
    const show = () => void this.#show();
    this.#listeners = [tokens.onDidChange(show), settings.onDidChange(show)];
    show();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#listeners).dispose();
  }

  async #show(): Promise<void> {
    // A failure to read the token is no reason to ask for another one.
    const hasToken = await this.#findToken().then(
      (found) => found !== undefined,
      () => true,
    );
    await vscode.commands.executeCommand("setContext", "wanFlf2v.hasToken", hasToken);
  }
}
