import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A fresh folder below the system's temporary one that servers running as another user can enter. */
export async function serverFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `wan-${name}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Deletes a server's folder, also when a process that is ending still writes there. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** Free ports of 127.0.0.1, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP port");
    ports.push(address.port);
  }
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return ports;
}

/** A server's process. */
export interface Running {
  /** Resolves when a port of 127.0.0.1 takes connections. @throws Error with what it printed when it ends before */
  listening(port: number): Promise<void>;
  /** Ends it with a signal and waits until it is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Starts a server in the foreground; what it prints goes to `output` in its folder. It ends with this process at the latest.
 * @param env added to this process's environment
 */
export async function startProgram(
  folder: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const outputFile = join(folder, "output");
  const output = await open(outputFile, "a");
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", output.fd, output.fd],
  });
  await once(child, "spawn");
  await output.close();
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  return {
    listening: async (port) => {
      const deadline = performance.now() + 20_000;
      // A server of somebody else has no event for this.
      while (!(await takesConnections(port))) {
        if (ended(child) || performance.now() > deadline) {
          throw new Error(`${program} does not listen on ${port}:\n${await readFile(outputFile, "utf8")}`);
        }
        await wait(10);
      }
    },
    stop: async (signal) => {
      if (!ended(child)) {
        child.kill(signal);
        await once(child, "exit");
      }
      process.removeListener("exit", endWithUs);
    },
  };
}
