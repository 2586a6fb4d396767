/** What VS Code has for tasks, as far as the product uses it. */
import type { Uri } from "./vscodeValues.ts";

export const TaskScope = { Global: 1, Workspace: 2 };
export const TaskGroup = { Build: { id: "build" } };
export class CustomExecution {
  readonly open: (definition: object) => Promise<unknown>;
  constructor(open: (definition: object) => Promise<unknown>) {
    this.open = open;
  }
}
export class Task {
  readonly definition: object;
  readonly scope: number | { uri: Uri };
  readonly name: string;
  readonly source: string;
  readonly execution: CustomExecution;
  readonly problemMatchers: string;
  group: unknown;
  constructor(
    definition: object,
    scope: number | { uri: Uri },
    name: string,
    source: string,
    execution: CustomExecution,
    problemMatchers: string,
  ) {
    this.definition = definition;
    this.scope = scope;
    this.name = name;
    this.source = source;
    this.execution = execution;
    this.problemMatchers = problemMatchers;
  }
}
