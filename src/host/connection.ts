import { homedir } from "node:os";
import type * as vscode from "vscode";
import type { Fetch } from "../net/fetch.ts";
import { type Balance, readBalance } from "../runcomfy/balance.ts";
import { type Catalogue, createCatalogue, type ModelListing } from "../runcomfy/catalogue.ts";
import { type Client, createClient } from "../runcomfy/client.ts";
import { cliTokenFile, createCliToken } from "./cliToken.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";
import { type FoundToken, Tokens } from "./token.ts";

/** What free calls of the service say of a token. */
export interface TokenCheck {
  readonly sight: ModelListing;
  readonly balance: Balance;
}

/** RunComfy as this window reaches it: the service that the settings name, with the token that belongs to it. */
export interface Connection {
  readonly tokens: Tokens;
  /** The token in use; rejects where it cannot be read. */
  findToken(): Promise<FoundToken | undefined>;
  /** Tries a token with calls that cost nothing. */
  check(token: string): Promise<TokenCheck>;
  /** A client for the service of a job, with the token that the job was sent with, else the one in use. */
  client(service: string, sentWith: string | undefined): Client;
  readonly catalogue: Catalogue;
}

/** @param onSchema called with the description of the model's inputs whenever the service gives it */
export function createConnection(
  secrets: vscode.SecretStorage,
  settings: Pick<Settings, "service">,
  fetch: Fetch,
  onSchema: (schema: unknown) => void,
  log: Log,
): Connection {
  const cliToken = createCliToken(cliTokenFile(process.env, homedir()), (message) => log.info(`token: ${message}`));
  const tokens = new Tokens(secrets, process.env, () => settings.service(), cliToken);
  const findToken = async () => tokens.find(settings.service());
  const catalogue = createCatalogue({
    base: () => settings.service(),
    fetch,
    token: async () => (await findToken())?.token,
    onSchema,
  });
  return {
    tokens,
    findToken,
    catalogue,
    async check(token) {
      const sight = await catalogue.look(token);
      const isValid = sight.kind === "seen";
      return { sight, balance: isValid ? await readBalance(fetch, settings.service(), token) : { kind: "unknown" } };
    },
    client: (service, sentWith) =>
      createClient({
        base: service,
        fetch,
        token: async () => (await tokens.find(service))?.token,
        ...(sentWith !== undefined && { sentWith: () => tokens.named(sentWith, service) }),
        onExchange: ({ method, path, status, ms }) => log.info(`http: ${method} ${path} ${status} ${ms} ms`),
      }),
  };
}
