import { installPackages } from "./apt.ts";
import { findProgram, isExecutable } from "./programs.ts";
import { CommandFailed } from "./run.ts";

/** The shell first: it has no window to draw, which makes the tests faster by a tenth or more. */
const commands = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];

const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function findChromium(): string | undefined {
  const asked = process.env.CHROME_PATH;
  if (asked !== undefined && asked !== "") {
    if (isExecutable(asked)) return asked;
    throw new Error(`CHROME_PATH is ${asked}, which is no program that can be run`);
  }
  return findProgram(commands) ?? applications.find(isExecutable);
}

/** Debian's packages, the first of which only newer ones have. */
const packages = ["chromium-headless-shell", "chromium"];

async function install(): Promise<void> {
  let refusal: unknown;
  for (const name of packages) {
    try {
      return await installPackages([name]);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      refusal ??= error;
    }
  }
  throw new Error("Chromium is missing: install Chromium or Chrome, or name one in CHROME_PATH", { cause: refusal });
}

/**
 * Finds a Chromium to show VS Code in: the one named by CHROME_PATH, else one on PATH, else one in the usual places;
 * where there is none and apt-get may be used without a password, installs Debian's.
 * @returns the program's absolute path
 * @throws Error when there is none and it cannot be installed, saying what to do
 */
export async function setUpChromium(log: (line: string) => void): Promise<string> {
  const present = findChromium();
  if (present !== undefined) return present;
  log("installing Chromium with apt-get");
  await install();
  const installed = findChromium();
  if (installed === undefined) throw new Error("apt-get installed Chromium, but it is not on PATH: set CHROME_PATH");
  return installed;
}
