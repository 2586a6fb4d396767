import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { vsixFile } from "../../../scripts/paths.ts";
import { newestVsCode, setUpVsCode, type VsCodeVersion, vscodeVersions } from "../../../scripts/setup/vscode.ts";
import { settings as declared } from "../manifest.ts";
import { type Bridge, bridgeOver } from "./bridge.ts";
import { newProfile } from "./browser.ts";
import { extensionsFolder, fewBundledFolder } from "./extensions.ts";
import { extensionHostsBelow } from "./processes.ts";
import { workbenchReady } from "./workbench.ts";

/** How a VS Code is to be started. */
export interface VsCodeOptions {
  readonly version: VsCodeVersion;
  /** The folder to open, absolute. */
  readonly folder: string;
  /** Settings, added to the harness's own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the few variables that VS Code gets; nothing else of this process's environment reaches it. */
  readonly env?: Readonly<Record<string, string>>;
  /** True: of VS Code's own extensions only those that show the project's files; the others make each start slower. */
  readonly fewBundled?: true;
  /** True: workspace trust is on as for users, and the folder is not trusted (Restricted Mode). */
  readonly untrusted?: boolean;
}

/** A running VS Code with the product installed. */
export interface VsCode extends Bridge {
  readonly version: VsCodeVersion;
  /** Address of a window with the folder, for any browser on this machine. */
  readonly url: string;
  /** The user data folder: settings under `User/`, logs under `logs/`, all extensions' storage. */
  readonly userDataDir: string;
  /** Its windows that are open now. */
  windows(): Promise<readonly Page[]>;
  /** Opens a window, on the folder it was started with unless another is given, and waits until it can be used and its extension host runs. */
  open(folder?: string): Promise<Page>;
  /** Reloads a window, as after a crash, and waits until it can be used with a new extension host. */
  reload(page: Page): Promise<void>;
  /** Process ids of its extension hosts, one per window. */
  hostPids(): Promise<number[]>;
  /** Kills all extension hosts at once, as a crash would; `reload` the windows afterwards. */
  killExtensionHosts(): Promise<void>;
  /** The text of all log files whose path below `logs/` matches, one after the other. */
  logs(path: RegExp): Promise<string>;
  /** Closes its windows and ends all its processes; they are gone afterwards. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const quietSettings = {
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Variables of this process that VS Code may see. */
const passedOn = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "SystemRoot"];

/** The VS Code version that this test process is to run in: its first argument, or the newest one. */
export function versionUnderTest(): VsCodeVersion {
  const wanted = process.argv[2] ?? newestVsCode;
  const version = vscodeVersions.find((each) => each === wanted);
  if (version === undefined)
    throw new Error(`there is no VS Code ${wanted} here; it can be ${vscodeVersions.join(" or ")}`);
  return version;
}

function environmentFor(home: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { HOME: home };
  for (const name of passedOn) if (process.env[name] !== undefined) env[name] = process.env[name];
  return { ...env, ...extra };
}

/**
 * Writes the settings files. VS Code in a browser is a remote one: what has scope "machine" counts only in the
 * machine's settings, all else is read from the user's.
 */
async function writeSettings(userDataDir: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const ofMachine = ([name]: [string, unknown]): boolean => declared[name]?.scope === "machine";
  const all = Object.entries(settings);
  const files = { Machine: all.filter(ofMachine), User: all.filter((entry) => !ofMachine(entry)) };
  for (const [folder, entries] of Object.entries(files)) {
    await mkdir(join(userDataDir, folder), { recursive: true });
    await writeFile(
      join(userDataDir, folder, "settings.json"),
      JSON.stringify(Object.fromEntries(entries), undefined, 2),
    );
  }
}

/** Waits until the server says where it listens. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const collect = (chunk: Buffer): void => {
      printed += chunk.toString();
      const address = /HTTP server listening on (http:\/\/[\d.:]+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    };
    server.stdout?.on("data", collect);
    server.stderr?.on("data", collect);
    server.on("error", reject);
    server.on("exit", (code, signal) => reject(new Error(`VS Code ended (${signal ?? code}):\n${printed}`)));
  });
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}

/** Ends a process group that was started detached, whatever of it is still there. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/**
 * Installs the packaged product where {@link startVsCode} finds it, for tests that start several VS Codes at once.
 * @throws CommandFailed when VS Code refuses it
 */
export async function installProduct(version: VsCodeVersion): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "wan-home-"));
  try {
    await extensionsFolder(await setUpVsCode(version, console.error), environmentFor(home, {}));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Starts a VS Code in its own world: a fresh user data folder and home, a controlled environment, the packaged product
 * and the companion installed. Windows are opened with `open()`.
 * @throws Error when the product is not packaged or VS Code does not start
 */
export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  if (!existsSync(vsixFile)) throw new Error(`${vsixFile} is missing: npm test -- package makes it`);
  const installed = await setUpVsCode(options.version, console.error);
  const scratch = await mkdtemp(join(tmpdir(), "wan-vscode-"));
  const userDataDir = join(scratch, "user-data");
  const home = join(scratch, "home");
  const bridgeFile = join(scratch, "bridge", "hosts.jsonl");
  for (const folder of [home, join(scratch, "bridge")]) await mkdir(folder, { recursive: true });
  const trust = options.untrusted
    ? { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" }
    : { "security.workspace.trust.enabled": false };
  await writeSettings(userDataDir, { ...quietSettings, ...trust, ...options.settings });

  const extensions = await extensionsFolder(installed, environmentFor(home, {}));
  const bundled = options.fewBundled ? ["--builtin-extensions-dir", await fewBundledFolder(installed)] : [];
  const server = spawn(
    installed.node,
    [
      installed.entry,
      ...["--auth", "none", "--bind-addr", "127.0.0.1:0"],
      ...["--user-data-dir", userDataDir, "--extensions-dir", extensions, ...bundled],
      ...[
        "--disable-telemetry",
        "--disable-update-check",
        ...(options.untrusted ? [] : ["--disable-workspace-trust"]),
        "--disable-getting-started-override",
      ],
      options.folder,
    ],
    {
      cwd: scratch,
      env: environmentFor(home, { ...options.env, WAN_TEST_BRIDGE: bridgeFile }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    },
  );
  const address = await addressOf(server);
  const serverPid = server.pid;
  if (serverPid === undefined) throw new Error("VS Code has no process id");
  const endWithUs = (): void => killGroup(serverPid, "SIGKILL");
  process.once("exit", endWithUs);

  const urlFor = (folder: string): string => `${address}/?folder=${encodeURIComponent(folder)}`;
  let profile: Promise<BrowserContext> | undefined;
  const bridge = bridgeOver(bridgeFile);

  const dispose = async (): Promise<void> => {
    await (await profile)?.close();
    killGroup(serverPid, "SIGTERM");
    await gone(server);
    killGroup(serverPid, "SIGKILL");
    process.removeListener("exit", endWithUs);
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  };

  return {
    ...bridge,
    version: options.version,
    url: urlFor(options.folder),
    userDataDir,
    windows: async () => (await profile)?.pages() ?? [],
    open: async (folder = options.folder) => {
      profile ??= newProfile();
      const page = await (await profile).newPage();
      await bridge.untilHostRuns(() => page.goto(urlFor(folder)));
      await workbenchReady(page);
      return page;
    },
    reload: async (page) => {
      await bridge.untilHostRuns(() => page.reload());
      // What was open beside the editors when VS Code last wrote its layout down is no matter of ours.
      await bridge.command("workbench.view.explorer");
      await workbenchReady(page);
    },
    hostPids: () => extensionHostsBelow(serverPid),
    killExtensionHosts: async () => {
      for (const pid of await extensionHostsBelow(serverPid)) process.kill(pid, "SIGKILL");
    },
    logs: async (path) => {
      const folder = join(userDataDir, "logs");
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      const wanted = names.filter((name) => name.endsWith(".log") && path.test(name)).sort();
      return (await Promise.all(wanted.map((name) => readFile(join(folder, name), "utf8")))).join("");
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
