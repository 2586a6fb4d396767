import { dirname, join } from "node:path";

/** The project's folder. */
export const root = dirname(import.meta.dirname);

/** What esbuild makes and the VSIX carries. */
export const distFolder = join(root, "dist");

/** Reports, screenshots, logs and the VSIX of the last run. */
export const resultsFolder = join(root, "test-results");

/** Where the VS Codes that the tests run in are installed. */
export const vscodeCache = join(root, ".vscode-test");

/** The packaged extension. */
export const vsixFile = join(resultsFolder, "wan-flf2v.vsix");
