import { classify } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { isFetchable } from "./address.ts";
import { credentialsFor, type FindCredentials } from "./credentials.ts";
import { exchange } from "./exchange.ts";
import { locate, type StoredObject, serverOf } from "./storedObject.ts";
import { notConfigured, parseSettings, strategies, type Types } from "./strategies.ts";
import type { Access, ObjectRequest } from "./strategy.ts";

/** ms for an upload of a few megabytes on a slow line. */
export const uploadTimeout = 300_000;
/** ms for deleting one object. */
const removeTimeout = 30_000;

/** The user's own storage. Every method throws a {@link ProblemError} about the storage. */
export interface Storage {
  /**
   * The object of this name by the current settings; nothing is sent.
   * @throws {ProblemError} `storageNotConfigured` or `credentialsMissing`.
   */
  locate(kind: UploadKind, name: string): Promise<StoredObject>;
  /**
   * Puts an image there, in place of one that is there already.
   * @throws {ProblemError} `storageUnreachable` if it may work later; all others stand.
   */
  upload(object: StoredObject, png: Uint8Array): Promise<void>;
  /** An address at which anybody can read the image now, with a fresh signature if it needs one. Secret. */
  address(object: StoredObject): Promise<string>;
  /** Deletes an object; one that is not there counts as deleted. */
  remove(object: StoredObject, signal?: AbortSignal): Promise<void>;
}

interface StorageOptions {
  /** The settings `wanFlf2v.<kind>` as they are set now. */
  readonly settings: (kind: UploadKind) => unknown;
  readonly credentials: FindCredentials;
  readonly fetch: Fetch;
  /** Time of day, ms since 1970. */
  readonly now: () => number;
}

/** True if a first upload certainly left nothing on the storage: it was refused, or the storage was never reached. */
export function neverArrived(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    (error.problem.code !== "storageUnreachable" || classify(error.cause).kind === "notSent")
  );
}

/** Storage by the settings and credentials at the time of each call. */
export function createStorage(options: StorageOptions): Storage {
  function accessTo<K extends UploadKind>(
    kind: K,
    server: string,
  ): Access<Types[K]["settings"], Types[K]["credentials"]> {
    const optionalCredentials = () => credentialsFor(options.credentials, kind, server);
    return {
      settings: () => parseSettings(kind, options.settings(kind)),
      optionalCredentials,
      async credentials() {
        const found = await optionalCredentials();
        if (found === undefined) {
          throw new ProblemError({ code: "credentialsMissing", host: new URL(server).host });
        }
        return found;
      },
      now: options.now,
    };
  }

  async function requestFor<K extends UploadKind>(kind: K, object: Types[K]["storedObject"], request: ObjectRequest) {
    return strategies[kind].request(object, request, accessTo(kind, strategies[kind].server(object)));
  }

  async function publicAddressIn<K extends UploadKind>(kind: K, object: Types[K]["storedObject"]): Promise<string> {
    return strategies[kind].publicAddress(object, accessTo(kind, strategies[kind].server(object)));
  }

  async function send(
    object: StoredObject,
    method: "PUT" | "DELETE",
    limits: { timeout: number; signal?: AbortSignal | undefined },
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<"done" | "gonePage"> {
    const { kind } = object;
    // The settings refuse such a port; an object may be older than that.
    if (!isFetchable(new URL(serverOf(object)))) {
      throw notConfigured(kind);
    }
    const headers: Record<string, string> = body === undefined ? {} : { "content-type": "image/png" };
    const addressed = await requestFor(kind, object, { method, headers, body });
    return await exchange(options.fetch, { method, ...addressed, ...limits, ...(body && { body }) });
  }

  return {
    async locate(kind, name) {
      const object = locate(kind, options.settings(kind), name);
      if (strategies[kind].needsCredentials) {
        await asProblem(object, () => accessTo(kind, serverOf(object)).credentials());
      }
      return object;
    },

    upload: (object, png) =>
      asProblem(object, async () => {
        await send(object, "PUT", { timeout: uploadTimeout }, new Uint8Array(png));
      }),

    address: (object) => asProblem(object, () => publicAddressIn(object.kind, object)),

    remove: (object, signal) =>
      asProblem(object, async () => {
        const limits = { timeout: removeTimeout, signal };
        if ((await send(object, "DELETE", limits)) === "done") {
          return;
        }
        // Web servers report a missing file with a page, and so does a gateway that has lost its server. Whoever takes a file
        // at this address and deletes it is the storage, and then nothing is there.
        const proof = await send(object, "PUT", limits, new Uint8Array(1))
          .then(() => send(object, "DELETE", limits))
          .catch((error: unknown) => {
            if (error instanceof ProblemError && error.problem.code === "storageRefused") {
              return "gonePage";
            }
            throw error;
          });
        if (proof !== "done") {
          throw new ProblemError({ code: "storageUnreachable", host: hostOf(object), reason: "HTTP 404, text/html" });
        }
      }),
  };
}

function hostOf(object: StoredObject): string {
  return URL.parse(serverOf(object))?.host ?? "?";
}

/** Turns any other error of a library into a problem that its user sees and that stands: nobody knows that it would pass. */
async function asProblem<T>(object: StoredObject, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    const serviceCode = error instanceof Error ? error.name : "Error";
    const problem = { code: "storageRefused", host: hostOf(object), status: 0, reason: "other", serviceCode } as const;
    throw new ProblemError(problem, { cause: error });
  }
}
