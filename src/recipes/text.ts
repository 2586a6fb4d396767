import { createScanner, type JSONScanner, type Node, type ParseError, parseTree } from "jsonc-parser";
import type { TextEdit } from "./problems.ts";

// A recipe's text: JSON with comments and trailing commas, perhaps after a byte order mark.

/** The most characters of a recipe, and how deeply it may be nested, whatever others have written into it. */
export const longestRecipe = 1024 * 1024;
export const deepestRecipe = 64;

export const byteOrderMark = "\uFEFF";

/** A read text. All places in it count without the byte order mark. */
export interface Read {
  readonly root: Node | undefined;
  readonly errors: readonly ParseError[];
}

/** Reads a text without a byte order mark, with its errors. The text is within the bounds of {@link depthFault}. */
export function readText(text: string): Read {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return { root, errors };
}

/** Where a text becomes nested too deeply to be read; undefined if it does not. The reader calls itself at each level. */
export function depthFault(text: string): number | undefined {
  // Nearly every recipe has too few brackets for that.
  if (text.split(/[[{]/, deepestRecipe + 2).length <= deepestRecipe + 1) {
    return undefined;
  }
  const scanner = createScanner(text, true);
  let depth = 0;
  do {
    scanner.scan();
    const token = tokenOf(scanner, text);
    depth += token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0;
    if (depth > deepestRecipe) {
      return scanner.getTokenOffset();
    }
  } while (scanner.getTokenOffset() < text.length);
  return undefined;
}

/** The token that was just scanned. (The library's names of its kinds do not exist where each file is compiled alone.) */
function tokenOf(scanner: JSONScanner, text: string): string {
  return text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
}

/** The properties of an object that have a key and a value. */
export function propertiesOf(node: Node | undefined): { key: string; property: Node; keyNode: Node; value: Node }[] {
  return (node?.type === "object" ? (node.children ?? []) : []).flatMap((property) => {
    const [keyNode, value] = property.children ?? [];
    return keyNode && value ? [{ key: String(keyNode.value), property, keyNode, value }] : [];
  });
}

/** The value at a key: with duplicates the last one, as every reader of JSON has it. */
export function valueAt(node: Node | undefined, key: string): Node | undefined {
  return propertiesOf(node).findLast((each) => each.key === key)?.value;
}

/** The value at a key of an object, or at an index of a list. */
export function childAt(node: Node | undefined, key: string): Node | undefined {
  return node?.type === "array" ? node.children?.[Number(key)] : valueAt(node, key);
}

export function endOf(node: Node): number {
  return node.offset + node.length;
}

/** The next comma from an offset on, if nothing but white space and comments stands before it. */
export function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return tokenOf(scanner, text) === "," ? scanner.getTokenOffset() : undefined;
}

/**
 * The edits that remove a property or element with its comma. Comments stay; a line that would be left empty goes too.
 * @param around the object or list that has it
 */
export function removal(text: string, around: Node, property: Node): TextEdit[] {
  const children = around.children ?? [];
  const previous = children[children.indexOf(property) - 1];
  const after = commaAfter(text, endOf(property));
  const comma = after ?? (previous && commaAfter(text, endOf(previous)));
  const own = { offset: property.offset, length: property.length, content: "" };
  if (comma === undefined) {
    return [wholeLine(text, own)];
  }
  if (after !== undefined && text.slice(endOf(property), after).trim() === "") {
    return [wholeLine(text, { ...own, length: after + 1 - property.offset })];
  }
  return [wholeLine(text, own), { offset: comma, length: 1, content: "" }].sort((a, b) => a.offset - b.offset);
}

/** Where the white space of these characters begins that ends at an offset. */
export function blankBefore(text: string, offset: number, blank: string): number {
  let start = offset;
  while (start > 0 && blank.includes(text.charAt(start - 1))) {
    start -= 1;
  }
  return start;
}

/** The same removal with its line, if nothing else stands on it. */
function wholeLine(text: string, { offset, length }: TextEdit): TextEdit {
  const start = blankBefore(text, offset, " \t");
  const [after = ""] = /^[ \t]*(\r\n|\n|\r)?/.exec(text.slice(offset + length)) ?? [];
  const isLine = (start === 0 || /[\r\n]/.test(text[start - 1] ?? "")) && /[\r\n]/.test(after);
  return isLine
    ? { offset: start, length: offset - start + length + after.length, content: "" }
    : { offset, length, content: "" };
}
