import type { Side } from "../shared/model/side.ts";
import { withChanges } from "./merge.ts";
import { byteOrderMark, readText, valueAt } from "./text.ts";

/**
 * The text with another image for a side, whatever stands there now, and even if the rest is not a recipe yet. Undefined for a
 * text that is no object.
 * @param path relative to the recipe's folder, with `/`
 */
export function namedImage(text: string, side: Side, path: string): string | undefined {
  const { root, errors } = readText(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  if (root?.type !== "object" || errors.length > 0) {
    return undefined;
  }
  // What else is known of an image stays: its crop, and keys of others.
  const isObject = valueAt(root, side)?.type === "object";
  const value = isObject ? { path, name: undefined, url: undefined } : path;
  return withChanges(text, [{ path: [side], value }]);
}
