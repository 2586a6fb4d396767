import type * as vscode from "vscode";

const secretKey = "wanFlf2v.token";

/** In this order, as the field notes (section 4) and the API page name them. */
const variables = ["RUNCOMFY_TOKEN", "RUNCOMFY_API_TOKEN", "RUNCOMFY_API_KEY", "YOUR_API_TOKEN"] as const;

/** Where the token in use comes from: VS Code's secret storage or the environment variable named. */
export type TokenSource = "secret" | (typeof variables)[number];

/** The user's API token. It is handed to the client only, and lives in VS Code's secret storage. */
export class Tokens implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #listener: vscode.Disposable;
  /**
   * The stored token as last read. Reading it asks the window, which may be away (a remote one whose connection is lost)
   * while jobs go on: they must not wait for it.
   */
  #stored: Promise<string | undefined> | undefined;

  constructor(secrets: vscode.SecretStorage, environment: NodeJS.ProcessEnv) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.#listener = secrets.onDidChange((event) => {
      if (event.key === secretKey) {
        this.#stored = undefined;
      }
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  /** The token and where it comes from; undefined when there is none. */
  async find(): Promise<{ readonly token: string; readonly source: TokenSource } | undefined> {
    const secret = await this.#read();
    if (secret !== undefined && isToken(secret)) {
      return { token: secret, source: "secret" };
    }
    for (const source of variables) {
      const token = this.#environment[source]?.trim();
      if (token !== undefined && isToken(token)) {
        return { token, source };
      }
    }
    return undefined;
  }

  #read(): Promise<string | undefined> {
    this.#stored ??= Promise.resolve(this.#secrets.get(secretKey)).catch(() => {
      this.#stored = undefined;
      return undefined;
    });
    return this.#stored;
  }

  async store(token: string): Promise<void> {
    await this.#secrets.store(secretKey, token);
    this.#stored = undefined;
  }

  /** Gives false when nothing was stored. */
  async remove(): Promise<boolean> {
    const stored = (await this.#secrets.get(secretKey)) !== undefined;
    await this.#secrets.delete(secretKey);
    this.#stored = undefined;
    return stored;
  }

  /** Calls back when this or another window changed the stored token. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key === secretKey) {
        listener();
      }
    });
  }
}

/** Up to 4096 visible ASCII characters without a colon (field notes, section 4). */
export function isToken(text: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]{1,4096}$/.test(text);
}
