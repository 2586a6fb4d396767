import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { root } from "../../../scripts/paths.ts";
import type { Side } from "../../../src/shared/model/side.ts";
import { type LedgerRequest, type Service, startService } from "../../support/service/service.ts";
import { closeBrowser } from "../../support/vscode/browser.ts";
import { openPair } from "../../support/vscode/mainJob.ts";
import { startVsCode, type VsCode, versionUnderTest } from "../../support/vscode/vscode.ts";
import { panelFrame } from "../../support/vscode/workbench.ts";
import { type Canvas, mapped, scene } from "../../unit/images/render.ts";
import { pngOf } from "./pixels.ts";

/** A video on its way: its place on the panel's stage, and what the service knows of it. */
export interface Ordered {
  readonly id: string;
  /** There while the video is on the stage. */
  readonly card: Locator;
  readonly request: LedgerRequest;
}

/** The images of the folder `known`, by name, as they are to be seen: opaque, in sRGB. */
const knownImages = {
  "wide_start.png": scene({ width: 900, height: 500 }),
  "tall_end.png": scene({ width: 520, height: 800 }, 4),
};
export type Known = keyof typeof knownImages;

/** The pixels of a known image as a person sees them: on white where it is transparent. */
export function seen(name: Known): Canvas {
  return mapped(knownImages[name], 3, ([r = 0, g = 0, b = 0, alpha = 255]) =>
    [r, g, b].map((value) => (value * alpha + 255 * (255 - alpha)) / 255),
  );
}

async function makeProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wan-panel-"));
  await cp(join(root, "test", "support", "project"), folder, { recursive: true });
  await mkdir(join(folder, "known"));
  for (const [name, canvas] of Object.entries(knownImages)) {
    await writeFile(join(folder, "known", name), await pngOf(canvas));
  }
  await writeFile(join(folder, "page.html"), "<main></main>\n");
  await writeFile(join(folder, "notes.md"), "# Notes\n");
  return folder;
}

/** The one VS Code that all tests of the panel share, and the service behind it, whose runs the tests move on by hand. */
export class PanelDesk {
  readonly #folder: string;
  readonly #service: Service;
  readonly #code: VsCode;
  readonly #page: Page;

  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: AsyncDisposableStack,
    { folder, service, code, page }: { folder: string; service: Service; code: VsCode; page: Page },
  ) {
    this.#parts = parts;
    this.#folder = folder;
    this.#service = service;
    this.#code = code;
    this.#page = page;
  }

  /** Starts all of it, or leaves nothing of it running. */
  static async start(): Promise<PanelDesk> {
    await using parts = new AsyncDisposableStack();
    const folder = await makeProject();
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const service = parts.use(await startService({ timing: { queueMs: null, runMs: null } }));
    parts.defer(closeBrowser);
    const code = parts.use(
      await startVsCode({
        version: versionUnderTest(),
        folder,
        fewBundled: true,
        settings: {
          "wanFlf2v.apiBaseUrl": service.url,
          // The language server for HTML that this VS Code carries does not start.
          "files.associations": { "*.html": "plaintext" },
          "workbench.activityBar.location": "hidden",
          "workbench.colorTheme": "Default Dark Modern",
        },
        env: { RUNCOMFY_TOKEN: service.token },
      }),
    );
    const page = await code.open();
    return new PanelDesk(parts.move(), { folder, service, code, page });
  }

  get folder(): string {
    return this.#folder;
  }
  get service(): Service {
    return this.#service;
  }
  get code(): VsCode {
    return this.#code;
  }
  get page(): Page {
    return this.#page;
  }
  get panel(): FrameLocator {
    return panelFrame(this.#page);
  }
  get prompt(): Locator {
    return this.panel.getByRole("textbox", { name: "Prompt" });
  }
  get generateButton(): Locator {
    return this.panel.getByRole("button", { name: /^Generate/ });
  }

  /** The part of the panel that belongs to one image. */
  side(side: Side): Locator {
    return this.panel.getByRole("region", { name: side === "start" ? "Start Image" : "End Image" });
  }

  /** Puts a draft into the panel as the command does, for tests of what comes after it. */
  async open(start: string, end: string): Promise<void> {
    await openPair(this.#code, this.#page, [join(this.#folder, start), join(this.#folder, end)]);
  }

  /** Sets one of VS Code's settings for the user; without a value, resets it. */
  async configure(section: string, name: string, value?: unknown): Promise<void> {
    await this.#code.inHost(
      (vscode, change) =>
        vscode.workspace.getConfiguration(change.section).update(change.name, change.value ?? undefined, true),
      { section, name, value },
    );
  }

  /** Brings the form to the stage. */
  async compose(): Promise<void> {
    const edit = this.panel.getByRole("button", { name: "Edit", exact: true });
    if ((await edit.count()) > 0) {
      await edit.click();
    }
    await this.prompt.waitFor();
  }

  /** Puts a video on the stage, if it is not there. */
  async watch({ id, card }: Ordered): Promise<void> {
    if ((await card.count()) === 0) {
      await this.panel.locator(`flf-gallery [data-job="${id}"]`).click();
    }
    await card.waitFor();
  }

  /**
   * Starts a video and waits until it stands in the queue, on the stage.
   * @param press what starts it; a click on Generate when left out
   */
  async order(press?: () => Promise<void>): Promise<Ordered> {
    const article = this.panel.locator("flf-stage article");
    const before = (await article.count()) === 0 ? "none" : await article.getAttribute("data-job");
    if (press === undefined) {
      await this.compose();
      await this.generateButton.click();
    } else {
      const standing = this.panel.locator(`article[data-job="${before}"]`);
      do {
        // The page ignores a press that follows a turn of the stage so soon that it may have been meant for what was there before.
        await press();
      } while ((await standing.count()) > 0);
    }
    const queued = this.panel.locator(`article[data-state="queued"]:not([data-job="${before}"])`);
    const id = await queued.getAttribute("data-job");
    const request = this.#service.requests().at(-1);
    assert.ok(request !== undefined && id !== null);
    return { id, card: this.panel.locator(`article[data-job="${id}"]`), request };
  }

  /** Lets the service finish a video, and waits until the panel has it. */
  async finish({ card, request }: Ordered): Promise<void> {
    await this.#service.advance("completed", request.requestId);
    await card.and(this.panel.locator('[data-state="saved"]')).waitFor();
  }

  async stop(): Promise<void> {
    await this.#parts.disposeAsync();
  }
}
