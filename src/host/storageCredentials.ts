import type * as vscode from "vscode";
import type { Types } from "../hosting/strategies.ts";
import { strategies } from "../hosting/strategies.ts";
import { parseJson } from "../shared/json.ts";
import type { UploadKind } from "../shared/model/hosting.ts";

const prefix = "wanFlf2v.storage.";

/** One secret for each server: no other server ever gets it, whatever the settings say by then. */
const secretKey = (kind: UploadKind, origin: string) => `${prefix}${kind}:${origin}`;

/**
 * The user's credentials for image storage: those entered for a server, in VS Code's secret storage; without any, those that
 * the computer has for its kind. They are handed to the storage only.
 */
export class StorageCredentials implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #listener: vscode.Disposable;
  /** Secrets as last read: reading asks the window, which may be away while jobs go on. */
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
   * The credentials for a server, by its origin; undefined without any. Rejects if the secret storage cannot be read: that
   * passes, and others must not take over.
   */
  async find<K extends UploadKind>(kind: K, origin: string): Promise<Types[K]["credentials"] | undefined> {
    return (await this.#entered(kind, origin)) ?? (await strategies[kind].credentialsOfComputer?.(this.#environment));
  }

  /**
   * Keeps what was entered for one server, in place of what was there.
   * @returns false for credentials that are not valid; nothing has changed then.
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

  /** Removes the credentials of all servers. Gives how many there were. */
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
    // A failure must not pass for none: the credentials of another account would take their place.
    reading.catch(() => {
      if (this.#stored.get(key) === reading) {
        this.#stored.delete(key);
      }
    });
    return reading;
  }
}
