import type { Node } from "jsonc-parser";
import type { RecipeFault, RecipeFix, RecipeProblem, TextRange } from "./problems.ts";
import { endOf, removal, valueAt } from "./text.ts";

/** The most problems that are told of one recipe. */
const mostProblems = 100;

/** Foreign text in a problem: as much as a line has room for. */
export function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** What was found in a text. Places and nodes are those of the text without its byte order mark. */
export class Findings {
  readonly #text: string;
  readonly #mark: number;
  readonly #errors: RecipeProblem[] = [];
  /** Warnings and hints. */
  readonly #others: RecipeProblem[] = [];

  /** @param mark the length of the byte order mark */
  constructor(text: string, mark: number) {
    this.#text = text;
    this.#mark = mark;
  }

  /** In the order of the text; errors go first where not all can be told. */
  told(): RecipeProblem[] {
    return [...this.#errors, ...this.#others]
      .slice(0, mostProblems)
      .sort((one, other) => one.range.offset - other.range.offset);
  }

  /** True if there is an error of this kind. */
  has(code: RecipeFault["code"]): boolean {
    return this.#errors.some((error) => error.code === code);
  }

  /** True if no more of these need to be looked for: a text can have as many as it has characters, and each costs its fixes. */
  isFull(severity: "error" | "warning"): boolean {
    return (severity === "error" ? this.#errors : this.#others).length >= mostProblems;
  }

  add(
    fault: RecipeFault,
    { offset, length }: TextRange,
    fixes: readonly RecipeFix[] = [],
    severity: RecipeProblem["severity"] = "error",
  ): void {
    if (this.isFull(severity === "error" ? "error" : "warning")) {
      return;
    }
    const problem = { ...fault, severity, range: this.shifted({ offset, length }), fixes };
    (severity === "error" ? this.#errors : this.#others).push(problem);
  }

  /** The fix that puts another value in a node's place. */
  replace(how: "closest" | "rename" | "slashes" | "unsigned" | "clean", node: Node, value: string | number): RecipeFix {
    const content = JSON.stringify(value);
    const edits = [{ ...this.shifted(node), content }];
    return { kind: "edit", how, shown: String(value), edits };
  }

  /** The fix that removes a property. */
  remove(object: Node, property: Node, key: string): RecipeFix {
    const edits = removal(this.#text, object, property).map((edit) => ({ ...edit, ...this.shifted(edit) }));
    return { kind: "edit", how: "remove", shown: brief(key), edits };
  }

  /** Moves a property of the recipe into its parameters. */
  move(object: Node, property: Node, name: string, value: Node): RecipeFix | undefined {
    const parameters = valueAt(object, "parameters");
    const written = `${JSON.stringify(name)}: ${this.#text.slice(value.offset, endOf(value))}`;
    if (parameters === undefined) {
      const edits = [{ ...this.shifted(property), content: `"parameters": { ${written} }` }];
      return { kind: "edit", how: "move", shown: name, edits };
    }
    if (parameters.type !== "object" || valueAt(parameters, name) !== undefined) {
      return undefined;
    }
    const rest = (parameters.children ?? []).length > 0 ? ", " : " ";
    const insert = {
      ...this.shifted({ offset: parameters.offset + 1, length: 0 }),
      content: ` ${written}${rest.trimEnd()}`,
    };
    const removed = removal(this.#text, object, property).map((edit) => ({ ...edit, ...this.shifted(edit) }));
    const edits = [...removed, insert].sort((one, other) => one.offset - other.offset);
    return { kind: "edit", how: "move", shown: name, edits };
  }

  /** A place in the text as it was given. */
  shifted({ offset, length }: TextRange): TextRange {
    return { offset: offset + this.#mark, length };
  }

  /** What stands there, as it is written. */
  written(node: Node): string {
    return brief(this.#text.slice(node.offset, endOf(node)));
  }
}
