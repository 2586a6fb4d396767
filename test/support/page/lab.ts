/** What all files of panel tests share: the built page and who serves it, the browser, the pictures. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { pageHtml } from "../../../src/ui/panel/html.ts";
import { buildPage, type Media, makeMedia } from "./fixtures.ts";

export interface Lab {
  /** Where the page is served. As in VS Code, one whose decoders the browser does not withhold. */
  readonly origin: string;
  /** Address at which Playwright reaches the browser. */
  readonly browser: string;
  readonly media: Media;
}

/** Names, for the processes of test files, the file that describes the lab that they share. */
const shared = "PANEL_LAB";

/** The lab that another process opened for this one, if any. */
export async function sharedLab(): Promise<Lab | undefined> {
  const file = process.env[shared];
  return file === undefined ? undefined : JSON.parse(await readFile(file, "utf8"));
}

/** Builds the page, makes the pictures and starts the browser. Processes started from now on share them, until disposal. */
export async function openLab(executablePath: string): Promise<Lab & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "flf-panel-"));
  const [media, browser, server] = await Promise.all([
    makeMedia(folder),
    chromium.launchServer({
      executablePath,
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ],
    }),
    servePage(),
  ]);
  const lab: Lab = { origin: server.origin, browser: browser.wsEndpoint(), media };
  const file = join(folder, "lab.json");
  await writeFile(file, JSON.stringify(lab));
  process.env[shared] = file;
  return {
    ...lab,
    async [Symbol.asyncDispose]() {
      delete process.env[shared];
      await browser.close();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A translation that shows which texts are translated: each stands in ‹marks›. */
async function markedTexts(): Promise<Record<string, string>> {
  const texts: Record<string, string | { message: string }> = JSON.parse(
    await readFile("l10n/bundle.l10n.json", "utf8"),
  );
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, `‹${typeof text === "string" ? text : text.message}›`]),
  );
}

async function servePage(): Promise<{ readonly origin: string; close(): void }> {
  const { script, frames, style, icons, font } = await buildPage();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", origin);
    const [type, body] = files[pathname] ?? [];
    // What the page loads stays in the browser's cache, with the code compiled.
    const headers = type === "text/html" ? {} : { "Cache-Control": "max-age=86400" };
    response.writeHead(body === undefined ? 404 : 200, type === undefined ? {} : { "Content-Type": type, ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert(address !== null && typeof address === "object");
  const origin = `http://127.0.0.1:${address.port}`;
  const html = (title: string, bundle?: Record<string, string>) =>
    pageHtml({
      cspSource: origin,
      script: `${origin}/panel.js`,
      style: `${origin}/panel.css`,
      icons: `${origin}/codicon.css`,
      nonce: "nonce",
      language: "en",
      bundle,
      title,
    });
  const files: Record<string, readonly [type: string, body: string | Buffer]> = {
    "/": ["text/html", html("Video from Start and End Image")],
    "/translated": ["text/html", html("‹Video from Start and End Image›", await markedTexts())],
    "/panel.js": ["text/javascript", script],
    "/frames.js": ["text/javascript", frames],
    "/panel.css": ["text/css", style],
    "/codicon.css": ["text/css", icons],
    "/codicon.ttf": ["font/ttf", font],
    "/favicon.ico": ["image/x-icon", ""],
  };
  return {
    origin,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
