import type * as vscode from "vscode";
import type { Types } from "../hosting/strategies.ts";
import { strategies } from "../hosting/strategies.ts";
import { parseJson } from "../shared/json.ts";
import type { UploadKind } from "../shared/model/hosting.ts";

const prefix = "wanFlf2v.storage.";

/** Each server has its own secret: no other server ever receives it, even if the settings change. */
const secretKey = (kind: UploadKind, origin: string) => `${prefix}${kind}:${origin}`;

/**
 * The user's credentials for image storage. VS Code's secret storage keeps those that the user entered for a server. Without
 * any, those on the computer for that kind of storage apply. Only the storage ever receives them.
 */
export class StorageCredentials implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #listener: vscode.Disposable;
  /** The secrets as last read. Reading them asks the window, which may be disconnected while jobs continue. */
  readonly #stored = new Map<string, Promise<string | undefined>>();

  constructor(secrets: vscode.SecretStorage, environment: NodeJS.ProcessEnv) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.#listener = secrets.onDidChange(({ key }) => this.#stored.delete(key));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  /**
   * The credentials for a server, by its origin; undefined if there are none. Rejects if the secret storage cannot be read:
   * that is temporary, and other credentials must not be used instead.
   */
  async find<K extends UploadKind>(kind: K, origin: string): Promise<Types[K]["credentials"] | undefined> {
    return (await this.#entered(kind, origin)) ?? (await strategies[kind].credentialsOfComputer?.(this.#environment));
  }

  /**
   * Stores the credentials that the user entered for one server, and replaces any earlier ones.
   * @returns false if they are invalid; then nothing has changed.
   */
  async store(kind: UploadKind, origin: string, entered: unknown): Promise<boolean> {
    const { data } = strategies[kind].credentials.safeParse(entered);
    if (data === undefined) {
      return false;
    }
    await this.#secrets.store(secretKey(kind, origin), JSON.stringify(data));
    this.#stored.clear();
    return true;
  }

  /** Removes the credentials of all servers. Returns how many there were. */
  async removeAll(): Promise<number> {
    const keys = (await this.#secrets.keys()).filter((key) => key.startsWith(prefix));
    for (const key of keys) {
      await this.#secrets.delete(key);
    }
    this.#stored.clear();
    return keys.length;
  }

  async #entered<K extends UploadKind>(kind: K, origin: string): Promise<Types[K]["credentials"] | undefined> {
    const text = await this.#read(secretKey(kind, origin));
    return text === undefined ? undefined : strategies[kind].credentials.safeParse(parseJson(text)).data;
  }

  #read(key: string): Promise<string | undefined> {
    const known = this.#stored.get(key);
    if (known !== undefined) {
      return known;
    }
    const reading = Promise.resolve(this.#secrets.get(key));
    this.#stored.set(key, reading);
    // A failure must not count as "no credentials": those of another account would be used instead.
    reading.catch(() => {
      if (this.#stored.get(key) === reading) {
        this.#stored.delete(key);
      }
    });
    return reading;
  }
}
