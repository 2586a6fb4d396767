import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collectStrings, stringsFile } from "../../scripts/l10n.ts";

test("the committed strings for translators are those of the code (npm run l10n)", async () => {
  assert.deepEqual(JSON.parse(await readFile(stringsFile, "utf8")), await collectStrings());
});
