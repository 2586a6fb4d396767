import { join } from "node:path";
import { ProblemError } from "../shared/model/problem.ts";

/** Stands for the workspace folder at the beginning of a path that a person wrote. */
export const workspaceVariable = `\${workspaceFolder}`;

/** What shells, VS Code and Windows fill in, and nobody does here: a folder of that very name would be made. */
const variable = /\$\{[^}]*\}|(?<=^|[\\/])\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_][\w()]*%/;
/** The home folder of somebody else. */
const otherHome = /^~[^\\/]+/;

/** What a path may begin with, as absolute paths; a workspace folder only where one is open. */
interface Places {
  readonly home: string;
  readonly workspace: string | undefined;
}

/**
 * A path as a person wrote it, with `~` and `${workspaceFolder}` at its beginning filled in; else as it is.
 * @param where the setting or argument that it stands in
 * @throws {ProblemError} `variableUnknown` for anything else that asks to be filled in; `noFolder` where no folder is open.
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
