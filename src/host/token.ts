import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";
import * as z from "zod";

const secretKey = "wanFlf2v.token";

/** In this order, as the field notes (section 4) and the API page name them. */
const variables = ["RUNCOMFY_TOKEN", "RUNCOMFY_API_TOKEN", "RUNCOMFY_API_KEY", "YOUR_API_TOKEN"] as const;

/** Where a token comes from: VS Code's secret storage, an environment variable, or RunComfy's command-line client. */
export type TokenSource = "secret" | "cli" | (typeof variables)[number];

/** A token and where it comes from. */
export interface FoundToken {
  readonly token: string;
  readonly source: TokenSource;
  /** What jobs remember it by: a random id or the name of its source, never anything made from the token. */
  readonly name: string;
}

/** What the secret storage holds: the token in use, and earlier ones that jobs under way were sent with, by their ids. */
const storedSchema = z.object({ current: z.string().optional(), tokens: z.record(z.string(), z.string()) });
type Stored = z.infer<typeof storedSchema>;

const namePrefix = "stored:";
const empty: Stored = { tokens: {} };

/** The user's API token. It is handed to the client only, and lives in VS Code's secret storage. */
export class Tokens implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #cliToken: () => Promise<string | undefined>;
  readonly #listener: vscode.Disposable;
  /**
   * The stored tokens as last read. Reading them asks the window, which may be away (a remote one whose connection is lost)
   * while jobs go on: they must not wait for it.
   */
  #stored: Promise<Stored> | undefined;

  /** @param cliToken the token of RunComfy's command-line client, where it has one. */
  constructor(
    secrets: vscode.SecretStorage,
    environment: NodeJS.ProcessEnv,
    cliToken: () => Promise<string | undefined>,
  ) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.#cliToken = cliToken;
    this.#listener = secrets.onDidChange((event) => {
      if (event.key === secretKey) {
        this.#stored = undefined;
      }
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  /** The token in use; undefined when there is none. */
  async find(): Promise<FoundToken | undefined> {
    const { current, tokens } = await this.#read();
    const secret = current === undefined ? undefined : tokens[current];
    if (secret !== undefined && isToken(secret)) {
      return { token: secret, source: "secret", name: `${namePrefix}${current}` };
    }
    for (const source of variables) {
      const token = this.#variable(source);
      if (token !== undefined) {
        return { token, source, name: source };
      }
    }
    const token = await this.#cliToken();
    return token === undefined ? undefined : { token, source: "cli", name: "cli" };
  }

  /** The token of a name that {@link find} gave, as far as it is still there. */
  async named(name: string): Promise<string | undefined> {
    if (name.startsWith(namePrefix)) {
      return (await this.#read()).tokens[name.slice(namePrefix.length)];
    }
    const source = variables.find((variable) => variable === name);
    return source === undefined ? await this.#cliToken() : this.#variable(source);
  }

  /**
   * Puts a token into use.
   * @param needed names of tokens that jobs under way were sent with: those are kept.
   */
  async store(token: string, needed: readonly string[]): Promise<void> {
    const { tokens } = await this.#readAnew();
    const known = Object.keys(tokens).find((id) => tokens[id] === token);
    const current = known ?? randomUUID();
    await this.#write({ current, tokens: { ...only(tokens, needed), [current]: token } });
  }

  /** Removes the token in use and all earlier ones. Gives false when nothing was stored. */
  async remove(): Promise<boolean> {
    const stored = (await this.#secrets.get(secretKey)) !== undefined;
    await this.#secrets.delete(secretKey);
    this.#stored = undefined;
    return stored;
  }

  /**
   * Forgets the earlier tokens that no job under way needs any more.
   * @param needed names of those that are; asked only where there is one to forget.
   */
  async forgetEarlier(needed: () => readonly string[]): Promise<void> {
    const isOld = ({ current, tokens }: Stored) =>
      Object.keys(tokens)
        .filter((id) => id !== current)
        .some((id) => !needed().includes(`${namePrefix}${id}`));
    if (isOld(await this.#read())) {
      const { current, tokens } = await this.#readAnew();
      const kept = only(tokens, [...needed(), `${namePrefix}${current}`]);
      await this.#write({ ...(current !== undefined && { current }), tokens: kept });
    }
  }

  /** Calls back when this or another window changed the stored token. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key === secretKey) {
        listener();
      }
    });
  }

  #variable(source: (typeof variables)[number]): string | undefined {
    const token = this.#environment[source]?.trim();
    return token !== undefined && isToken(token) ? token : undefined;
  }

  #read(): Promise<Stored> {
    this.#stored ??= Promise.resolve(this.#secrets.get(secretKey)).then(parseStored, () => {
      this.#stored = undefined;
      return empty;
    });
    return this.#stored;
  }

  /** For what is about to be replaced: another window may have stored a token, and a failure must not pass for none. */
  async #readAnew(): Promise<Stored> {
    return parseStored(await this.#secrets.get(secretKey));
  }

  async #write(stored: Stored): Promise<void> {
    await this.#secrets.store(secretKey, JSON.stringify(stored));
    this.#stored = undefined;
  }
}

/** The first versions stored the bare token. */
function parseStored(text: string | undefined): Stored {
  if (text === undefined) {
    return empty;
  }
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    return { current: "first", tokens: { first: text } };
  }
}

function only(tokens: Stored["tokens"], names: readonly string[]): Stored["tokens"] {
  return Object.fromEntries(Object.entries(tokens).filter(([id]) => names.includes(`${namePrefix}${id}`)));
}

/** Up to 4096 visible ASCII characters without a colon (field notes, section 4). */
export function isToken(text: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]{1,4096}$/.test(text);
}
