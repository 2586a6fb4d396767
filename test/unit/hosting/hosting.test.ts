import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { inlineHosting } from "../../../src/hosting/hosting.ts";
import { ProblemError } from "../../../src/model/problem.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-hosting-"));
after(() => rm(folder, { recursive: true, force: true }));
const image = { kind: "file", path: "/p/a.png", sourceSha256: "aa" } as const;
const lost = (error: unknown) => error instanceof ProblemError && error.problem.code === "imageLost";

describe("inline hosting", () => {
  it("hands an address over as it is, signature and all", async () => {
    const url = "https://images.example/b.png?X-Signature=1%2F2#f";
    assert.equal(await inlineHosting.host({ kind: "url", url }, undefined), url);
  });

  it("hands a copy over as a PNG data URI of exactly its bytes", async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
    const copy = join(folder, "copy.png");
    await writeFile(copy, bytes);
    const hosted = await inlineHosting.host(image, copy);
    const [head, body = ""] = hosted.split(",");
    assert.equal(head, "data:image/png;base64");
    assert.ok(Buffer.from(body, "base64").equals(bytes));
  });

  it("never sends the original in the copy's place, nor nothing", async () => {
    const empty = join(folder, "empty.png");
    await writeFile(empty, "");
    for (const copy of [undefined, join(folder, "missing.png"), empty, folder]) {
      await assert.rejects(inlineHosting.host(image, copy), lost);
    }
    await assert.rejects(inlineHosting.host({ kind: "unknown" }, undefined), lost);
  });
});
