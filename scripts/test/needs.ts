import { installProduct } from "../../test/support/vscode/vscode.ts";
import { setUpChromium } from "../setup/chromium.ts";
import { setUpServers } from "../setup/servers.ts";
import { setUpVsCode, type VsCodeVersion } from "../setup/vscode.ts";
import type { Need } from "./suite.ts";

const log = (line: string): void => console.log(`set-up: ${line}`);

/** Does the work for each key when it is first asked for. */
function onceEach<Key>(work: (key: Key) => Promise<unknown>): (key: Key) => Promise<unknown> {
  const begun = new Map<Key, Promise<unknown>>();
  return (key) => {
    const running = begun.get(key) ?? work(key);
    begun.set(key, running);
    return running;
  };
}

const browser = onceEach(() => setUpChromium(log));
export const chromium: Need = () => browser(undefined);

const programs = onceEach(() => setUpServers(log));
export const servers: Need = () => programs(undefined);

let last: Promise<unknown> = Promise.resolve();
const installed = onceEach((version: VsCodeVersion) => {
  // One after the other: two at once would only share the cores that the suites run on.
  last = last.catch(() => undefined).then(() => setUpVsCode(version, log));
  return last;
});

/** A VS Code of that version, and what every test in one needs. */
export const vsCode = (version: VsCodeVersion): readonly Need[] => [chromium, servers, () => installed(version)];

/** Installs the packaged product into a VS Code that is set up, once. */
export const productIn = onceEach(installProduct);
