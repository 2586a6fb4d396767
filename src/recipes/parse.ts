import { getNodeValue, type Node, printParseErrorCode } from "jsonc-parser";
import type * as z from "zod";
import { imageSourceSchema, promptOf } from "../shared/model/draft.ts";
import { modelId } from "../shared/model/modelId.ts";
import { isSettable } from "../shared/model/parameters.ts";
import { maximumZoom } from "../shared/model/plan.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { cleanText } from "../shared/model/text.ts";
import { knownKeys, type RecipeFile, recipeFileSchema } from "./file.ts";
import { nearest } from "./near.ts";
import { pathFault } from "./paths.ts";
import type { RecipeFault, RecipeFix, RecipeProblem, TextRange } from "./problems.ts";
import { hasSecret, isSecretName, unsigned } from "./secrets.ts";
import {
  byteOrderMark,
  childAt,
  deepestRecipe,
  depthFault,
  endOf,
  longestRecipe,
  propertiesOf,
  readText,
  removal,
  valueAt,
} from "./text.ts";
import { meantParameter, valueFault } from "./values.ts";

/** The most problems that are told of one recipe. */
const mostProblems = 100;

/** What a recipe's text says. */
export interface ParsedRecipe {
  /** Missing if an error keeps it from being read as a whole. */
  readonly recipe?: RecipeFile | undefined;
  /** In the order of the text; at most {@link mostProblems}. */
  readonly problems: readonly RecipeProblem[];
  /** The place of a value, for example of `["start", "path"]`; of the nearest one around it if it is not there. */
  readonly rangeOf: (path: readonly string[]) => TextRange;
  /** True if an image is written as a path or address alone. */
  readonly isPlain: (side: Side) => boolean;
}

/**
 * Reads a recipe with its problems. It reads comments, trailing commas and a byte order mark, and takes bounded time for any text.
 * @param folder the recipe's own as seen from its workspace folder, with `/`; without one, nothing is said of paths that lead out
 */
export function parseRecipe(text: string, folder?: string): ParsedRecipe {
  const mark = text.startsWith(byteOrderMark) ? 1 : 0;
  const plain = text.slice(mark);
  const whole = { offset: mark, length: plain.length };
  const only = (fault: RecipeFault, range: TextRange): ParsedRecipe => ({
    problems: [{ ...fault, severity: "error", range, fixes: [] }],
    rangeOf: () => whole,
    isPlain: () => false,
  });
  if (text.length > longestRecipe) {
    return only({ code: "recipeTooLarge", limit: longestRecipe }, { offset: 0, length: 0 });
  }
  if (plain.trim() === "") {
    return only({ code: "recipeEmpty" }, { offset: mark, length: 0 });
  }
  const conflict = /^(<{7}|={7}|>{7})(?=[ \r\n]|$)/m.exec(plain);
  if (conflict !== null) {
    return only({ code: "mergeConflict" }, { offset: mark + conflict.index, length: 7 });
  }
  const deep = depthFault(plain);
  if (deep !== undefined) {
    return only({ code: "recipeTooDeep", limit: deepestRecipe }, { offset: mark + deep, length: 1 });
  }
  return new Reading(plain, mark, folder).result();
}

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** One pass over a text without its byte order mark. */
class Reading {
  readonly #text: string;
  readonly #mark: number;
  readonly #folder: string | undefined;
  readonly #errors: RecipeProblem[] = [];
  /** Warnings and hints. */
  readonly #others: RecipeProblem[] = [];
  #root: Node | undefined;

  constructor(text: string, mark: number, folder: string | undefined) {
    this.#text = text;
    this.#mark = mark;
    this.#folder = folder;
  }

  result(): ParsedRecipe {
    const { root, errors } = readText(this.#text);
    this.#root = root;
    for (const { error, offset, length } of errors.slice(0, mostProblems)) {
      this.#add({ code: "syntaxInvalid", reason: printParseErrorCode(error) }, { offset, length });
    }
    if (errors.length === 0 && root !== undefined) {
      if (root.type === "object") {
        this.#readObject(root);
      } else {
        this.#add({ code: "notAnObject" }, root);
      }
    }
    const recipe = this.#errors.some(({ code }) => unreadable.has(code)) ? undefined : this.#value();
    return {
      recipe,
      problems: this.#told(),
      rangeOf: (path) => this.#shifted(this.#near(path) ?? { offset: 0, length: this.#text.length }),
      isPlain: (side) => valueAt(root, side)?.type === "string",
    };
  }

  /** Errors go first where not all can be told. */
  #told(): RecipeProblem[] {
    return [...this.#errors, ...this.#others]
      .slice(0, mostProblems)
      .sort((one, other) => one.range.offset - other.range.offset);
  }

  #readObject(root: Node): void {
    this.#checkEverywhere(root, "");
    this.#checkKeys(root, "", knownKeys.recipe);
    this.#checkParameters(valueAt(root, "parameters"));
    for (const side of sides) {
      this.#checkImage(side, valueAt(root, side));
    }
    this.#checkPrompt(valueAt(root, "prompt"));
    const model = valueAt(root, "model");
    if (model?.type === "string" && model.value !== modelId) {
      const fix = this.#replace("closest", model, modelId);
      this.#add({ code: "modelUnknown", value: brief(String(model.value)), known: modelId }, model, [fix]);
    }
    this.#checkShape();
  }

  /** What holds for every object and text: no key twice, nothing secret. */
  #checkEverywhere(node: Node, at: string): void {
    const seen = new Set<string>();
    // A text can have as many problems as it has characters, and each costs its fixes.
    for (const { key, keyNode, property, value } of propertiesOf(node)) {
      if (this.#errors.length >= mostProblems) {
        return;
      }
      const path = at === "" ? brief(key) : `${at}.${brief(key)}`;
      if (seen.has(key)) {
        this.#add({ code: "keyDuplicate", key: path }, keyNode, [this.#remove(node, property, key)]);
      }
      seen.add(key);
      if (
        value.type === "string" &&
        String(value.value) !== "" &&
        (isSecretName(key) || hasSecret(String(value.value)))
      ) {
        this.#add({ code: "secretInside", key: path }, value, this.#secretFixes(path, value, node, property, key));
      }
      this.#checkEverywhere(value, path);
    }
    if (node.type === "array") {
      for (const child of node.children ?? []) {
        if (this.#errors.length >= mostProblems) {
          return;
        }
        if (child.type === "string" && hasSecret(String(child.value))) {
          this.#add({ code: "secretInside", key: at }, child);
        }
        this.#checkEverywhere(child, at);
      }
    }
  }

  #secretFixes(path: string, value: Node, object: Node, property: Node, key: string): RecipeFix[] {
    const side = sides.find((each) => path === each || path === `${each}.url`);
    const plain = unsigned(String(value.value));
    if (side === undefined) {
      return [this.#remove(object, property, key)];
    }
    return [{ kind: "pickImage", side }, ...(plain === undefined ? [] : [this.#replace("unsigned", value, plain)])];
  }

  #checkKeys(object: Node | undefined, at: string, known: readonly string[]): void {
    const present = new Set(propertiesOf(object).map(({ key }) => key));
    for (const { key, keyNode, property, value } of propertiesOf(object)) {
      if (known.includes(key)) {
        continue;
      }
      if (this.#others.length >= mostProblems) {
        return;
      }
      const named = `${at}${brief(key)}`;
      const parameter = at === "" ? meantParameter(key) : undefined;
      const free = known.filter((each) => !present.has(each));
      const meant = nearest(key, free);
      if (meant !== undefined) {
        this.#add(
          { code: "keyUnknown", key: named, meant },
          keyNode,
          [this.#replace("rename", keyNode, meant)],
          "warning",
        );
      } else if (parameter !== undefined && object !== undefined) {
        const fix = this.#move(object, property, parameter, value);
        this.#add({ code: "keyMisplaced", key: parameter }, keyNode, fix === undefined ? [] : [fix], "warning");
      } else {
        this.#add({ code: "keyUnknown", key: named }, keyNode, [], "hint");
      }
    }
  }

  #checkParameters(node: Node | undefined): void {
    if (node === undefined) {
      return;
    }
    if (node.type !== "object") {
      this.#add({ code: "typeWrong", key: "parameters", expected: "object" }, node);
      return;
    }
    const present = new Set(propertiesOf(node).map(({ key }) => key));
    for (const { key, keyNode, property, value } of propertiesOf(node)) {
      if (this.#errors.length >= mostProblems) {
        return;
      }
      const remove = this.#remove(node, property, key);
      const named = `parameters.${brief(key)}`;
      if (!isSettable(key)) {
        const meant = meantParameter(key);
        const rename = meant === undefined || present.has(meant) ? [] : [this.#replace("rename", keyNode, meant)];
        this.#add({ code: "parameterUnknown", key: named, ...(meant && { meant }) }, keyNode, [...rename, remove]);
        continue;
      }
      const fault = valueFault(key, getNodeValue(value));
      if (fault === undefined) {
        continue;
      }
      const closest = fault.closest === undefined ? [] : [this.#replace("closest", value, fault.closest)];
      const written = brief(this.#text.slice(value.offset, endOf(value)));
      switch (fault.code) {
        case "typeWrong":
          this.#add({ code: fault.code, key: named, expected: fault.expected }, value, [...closest, remove]);
          break;
        case "valueOutOfRange": {
          const { code, minimum, maximum, isDefault } = fault;
          const fixes = isDefault ? [remove, ...closest] : [...closest, remove];
          this.#add({ code, key: named, value: written, minimum, maximum }, value, fixes);
          break;
        }
        case "valueNotAllowed":
          this.#add({ code: fault.code, key: named, value: written, choices: fault.choices }, value, [
            ...closest,
            remove,
          ]);
          break;
      }
    }
  }

  #checkPrompt(node: Node | undefined): void {
    if (node?.type !== "string") {
      return;
    }
    const prompt = String(node.value);
    if (promptOf(prompt) === "") {
      this.#add({ code: "promptEmpty" }, node);
    } else if (cleanText(prompt) !== prompt.replace(/\r\n?/g, "\n")) {
      const fix = this.#replace("clean", node, promptOf(prompt));
      this.#add({ code: "textUnclean", key: "prompt" }, node, [fix], "warning");
    }
  }

  #checkImage(side: Side, node: Node | undefined): void {
    const pick: RecipeFix = { kind: "pickImage", side };
    if (node === undefined) {
      return;
    }
    if (node.type !== "string" && node.type !== "object") {
      this.#add({ code: "typeWrong", key: side, expected: "image" }, node, [pick]);
      return;
    }
    if (node.type === "object") {
      this.#checkKeys(node, `${side}.`, knownKeys.image);
    }
    const value = imageOf(node);
    const [path, url] = [asString(value?.path), asString(value?.url)];
    if (url !== undefined) {
      if (!hasSecret(url.text) && !imageSourceSchema.safeParse({ kind: "url", url: url.text }).success) {
        this.#add({ code: "addressInvalid", side }, url.node, [pick]);
      }
    } else if (path !== undefined) {
      const fault = pathFault(path.text, this.#folder);
      if (fault !== undefined) {
        const slashes = path.text.replaceAll("\\", "/");
        const isFixed = fault === "pathBackslash" && pathFault(slashes, this.#folder) === undefined;
        this.#add({ code: fault, side }, path.node, [
          ...(isFixed ? [this.#replace("slashes", path.node, slashes)] : []),
          pick,
        ]);
      }
    } else if (value?.path === undefined && value?.url === undefined) {
      // A recovered video's recipe names no images, and one of images elsewhere only their names: both stay what they are.
      this.#add({ code: "imageUnnamed", side }, node, [pick], valueAt(this.#root, "video") ? "hint" : "error");
    }
  }

  /** Everything else that the schema says. */
  #checkShape(): void {
    const parsed = recipeFileSchema.safeParse(this.#plainValue());
    for (const issue of parsed.error?.issues.slice(0, mostProblems) ?? []) {
      const path = issue.path.map(String);
      if (path[0] !== "parameters") {
        this.#addIssue(issue, path);
      }
    }
    const video = valueAt(this.#root, "video");
    if (valueAt(this.#root, "prompt") === undefined && video === undefined) {
      this.#add({ code: "keyMissing", key: "prompt" }, this.#opening());
    }
  }

  #addIssue(issue: z.core.$ZodIssue, path: readonly string[]): void {
    const key = path.join(".");
    const node = this.#exact(path);
    const side = sides.find((each) => each === key);
    if (node === undefined) {
      const around = this.#near(path);
      const range = around === undefined || around === this.#root ? this.#opening() : around;
      this.#add({ code: "keyMissing", key }, range, side === undefined ? [] : [{ kind: "pickImage", side }]);
      return;
    }
    if (side !== undefined) {
      return;
    }
    const written = brief(this.#text.slice(node.offset, endOf(node)));
    if (key === "recipe") {
      this.#add({ code: "versionUnknown", value: written }, node);
      return;
    }
    switch (issue.code) {
      case "invalid_type": {
        const range = rangeFor(path);
        if (node.type === "number" && range !== undefined) {
          // Zod has a type of its own for a number beyond all numbers.
          const [minimum, maximum] = range;
          const fix = this.#replace("closest", node, node.value > 0 ? maximum : minimum);
          this.#add({ code: "valueOutOfRange", key, value: written, minimum, maximum }, node, [fix]);
          return;
        }
        const expected = expectedTypes[issue.expected];
        this.#add(expected === undefined ? { code: "valueInvalid", key } : { code: "typeWrong", key, expected }, node);
        return;
      }
      case "too_small":
      case "too_big": {
        const limit = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
        const [minimum, maximum] = rangeFor(path) ?? [limit, Number.MAX_VALUE];
        const fix = this.#replace("closest", node, limit);
        this.#add({ code: "valueOutOfRange", key, value: written, minimum, maximum }, node, [fix]);
        return;
      }
      default:
        this.#add({ code: "valueInvalid", key }, node);
    }
  }

  /** The recipe; undefined where it lacks too much. */
  #value(): RecipeFile | undefined {
    return recipeFileSchema.safeParse(this.#plainValue()).data;
  }

  /** The text's value with both images as objects. */
  #plainValue(): unknown {
    if (this.#root?.type !== "object") {
      return undefined;
    }
    const value: Record<string, unknown> = Object.fromEntries(
      propertiesOf(this.#root).map((each) => [each.key, getNodeValue(each.value)]),
    );
    for (const side of sides) {
      const image = value[side];
      if (typeof image === "string") {
        value[side] = isAddress(image) ? { url: image } : { path: image };
      }
    }
    return value;
  }

  #exact(path: readonly string[]): Node | undefined {
    return path.reduce<Node | undefined>((node, key) => childAt(node, key), this.#root);
  }

  /** The node at a path, or the nearest around it. */
  #near(path: readonly string[]): Node | undefined {
    let node = this.#root;
    for (const key of path) {
      const next = childAt(node, key);
      if (next === undefined) {
        break;
      }
      node = next;
    }
    return node;
  }

  /** The brace that opens the recipe: what is missing is told there. */
  #opening(): TextRange {
    return { offset: this.#root?.offset ?? 0, length: 1 };
  }

  #add(
    fault: RecipeFault,
    { offset, length }: TextRange,
    fixes: readonly RecipeFix[] = [],
    severity: RecipeProblem["severity"] = "error",
  ): void {
    const problem = { ...fault, severity, range: this.#shifted({ offset, length }), fixes };
    (severity === "error" ? this.#errors : this.#others).push(problem);
  }

  #replace(
    how: "closest" | "rename" | "slashes" | "unsigned" | "clean",
    node: Node,
    value: string | number,
  ): RecipeFix {
    const content = JSON.stringify(value);
    const edits = [{ ...this.#shifted(node), content }];
    return { kind: "edit", how, shown: String(value), edits };
  }

  #remove(object: Node, property: Node, key: string): RecipeFix {
    const edits = removal(this.#text, object, property).map((edit) => ({ ...edit, ...this.#shifted(edit) }));
    return { kind: "edit", how: "remove", shown: brief(key), edits };
  }

  /** Moves a property of the recipe into its parameters. */
  #move(object: Node, property: Node, name: string, value: Node): RecipeFix | undefined {
    const parameters = valueAt(object, "parameters");
    const written = `${JSON.stringify(name)}: ${this.#text.slice(value.offset, endOf(value))}`;
    if (parameters === undefined) {
      const edits = [{ ...this.#shifted(property), content: `"parameters": { ${written} }` }];
      return { kind: "edit", how: "move", shown: name, edits };
    }
    if (parameters.type !== "object" || valueAt(parameters, name) !== undefined) {
      return undefined;
    }
    const rest = (parameters.children ?? []).length > 0 ? ", " : " ";
    const insert = {
      ...this.#shifted({ offset: parameters.offset + 1, length: 0 }),
      content: ` ${written}${rest.trimEnd()}`,
    };
    const removed = removal(this.#text, object, property).map((edit) => ({ ...edit, ...this.#shifted(edit) }));
    const edits = [...removed, insert].sort((one, other) => one.offset - other.offset);
    return { kind: "edit", how: "move", shown: name, edits };
  }

  #shifted({ offset, length }: TextRange): TextRange {
    return { offset: offset + this.#mark, length };
  }
}

/** With one of these, the text does not say what is in the recipe. */
const unreadable: ReadonlySet<RecipeFault["code"]> = new Set(["syntaxInvalid", "notAnObject", "keyDuplicate"]);

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

function isAddress(text: string): boolean {
  return /^(?!file:)([a-z][a-z0-9+.-]+:\/\/|data:)/i.test(text);
}

/** An image's path or address as it is written. */
function imageOf(node: Node): { path?: Node | undefined; url?: Node | undefined } {
  if (node.type === "string") {
    return isAddress(String(node.value)) ? { url: node } : { path: node };
  }
  return { path: valueAt(node, "path"), url: valueAt(node, "url") };
}

function asString(node: Node | undefined): { text: string; node: Node } | undefined {
  return node?.type === "string" ? { text: String(node.value), node } : undefined;
}
