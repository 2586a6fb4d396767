/** A key press, as a keyboard event tells it. */
export interface PressedKey {
  readonly key: string;
  /** The physical key, whatever it types; "" if unknown. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What the physical keys of our shortcuts type on a Latin keyboard. */
const latinKeys: Readonly<Record<string, string>> = {
  ...{ KeyL: "l", KeyP: "p", KeyZ: "z", BracketLeft: "[", BracketRight: "]", Comma: ",", Period: "." },
  ...{ KeyT: "t", KeyF: "f", KeyE: "e" },
};

/**
 * The character of a key. If the key types a character of another script, this is what its position types on a Latin
 * keyboard.
 */
export function latinSign({ key, code, shiftKey }: PressedKey): string {
  const isForeign = [...key].length === 1 && (key.codePointAt(0) ?? 0) > 0x2af;
  const latin = isForeign ? (latinKeys[code] ?? key) : key;
  return isForeign && shiftKey ? latin.toUpperCase() : latin;
}
