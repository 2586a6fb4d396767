import { build } from "./build.ts";
import { checkPackage } from "./package.ts";
import { newestVsCode, oldestVsCode } from "./setup/vscode.ts";
import { inVsCode } from "./test/inVsCode.ts";
import { chromium, servers, vsCode } from "./test/needs.ts";
import { script, tests } from "./test/run.ts";
import { runSuites } from "./test/runSuites.ts";
import { type Suite, sum } from "./test/suite.ts";
import { unit, unitEngines, unitPlayback } from "./test/unit.ts";

// `npm test`: all suites; `npm test -- unit e2e` those whose names begin so; `npm test -- oldest` every end-to-end test in
// the oldest VS Code. Ends with `N passed, N failed`.

const suites: readonly Suite[] = [
  { name: "lint", run: async (out) => sum([await script(out, "lint"), await script(out, "unused")]) },
  // What was kept from the last run goes by the times of files, which an installed package brings along.
  { name: "types", beside: true, run: (out) => script(out, "types", "--force") },
  {
    name: "package",
    beside: true,
    run: async (out) => {
      await build();
      const { names, bytes } = await checkPackage();
      out.write(`${names.length} files, ${bytes} bytes\n`);
      return { passed: 1, failed: 0 };
    },
  },
  { name: "unit", needs: [chromium], run: unit },
  { name: "unit-engines", beside: true, run: unitEngines },
  // They wait more than they compute: all files of a suite at once keep the cores busy.
  { name: "crash", run: tests("test/crash/*.test.ts", { timeout: 240_000, concurrency: 3 }) },
  { name: "faults", run: tests("test/faults/*.test.ts", { timeout: 120_000, concurrency: 5 }) },
  // No more than a core: each seed is one thread that never waits.
  { name: "simulate", beside: true, run: tests("test/simulate/*.test.ts", { timeout: 900_000 }) },
  {
    name: "servers",
    beside: true,
    needs: [servers],
    run: tests("test/servers/**/*.test.ts", { timeout: 120_000 }),
  },
  { name: "unit-playback", alone: true, needs: [chromium], run: unitPlayback },
  // In a real VS Code, the longest first: they share the cores.
  {
    name: "panel",
    after: ["package"],
    needs: vsCode(newestVsCode),
    run: inVsCode(newestVsCode, (subject) => subject === "panel"),
  },
  {
    name: "workbench",
    beside: true,
    after: ["package"],
    needs: vsCode(newestVsCode),
    run: inVsCode(newestVsCode, (subject) => subject === "workbench"),
  },
  {
    name: "e2e-oldest",
    beside: true,
    after: ["package"],
    needs: vsCode(oldestVsCode),
    run: inVsCode(oldestVsCode, (subject) => subject === "mainJob"),
  },
  {
    name: "e2e-newest",
    beside: true,
    after: ["package"],
    needs: vsCode(newestVsCode),
    run: inVsCode(newestVsCode, (subject) => !["panel", "workbench", "mainJob"].includes(subject)),
  },
  {
    name: "oldest",
    beside: true,
    onRequest: true,
    after: ["package"],
    needs: vsCode(oldestVsCode),
    run: inVsCode(oldestVsCode, () => true),
  },
];

const prefixes = process.argv.slice(2);
const named = suites.filter(({ name, onRequest }) =>
  prefixes.length === 0 ? onRequest !== true : prefixes.some((prefix) => name.startsWith(prefix)),
);
const chosen = suites.filter(
  (suite) => named.includes(suite) || named.some(({ after }) => after?.includes(suite.name)),
);
if (chosen.length === 0) {
  console.log(`no suite is called ${prefixes.join(" or ")}\n\n0 passed, 1 failed`);
  process.exit(1);
}
await runSuites(chosen);
