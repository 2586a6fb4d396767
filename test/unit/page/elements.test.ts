import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { test } from "node:test";

test("an element's class and tag are called as its file is", async () => {
  const defined: [file: string, tag: string, name: string][] = [];
  for (const file of globSync("src/page/**/*.ts")) {
    const code = await readFile(file, "utf8");
    for (const [, tag = "", name = ""] of code.matchAll(/customElements\.define\("([^"]+)", (\w+)\)/g)) {
      defined.push([basename(file, ".ts"), tag, name]);
    }
  }
  assert.ok(defined.length > 15, `${defined.length} elements were found`);
  for (const [file, tag, name] of defined) {
    assert.equal(tag, `flf-${file.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    assert.equal(name, `${file[0]?.toUpperCase()}${file.slice(1)}Element`);
  }
});
