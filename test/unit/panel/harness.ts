/**
 * The panel's real page in a real browser, talking to the panel's real host side. Only VS Code is played: the line
 * between the two, the colours, the kept state; and the product behind the panel, by what each test says it does.
 */
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { pageHtml } from "../../../src/ui/panel/html.ts";
import { PanelSession } from "../../../src/ui/panel/session.ts";
import { type BuiltPage, buildPage, loadTexts, type Media, makeMedia } from "./fixtures.ts";
import { PlayedProduct } from "./product.ts";
import { type Theme, themes } from "./themes.ts";

// As in VS Code, a page whose decoders the browser does not withhold.
const origin = "https://panel.test";

/** Everything that the tests share: the built page, the browser, the pictures. */
export class PanelLab {
  readonly media: Media;
  readonly #page: BuiltPage;
  readonly #texts: Awaited<ReturnType<typeof loadTexts>>;
  readonly #browser: Browser;

  static async start(): Promise<PanelLab> {
    const [page, texts, media, browser] = await Promise.all([
      buildPage(),
      loadTexts(),
      makeMedia(),
      chromium.launch({
        executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
        args: [
          ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
          ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
        ],
      }),
    ]);
    return new PanelLab(page, texts, media, browser);
  }

  private constructor(page: BuiltPage, texts: Awaited<ReturnType<typeof loadTexts>>, media: Media, browser: Browser) {
    this.#page = page;
    this.#texts = texts;
    this.media = media;
    this.#browser = browser;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await rm(dirname(this.media.start), { recursive: true });
  }

  /** Opens a panel for a test, and afterwards looks whether its page or its host complained about anything. */
  async with(options: PanelOptions, use: (panel: OpenPanel) => Promise<void>): Promise<void> {
    const panel = await this.open(options);
    try {
      await use(panel);
      assert.deepEqual(panel.troubles, []);
      assert.deepEqual(panel.product.faults, []);
    } finally {
      await panel.page.close();
    }
  }

  /** Fills in everything that a video needs. */
  async fillIn({ session, page }: OpenPanel): Promise<void> {
    const { start, end } = this.media;
    session.patchDraft({ start, end, prompt: "The sun sinks and the windows light up." });
    await page.locator("svg image").nth(1).waitFor();
  }

  /** Opens the panel in a window of its own. */
  async open(options: PanelOptions): Promise<OpenPanel> {
    const { theme = themes.dark, width = 1000, height = 900, product = new PlayedProduct(this.media) } = options;
    const page = await this.#browser.newPage({ viewport: { width, height }, locale: "en-US" });
    const session = new PanelSession(product.deps, {
      ...this.#texts,
      language: "en",
      post: (message) => void page.evaluate(receive, encoded(message)).catch(() => undefined),
      readFile: async (path) => await readFile(path.startsWith("/project/") ? this.media.video : path),
      runCommand: async (command) => void product.commands.push(command),
      pathOf: (uri) => (uri.startsWith("file:") ? fileURLToPath(uri) : undefined),
      relativePath: (path) => path.replace("/project/", ""),
    });
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        troubles.push(message.text());
      }
    });
    const asked: string[] = [];
    await page.exposeFunction("toHost", (message: { request: { kind: string } }) => {
      asked.push(message.request.kind);
      return session.receive(message);
    });
    await page.addInitScript(playVsCode, theme);
    const html = pageHtml({
      cspSource: origin,
      script: `${origin}/panel.js`,
      style: `${origin}/panel.css`,
      icons: `${origin}/codicon.css`,
      nonce: "nonce",
      language: "en",
      title: this.#texts.strings.title,
    });
    const files: Record<string, { contentType: string; body: string | Buffer }> = {
      "/": { contentType: "text/html", body: html },
      "/panel.js": { contentType: "text/javascript", body: this.#page.script },
      "/review.js": { contentType: "text/javascript", body: this.#page.review },
      "/panel.css": { contentType: "text/css", body: this.#page.style },
      "/codicon.css": { contentType: "text/css", body: this.#page.icons },
      "/codicon.ttf": { contentType: "font/ttf", body: this.#page.font },
      "/favicon.ico": { contentType: "image/x-icon", body: "" },
    };
    await page.route(`${origin}/**`, async (route) => {
      const file = files[new URL(route.request().url()).pathname];
      await route.fulfill(file ?? { status: 404 });
    });
    await page.goto(`${origin}/`);
    await page.locator("main").waitFor();
    return { page, session, product, asked, troubles };
  }
}

export interface PanelOptions {
  readonly theme?: Theme;
  /** Of the window, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly product?: PlayedProduct;
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

/** Runs in the page before its own script: VS Code's API, and the theme. */
function playVsCode(theme: Theme): void {
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => void Reflect.get(window, "toHost")(message),
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem("state", JSON.stringify(state)),
    }),
  });
  document.addEventListener("securitypolicyviolation", (breach) => console.error(breach.violatedDirective));
  document.addEventListener("DOMContentLoaded", () => {
    document.body.classList.add(...theme.bodyClass.split(" "));
    for (const [name, value] of Object.entries(theme.colors)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.documentElement.style.background = theme.colors["editor-background"] ?? "";
  });
}
