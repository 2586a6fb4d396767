import { Unsent } from "../net/failure.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { strategies, type Types } from "./strategies.ts";

/**
 * The user's credentials for one server, by its origin; undefined without any. The same ones are never sent to another
 * server. Rejects if they cannot be read now: then no others may be used in their place.
 */
export type FindCredentials = (kind: UploadKind, origin: string) => Promise<unknown>;

/**
 * Credentials for the server at an address; undefined without any.
 * @throws {ProblemError} `credentialsMissing` for malformed ones; `storageUnreachable` if they cannot be read now, which
 * passes.
 */
export async function credentialsFor<K extends UploadKind>(
  find: FindCredentials,
  kind: K,
  server: string,
): Promise<Types[K]["credentials"] | undefined> {
  const { origin, host } = new URL(server);
  let found: unknown;
  try {
    found = await find(kind, origin);
  } catch (error) {
    const problem = { code: "storageUnreachable", host, reason: "secret storage", locked: true } as const;
    throw new ProblemError(problem, { cause: new Unsent(error) });
  }
  if (found === undefined) {
    return undefined;
  }
  const parsed = strategies[kind].credentials.safeParse(found);
  if (!parsed.success) {
    throw new ProblemError({ code: "credentialsMissing", host });
  }
  return parsed.data;
}
