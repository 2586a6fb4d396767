import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../../scripts/paths.ts";
import { recipeJsonSchema, recipeSchemaFile, schemaKeys } from "../../../scripts/recipeSchema.ts";
import { knownKeys } from "../../../src/recipes/file.ts";
import { parameterTable, settableNames, settableRow } from "../../../src/shared/model/parameters.ts";

describe("the schema of recipes", () => {
  it("is what the tables make of it (npm run manifest)", async () => {
    const committed = JSON.parse(await readFile(join(root, recipeSchemaFile), "utf8"));
    assert.deepEqual(committed, JSON.parse(JSON.stringify(recipeJsonSchema())));
  });

  it("explains every key that the program reads, and no other", () => {
    for (const kind of ["recipe", "image", "take"] as const) {
      assert.deepEqual([...schemaKeys[kind]].sort(), [...knownKeys[kind]].sort(), kind);
    }
  });

  it("has the texts, ranges and choices of each parameter", () => {
    const schema = JSON.parse(JSON.stringify(recipeJsonSchema()));
    const { properties } = schema.properties.parameters;
    assert.deepEqual(Object.keys(properties), settableNames);
    for (const name of settableNames) {
      const row = settableRow(name);
      const { title, description, enum: choices, minimum, maximum } = properties[name];
      assert.equal(title, row.title);
      assert.ok(description.startsWith(row.description));
      assert.deepEqual(
        [choices, minimum, maximum],
        row.kind === "choice" ? [row.choices, undefined, undefined] : [undefined, row.minimum, row.maximum],
      );
    }
    for (const name of ["start", "end", "prompt"] as const) {
      assert.ok(schema.properties[name].description.startsWith(parameterTable[name].description));
    }
  });

  it("is told to VS Code for the recipes' files, in which it takes comments", async () => {
    const { contributes } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    assert.deepEqual(contributes.jsonValidation, [{ fileMatch: "*.flf.json", url: `./${recipeSchemaFile}` }]);
    assert.deepEqual(contributes.languages, [{ id: "jsonc", filenamePatterns: ["*.flf.json"] }]);
    const { allowComments, allowTrailingCommas } = recipeJsonSchema();
    assert.deepEqual([allowComments, allowTrailingCommas], [true, true]);
  });
});
