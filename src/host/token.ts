import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";
import * as z from "zod";
import { defaultBase } from "../runcomfy/balance.ts";
import { parseJson } from "../shared/json.ts";
import { ProblemError } from "../shared/model/problem.ts";

const secretKey = "wanFlf2v.token";

/** In order of precedence, as RunComfy's own clients and the API page name them (`docs/service.md`, "Tokens"). */
const variables = ["RUNCOMFY_TOKEN", "RUNCOMFY_API_TOKEN", "RUNCOMFY_API_KEY", "YOUR_API_TOKEN"] as const;

/** Where a token comes from: VS Code's secret storage, an environment variable, or RunComfy's command-line client. */
export type TokenSource = "secret" | "cli" | (typeof variables)[number];

/** A token and where it comes from. */
export interface FoundToken {
  readonly token: string;
  readonly source: TokenSource;
  /** How jobs refer to it: by a random id or the name of its source, never by anything derived from the token. */
  readonly name: string;
}

/** RunComfy's own service. Tokens from before each one belonged to a service are for this one. */
const firstService = defaultBase;

/**
 * The content of the secret storage: tokens by id, both those in use and earlier ones with which active jobs were sent. A
 * token belongs to the service for which it was entered. Earlier versions know only the first two fields, and use `current`.
 */
const storedSchema = z.object({
  /** Id of the token in use at RunComfy's own service. */
  current: z.string().optional(),
  tokens: z.record(z.string(), z.string()),
  /** The origin of each token's service, by id; RunComfy's own if missing. */
  services: z.record(z.string(), z.string()).default({}),
  /** Ids of the tokens in use at other services, by origin. */
  elsewhere: z.record(z.string(), z.string()).default({}),
});
type Stored = Readonly<z.infer<typeof storedSchema>>;

const namePrefix = "stored:";

/** True for a name by which a job refers to a stored token. */
export function isStoredName(name: string): boolean {
  return name.startsWith(namePrefix);
}

const empty: Stored = { tokens: {}, services: {}, elsewhere: {} };

/** The user's API token. VS Code's secret storage keeps it, and only the client receives it. */
export class Tokens implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #service: () => string;
  readonly #cliToken: () => Promise<string | undefined>;
  readonly #listener: vscode.Disposable;
  /**
   * The stored tokens as last read. Reading them asks the window, which may be disconnected (in a remote session) while jobs
   * continue. The jobs must not wait for it.
   */
  #stored: Promise<Stored> | undefined;
  /** What was last read, however old. That is good enough to follow a job. */
  #last: Stored | undefined;

  /**
   * @param service origin of the service in the current settings; throws if it is invalid. Tokens from the environment and
   * from RunComfy's command-line client go only to this service.
   * @param cliToken the token of RunComfy's command-line client, if it has one.
   */
  constructor(
    secrets: vscode.SecretStorage,
    environment: NodeJS.ProcessEnv,
    service: () => string,
    cliToken: () => Promise<string | undefined>,
  ) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.#service = service;
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

  /**
   * The token in use for a service; undefined if there is none.
   * @throws {ProblemError} `tokenStoreFails` if we cannot tell whether a token is stored; `tokenMalformed` if a variable is set
   * but contains no token. In both cases another account must not pay.
   */
  async find(service: string): Promise<FoundToken | undefined> {
    const stored = await this.#read();
    const id = inUse(stored, service);
    const secret = id === undefined ? undefined : stored.tokens[id];
    if (secret !== undefined) {
      return isToken(secret) ? { token: secret, source: "secret", name: `${namePrefix}${id}` } : undefined;
    }
    if (!this.#isNamed(service)) {
      return undefined;
    }
    for (const source of variables) {
      const text = this.#variable(source);
      if (text === undefined) {
        continue;
      }
      if (!isToken(text)) {
        throw new ProblemError({ code: "tokenMalformed", variable: source });
      }
      return { token: text, source, name: source };
    }
    const token = await this.#cliToken();
    return token === undefined ? undefined : { token, source: "cli", name: "cli" };
  }

  /**
   * The token with a name from {@link find}, if it still exists and is for this service. If the secret storage fails, this
   * returns the token that was last read.
   * @throws {ProblemError} `tokenStoreFails` if none was ever read.
   */
  async named(name: string, service: string): Promise<string | undefined> {
    if (isStoredName(name)) {
      const id = name.slice(namePrefix.length);
      const stored = await this.#read().catch((error: unknown) => {
        if (this.#last === undefined) {
          throw error;
        }
        return this.#last;
      });
      return serviceOf(stored, id) === service ? stored.tokens[id] : undefined;
    }
    if (!this.#isNamed(service)) {
      return undefined;
    }
    const source = variables.find((variable) => variable === name);
    const token = source === undefined ? await this.#cliToken() : this.#variable(source);
    return token !== undefined && isToken(token) ? token : undefined;
  }

  /**
   * Stores a token and uses it for a service.
   * @param needed names of the tokens with which active jobs were sent; they are kept.
   * @throws {ProblemError} `tokenStoreFails`; then nothing has changed.
   */
  async store(token: string, service: string, needed: readonly string[]): Promise<void> {
    const stored = (await this.#readAnew()) ?? empty;
    const known = Object.keys(stored.tokens).find(
      (id) => stored.tokens[id] === token && serviceOf(stored, id) === service,
    );
    const id = known ?? randomUUID();
    const isFirst = service === firstService;
    await this.#write(
      only(
        {
          ...stored,
          tokens: { ...stored.tokens, [id]: token },
          ...(isFirst
            ? { current: id }
            : {
                services: { ...stored.services, [id]: service },
                elsewhere: { ...stored.elsewhere, [service]: id },
              }),
        },
        needed,
      ),
    );
  }

  /**
   * Removes all tokens of all services, current and earlier. Returns false if nothing was stored.
   * @throws {ProblemError} `tokenStoreFails`.
   */
  async remove(): Promise<boolean> {
    const stored = await storing(async () => {
      const text = await this.#secrets.get(secretKey);
      await this.#secrets.delete(secretKey);
      return text !== undefined;
    });
    this.#stored = undefined;
    this.#last = undefined;
    return stored;
  }

  /**
   * Forgets the earlier tokens that no active job needs any longer.
   * @param needed names of the tokens that are needed; called only if there is one to forget.
   * @throws {ProblemError} `tokenStoreFails` if it cannot be written.
   */
  async forgetEarlier(needed: () => readonly string[]): Promise<void> {
    // If it cannot be read, the next change to a job tries again.
    const before = await this.#read().catch(() => empty);
    const isEarlier = (id: string) => inUse(before, serviceOf(before, id)) !== id;
    if (Object.keys(before.tokens).some((id) => isEarlier(id) && !needed().includes(`${namePrefix}${id}`))) {
      const stored = await this.#readAnew();
      if (stored !== undefined) {
        await this.#write(only(stored, needed()));
      }
    }
  }

  /** Calls back when this or another window has changed the stored token. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key === secretKey) {
        listener();
      }
    });
  }

  /** The value of a variable, whether or not it is a token; undefined if it is not set. */
  #variable(source: (typeof variables)[number]): string | undefined {
    return this.#environment[source]?.trim() || undefined;
  }

  /** True for the service in the current settings. */
  #isNamed(service: string): boolean {
    try {
      return this.#service() === service;
    } catch {
      return false;
    }
  }

  #read(): Promise<Stored> {
    this.#stored ??= this.#readAnew()
      .then((stored) => {
        if (stored === undefined) {
          throw new ProblemError({ code: "tokenStoreFails" });
        }
        this.#last = stored;
        return stored;
      })
      .catch((error: unknown) => {
        this.#stored = undefined;
        throw error;
      });
    return this.#stored;
  }

  /**
   * For stored tokens that are about to be replaced: another window may have stored one, and a failure must not count as
   * "no token".
   */
  #readAnew(): Promise<Stored | undefined> {
    return storing(async () => parseStored(await this.#secrets.get(secretKey)));
  }

  async #write(stored: Stored): Promise<void> {
    await storing(async () => this.#secrets.store(secretKey, JSON.stringify(stored)));
    this.#stored = undefined;
  }
}

/** Turns errors of the secret storage (a locked keyring, a disconnected window) into a problem. */
async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ProblemError({ code: "tokenStoreFails" }, { cause: error });
  }
}

/**
 * Parses what is stored. The first versions stored only the token itself. Undefined for a format unknown to this version.
 */
function parseStored(text: string | undefined): Stored | undefined {
  if (text === undefined) {
    return empty;
  }
  if (isToken(text)) {
    return { ...empty, current: "first", tokens: { first: text } };
  }
  return storedSchema.safeParse(parseJson(text)).data;
}

function serviceOf(stored: Stored, id: string): string {
  return stored.services[id] ?? firstService;
}

/** Id of the token in use for a service. */
function inUse(stored: Stored, service: string): string | undefined {
  const id = service === firstService ? stored.current : stored.elsewhere[service];
  // A version that knows only one service may have used any token for it.
  return id !== undefined && serviceOf(stored, id) === service ? id : undefined;
}

/** The stored tokens without those that are neither in use nor among `names`. */
function only(stored: Stored, names: readonly string[]): Stored {
  const { tokens, services } = stored;
  const kept = Object.keys(tokens).filter(
    (id) => inUse(stored, serviceOf(stored, id)) === id || names.includes(`${namePrefix}${id}`),
  );
  const pick = (entries: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(entries).filter(([id]) => kept.includes(id)));
  return { ...stored, tokens: pick(tokens), services: pick(services) };
}

/** Up to 4096 visible ASCII characters without a colon (`docs/service.md`, "Tokens"). */
export function isToken(text: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]{1,4096}$/.test(text);
}
