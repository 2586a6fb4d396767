import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { classify, Unsent } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { expand, isFetchable, type PutSettings, type S3Settings } from "./address.ts";
import {
  authorization,
  type Credentials,
  type PutCredentials,
  putCredentialsSchema,
  type S3Credentials,
  s3CredentialsSchema,
} from "./credentials.ts";
import { exchange } from "./exchange.ts";
import { addressOf, originOf, type Place, putPlace, s3Place } from "./storedObject.ts";

/**
 * How long a pre-signed address can be read, in seconds: 48 h. The service reads it when it takes the request out of its
 * queue, whose length nobody names; the object itself is deleted when the job ends. Seven days would be the most.
 */
const presignedFor = 48 * 3600;
/** ms for an upload of a few megabytes on a slow line. */
export const uploadTimeout = 300_000;
/** ms for deleting one object. */
const removeTimeout = 30_000;

/** Storage of the user's own. Every method throws {@link ProblemError} in words of storage. */
export interface Storage {
  /**
   * Where an object of this name would go by the settings of this moment.
   * @throws {ProblemError} `storageNotConfigured` or `credentialsMissing`.
   */
  place(kind: UploadKind, name: string): Promise<Place>;
  /**
   * Puts an image there; one that lies there already is replaced.
   * @throws {ProblemError} `storageUnreachable` where it may work later; all others stand.
   */
  upload(place: Place, png: Uint8Array): Promise<void>;
  /** An address of this moment that anybody can read the image at, with a fresh signature where it needs one. Secret. */
  address(place: Place): Promise<string>;
  /** Deletes an object; one that is not there (any more) is as good as deleted. */
  remove(place: Place, signal?: AbortSignal): Promise<void>;
}

interface StorageOptions {
  /** @throws {ProblemError} `storageNotConfigured`. */
  readonly s3: () => S3Settings;
  /** @throws {ProblemError} `storageNotConfigured`. */
  readonly put: () => PutSettings;
  readonly credentials: Credentials;
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** True where the storage certainly has nothing of a first try: it refused it, or was never reached. */
export function neverArrived(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    (error.problem.code !== "storageUnreachable" || classify(error.cause).kind === "notSent")
  );
}

/** Storage by the settings and credentials of the moment in which each call is made. */
export function createStorage(options: StorageOptions): Storage {
  const { credentials, fetch, now } = options;

  /** @throws {ProblemError} `credentialsMissing`, or `storageUnreachable` where they cannot be read at the moment. */
  async function s3Key(place: Place): Promise<S3Credentials> {
    const key = s3CredentialsSchema.safeParse(await reading(place, credentials.s3(originOf(place)))).data;
    if (key === undefined) {
      throw new ProblemError({ code: "credentialsMissing", host: hostOf(place) });
    }
    return key;
  }

  /** Undefined where the server takes uploads from anybody. */
  async function putKey(place: Place): Promise<PutCredentials | undefined> {
    const key = await reading(place, credentials.put(originOf(place)));
    if (key === undefined) {
      return undefined;
    }
    const parsed = putCredentialsSchema.safeParse(key);
    if (!parsed.success) {
      throw new ProblemError({ code: "credentialsMissing", host: hostOf(place) });
    }
    return parsed.data;
  }

  async function signed(
    place: Extract<Place, { kind: "s3" }>,
    request: { method: string; headers?: Headers; query?: string },
  ) {
    const key = await s3Key(place);
    const { query, ...rest } = request;
    const { sessionToken, ...keyPair } = key;
    return new AwsV4Signer({
      ...rest,
      ...keyPair,
      ...(sessionToken !== undefined && { sessionToken }),
      url: `${addressOf(place)}${query ?? ""}`,
      service: "s3",
      region: place.region,
      datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
      signQuery: query !== undefined,
    }).sign();
  }

  /** What the settings of this moment add to a place of an HTTP server, if they are still about that server. */
  function additions(place: Extract<Place, { kind: "put" }>): { query: string; headers: Headers } {
    try {
      const { url, headers } = options.put();
      const configured = new URL(expand(url, "name"));
      return configured.origin === new URL(place.url).origin
        ? { query: configured.search, headers: new Headers(headers) }
        : { query: "", headers: new Headers() };
    } catch {
      return { query: "", headers: new Headers() };
    }
  }

  async function send(
    place: Place,
    method: "PUT" | "DELETE",
    limits: { timeout: number; signal?: AbortSignal | undefined },
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<"done" | "gonePage"> {
    // The settings refuse such a port; a place may be older than that.
    if (!isFetchable(new URL(originOf(place)))) {
      throw new ProblemError({ code: "storageNotConfigured", setting: settingOf(place.kind) });
    }
    const own: Record<string, string> = body === undefined ? {} : { "content-type": "image/png" };
    switch (place.kind) {
      case "s3": {
        const sha256 = createHash("sha256")
          .update(body ?? "")
          .digest("hex");
        const { url, headers } = await signed(place, {
          method,
          headers: new Headers({ ...own, "x-amz-content-sha256": sha256 }),
        });
        return await exchange(fetch, { method, url: url.href, headers, ...limits, ...(body && { body }) });
      }
      case "put": {
        const { query, headers } = additions(place);
        const key = await putKey(place);
        if (key !== undefined) {
          headers.set("authorization", authorization(key));
        }
        for (const [name, value] of Object.entries(own)) {
          headers.set(name, value);
        }
        const url = `${place.url}${query}`;
        return await exchange(fetch, { method, url, headers, ...limits, ...(body && { body }) });
      }
    }
  }

  return {
    async place(kind, name) {
      let place: Place;
      try {
        place = kind === "s3" ? s3Place(options.s3(), name) : putPlace(options.put(), name);
        new URL(addressOf(place));
      } catch (error) {
        throw error instanceof ProblemError
          ? error
          : new ProblemError({ code: "storageNotConfigured", setting: settingOf(kind) }, { cause: error });
      }
      if (kind === "s3") {
        await inWords(place, () => s3Key(place));
      }
      return place;
    },

    upload: (place, png) =>
      inWords(place, async () => {
        await send(place, "PUT", { timeout: uploadTimeout }, new Uint8Array(png));
      }),

    address: (place) =>
      inWords(place, async () => {
        switch (place.kind) {
          case "s3": {
            const { publicBaseUrl } = options.s3();
            if (publicBaseUrl !== "") {
              return `${publicBaseUrl}/${place.key}`;
            }
            return (await signed(place, { method: "GET", query: `?X-Amz-Expires=${presignedFor}` })).url.href;
          }
          case "put": {
            const { publicUrl } = options.put();
            return publicUrl === "" ? place.url : expand(publicUrl, place.name);
          }
        }
      }),

    remove: (place, signal) =>
      inWords(place, async () => {
        const limits = { timeout: removeTimeout, signal };
        if ((await send(place, "DELETE", limits)) === "done") {
          return;
        }
        // Web servers say by a page that a file is not there, and so does a gateway that has lost its server. Who takes a file
        // at the same place and deletes it is the storage, and then nothing is there.
        const proof = await send(place, "PUT", limits, new Uint8Array(1))
          .then(() => send(place, "DELETE", limits))
          .catch((error: unknown) => {
            if (error instanceof ProblemError && error.problem.code === "storageRefused") {
              return "gonePage";
            }
            throw error;
          });
        if (proof !== "done") {
          throw new ProblemError({ code: "storageUnreachable", host: hostOf(place), reason: "HTTP 404, text/html" });
        }
      }),
  };
}

/** The setting that says where objects of a kind go. */
function settingOf(kind: UploadKind): string {
  return kind === "s3" ? "wanFlf2v.s3.endpoint" : "wanFlf2v.put.url";
}

function hostOf(place: Place): string {
  return URL.parse(place.kind === "s3" ? place.endpoint : place.url)?.host ?? "?";
}

/**
 * Credentials as they are read. A secret storage that cannot be read now can be later, and none may pass for it.
 * @throws {ProblemError} `storageUnreachable`.
 */
async function reading<T>(place: Place, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    const problem = {
      code: "storageUnreachable",
      host: hostOf(place),
      reason: "secret storage",
      locked: true,
    } as const;
    throw new ProblemError(problem, { cause: new Unsent(error) });
  }
}

/** Whatever else a library throws becomes a problem that is seen and stands: nobody knows that it would pass. */
async function inWords<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    const serviceCode = error instanceof Error ? error.name : "Error";
    const problem = { code: "storageRefused", host: hostOf(place), status: 0, reason: "other", serviceCode } as const;
    throw new ProblemError(problem, { cause: error });
  }
}
