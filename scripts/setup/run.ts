import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** What a command needs besides its arguments. */
export interface RunOptions {
  readonly cwd: string;
  /** Environment of the command; this process's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A command that ended with something other than 0, with the end of what it printed. */
export class CommandFailed extends Error {
  readonly output: string;

  constructor(command: string, status: string, output: string) {
    const tail = output.trimEnd().split("\n").slice(-40).join("\n");
    super(`"${command}" failed (${status})\n${tail}`);
    this.name = "CommandFailed";
    this.output = output;
  }
}

/**
 * Runs a command to its end without showing its output.
 * @returns everything it printed on stdout and stderr, in order of arrival
 * @throws CommandFailed when it does not start, is killed or ends with a code other than 0
 */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const line = [command, ...args].join(" ");
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => reject(new CommandFailed(line, error.message, output)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(line, signal ?? `exit code ${code}`, output));
    });
  });
}

/**
 * The environment in which `node`, and with it npm and every install script, is the given binary. What an outer
 * `npm run` added about this project's own package is taken out, since it would mislead an npm started for another.
 * @param node absolute path of a Node binary
 */
export function environmentWithNode(node: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (/^npm_(package|lifecycle|command|execpath|node_execpath)|^npm_config_local_prefix$|^INIT_CWD$/.test(name))
      continue;
    env[name] = value;
  }
  env.PATH = [dirname(node), env.PATH ?? ""].join(delimiter);
  return env;
}
