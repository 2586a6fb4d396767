import { type Browser, type BrowserContext, chromium } from "playwright-core";
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

/** A fresh browser profile in the one Chromium of this process. Its windows are 1440 by 900 CSS pixels. */
export async function newProfile(): Promise<BrowserContext> {
  shared ??= launch();
  const context = await (await shared).newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/** Ends the Chromium of this process, if one was started. */
export async function closeBrowser(): Promise<void> {
  const browser = shared;
  shared = undefined;
  await (await browser)?.close();
}
