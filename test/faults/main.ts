import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { parseArgs } from "node:util";

const help = `Plays every row of the fault table against the local service.

  node test/faults/main.ts [--json] [--row TEXT]

  --row   only the rows whose name contains this
  --json  the last line is {"cases": N, "passed": N}`;

const { values } = parseArgs({
  options: { json: { type: "boolean" }, row: { type: "string" }, help: { type: "boolean" } },
});

/** Only some rows need it: volumes that are full or read-only can be mounted in a namespace of our own, and end with it. */
const inNamespace = "FAULTS_IN_NAMESPACE";

function enterNamespace(): number | null {
  const map = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const unshare = ["--mount", ...map];
  if (platform() !== "linux" || process.env[inNamespace] || spawnSync("unshare", [...unshare, "true"]).status !== 0) {
    return null;
  }
  return spawnSync("unshare", [...unshare, process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [inNamespace]: "1" },
  }).status;
}

async function play(): Promise<number> {
  process.env.FAULT_ROW = values.row ?? "";
  const files = globSync(join(import.meta.dirname, "*.test.ts"));
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const { type, data } of run({ files, concurrency: files.length })) {
    if (type === "test:diagnostic" && data.nesting > 0) {
      console.log(`      ${data.message}`);
    }
    if ((type !== "test:pass" && type !== "test:fail") || data.details.type === "suite") {
      continue;
    }
    if (data.skip !== undefined) {
      skipped += 1;
      console.log(`skip  ${data.name}`);
    } else if (type === "test:pass") {
      passed += 1;
      console.log(`ok    ${data.name}`);
    } else {
      failed += 1;
      const { cause } = data.details.error;
      console.log(`FAIL  ${data.name}\n${cause instanceof Error ? cause.message : String(cause)}\n`);
    }
  }
  console.log(
    values.json
      ? JSON.stringify({ cases: passed + failed, passed })
      : `${skipped === 0 ? "" : `${skipped} skipped, `}${passed} passed, ${failed} failed`,
  );
  return failed === 0 && passed > 0 ? 0 : 1;
}

if (values.help) {
  console.log(help);
} else {
  process.exitCode = enterNamespace() ?? (await play());
}
