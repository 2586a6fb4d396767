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

/** What free calls to the service reveal about a token. */
export interface TokenCheck {
  readonly sight: ModelListing;
  readonly balance: Balance;
}

/** This window's connection to RunComfy: the service in the settings, with its token. */
export interface Connection {
  readonly tokens: Tokens;
  /** The token in use. Rejects if it cannot be read. */
  findToken(): Promise<FoundToken | undefined>;
  /** Checks a token with free calls. */
  check(token: string): Promise<TokenCheck>;
  /** A client for a job's service. It uses the token that the job was sent with, or else the one in use. */
  client(service: string, sentWith: string | undefined): Client;
  readonly catalogue: Catalogue;
}

/** @param onSchema called with the description of the model's inputs whenever the service returns one */
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
