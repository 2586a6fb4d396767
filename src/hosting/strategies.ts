import type { UploadKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { put } from "./put.ts";
import { s3 } from "./s3.ts";
import type { Strategy } from "./strategy.ts";

/** Every way of uploading. A new one is a file of its own and its row here. */
const table = { s3, put } satisfies Record<UploadKind, unknown>;

/** The types of each strategy. */
export type Types = {
  readonly [K in UploadKind]: (typeof table)[K] extends Strategy<infer Settings, infer Credentials, infer StoredObject>
    ? { readonly settings: Settings; readonly credentials: Credentials; readonly storedObject: StoredObject }
    : never;
};

export const strategies: {
  readonly [K in UploadKind]: Strategy<Types[K]["settings"], Types[K]["credentials"], Types[K]["storedObject"]>;
} = table;

/**
 * The settings of a strategy.
 * @param raw `wanFlf2v.<kind>` as it is set
 * @throws {ProblemError} `storageNotConfigured` with the first setting that is not valid. Not its value: an address or a
 * header may hold a permission.
 */
export function parseSettings<K extends UploadKind>(kind: K, raw: unknown): Types[K]["settings"] {
  const parsed = strategies[kind].settings.safeParse(raw);
  if (!parsed.success) {
    throw notConfigured(kind, parsed.error.issues[0]?.path[0]);
  }
  return parsed.data;
}

/** True for settings with which a strategy can work. */
export function isSetUp(kind: UploadKind, raw: unknown): boolean {
  return strategies[kind].settings.safeParse(raw).success;
}

/** @param setting the one at fault; the one that says where objects go if none is named */
export function notConfigured(kind: UploadKind, setting?: PropertyKey, cause?: unknown): ProblemError {
  const name = String(setting ?? strategies[kind].addressSetting);
  return new ProblemError({ code: "storageNotConfigured", setting: `wanFlf2v.${kind}.${name}` }, { cause });
}
