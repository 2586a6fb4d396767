import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

const folder = "src/page";
/** What all parts share. */
const common = ["kit/base.css", "kit/fields.css"];

test("each style sheet lies beside the component that it is of, and the page has them all", async () => {
  const sheets = globSync("**/*.css", { cwd: folder }).filter((sheet) => sheet !== "styles.css");
  for (const sheet of sheets.filter((each) => !common.includes(each))) {
    assert.ok(existsSync(join(folder, sheet.replace(/css$/, "ts"))), `${sheet} is beside no component`);
  }
  const imports = (await readFile(join(folder, "styles.css"), "utf8")).trim().split("\n");
  assert.deepEqual(imports.sort(), sheets.map((sheet) => `@import "./${sheet}";`).sort());
});
