import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { UploadKind } from "../shared/model/hosting.ts";
import { notConfigured, parseSettings, strategies, type Types } from "./strategies.ts";

/** An image on the user's storage, as the journal keeps it. */
export type StoredObject = Types[UploadKind]["storedObject"];
export const storedObjectSchema: z.ZodType<StoredObject> = z.union(
  Object.values(strategies).map(({ storedObject }) => storedObject),
);

/** Nobody can guess it, and it says nothing about the user's file: 128 random bits. */
export function newName(): string {
  return `${randomBytes(16).toString("hex")}.png`;
}

/**
 * The object of this name by a strategy's settings.
 * @param settings `wanFlf2v.<kind>` as it is set
 * @throws {ProblemError} `storageNotConfigured`
 */
export function locate<K extends UploadKind>(kind: K, settings: unknown, name: string): Types[K]["storedObject"] {
  const parsed = parseSettings(kind, settings);
  try {
    const object = strategies[kind].locate(parsed, name);
    new URL(strategies[kind].address(object));
    return object;
  } catch (error) {
    throw notConfigured(kind, undefined, error);
  }
}

/** The address of an object, without a signature. */
export function addressOf(object: StoredObject): string {
  return addressIn(object.kind, object);
}

function addressIn<K extends UploadKind>(kind: K, object: Types[K]["storedObject"]): string {
  return strategies[kind].address(object);
}

/** The address of an object's server. */
export function serverOf(object: StoredObject): string {
  return serverIn(object.kind, object);
}

function serverIn<K extends UploadKind>(kind: K, object: Types[K]["storedObject"]): string {
  return strategies[kind].server(object);
}

/** The server that an object's credentials are for. They are never sent to another one. */
export function originOf(object: StoredObject): string {
  return new URL(serverOf(object)).origin;
}

/** True if both are the same object. */
export function isSameObject(a: StoredObject, b: StoredObject): boolean {
  return a.kind === b.kind && addressOf(a) === addressOf(b);
}
