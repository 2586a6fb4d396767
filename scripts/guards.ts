import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "./paths.ts";
import { run } from "./setup/run.ts";

/** Where a folder's code runs, and therefore what it may know beside the project's own files. */
type Place = "anywhere" | "page" | "node" | "vscode";

interface Layer {
  readonly runs: Place;
  /**
   * The folders it may import besides itself. A folder stands for all that is in it, but for one that lies above the
   * layer: that stands for its own files alone.
   */
  readonly imports: readonly string[];
}

/**
 * Every folder of `src` and what it may import: what is not named is forbidden. `npm run guards` makes the rules of
 * `biome.json` of this table.
 */
export const layers: Readonly<Record<string, Layer>> = {
  "shared/model": { runs: "anywhere", imports: [] },
  "shared/prompt": { runs: "anywhere", imports: [] },
  "shared/jobs": { runs: "anywhere", imports: [] },
  "shared/video": { runs: "anywhere", imports: [] },
  "shared/messages": { runs: "anywhere", imports: ["shared/jobs", "shared/model"] },
  shared: { runs: "anywhere", imports: ["shared/model"] },

  "page/kit": { runs: "page", imports: ["shared"] },
  "page/state": { runs: "page", imports: ["shared", "page/kit"] },
  "page/pair": { runs: "page", imports: ["shared", "page/kit", "page/state"] },
  "page/form": { runs: "page", imports: ["shared", "page/kit", "page/state"] },
  "page/gallery": { runs: "page", imports: ["shared", "page/kit", "page/state"] },
  "page/stage": { runs: "page", imports: ["shared", "page/kit", "page/state"] },
  "page/player/frames": { runs: "page", imports: ["shared"] },
  "page/player": { runs: "page", imports: ["shared", "page/kit", "page/player/frames"] },
  page: {
    runs: "page",
    imports: [
      "shared",
      "page/kit",
      "page/state",
      "page/pair",
      "page/form",
      "page/gallery",
      "page/stage",
      "page/player",
    ],
  },

  files: { runs: "node", imports: ["shared"] },
  net: { runs: "node", imports: ["shared"] },
  images: { runs: "node", imports: ["shared", "files"] },
  runcomfy: { runs: "node", imports: ["shared", "net"] },
  hosting: { runs: "node", imports: ["shared", "net"] },
  recipes: { runs: "node", imports: ["shared"] },
  output: { runs: "node", imports: ["shared", "files", "net", "recipes"] },

  // One room with one order of its files (`src/README.md`): job and journal below, the service on top.
  "jobs/journal": { runs: "node", imports: ["shared", "hosting", "jobs"] },
  "jobs/uploads": { runs: "node", imports: ["shared", "net", "hosting", "jobs", "jobs/journal"] },
  "jobs/steps": {
    runs: "node",
    imports: ["shared", "images", "runcomfy", "recipes", "output", "jobs", "jobs/journal", "jobs/uploads"],
  },
  jobs: {
    runs: "node",
    imports: [
      ...["shared", "files", "net", "images", "runcomfy", "hosting", "recipes", "output"],
      ...["jobs/journal", "jobs/uploads", "jobs/steps"],
    ],
  },

  host: {
    runs: "vscode",
    imports: ["shared", "files", "net", "images", "runcomfy", "hosting", "recipes", "output", "jobs"],
  },
  "ui/words": { runs: "vscode", imports: ["shared", "images", "recipes", "output", "jobs"] },
  ui: { runs: "vscode", imports: ["shared", "runcomfy", "hosting", "recipes", "output", "jobs", "host", "ui/words"] },
  "ui/panel": {
    runs: "vscode",
    imports: ["shared", "files", "runcomfy", "recipes", "output", "jobs", "host", "ui/words", "ui"],
  },
  "ui/recipes": { runs: "vscode", imports: ["shared", "recipes", "output", "jobs", "host", "ui/words", "ui"] },
  commands: { runs: "vscode", imports: ["shared", "recipes", "output", "jobs", "host", "ui", "../api"] },
  ".": { runs: "vscode", imports: ["shared", "output", "jobs", "host", "ui", "commands", "../api"] },
};

const vscodeMessages: Readonly<Record<Exclude<Place, "vscode">, string>> = {
  anywhere: "This folder is pure: page and host share it.",
  node: "This folder is pure: it runs and is tested in plain Node. Only host, ui, commands and the app know VS Code.",
  page: "The page runs in a browser.",
};

/** The rule of biome for the files that lie directly in one folder. */
function ruleOf(folder: string, { runs, imports }: Layer): object {
  const from = join("src", folder);
  const allowed = imports.map((each) => {
    const path = relative(from, join("src", each));
    return isAbove(each, folder) ? `!${path}/*.ts` : `!${path.startsWith(".") ? path : `./${path}`}/**`;
  });
  const node = runs === "anywhere" || runs === "page" ? ["node:*"] : [];
  const message = `Imports run one way, by the table in scripts/guards.ts: ${folder} stands on ${imports.join(", ") || "nothing"}.`;
  const options = {
    patterns: [{ group: ["../**", "./*/**", ...allowed, ...node], message }],
    ...(runs === "vscode" ? {} : { paths: { vscode: vscodeMessages[runs] } }),
  };
  return {
    includes: [`${from}/*.ts`],
    linter: { rules: { style: { noRestrictedImports: { level: "error", options } } } },
  };
}

function isAbove(one: string, other: string): boolean {
  return other.startsWith(`${one}/`);
}

/** `biome.json` with the rules that the table makes; the other overrides stay as they are. */
export function withGuards(config: Json): Json {
  const others = config.overrides.filter(({ includes }: Json) => !includes[0].startsWith("src/"));
  return {
    ...config,
    overrides: [...Object.entries(layers).map(([folder, layer]) => ruleOf(folder, layer)), ...others],
  };
}

type Json = ReturnType<typeof JSON.parse>;

export const configFile = join(root, "biome.json");

if (import.meta.main) {
  const config = withGuards(JSON.parse(await readFile(configFile, "utf8")));
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);
  // The formatter puts short lists on one line.
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  await run(process.execPath, [biome, "format", "--write", configFile], { cwd: root });
}
