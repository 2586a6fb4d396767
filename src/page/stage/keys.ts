import { latinSign, type PressedKey } from "../kit/latinKeys.ts";
import { isInList } from "../kit/lists.ts";

/** What a key means to the stage. */
export type StageKey = "older" | "newer" | "fill" | "edit" | "leave";

/** The meaning of a key that is pressed on the stage; undefined if it has none, or belongs to the element it is pressed in. */
export function stageKey(event: PressedKey & { readonly target: EventTarget | null }): StageKey | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey || isInList(event.target)) {
    return undefined;
  }
  switch (latinSign(event)) {
    case "t":
    case "T":
      return event.shiftKey ? "older" : "newer";
    case "f":
    case "F":
      return "fill";
    case "e":
    case "E":
      return "edit";
    case "Escape":
      return "leave";
    default:
      return undefined;
  }
}
