/**
 * The panel's real page in a real browser, talking to the panel's real host side. Only VS Code is played: the line
 * between the two, the colors, the kept state; and the product behind the panel, by what each test says it does.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, type ConsoleMessage, chromium, type Page } from "playwright-core";
import { resultsFolder } from "../../../scripts/paths.ts";
import { setUpChromium } from "../../../scripts/setup/chromium.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { PanelSession } from "../../../src/ui/panel/session.ts";
import type { Media } from "./fixtures.ts";
import { type Lab, openLab, sharedLab } from "./lab.ts";
import { PlayedProduct } from "./product.ts";
import { type Theme, themes } from "./themes.ts";

/** A browser's page with its line to the host of the panel that it shows. */
interface Window {
  readonly page: Page;
  toHost: (message: { request: { kind: string } }) => unknown;
}

/**
 * The panels of a file of tests. One after the other, they are shown in the same windows: a new one takes a second. Their
 * user wants nothing to move by itself, since without a graphics card each picture drawn takes a part of the processor; a
 * test of what moves is run `withMotion`.
 */
export class PanelLab {
  readonly media: Media;
  readonly #lab: Lab;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #own: AsyncDisposable | undefined;
  readonly #free: Window[] = [];
  #opened = 0;

  /** Uses the lab that is shared by all files, or opens one where a file runs by itself. */
  static async start(): Promise<PanelLab> {
    const common = await sharedLab();
    if (common !== undefined) return await PanelLab.#in(common, undefined);
    const own = await openLab(await setUpChromium(console.log));
    return await PanelLab.#in(own, own);
  }

  static async #in(lab: Lab, own: AsyncDisposable | undefined): Promise<PanelLab> {
    const browser = await chromium.connect(lab.browser);
    const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce" });
    await context.addInitScript(playVsCode, themes);
    return new PanelLab(lab, browser, context, own);
  }

  private constructor(lab: Lab, browser: Browser, context: BrowserContext, own: AsyncDisposable | undefined) {
    this.media = lab.media;
    this.#lab = lab;
    this.#browser = browser;
    this.#context = context;
    this.#own = own;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#own?.[Symbol.asyncDispose]();
  }

  /**
   * Opens a panel for a test, and afterwards looks whether its page or its host complained about anything. What a test
   * changes about the page beyond its size, theme and content (init scripts, routes) it takes back itself.
   */
  async with(options: PanelOptions, use: (panel: OpenPanel) => Promise<void>): Promise<void> {
    const { close, ...panel } = await this.#open(options);
    let isWell = false;
    try {
      await use(panel);
      assert.deepEqual(panel.troubles, []);
      assert.deepEqual(panel.product.faults, []);
      isWell = true;
    } finally {
      await close(isWell);
    }
  }

  /** Fills in everything that a video needs. */
  async fillIn({ session, page }: OpenPanel): Promise<void> {
    const { start, end } = this.media;
    session.patchDraft({ start, end, prompt: "The sun sinks and the windows light up." });
    await page.locator("svg image").nth(1).waitFor();
  }

  /** Opens a panel in a window of its own. */
  async open(options: PanelOptions): Promise<OpenPanel> {
    return await this.#open(options);
  }

  async #open(options: PanelOptions): Promise<OpenPanel & { close(reuse: boolean): Promise<void> }> {
    const { theme = themes.dark, width = 1000, height = 900, product = new PlayedProduct(this.media) } = options;
    const window = this.#free.pop() ?? (await this.#newWindow());
    const { page } = window;
    const session = new PanelSession(product.deps, {
      post: (message) => void page.evaluate(receive, encoded(message)).catch(() => undefined),
      readFile: async (path) => {
        await product.videoGate;
        return await readFile(path.startsWith("/project/") ? this.media.video : path);
      },
      runCommand: async (command, setting) => {
        const said = product.run(command, setting);
        await product.commandGate;
        return said;
      },
      pathOf: (uri) => {
        if (!uri.startsWith("file:")) {
          throw new ProblemError({ code: "notAFile", name: uri, reason: "web" });
        }
        return fileURLToPath(uri);
      },
      relativePath: (path) => path.replace("/project/", ""),
      notify: (problem, kind) => product.notified.push({ kind, problem }),
    });
    if (options.shown !== undefined) {
      session.showJob(options.shown);
    }
    const troubles: string[] = [];
    const onError = (error: Error) => troubles.push(String(error));
    const onConsole = (message: ConsoleMessage) => {
      if (message.type() === "error" || message.type() === "warning") {
        troubles.push(message.text());
      }
    };
    page.on("pageerror", onError);
    page.on("console", onConsole);
    const asked: string[] = [];
    window.toHost = (message) => {
      asked.push(message.request.kind);
      return session.receive(message);
    };
    await page.setViewportSize({ width, height });
    this.#opened += 1;
    const added = options.first && (await page.addInitScript(options.first));
    await page.goto(
      `${this.#lab.origin}/${options.translated === true ? "translated" : ""}?theme=${theme.name}&panel=${this.#opened}`,
    );
    await page.locator("main").waitFor();
    const close = async (reuse: boolean) => {
      session.dispose();
      await added?.dispose();
      if (reuse) {
        window.toHost = () => undefined;
        await page.mouse.move(0, 0);
        await page.goto("about:blank");
        page.off("pageerror", onError);
        page.off("console", onConsole);
        this.#free.push(window);
      } else {
        const words = await page.locator("body").ariaSnapshot({ timeout: 2000 }).catch(String);
        const path = join(resultsFolder, "page", `failed-${Date.now()}.png`);
        await page.screenshot({ path, timeout: 2000 }).catch(() => undefined);
        console.log(
          `the panel that failed (${path}) was asked for ${asked.join(", ")}, complained of ${troubles.join(", ")}:\n${words}`,
        );
        await page.close();
      }
    };
    return { page, session, product, asked, troubles, close };
  }

  async #newWindow(): Promise<Window> {
    const page = await this.#context.newPage();
    const window: Window = { page, toHost: () => undefined };
    await page.exposeFunction("toHost", (message: { request: { kind: string } }) => window.toHost(message));
    return window;
  }
}

/** Changes the theme of an open panel, as VS Code does when the user chooses another. */
export async function retheme({ page }: OpenPanel, theme: Theme): Promise<void> {
  await page.evaluate((name) => Reflect.get(window, "setTheme")(name), theme.name);
}

export interface PanelOptions {
  readonly theme?: Theme;
  /** Of the window, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly product?: PlayedProduct;
  /** The job on the stage; without it, the form is there. */
  readonly shown?: string;
  /** In a language that writes every English text in ‹marks›. */
  readonly translated?: boolean;
  /** Runs in the page before the page's own script. */
  readonly first?: () => void;
}

export interface OpenPanel {
  readonly page: Page;
  readonly session: PanelSession;
  readonly product: PlayedProduct;
  /** The kinds of all requests of the page. */
  readonly asked: readonly string[];
  /** Errors and warnings of the page's console, a breach of its content policy among them. */
  readonly troubles: string[];
}

/** Waits until a check of the page holds. */
export async function eventually(page: Page, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await check())) {
    assert.ok(Date.now() < end, "waited in vain");
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Bytes cannot cross into the page as they are: they go as base64. */
function encoded(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, part: unknown) {
    // A Buffer has turned itself into something else by the time it gets here.
    const met = this[key];
    return met instanceof Uint8Array ? { base64: Buffer.from(met).toString("base64") } : part;
  });
}

/** Runs in the page: what VS Code does with a message to it. */
function receive(text: string): void {
  const message: unknown = JSON.parse(text, (_key, part) =>
    typeof part?.base64 === "string" ? Uint8Array.from(atob(part.base64), (byte) => byte.charCodeAt(0)) : part,
  );
  window.postMessage(message);
}

/** Runs in the page before its own script: VS Code's API, and its themes, the first of which the address names. */
function playVsCode(known: typeof themes): void {
  // Each panel keeps its own state, over a reload as well.
  const key = `state ${location.search}`;
  const setTheme = (name: string | null) => {
    const theme = Object.values(known).find((each) => each.name === name);
    if (theme === undefined) return;
    document.body.className = theme.bodyClass;
    for (const [color, value] of Object.entries(theme.colors)) {
      document.documentElement.style.setProperty(`--vscode-${color}`, value);
    }
    document.documentElement.style.background = theme.colors["editor-background"] ?? "";
  };
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => void Reflect.get(window, "toHost")(message),
      getState: () => JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
    }),
    setTheme,
  });
  document.addEventListener("securitypolicyviolation", (breach) => console.error(breach.violatedDirective));
  document.addEventListener("DOMContentLoaded", () => setTheme(new URLSearchParams(location.search).get("theme")));
}
