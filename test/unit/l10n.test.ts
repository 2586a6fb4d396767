import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { collectStrings, stringsFile } from "../../scripts/l10n.ts";
import { root } from "../../scripts/paths.ts";

test("the committed strings for translators are those of the code (npm run l10n)", async () => {
  assert.deepEqual(JSON.parse(await readFile(stringsFile, "utf8")), await collectStrings());
});

test("apostrophes in texts that users see are typographic", async () => {
  for (const file of [stringsFile, join(root, "package.nls.json")]) {
    const entries: [string, string | { message: string }][] = Object.entries(JSON.parse(await readFile(file, "utf8")));
    const straight = entries
      .map(([, text]) => (typeof text === "string" ? text : text.message))
      .filter((text) => text.includes("'"));
    assert.deepEqual(straight, [], file);
  }
});
