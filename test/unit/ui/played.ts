import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundledAs } from "../../../scripts/bundledAs.ts";
import { root } from "../../../scripts/paths.ts";
import { settings } from "../../support/manifest.ts";

/** The parts that know VS Code, over a VS Code that is played: each by the name that tests call it. */
const parts = {
  account: "src/ui/account.ts",
  actions: "src/ui/actions.ts",
  api: "src/api.ts",
  commands: "src/commands/index.ts",
  confirm: "src/ui/confirm.ts",
  describer: "src/ui/jobDescriber.ts",
  diagnostics: "src/ui/diagnostics.ts",
  drift: "src/ui/drift.ts",
  files: "src/host/files.ts",
  heldUpNotice: "src/ui/heldUpNotice.ts",
  hosting: "src/ui/hosting.ts",
  jobChanges: "src/ui/jobChanges.ts",
  jobSentences: "src/ui/words/job.ts",
  jobsView: "src/ui/jobsView.ts",
  light: "src/commands/light.ts",
  manyJobs: "src/ui/manyJobs.ts",
  notice: "src/ui/settingsNotice.ts",
  notifications: "src/ui/notifications.ts",
  openRecipe: "src/ui/openRecipe.ts",
  panel: "src/ui/panel/panel.ts",
  picker: "src/ui/picker.ts",
  problem: "src/shared/model/problem.ts",
  problemSentences: "src/ui/words/problem.ts",
  anyRecipe: "src/host/anyRecipe.ts",
  draftRecipe: "src/ui/recipes/draftRecipe.ts",
  recipeBuild: "src/ui/recipes/recipeBuild.ts",
  recipes: "src/ui/recipes/create.ts",
  recipeTakes: "src/ui/recipes/recipeTakes.ts",
  recipeTask: "src/ui/recipes/recipeTask.ts",
  settings: "src/host/settings.ts",
  statusBar: "src/ui/statusBar.ts",
  removal: "src/ui/tokenRemoval.ts",
  taskProvider: "src/ui/recipes/taskProvider.ts",
  tokenState: "src/ui/tokenState.ts",
  vscode: "test/unit/ui/vscode.ts",
} as const;

interface Played {
  readonly account: typeof import("../../../src/ui/account.ts");
  readonly actions: typeof import("../../../src/ui/actions.ts");
  readonly api: typeof import("../../../src/api.ts");
  readonly commands: typeof import("../../../src/commands/index.ts");
  readonly confirm: typeof import("../../../src/ui/confirm.ts");
  readonly describer: typeof import("../../../src/ui/jobDescriber.ts");
  readonly diagnostics: typeof import("../../../src/ui/diagnostics.ts");
  readonly drift: typeof import("../../../src/ui/drift.ts");
  readonly files: typeof import("../../../src/host/files.ts");
  readonly heldUpNotice: typeof import("../../../src/ui/heldUpNotice.ts");
  readonly hosting: typeof import("../../../src/ui/hosting.ts");
  readonly jobChanges: typeof import("../../../src/ui/jobChanges.ts");
  readonly jobSentences: typeof import("../../../src/ui/words/job.ts");
  readonly jobsView: typeof import("../../../src/ui/jobsView.ts");
  readonly light: typeof import("../../../src/commands/light.ts");
  readonly manyJobs: typeof import("../../../src/ui/manyJobs.ts");
  readonly notice: typeof import("../../../src/ui/settingsNotice.ts");
  readonly notifications: typeof import("../../../src/ui/notifications.ts");
  readonly openRecipe: typeof import("../../../src/ui/openRecipe.ts");
  readonly panel: typeof import("../../../src/ui/panel/panel.ts");
  readonly picker: typeof import("../../../src/ui/picker.ts");
  readonly problem: typeof import("../../../src/shared/model/problem.ts");
  readonly problemSentences: typeof import("../../../src/ui/words/problem.ts");
  readonly anyRecipe: typeof import("../../../src/host/anyRecipe.ts");
  readonly draftRecipe: typeof import("../../../src/ui/recipes/draftRecipe.ts");
  readonly recipeBuild: typeof import("../../../src/ui/recipes/recipeBuild.ts");
  readonly recipes: typeof import("../../../src/ui/recipes/create.ts");
  readonly recipeTakes: typeof import("../../../src/ui/recipes/recipeTakes.ts");
  readonly recipeTask: typeof import("../../../src/ui/recipes/recipeTask.ts");
  readonly settings: typeof import("../../../src/host/settings.ts");
  readonly statusBar: typeof import("../../../src/ui/statusBar.ts");
  readonly removal: typeof import("../../../src/ui/tokenRemoval.ts");
  readonly taskProvider: typeof import("../../../src/ui/recipes/taskProvider.ts");
  readonly tokenState: typeof import("../../../src/ui/tokenState.ts");
  /** The played VS Code itself, and what the real one would be called by its users. */
  readonly vscode: typeof import("./vscode.ts") & Pick<typeof import("vscode"), "Uri">;
}

/** The default of each setting, by its whole name, as the manifest gives it. */
export function defaultSettings(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, { default: value }]) => [name, value]));
}

/** Loads all parts, in one piece: they share their classes, and the VS Code that they see. */
export async function playedParts(): Promise<Played> {
  const { outputFiles } = await build({
    stdin: {
      contents: Object.entries(parts)
        .map(([name, path]) => `export * as ${name} from ${JSON.stringify(join(root, path))};`)
        .join("\n"),
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    alias: { vscode: join(root, parts.vscode), ...bundledAs },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const file = join(tmpdir(), `wan-played-${process.pid}.mjs`);
  await writeFile(file, outputFiles[0]?.contents ?? "");
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(file);
  }
}
