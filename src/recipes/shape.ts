import { getNodeValue, type Node } from "jsonc-parser";
import type * as z from "zod";
import { maximumZoom } from "../shared/model/plan.ts";
import { sides } from "../shared/model/side.ts";
import { type RecipeFile, recipeFileSchema } from "./file.ts";
import type { Findings } from "./findings.ts";
import type { RecipeFault, TextRange } from "./problems.ts";
import { childAt, propertiesOf, valueAt } from "./text.ts";

// What the schema says of a recipe, at its place in the text.

/** True for a text that is an address, be it a good one. A path on this machine is none. */
export function isAddress(text: string): boolean {
  return /^(?!file:)([a-z][a-z0-9+.-]+:\/\/|data:)/i.test(text);
}

/** The text's value with both images as objects. */
export function plainValue(root: Node | undefined): unknown {
  if (root?.type !== "object") {
    return undefined;
  }
  const value: Record<string, unknown> = Object.fromEntries(
    propertiesOf(root).map((each) => [each.key, getNodeValue(each.value)]),
  );
  for (const side of sides) {
    const image = value[side];
    if (typeof image === "string") {
      value[side] = isAddress(image) ? { url: image } : { path: image };
    }
  }
  return value;
}

/** The node at a path, or the nearest around it. */
export function nearestNode(root: Node | undefined, path: readonly string[]): Node | undefined {
  let node = root;
  for (const key of path) {
    const next = childAt(node, key);
    if (next === undefined) {
      break;
    }
    node = next;
  }
  return node;
}

/** The brace that opens a recipe: what is missing is told there. */
function opening(root: Node): TextRange {
  return { offset: root.offset, length: 1 };
}

/**
 * Everything that the schema says, but for the parameters.
 * @returns the recipe, if it is one.
 */
export function checkShape(root: Node, findings: Findings): RecipeFile | undefined {
  const parsed = recipeFileSchema.safeParse(plainValue(root));
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.map(String);
    if (path[0] !== "parameters" && !findings.isFull("error")) {
      addIssue(root, findings, issue, path);
    }
  }
  if (valueAt(root, "prompt") === undefined && valueAt(root, "video") === undefined) {
    findings.add({ code: "keyMissing", key: "prompt" }, opening(root));
  }
  return parsed.data;
}

function addIssue(root: Node, findings: Findings, issue: z.core.$ZodIssue, path: readonly string[]): void {
  const key = path.join(".");
  const node = path.reduce<Node | undefined>(childAt, root);
  const side = sides.find((each) => each === key);
  if (node === undefined) {
    const around = nearestNode(root, path);
    const range = around === undefined || around === root ? opening(root) : around;
    findings.add({ code: "keyMissing", key }, range, side === undefined ? [] : [{ kind: "pickImage", side }]);
    return;
  }
  if (side !== undefined) {
    return;
  }
  const value = findings.written(node);
  if (key === "recipe") {
    findings.add({ code: "versionUnknown", value }, node);
    return;
  }
  switch (issue.code) {
    case "invalid_type": {
      const range = rangeFor(path);
      if (node.type === "number" && range !== undefined) {
        // Zod has a type of its own for a number beyond all numbers.
        const [minimum, maximum] = range;
        const fix = findings.replace("closest", node, node.value > 0 ? maximum : minimum);
        findings.add({ code: "valueOutOfRange", key, value, minimum, maximum }, node, [fix]);
        return;
      }
      const expected = expectedTypes[issue.expected];
      findings.add(expected === undefined ? { code: "valueInvalid", key } : { code: "typeWrong", key, expected }, node);
      return;
    }
    case "too_small":
    case "too_big": {
      const limit = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
      const [minimum, maximum] = rangeFor(path) ?? [limit, Number.MAX_VALUE];
      const fix = findings.replace("closest", node, limit);
      findings.add({ code: "valueOutOfRange", key, value, minimum, maximum }, node, [fix]);
      return;
    }
    default:
      findings.add({ code: "valueInvalid", key }, node);
  }
}

const expectedTypes: Readonly<Record<string, Extract<RecipeFault, { code: "typeWrong" }>["expected"]>> = {
  string: "text",
  number: "number",
  int: "integer",
  object: "object",
  array: "list",
  boolean: "boolean",
};

/** The range of a plan's numbers. */
function rangeFor(path: readonly string[]): readonly [number, number] | undefined {
  const last = path.at(-1);
  return last === "zoom" ? [1, maximumZoom] : last === "x" || last === "y" ? [0, 1] : undefined;
}
