import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/paths.ts";

test("the map of the code names every folder", async () => {
  const map = await readFile(join(root, "src", "README.md"), "utf8");
  const folders = new Set(globSync("*/**/*.ts", { cwd: join(root, "src") }).map((file) => dirname(file)));
  const missing = [...folders].filter((folder) => !map.includes(`\`${folder.replaceAll("\\", "/")}/\``));
  assert.deepEqual(missing, []);
  assert.ok(folders.size > 10);
});
