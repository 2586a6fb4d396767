import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../../scripts/paths.ts";
import { type Service, startService } from "../../support/service/service.ts";
import { closeBrowser } from "../../support/vscode/browser.ts";
import { startVsCode, type VsCode, type VsCodeOptions, versionUnderTest } from "../../support/vscode/vscode.ts";
import { runCommand } from "../../support/vscode/workbench.ts";

/** The one VS Code that all tests around the panel share, on the sample project, and the service behind it. */
export class Desk {
  /** Away from the seeds that tests name. */
  #seed = 10_000;
  readonly folder: string;
  /** Where the product looks for the token of RunComfy's command-line client; empty at first. */
  readonly clientFolder: string;
  service: Service;
  readonly code: VsCode;
  /** The window that is worked in. */
  page: Page;

  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: AsyncDisposableStack,
    { folder, clientFolder, service, code, page }: Pick<Desk, "folder" | "clientFolder" | "service" | "code" | "page">,
  ) {
    this.#parts = parts;
    this.folder = folder;
    this.clientFolder = clientFolder;
    this.service = service;
    this.code = code;
    this.page = page;
  }

  /**
   * Opens all of it, or leaves nothing of it open.
   * @param options how VS Code is to be, where it matters
   */
  static async open(options: Pick<VsCodeOptions, "fewBundled"> = {}): Promise<Desk> {
    await using parts = new AsyncDisposableStack();
    const folder = await sampleProject();
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const clientFolder = await mkdtemp(join(tmpdir(), "wan-client-"));
    parts.defer(() => rm(clientFolder, { recursive: true, force: true }));
    const service = parts.use(await startService());
    parts.defer(closeBrowser);
    const code = parts.use(
      await startVsCode({
        version: versionUnderTest(),
        folder,
        settings: { "wanFlf2v.apiBaseUrl": service.url },
        env: { RUNCOMFY_CONFIG_DIR: clientFolder },
        ...options,
      }),
    );
    const page = await code.open();
    return new Desk(parts.move(), { folder, clientFolder, service, code, page });
  }

  /** Sets one of the product's settings for the user; without a value, resets it. */
  async configure(name: string, value?: unknown): Promise<void> {
    await this.code.inHost(
      (vscode, set) => vscode.workspace.getConfiguration("wanFlf2v").update(set.name, set.value ?? undefined, true),
      { name, value },
    );
  }

  /** Calls `wanFlf2v.generate` with the sample's pair, as another extension would, each time another video; gives the job's id. */
  generate(more: object = {}): Promise<unknown> {
    this.#seed += 1;
    return this.code.command("wanFlf2v.generate", {
      start: join(this.folder, "images/lighthouse_start.png"),
      end: join(this.folder, "images/lighthouse_end.png"),
      prompt: "night falls",
      parameters: { resolution: "480x480 (1:1)", seed: this.#seed },
      ...more,
    });
  }

  /** Starts a service, which knows of no earlier one's requests, where the one before it was closed. */
  async restartService(): Promise<void> {
    const { url, token } = this.service;
    this.service = this.#parts.use(await startService({ port: Number(new URL(url).port), token }));
  }

  /** Closes what an earlier test has opened, and takes its messages away. */
  async clear(): Promise<void> {
    await runCommand(this.page, "View: Close All Editors");
    await runCommand(this.page, "Notifications: Clear All Notifications");
  }

  async close(): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

/** A fresh copy of the sample project; gives its absolute path. */
export async function sampleProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wan-desk-"));
  await cp(join(root, "test", "support", "project"), folder, { recursive: true });
  return folder;
}
