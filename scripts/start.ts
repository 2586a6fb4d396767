import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readFacts } from "../src/output/verify.ts";
import { startService } from "../test/support/service/service.ts";
import { closeBrowser, withMotion } from "../test/support/vscode/browser.ts";
import { doMainJob } from "../test/support/vscode/mainJob.ts";
import { startVsCode } from "../test/support/vscode/vscode.ts";
import { screenshot } from "../test/support/vscode/workbench.ts";
import { build } from "./build.ts";
import { checkPackage } from "./package.ts";
import { root } from "./paths.ts";
import { setUpChromium } from "./setup/chromium.ts";
import { newestVsCode, setUpVsCode } from "./setup/vscode.ts";

// `npm start`: makes a video from two sample images in a real VS Code, with the local service in RunComfy's place. No
// account is needed and nothing is paid. In a terminal VS Code stays open; `npm start -- --json` ends with one line of
// JSON about what was made.

const start = "images/lighthouse_start.png";
const end = "images/lighthouse_end.png";

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const started = performance.now();
const interrupted = Promise.withResolvers<never>();
interrupted.promise.catch(() => undefined);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.reject(new Error("interrupted")));
}
const say = (line: string): void => console.log(line);

say("setting up");
await Promise.all([setUpChromium(say), setUpVsCode(newestVsCode, say), build().then(checkPackage)]);

const folder = await mkdtemp(join(tmpdir(), "wan-sample-"));
await cp(join(root, "test", "support", "project"), folder, { recursive: true });

await using stack = new AsyncDisposableStack();
stack.defer(closeBrowser);
const service = stack.use(await startService());
const code = stack.use(
  await startVsCode({
    version: newestVsCode,
    folder,
    settings: { "wanFlf2v.apiBaseUrl": service.url },
    env: { RUNCOMFY_TOKEN: service.token },
  }),
);
say(`VS Code ${code.version} shows the sample project; the local service stands in for RunComfy`);
const page = await code.open();
const begun = performance.now();
let picture: string;
let made: Awaited<ReturnType<typeof doMainJob>>;
try {
  const prompt = "the light fades slowly, the camera stands still";
  const mainJob = withMotion(page, () => doMainJob(page, { folder, start, end, prompt }));
  made = await Promise.race([mainJob, interrupted.promise]);
} finally {
  picture = await screenshot(page, code.version, "start");
  say(`screenshot: ${picture}`);
}
const seconds = Number(((performance.now() - begun) / 1000).toFixed(1));
const { width, height, frames, fps, codec } = readFacts(made.video);
const { size } = await stat(made.video);
say(`video:      ${made.video}`);
say(`            ${width}x${height}, ${frames} frames at ${fps} per second, ${codec}, ${size} bytes`);
say(`recipe:     ${made.recipe}`);
say(`made in ${seconds} s, all in all ${((performance.now() - started) / 1000).toFixed(0)} s`);
if (options.json) {
  console.log(JSON.stringify({ ...made, screenshot: picture, seconds }));
} else if (process.stdout.isTTY) {
  say(`VS Code stays open at ${code.url} (Ctrl+C ends it)`);
  await interrupted.promise.catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}
