import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { engine, freshStorage, service, submit } from "./engines.ts";
import { freshFile, job, openJournal, order } from "./jobs.ts";

// A video that is recovered from its request's id: what it was made of is not known, and nothing is invented.

const target = (storage: string) => ({ service: service.url, folder: join(storage, "recovered") });

describe("a recovered video", () => {
  it("has neither prompt nor parameters in its job and its recipe", async () => {
    await using window = engine();
    const made = await window.reaches(await submit(window), "saved");
    assert.ok(made.progress.state === "saved");
    const { requestId } = made.progress;
    await using other = engine({}, freshStorage());
    const id = await other.jobs.recover(requestId, target(other.storage));
    const { order: known, progress } = await other.reaches(id, "saved");
    assert.equal(known.parameters, undefined);
    assert.equal(known.name, `recovered-${requestId}`);
    assert.ok(progress.state === "saved");
    const json: unknown = JSON.parse(await readFile(progress.recipe, "utf8"));
    const recipe = recipeSchema.parse(json);
    assert.deepEqual([recipe.prompt, recipe.parameters, recipe.start, recipe.end], [undefined, undefined, {}, {}]);
    assert.deepEqual(
      ["prompt", "parameters"].filter((key) => Object.hasOwn(Object(json), key)),
      [],
    );
  });

  it("of an earlier version, which invented its seed, has none either, and its row keeps what it holds", () => {
    const file = freshFile();
    const unknown = { kind: "unknown" } as const;
    const old = { ...order, start: unknown, end: unknown, prompt: "", parameters: { seed: 0 } };
    {
      using journal = openJournal(file);
      journal.insert(job("old", { state: "queued", requestId: "r" }, { order: old }), "somebody", 0);
    }
    using journal = openJournal(file);
    assert.equal(journal.get("old")?.order.parameters, undefined);
    using db = new DatabaseSync(file, { readOnly: true });
    const row = db.prepare('SELECT "order" FROM jobs').get();
    assert.deepEqual(JSON.parse(String(row?.order)).parameters, { seed: 0 });
  });

  it("is the only kind of job without parameters: any other row without them is of a later version", () => {
    const file = freshFile();
    {
      using journal = openJournal(file);
      journal.insert(job("known"), "somebody", 0);
    }
    {
      using db = new DatabaseSync(file);
      db.exec(`UPDATE jobs SET "order" = json_remove("order", '$.parameters')`);
    }
    using journal = openJournal(file);
    assert.equal(journal.get("known"), undefined);
  });
});
