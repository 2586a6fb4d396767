import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { copyPath, removeCopies, storeCopy } from "../../../src/jobs/copies.ts";
import { folder, order } from "./jobs.ts";

const ports = { storage: join(folder, "storage"), checkpoint: () => undefined };
const file = { kind: "file", path: "/p/a.png", sourceSha256: "aa" } as const;

describe("a job's copies", () => {
  it("are kept apart by job and side, and found again", async () => {
    for (const [id, side, text] of [
      ["one", "start", "1"],
      ["one", "end", "22"],
      ["two", "start", "333"],
    ] as const) {
      const copy = await storeCopy(ports, id, side, Buffer.from(text));
      const path = copyPath(ports, id, { ...file, copy });
      assert.equal(await readFile(path ?? "", "utf8"), text);
    }
    assert.equal(await readFile(copyPath(ports, "one", { ...file, copy: "start.png" }) ?? "", "utf8"), "1");
  });

  it("replace a half-written one", async () => {
    await storeCopy(ports, "again", "start", Buffer.alloc(1000));
    const copy = await storeCopy(ports, "again", "start", Buffer.from("new"));
    assert.equal(await readFile(copyPath(ports, "again", { ...file, copy }) ?? "", "utf8"), "new");
  });

  it("do not exist for addresses, unknown images and images that are not conformed yet", () => {
    assert.equal(copyPath(ports, "one", order.end), undefined);
    assert.equal(copyPath(ports, "one", { kind: "unknown" }), undefined);
    assert.equal(copyPath(ports, "one", file), undefined);
  });

  it("go with their job, and only with it", async () => {
    await storeCopy(ports, "gone", "start", Buffer.from("x"));
    await storeCopy(ports, "kept", "start", Buffer.from("x"));
    await removeCopies(ports, "gone");
    await removeCopies(ports, "never there");
    const left = await readdir(join(ports.storage, "images"));
    assert.ok(left.includes("kept") && !left.includes("gone"));
  });
});
