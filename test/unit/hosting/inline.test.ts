import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createInline } from "../../../src/hosting/inline.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 256));

describe("images inside the request", () => {
  it("are a PNG of exactly their bytes", async () => {
    const inline = createInline(() => assert.fail("nothing to compress"));
    const [head, body = ""] = (await inline(bytes(1000))).split(",");
    assert.equal(head, "data:image/png;base64");
    assert.ok(Buffer.from(body, "base64").equals(bytes(1000)));
  });

  it("are compressed where a PNG is larger than one image may be", async () => {
    const asked: number[] = [];
    const inline = createInline(
      async (_, most) => {
        asked.push(most);
        return { bytes: bytes(10), mime: "image/jpeg" };
      },
      { image: 1000, body: 64_000_000 },
    );
    assert.match(await inline(bytes(1000)), /^data:image\/png;/);
    assert.match(await inline(bytes(1001)), /^data:image\/jpeg;base64,AAECAwQFBgcICQ==$/);
    assert.deepEqual(asked, [1000]);
  });

  it("fit into one body together, in base64 and with the rest of the request", async () => {
    let most = 0;
    const inline = createInline(
      async (_, limit) => {
        most = limit;
        return { bytes: bytes(limit), mime: "image/jpeg" };
      },
      { image: 6_000_000, body: 1_000_000 },
    );
    const uri = await inline(bytes(6_000_000));
    assert.ok(2 * uri.length + 50_000 < 1_000_000, `${uri.length}`);
    assert.ok(most > 300_000, "no room is given away");
  });

  it("are refused with the limit where nothing makes them small enough", async () => {
    const inline = createInline(async () => undefined, { image: 10, body: 64_000_000 });
    await assert.rejects(inline(bytes(11)), (error: unknown) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual(error.problem, { code: "imagesTooLarge", limit: 10 });
      return true;
    });
  });
});
