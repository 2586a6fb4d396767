import { getNodeValue, type Node, printParseErrorCode } from "jsonc-parser";
import { imageSourceSchema, promptOf } from "../shared/model/draft.ts";
import { modelId } from "../shared/model/modelId.ts";
import { isSettable } from "../shared/model/parameters.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { cleanText } from "../shared/model/text.ts";
import { knownKeys, type RecipeFile } from "./file.ts";
import { brief, Findings } from "./findings.ts";
import { nearest } from "./near.ts";
import { pathFault } from "./paths.ts";
import type { RecipeFault, RecipeFix, RecipeProblem, TextRange } from "./problems.ts";
import { hasSecret, isSecretName, unsigned } from "./secrets.ts";
import { checkShape, isAddress, nearestNode } from "./shape.ts";
import { byteOrderMark, deepestRecipe, depthFault, longestRecipe, propertiesOf, readText, valueAt } from "./text.ts";
import { meantParameter, valueFault } from "./values.ts";

/** What a recipe's text says. */
export interface ParsedRecipe {
  /** Missing if an error keeps it from being read as a whole. */
  readonly recipe?: RecipeFile | undefined;
  /** In the order of the text; at most 100. */
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

/** One pass over a text without its byte order mark. */
class Reading {
  readonly #text: string;
  readonly #folder: string | undefined;
  readonly #findings: Findings;
  #root: Node | undefined;

  constructor(text: string, mark: number, folder: string | undefined) {
    this.#text = text;
    this.#folder = folder;
    this.#findings = new Findings(text, mark);
  }

  result(): ParsedRecipe {
    const findings = this.#findings;
    const { root, errors } = readText(this.#text);
    this.#root = root;
    for (const { error, offset, length } of errors) {
      findings.add({ code: "syntaxInvalid", reason: printParseErrorCode(error) }, { offset, length });
    }
    const isWhole = errors.length === 0 && root !== undefined;
    if (isWhole && root.type !== "object") {
      findings.add({ code: "notAnObject" }, root);
    }
    const recipe = isWhole && root.type === "object" ? this.#readObject(root) : undefined;
    return {
      // With a key twice, the text does not say what is in the recipe.
      recipe: findings.has("keyDuplicate") ? undefined : recipe,
      problems: findings.told(),
      rangeOf: (path) => findings.shifted(nearestNode(root, path) ?? { offset: 0, length: this.#text.length }),
      isPlain: (side) => valueAt(root, side)?.type === "string",
    };
  }

  #readObject(root: Node): RecipeFile | undefined {
    this.#checkEverywhere(root, "");
    this.#checkKeys(root, "", knownKeys.recipe);
    this.#checkParameters(valueAt(root, "parameters"));
    for (const side of sides) {
      this.#checkImage(side, valueAt(root, side));
    }
    this.#checkPrompt(valueAt(root, "prompt"));
    const model = valueAt(root, "model");
    if (model?.type === "string" && model.value !== modelId) {
      const fix = this.#findings.replace("closest", model, modelId);
      this.#findings.add({ code: "modelUnknown", value: brief(String(model.value)), known: modelId }, model, [fix]);
    }
    return checkShape(root, this.#findings);
  }

  /** What holds for every object and text: no key twice, nothing secret. */
  #checkEverywhere(node: Node, at: string): void {
    const seen = new Set<string>();
    for (const { key, keyNode, property, value } of propertiesOf(node)) {
      if (this.#findings.isFull("error")) {
        return;
      }
      const path = at === "" ? brief(key) : `${at}.${brief(key)}`;
      if (seen.has(key)) {
        this.#findings.add({ code: "keyDuplicate", key: path }, keyNode, [this.#findings.remove(node, property, key)]);
      }
      seen.add(key);
      if (
        value.type === "string" &&
        String(value.value) !== "" &&
        (isSecretName(key) || hasSecret(String(value.value)))
      ) {
        this.#findings.add(
          { code: "secretInside", key: path },
          value,
          this.#secretFixes(path, value, node, property, key),
        );
      }
      this.#checkEverywhere(value, path);
    }
    if (node.type === "array") {
      for (const child of node.children ?? []) {
        if (this.#findings.isFull("error")) {
          return;
        }
        if (child.type === "string" && hasSecret(String(child.value))) {
          this.#findings.add({ code: "secretInside", key: at }, child);
        }
        this.#checkEverywhere(child, at);
      }
    }
  }

  #secretFixes(path: string, value: Node, object: Node, property: Node, key: string): RecipeFix[] {
    const side = sides.find((each) => path === each || path === `${each}.url`);
    const plain = unsigned(String(value.value));
    if (side === undefined) {
      return [this.#findings.remove(object, property, key)];
    }
    return [
      { kind: "pickImage", side },
      ...(plain === undefined ? [] : [this.#findings.replace("unsigned", value, plain)]),
    ];
  }

  #checkKeys(object: Node | undefined, at: string, known: readonly string[]): void {
    const present = new Set(propertiesOf(object).map(({ key }) => key));
    for (const { key, keyNode, property, value } of propertiesOf(object)) {
      if (known.includes(key)) {
        continue;
      }
      if (this.#findings.isFull("warning")) {
        return;
      }
      const named = `${at}${brief(key)}`;
      const parameter = at === "" ? meantParameter(key) : undefined;
      const free = known.filter((each) => !present.has(each));
      const meant = nearest(key, free);
      if (meant !== undefined) {
        this.#findings.add(
          { code: "keyUnknown", key: named, meant },
          keyNode,
          [this.#findings.replace("rename", keyNode, meant)],
          "warning",
        );
      } else if (parameter !== undefined && object !== undefined) {
        const fix = this.#findings.move(object, property, parameter, value);
        this.#findings.add(
          { code: "keyMisplaced", key: parameter },
          keyNode,
          fix === undefined ? [] : [fix],
          "warning",
        );
      } else {
        this.#findings.add({ code: "keyUnknown", key: named }, keyNode, [], "hint");
      }
    }
  }

  #checkParameters(node: Node | undefined): void {
    if (node === undefined) {
      return;
    }
    if (node.type !== "object") {
      this.#findings.add({ code: "typeWrong", key: "parameters", expected: "object" }, node);
      return;
    }
    const present = new Set(propertiesOf(node).map(({ key }) => key));
    for (const { key, keyNode, property, value } of propertiesOf(node)) {
      if (this.#findings.isFull("error")) {
        return;
      }
      const remove = this.#findings.remove(node, property, key);
      const named = `parameters.${brief(key)}`;
      if (!isSettable(key)) {
        const meant = meantParameter(key);
        const rename =
          meant === undefined || present.has(meant) ? [] : [this.#findings.replace("rename", keyNode, meant)];
        this.#findings.add({ code: "parameterUnknown", key: named, ...(meant && { meant }) }, keyNode, [
          ...rename,
          remove,
        ]);
        continue;
      }
      const fault = valueFault(key, getNodeValue(value));
      if (fault === undefined) {
        continue;
      }
      const closest = fault.closest === undefined ? [] : [this.#findings.replace("closest", value, fault.closest)];
      const written = this.#findings.written(value);
      switch (fault.code) {
        case "typeWrong":
          this.#findings.add({ code: fault.code, key: named, expected: fault.expected }, value, [...closest, remove]);
          break;
        case "valueOutOfRange": {
          const { code, minimum, maximum, isDefault } = fault;
          const fixes = isDefault ? [remove, ...closest] : [...closest, remove];
          this.#findings.add({ code, key: named, value: written, minimum, maximum }, value, fixes);
          break;
        }
        case "valueNotAllowed":
          this.#findings.add({ code: fault.code, key: named, value: written, choices: fault.choices }, value, [
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
      this.#findings.add({ code: "promptEmpty" }, node);
    } else if (cleanText(prompt) !== prompt.replace(/\r\n?/g, "\n")) {
      const fix = this.#findings.replace("clean", node, promptOf(prompt));
      this.#findings.add({ code: "textUnclean", key: "prompt" }, node, [fix], "warning");
    }
  }

  #checkImage(side: Side, node: Node | undefined): void {
    const pick: RecipeFix = { kind: "pickImage", side };
    if (node === undefined) {
      return;
    }
    if (node.type !== "string" && node.type !== "object") {
      this.#findings.add({ code: "typeWrong", key: side, expected: "image" }, node, [pick]);
      return;
    }
    if (node.type === "object") {
      this.#checkKeys(node, `${side}.`, knownKeys.image);
    }
    const value = imageOf(node);
    const [path, url] = [asString(value?.path), asString(value?.url)];
    if (url !== undefined) {
      if (!hasSecret(url.text) && !imageSourceSchema.safeParse({ kind: "url", url: url.text }).success) {
        this.#findings.add({ code: "addressInvalid", side }, url.node, [pick]);
      }
    } else if (path !== undefined) {
      const fault = pathFault(path.text, this.#folder);
      if (fault !== undefined) {
        const slashes = path.text.replaceAll("\\", "/");
        const isFixed = fault === "pathBackslash" && pathFault(slashes, this.#folder) === undefined;
        this.#findings.add({ code: fault, side }, path.node, [
          ...(isFixed ? [this.#findings.replace("slashes", path.node, slashes)] : []),
          pick,
        ]);
      }
    } else if (value?.path === undefined && value?.url === undefined) {
      // A recovered video's recipe names no images, and one of images elsewhere only their names: both stay what they are.
      this.#findings.add({ code: "imageUnnamed", side }, node, [pick], valueAt(this.#root, "video") ? "hint" : "error");
    }
  }
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
