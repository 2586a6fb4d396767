import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { root } from "../../scripts/paths.ts";

// The guards of biome.json, tried on a made project: what each folder may import is said here once more, independent of
// the patterns there, and biome looks at a file for each pair of folders.

/** What a folder of `src` may import besides itself. */
const ground: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  files: ["shared"],
  net: ["shared", "files"],
  images: ["shared", "files", "net"],
  runcomfy: ["shared", "files", "net"],
  hosting: ["shared", "files", "net"],
  output: ["shared", "files", "net"],
  jobs: ["shared", "files", "net", "images", "runcomfy", "hosting", "output"],
  host: ["shared", "files", "net", "images", "runcomfy", "hosting", "output", "jobs"],
  ui: ["shared", "files", "net", "images", "runcomfy", "hosting", "output", "jobs", "host"],
  commands: ["shared", "files", "net", "images", "runcomfy", "hosting", "output", "jobs", "host", "ui", "generate.ts"],
  page: ["shared"],
};

const folders = Object.keys(ground);
const single = ["generate.ts", "app.ts", "extension.ts"];
const pure = ["shared", "files", "net", "images", "runcomfy", "hosting", "output", "jobs", "page"];
/** Pages and what they share with the host run in a browser. */
const withoutNode = ["shared", "page"];

interface Made {
  readonly file: string;
  readonly imports: string;
  readonly allowed: boolean;
}

const made: Made[] = [];
function make(folder: string, imports: string, allowed: boolean): void {
  made.push({ file: `src/${folder}/made${made.length}.ts`, imports, allowed });
}

for (const [folder, may] of Object.entries(ground)) {
  for (const target of [...folders, ...single].filter((each) => each !== folder)) {
    const file = single.includes(target) ? target : `${target}/x.ts`;
    make(folder, `../${file}`, may.includes(target));
    make(`${folder}/deeper`, `../../${file}`, may.includes(target));
  }
  for (const place of [folder, `${folder}/deeper`]) {
    make(place, "vscode", !pure.includes(folder));
    make(place, "node:path", !withoutNode.includes(folder));
  }
  make(`${folder}/deeper`, "../x.ts", true);
}
// Three deep, as the frames of the player lie.
make("page/player/frames", "../../../shared/model/x.ts", true);
make("page/player/frames", "../../kit/x.ts", true);
make("page/player/frames", "../../../jobs/x.ts", false);
make("page/player/frames", "vscode", false);
make("page/player/frames", "node:path", false);
for (const [folder, allowed, forbidden] of [
  ["page/kit", ["../../shared/model/x.ts"], ["../state/x.ts", "../form/x.ts", "../panel.ts", "../../jobs/x.ts"]],
  ["page/state", ["../../shared/model/x.ts", "../kit/x.ts"], ["../form/x.ts", "../videos/x.ts", "../../ui/x.ts"]],
  ["jobs/journal", ["../job.ts", "../../files/x.ts"], ["../steps/x.ts", "../uploads/x.ts", "../../host/x.ts"]],
  ["jobs/uploads", ["../journal/x.ts", "../../hosting/x.ts"], ["../steps/x.ts", "../../host/x.ts"]],
  ["jobs/steps", ["../journal/x.ts", "../uploads/x.ts", "../../output/x.ts"], ["../../host/x.ts", "../../ui/x.ts"]],
] as const) {
  for (const imports of allowed) make(folder, imports, true);
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

  it("know every folder of the product", async () => {
    const config: unknown = JSON.parse(await readFile(join(root, "biome.json"), "utf8"));
    const guarded = JSON.stringify(config).match(/src\/\w+/g) ?? [];
    assert.deepEqual([...new Set(guarded)].sort(), folders.map((name) => `src/${name}`).sort());
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
