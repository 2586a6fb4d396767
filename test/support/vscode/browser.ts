import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { setUpChromium } from "../../../scripts/setup/chromium.ts";

let shared: Promise<Browser> | undefined;

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: await setUpChromium(console.error),
    // A program with its own way to end on Ctrl+C needs the browser until then.
    handleSIGINT: process.listenerCount("SIGINT") === 0,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A fresh browser profile in the one Chromium of this process. Its windows are 1440 by 900 CSS pixels. Its user wants
 * nothing to move by itself, since without a graphics card each picture drawn takes a part of the processor; a test of
 * what moves is run {@link withMotion}.
 */
export async function newProfile(): Promise<BrowserContext> {
  shared ??= launch();
  const context = await (await shared).newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/** Does something in a window whose user does not mind motion, as most do not. */
export async function withMotion<T>(page: Page, act: () => Promise<T>): Promise<T> {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  try {
    return await act();
  } finally {
    await page.emulateMedia({ reducedMotion: "reduce" });
  }
}

/** Ends the Chromium of this process, if one was started. */
export async function closeBrowser(): Promise<void> {
  const browser = shared;
  shared = undefined;
  await (await browser)?.close();
}
