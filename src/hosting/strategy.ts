import type * as z from "zod";

/** A field of credentials that its user types in. */
interface CredentialField {
  /** The field of the credentials that the text goes to. */
  readonly name: string;
  readonly label: string;
  /** Hidden while it is typed. */
  readonly isSecret: boolean;
  /** Spaces at its ends belong to it; elsewhere they come from pasting and are dropped. */
  readonly keepsSpaces?: boolean;
}

/** One way of signing in to a server. */
export interface SignIn {
  /** Shown if there are several ways. */
  readonly label: string;
  /** Fields of the credentials that are the same for everybody who signs in this way. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** What to ask for, in order. */
  readonly fields: readonly CredentialField[];
}

/** What a strategy reads when a call is made, and only if it needs it. */
export interface Access<Settings, Credentials> {
  /** @throws {ProblemError} `storageNotConfigured` if the settings are not valid now. */
  readonly settings: () => Settings;
  /** @throws {ProblemError} `credentialsMissing`; `storageUnreachable` if they cannot be read now. */
  readonly credentials: () => Promise<Credentials>;
  /** Undefined without credentials. @throws {ProblemError} as `credentials`, for credentials that are malformed. */
  readonly optionalCredentials: () => Promise<Credentials | undefined>;
  /** Time of day, ms since 1970. */
  readonly now: () => number;
}

/** A request for one object, before a strategy has addressed and authorized it. */
export interface ObjectRequest {
  readonly method: "PUT" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * One way of storing images on the user's own server.
 *
 * A stored object is plain data that the journal keeps: it holds all that deleting needs, whatever the settings say by then,
 * and nothing secret, so no address in it has a query.
 */
export interface Strategy<Settings, Credentials, StoredObject> {
  /** The settings `wanFlf2v.<kind>.*`, as one object. */
  readonly settings: z.ZodType<Settings>;
  /** The setting that says where objects go, below `wanFlf2v.<kind>`. */
  readonly addressSetting: string;
  readonly credentials: z.ZodType<Credentials>;
  /** False if a server may take uploads from anybody, or its address may hold the permission. */
  readonly needsCredentials: boolean;
  /** Credentials that the user's computer has for this kind of server, for use if none were entered. */
  readonly credentialsOfComputer?: (environment: NodeJS.ProcessEnv) => Promise<Credentials | undefined>;
  /** The ways of signing in, in the user's language. */
  readonly signIns: () => readonly SignIn[];
  readonly storedObject: z.ZodType<StoredObject>;
  /**
   * The object of this name by these settings.
   * @throws if the settings give no address
   */
  readonly locate: (settings: Settings, name: string) => StoredObject;
  /** The address of the object's server. Its origin is the only one that the credentials are sent to. */
  readonly server: (object: StoredObject) => string;
  /** The address of the object, without a signature. */
  readonly address: (object: StoredObject) => string;
  /** Where to send a request for the object, and its headers: those it has, and what the server needs to let it pass. */
  readonly request: (
    object: StoredObject,
    request: ObjectRequest,
    access: Access<Settings, Credentials>,
  ) => Promise<{ readonly url: string; readonly headers: Headers }>;
  /** A current address at which anybody can read the object. Secret. */
  readonly publicAddress: (object: StoredObject, access: Access<Settings, Credentials>) => Promise<string>;
}
