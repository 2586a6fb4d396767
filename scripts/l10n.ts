import { globSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getL10nJson } from "@vscode/l10n-dev";
import { actionTable } from "../src/shared/jobs/actions.ts";
import { parameterTable } from "../src/shared/model/parameters.ts";
import { root } from "./paths.ts";
import { run } from "./setup/run.ts";

/**
 * Every string of the code that a user can see, for translators: those in `l10n.t(…)`, the parameter table's titles and
 * descriptions, and the labels of the actions on a job. `npm run l10n` writes it; a unit test holds the committed file against it.
 */
export async function collectStrings(): Promise<Record<string, unknown>> {
  const files = globSync("src/**/*.ts", { cwd: root }).sort();
  const sources = await Promise.all(
    files.map(async (file) => ({ extension: ".ts", contents: await readFile(join(root, file), "utf8") })),
  );
  const strings: Record<string, unknown> = await getL10nJson(sources);
  for (const { title, description } of Object.values(parameterTable)) {
    strings[title] = title;
    strings[description] = description;
  }
  for (const { label } of Object.values(actionTable)) {
    strings[label] = label;
  }
  return Object.fromEntries(Object.entries(strings).sort(([one], [other]) => (one < other ? -1 : 1)));
}

export const stringsFile = join(root, "l10n", "bundle.l10n.json");

if (import.meta.main) {
  await mkdir(join(root, "l10n"), { recursive: true });
  await writeFile(stringsFile, `${JSON.stringify(await collectStrings(), null, 2)}\n`);
  // The formatter puts short lists on one line.
  await run(
    process.execPath,
    [join(root, "node_modules", "@biomejs", "biome", "bin", "biome"), "format", "--write", stringsFile],
    { cwd: root },
  );
}
