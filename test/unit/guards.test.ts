import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { configFile, layers, withGuards } from "../../scripts/guards.ts";
import { root } from "../../scripts/paths.ts";

// The guards of biome.json, tried on a made project: biome looks at a file for each pair of folders of `src`, and what it
// says is held against the table of layers and against what is said here by hand.

const folders = Object.keys(layers);

/** Whether a file of one folder may import one of another. */
function may(from: string, to: string): boolean {
  const imports = layers[from]?.imports ?? [];
  return from === to || imports.some((each) => each === to || (isIn(to, each) && !isIn(from, each)));
}

function isIn(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}/`);
}

interface Made {
  readonly file: string;
  readonly imports: string;
  readonly allowed: boolean;
}

const made: Made[] = [];
function make(folder: string, imports: string, allowed: boolean): void {
  made.push({ file: join("src", folder, `made${made.length}.ts`), imports, allowed });
}

/** How a file of one folder names a file of another. */
function pathTo(to: string, from: string): string {
  const path = relative(join("src", from), join("src", to, "x.ts"));
  return path.startsWith(".") ? path : `./${path}`;
}

for (const [folder, { runs }] of Object.entries(layers)) {
  for (const other of folders) make(folder, pathTo(other, folder), may(folder, other));
  // Folders that nobody has named yet, beside it and in it, and files that lie on top of all.
  make(folder, pathTo("unnamed", folder), false);
  make(folder, pathTo(`${folder}/unnamed`, folder), false);
  make(folder, pathTo(".", folder), folder === ".");
  make(folder, "vscode", runs === "vscode");
  make(folder, "node:path", runs === "node" || runs === "vscode");
}
// The laws that no change of the table may break.
for (const [folder, forbidden] of [
  ["shared/model", ["../texts.ts", "../messages/x.ts", "../../jobs/x.ts", "vscode", "node:path"]],
  ["page", ["../jobs/x.ts", "../ui/words/x.ts", "../host/x.ts", "vscode", "node:path"]],
  ["page/kit", ["../state/x.ts", "../form/x.ts", "../page.ts", "../../jobs/x.ts", "vscode"]],
  ["page/player/frames", ["../player.ts", "../../kit/x.ts", "../../../jobs/x.ts", "vscode", "node:path"]],
  ["page/form", ["../videos/x.ts", "../pair/x.ts", "../player/x.ts"]],
  ["jobs", ["../ui/x.ts", "../host/x.ts", "../commands/x.ts", "../unnamed/x.ts", "vscode"]],
  ["jobs/journal", ["../steps/x.ts", "../uploads/x.ts", "../../host/x.ts"]],
  ["jobs/uploads", ["../steps/x.ts"]],
  ["output", ["../jobs/x.ts", "../runcomfy/x.ts"]],
  ["ui/words", ["../x.ts", "../panel/x.ts"]],
  ["ui", ["./panel/x.ts", "../commands/x.ts"]],
] as const) {
  for (const imports of forbidden) make(folder, imports, false);
}

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

const output = "export const output = 1;\n";
/** All ways to import what the page must not have. */
const forms = [
  'import { x } from "../../jobs/x.ts";\nexport const y = x;\n',
  'import type { X } from "../../jobs/x.ts";\nexport type Y = X;\n',
  'import "../../jobs/x.ts";\n',
  'export { x } from "../../jobs/x.ts";\n',
  'export const y = import("../../jobs/x.ts");\n',
];
const others: Readonly<Record<string, string>> = {
  "src/ui/there.ts": 'import { back } from "./back.ts";\nexport const there = () => back;\n',
  "src/ui/back.ts": 'import { there } from "./there.ts";\nexport const back = () => there;\n',
  "src/ui/typeThere.ts": 'import type { Back } from "./typeBack.ts";\nexport type There = Back | 1;\n',
  "src/ui/typeBack.ts": 'import type { There } from "./typeThere.ts";\nexport type Back = There | 2;\n',
  "src/ui/goes.ts": 'import { oneWay } from "./oneWay.ts";\nexport const goes = () => oneWay;\n',
  "src/ui/oneWay.ts": output,
  "src/ui/kebab-name.ts": output,
  "src/ui/snake_name.ts": output,
  "src/page/kit/PascalName.ts": output,
  "src/ui/camelName.ts": output,
  "test/unit/camelName.test.ts": output,
};

describe("the guards of biome.json", () => {
  let folder: string;
  let found: ReadonlyMap<string, readonly string[]>;
  const rulesAt = (file: string): readonly string[] => found.get(file) ?? [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wan-guards-"));
    for (const name of ["biome.json", ".gitignore"]) await copyFile(join(root, name), join(folder, name));
    const files = Object.entries(others);
    for (const [index, text] of forms.entries()) files.push([`src/page/form/way${index}.ts`, text]);
    for (const { file, imports } of made) {
      files.push([file, `import { x } from "${imports}";\nexport const y = x;\n`]);
    }
    for (const [file, text] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    found = await lint(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("let each folder import what it stands on, and nothing else", () => {
    const wrong = made.filter(
      ({ file, allowed }) => rulesAt(file).includes("lint/style/noRestrictedImports") === allowed,
    );
    assert.deepEqual(wrong, []);
  });

  it("see every way to import", () => {
    for (const index of forms.keys()) {
      assert.deepEqual(rulesAt(`src/page/form/way${index}.ts`), ["lint/style/noRestrictedImports"], forms[index]);
    }
  });

  it("know every folder of the product, and no other", () => {
    const files = globSync("src/**/*.ts", { cwd: root }).map((file) => relative("src", dirname(file)) || ".");
    assert.deepEqual([...new Set(files)].sort(), folders.toSorted());
  });

  it("are what the table makes", async () => {
    const config: unknown = JSON.parse(await readFile(configFile, "utf8"));
    assert.deepEqual(config, withGuards(config), "npm run guards");
  });

  it("let no folders stand on each other, but those of the jobs", () => {
    const above = new Map(folders.map((from) => [from, folders.filter((to) => to !== from && may(from, to))]));
    const circles = folders.filter((folder) => reached(folder, above).has(folder));
    assert.deepEqual(circles.toSorted(), ["jobs", "jobs/journal", "jobs/steps", "jobs/uploads"]);
  });

  it("allow no circle, not of types either", () => {
    for (const name of ["there", "back", "typeThere", "typeBack"]) {
      assert.deepEqual(rulesAt(`src/ui/${name}.ts`), ["lint/suspicious/noImportCycles"]);
    }
    assert.deepEqual(rulesAt("src/ui/goes.ts"), []);
  });

  it("ask for file names in camelCase", () => {
    for (const file of ["src/ui/kebab-name.ts", "src/ui/snake_name.ts", "src/page/kit/PascalName.ts"]) {
      assert.deepEqual(rulesAt(file), ["lint/style/useFilenamingConvention"]);
    }
    for (const file of ["src/ui/camelName.ts", "test/unit/camelName.test.ts"]) assert.deepEqual(rulesAt(file), []);
  });
});

/** All folders that one stands on, directly or by way of others. */
function reached(from: string, above: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const next = (above.get(folder) ?? []).filter((each) => !seen.has(each));
    for (const each of next) seen.add(each);
    open.push(...next);
  }
  return seen;
}

/** The rules that biome finds broken in each file of a project. */
async function lint(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", "."];
  const printed = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => resolve(stdout)),
  );
  const { diagnostics } = report.parse(JSON.parse(printed));
  const files = Map.groupBy(diagnostics, ({ location }) => location.path);
  return new Map([...files].map(([file, all]) => [file, all.map(({ category }) => category)]));
}
