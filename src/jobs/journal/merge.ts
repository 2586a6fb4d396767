import { isDeepStrictEqual } from "node:util";

type Fields = Readonly<Record<string, unknown>>;

/** Words that say what an object is: facts of another kind are no facts of this one. */
const kinds = ["code", "kind"] as const;

/**
 * Writes a change into stored JSON without touching what this version does not know in it: fields that a later version
 * has put there stay, at every depth.
 * @param raw the stored value whole
 * @param before what this version understood of it
 * @param after what it is to be
 */
export function merged(raw: unknown, before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) {
    return raw;
  }
  if (!isFields(raw) || !isFields(before) || !isFields(after) || kinds.some((kind) => before[kind] !== after[kind])) {
    return after;
  }
  const kept = Object.entries(raw)
    .filter(([name]) => Object.hasOwn(after, name) || !Object.hasOwn(before, name))
    .map(([name, value]) => [name, Object.hasOwn(after, name) ? merged(value, before[name], after[name]) : value]);
  const added = Object.entries(after).filter(([name]) => !Object.hasOwn(raw, name));
  return Object.fromEntries([...kept, ...added]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
