import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstFree, numbered } from "../../../src/output/firstFree.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

describe("the first free name", () => {
  it("is the plain one, then one with a number from 2 on", async () => {
    const tried: string[] = [];
    const free = await firstFree("/v", async (nth) => {
      tried.push(numbered("clip", nth));
      return nth === 3 ? numbered("clip", nth) : undefined;
    });
    assert.equal(free, "clip-3");
    assert.deepEqual(tried, ["clip", "clip-2", "clip-3"]);
  });

  it("is looked for no further than anybody keeps copies", async () => {
    let tries = 0;
    const taken = firstFree("/v", async () => {
      tries += 1;
      return undefined;
    });
    await assert.rejects(taken, (error: unknown) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual(error.problem, { code: "folderUnusable", path: "/v", reason: "other" });
      return true;
    });
    assert.equal(tries, 9999);
  });
});
