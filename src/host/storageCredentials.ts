import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import type * as vscode from "vscode";
import * as z from "zod";
import {
  type Credentials,
  type PutCredentials,
  putCredentialsSchema,
  type S3Credentials,
  s3CredentialsSchema,
} from "../hosting/credentials.ts";
import { parseJson } from "../shared/json.ts";
import type { UploadKind } from "../shared/model/hosting.ts";

const prefix = "wanFlf2v.storage.";

/** One secret for each server: no other server ever gets it, whatever the settings say by then. */
const secretKey = (kind: UploadKind, origin: string) => `${prefix}${kind}:${origin}`;

/** What the usual AWS variables and files call their values. */
const profileSchema = z.object({
  aws_access_key_id: z.string(),
  aws_secret_access_key: z.string(),
  aws_session_token: z.string().optional(),
});

/**
 * The user's credentials for image storage: from VS Code's secret storage, for S3 else from AWS's variables, else from its
 * profile files. They are handed to the storage only. A secret storage that cannot be read rejects with an error of its own: that
 * passes, and others must not take over.
 */
export class StorageCredentials implements Credentials, vscode.Disposable {
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

  /** The key for an S3 server, by its origin. */
  async s3(origin: string): Promise<S3Credentials | undefined> {
    return (await this.#find("s3", origin, s3CredentialsSchema)) ?? this.#fromVariables() ?? (await this.#fromFiles());
  }

  /** What was entered for an HTTP server, by its origin. */
  put(origin: string): Promise<PutCredentials | undefined> {
    return this.#find("put", origin, putCredentialsSchema);
  }

  /** Keeps what was entered for one server, in place of what was there. */
  async store(kind: UploadKind, origin: string, value: S3Credentials | PutCredentials): Promise<void> {
    await this.#secrets.store(secretKey(kind, origin), JSON.stringify(value));
    this.#stored.clear();
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

  async #find<T>(kind: UploadKind, origin: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const text = await this.#read(secretKey(kind, origin));
    return text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
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

  #fromVariables(): S3Credentials | undefined {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = this.#environment;
    return keyOf({
      aws_access_key_id: AWS_ACCESS_KEY_ID,
      aws_secret_access_key: AWS_SECRET_ACCESS_KEY,
      aws_session_token: AWS_SESSION_TOKEN || undefined,
    });
  }

  /** Read anew each time: tools renew these files while the editor runs. */
  async #fromFiles(): Promise<S3Credentials | undefined> {
    const { AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE } = this.#environment;
    const { credentialsFile, configFile } = await loadSharedConfigFiles({
      ...(AWS_SHARED_CREDENTIALS_FILE && { filepath: AWS_SHARED_CREDENTIALS_FILE }),
      ...(AWS_CONFIG_FILE && { configFilepath: AWS_CONFIG_FILE }),
      ignoreCache: true,
    });
    const profile = AWS_PROFILE || "default";
    return keyOf(credentialsFile[profile]) ?? keyOf(configFile[profile]);
  }
}

function keyOf(profile: unknown): S3Credentials | undefined {
  const parsed = profileSchema.safeParse(profile).data;
  if (parsed === undefined) {
    return undefined;
  }
  const { aws_access_key_id, aws_secret_access_key, aws_session_token } = parsed;
  return s3CredentialsSchema.safeParse({
    accessKeyId: aws_access_key_id,
    secretAccessKey: aws_secret_access_key,
    ...(aws_session_token !== undefined && { sessionToken: aws_session_token }),
  }).data;
}
