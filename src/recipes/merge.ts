import { applyEdits, getNodeValue, type Node } from "jsonc-parser";
import type { TextEdit } from "./problems.ts";
import { blankBefore, byteOrderMark, childAt, commaAfter, endOf, propertiesOf, readText, removal } from "./text.ts";

// `jsonc-parser` reformats the lines that it changes, and puts a new property before the comment that follows the last one. A
// recipe is its author's text, so the edits are made here.

/** What a recipe's text can hold. In an object, undefined means that there is no such key. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A new value at a place: undefined removes it, an object changes only the keys that it names. */
export interface NewValue {
  /** Keys, and indexes in lists. The index behind the last element adds one. */
  readonly path: readonly (string | number)[];
  readonly value: Json | undefined;
}

/**
 * A text with other values at some places, one change after the other. All else stays: comments, order, indentation, line ends,
 * the byte order mark and every other key. New keys stand at the end, indented as the text is.
 * @param text a whole JSON object, with comments or without
 * @throws RangeError if there is nothing around a place.
 */
export function withChanges(text: string, changes: readonly NewValue[]): string {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const plain = text.slice(mark.length);
  return mark + changes.reduce((current, { path, value }) => setAt(current, path.map(String), value), plain);
}

/** The one edit that makes one text of another; undefined if they are equal. */
export function editBetween(before: string, after: string): TextEdit | undefined {
  if (before === after) {
    return undefined;
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  return { offset: start, length: before.length - start - end, content: after.slice(start, after.length - end) };
}

function setAt(text: string, path: readonly string[], value: Json | undefined): string {
  const { root } = readText(text);
  const around = path.slice(0, -1).reduce(childAt, root);
  const key = path.at(-1) ?? "";
  if (around?.type !== "object" && around?.type !== "array") {
    throw new RangeError(`nothing is around ${path.join(".")}`);
  }
  const present = memberOf(around, key);
  if (value === undefined) {
    return present === undefined ? text : edited(text, removal(text, around, present.member));
  }
  if (present === undefined) {
    return edited(text, insertion(text, around, key, value));
  }
  if (isObject(value) && present.value.type === "object") {
    return Object.entries(value).reduce((current, [each, inner]) => setAt(current, [...path, each], inner), text);
  }
  if (JSON.stringify(getNodeValue(present.value)) === JSON.stringify(value)) {
    return text;
  }
  const content = written(value, layoutOf(text, around));
  return edited(text, [{ offset: present.value.offset, length: present.value.length, content }]);
}

/** What stands at a key or index: the property or element, and its value. */
function memberOf(around: Node, key: string): { readonly member: Node; readonly value: Node } | undefined {
  if (around.type === "array") {
    const element = around.children?.[Number(key)];
    return element && { member: element, value: element };
  }
  const found = propertiesOf(around).findLast((each) => each.key === key);
  return found && { member: found.property, value: found.value };
}

function insertion(text: string, around: Node, key: string, value: Json): TextEdit[] {
  const layout = layoutOf(text, around);
  const closing = endOf(around) - 1;
  const at = blankBefore(text, closing, " \t\r\n");
  const last = (around.children ?? []).at(-1);
  const comma = last && commaAfter(text, endOf(last));
  const before = layout.isOneLine ? " " : layout.eol + layout.indent;
  const name = around.type === "array" ? "" : `${JSON.stringify(key)}: `;
  const after = `${comma === undefined ? "" : ","}${!layout.isOneLine && at === closing ? layout.eol + layout.outer : ""}`;
  return [
    ...(last !== undefined && comma === undefined ? [{ offset: endOf(last), length: 0, content: "," }] : []),
    { offset: at, length: 0, content: `${before}${name}${written(value, layout)}${after}` },
  ];
}

interface Layout {
  /** Nothing in the object stands on a line of its own. */
  readonly isOneLine: boolean;
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Before the object's line, and before each of its keys. */
  readonly outer: string;
  readonly indent: string;
}

function layoutOf(text: string, object: Node): Layout {
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  const unit = /(?:^|[\r\n])([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const first = object.children?.[0];
  const isOneLine = !/[\r\n]/.test(first === undefined ? text : text.slice(object.offset, endOf(object)));
  const outer = indentAt(text, object.offset);
  const own = first && !isOneLine ? indentAt(text, first.offset) : undefined;
  return { isOneLine, eol, unit, outer, indent: own ?? outer + unit };
}

/** The white space that the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  const line = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(line))?.[0] ?? "";
}

function written(value: Json, { isOneLine, unit, indent, eol }: Layout): string {
  if (isOneLine) {
    return JSON.stringify(value);
  }
  return JSON.stringify(value, null, unit).split("\n").join(`${eol}${indent}`);
}

function edited(text: string, edits: readonly TextEdit[]): string {
  return applyEdits(text, [...edits]);
}

/** True for an object that is no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
