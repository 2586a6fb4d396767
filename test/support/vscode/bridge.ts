import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type * as vscode from "vscode";
import * as z from "zod";
import { isAlive } from "./processes.ts";
import { whenFolderShows } from "./waiting.ts";

const hostLine = z.object({ port: z.number(), secret: z.string(), pid: z.number(), folders: z.array(z.string()) });

type Host = z.infer<typeof hostLine>;

const answer = z.union([z.object({ error: z.string() }), z.object({ result: z.unknown() })]);

/** Runs in the extension host; only JSON goes in and comes out, and nothing around the function is seen by it. */
type HostFunction<A, R> = (api: typeof vscode, argument: A) => R | PromiseLike<R>;

/** The test's way into the extension hosts of one VS Code. */
export interface Bridge {
  /**
   * Calls a function with the `vscode` API inside the newest live extension host.
   * @throws Error with the host's own stack when the function throws, or when no host comes up
   */
  inHost<R>(run: HostFunction<undefined, R>): Promise<R>;
  inHost<A, R>(run: HostFunction<A, R>, argument: A): Promise<R>;
  /** Calls a command with JSON arguments and gives its JSON result. `{ file: "/a/b" }` becomes a `Uri`. */
  command(id: string, ...args: unknown[]): Promise<unknown>;
  /** Does something that starts an extension host (opens or reloads a window) and waits until that host runs. */
  untilHostRuns<T>(action: () => Promise<T>): Promise<T>;
  /** Process ids of the live extension hosts that have come up, oldest first. */
  pids(): Promise<number[]>;
}

async function allHosts(file: string): Promise<Host[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => hostLine.parse(JSON.parse(line)));
}

async function liveHosts(file: string): Promise<Host[]> {
  return (await allHosts(file)).filter((host) => isAlive(host.pid));
}

/**
 * @param file the one named to the companion extension in WAN_TEST_BRIDGE
 */
export function bridgeOver(file: string): Bridge {
  const newestHost = (): Promise<Host> =>
    whenFolderShows(dirname(file), "an extension host", async () => (await liveHosts(file)).at(-1));

  async function inHost<A, R>(run: HostFunction<A, R>, argument?: A): Promise<R> {
    const { port, secret } = await newestHost();
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { authorization: secret },
      body: JSON.stringify({ source: run.toString(), argument }),
    });
    const reply = answer.parse(await response.json());
    if ("error" in reply) throw new Error(`in the extension host: ${reply.error}`);
    return reply.result as R;
  }

  return {
    inHost,
    command: (id, ...args) =>
      inHost(
        (api, call: { id: string; args: unknown[] }) =>
          api.commands.executeCommand(
            call.id,
            ...call.args.map((value) =>
              typeof value === "object" && value !== null && "file" in value ? api.Uri.file(String(value.file)) : value,
            ),
          ),
        { id, args },
      ),
    untilHostRuns: async (action) => {
      const before = (await allHosts(file)).length;
      const result = await action();
      await whenFolderShows(dirname(file), "a new extension host", async () =>
        (await allHosts(file)).length > before ? true : undefined,
      );
      return result;
    },
    pids: async () => (await liveHosts(file)).map((host) => host.pid),
  };
}
