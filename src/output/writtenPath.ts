import { join } from "node:path";
import { ProblemError } from "../shared/model/problem.ts";

/** Means the workspace folder at the beginning of a path that a person wrote. */
export const workspaceVariable = `\${workspaceFolder}`;

/** What shells, VS Code and Windows fill in, and we do not: we would create a folder of that very name. */
const variable = /\$\{[^}]*\}|(?<=^|[\\/])\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_][\w()]*%/;
/** Another user's home folder. */
const otherHome = /^~[^\\/]+/;

/** What the beginning of a path may mean, as absolute paths. There is a workspace folder only if one is open. */
interface Places {
  readonly home: string;
  readonly workspace: string | undefined;
}

/**
 * Fills in `~` or `${workspaceFolder}` at the beginning of a path that a person wrote. Other paths stay as they are.
 * @param where the setting or argument that has the path
 * @throws {ProblemError} `variableUnknown` for any other variable; `noFolder` if no folder is open.
 */
export function expandPath(text: string, places: Places, where: string): string {
  const [begin, rest] = /^~(?=$|[\\/])/.test(text)
    ? [places.home, text.slice(1)]
    : text.startsWith(workspaceVariable)
      ? [places.workspace, text.slice(workspaceVariable.length)]
      : ["", text];
  const unknown = (begin === "" ? otherHome.exec(rest) : null) ?? variable.exec(rest);
  if (unknown !== null) {
    throw new ProblemError({ code: "variableUnknown", where, variable: unknown[0] });
  }
  if (begin === undefined) {
    throw new ProblemError({ code: "noFolder" });
  }
  return begin === "" ? rest : join(begin, rest);
}
