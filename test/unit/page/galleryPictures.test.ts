import assert from "node:assert/strict";
import { test } from "node:test";
import { picturesOf, type SmallPictures } from "../../../src/page/gallery/pictures.ts";
import type { Ask } from "../../../src/page/kit/host.ts";

/** A host that answers when the test lets it, and what it was asked. */
function host() {
  const asked: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const ask: Ask = async ({ answer }, fields) => {
    const id = ("jobId" in fields ? fields.jobId : undefined) ?? assert.fail("no job");
    asked.push(id);
    const gate = Promise.withResolvers<void>();
    gates.set(id, gate);
    await gate.promise;
    return answer.parse({ start: { bytes: Uint8Array.of(1), mime: "image/webp" } });
  };
  const settle = async () => await new Promise(setImmediate);
  const give = async (id: string) => {
    gates.get(id)?.resolve();
    await settle();
  };
  const refuse = async (id: string) => {
    gates.get(id)?.reject(new Error("gone"));
    await settle();
  };
  return { asked, pictures: picturesOf(ask), give, refuse, settle };
}

test("few are asked for at once, those wanted last first, and none that nobody wants any more", async () => {
  const { asked, pictures, give } = host();
  const ends = ["a", "b", "c", "d", "e", "f"].map((id) => pictures.want(id, () => undefined));
  assert.deepEqual(asked, ["a", "b", "c"]);
  ends[4]?.();
  await give("b");
  assert.deepEqual(asked, ["a", "b", "c", "f"]);
  await give("a");
  await give("c");
  await give("f");
  assert.deepEqual(asked, ["a", "b", "c", "f", "d"]);
});

test("all who want the same pictures get them from one request, and later ones at once", async () => {
  const { asked, pictures, give } = host();
  const got: SmallPictures[] = [];
  pictures.want("a", (each) => got.push(each));
  pictures.want("a", (each) => got.push(each));
  assert.equal(pictures.get("a"), undefined);
  await give("a");
  assert.equal(got.length, 2);
  assert.equal(got[0], got[1]);
  assert.equal(pictures.get("a"), got[0]);
  assert.match(got[0]?.start ?? "", /^blob:/);
  assert.equal(got[0]?.end, undefined);
  assert.deepEqual(asked, ["a"]);
});

test("a request that fails leaves the place empty, and the next one who wants the pictures asks again", async () => {
  const { asked, pictures, refuse } = host();
  const got: SmallPictures[] = [];
  pictures.want("a", (each) => got.push(each));
  await refuse("a");
  assert.deepEqual(got, [{ start: undefined, end: undefined }]);
  assert.equal(pictures.get("a"), undefined);
  pictures.want("a", () => undefined);
  assert.deepEqual(asked, ["a", "a"]);
});

test("the pictures in memory are bounded: those not seen for longest are released", async (t) => {
  const released: string[] = [];
  t.mock.method(URL, "revokeObjectURL", (url: string) => released.push(url));
  const { pictures, give } = host();
  const first = async (id: string) => {
    pictures.want(id, () => undefined);
    await give(id);
    return pictures.get(id);
  };
  const [a, b] = [await first("a"), await first("b")];
  for (let index = 0; index < 298; index += 1) {
    await first(`${index}`);
  }
  pictures.get("a");
  await first("last");
  assert.deepEqual(released, [b?.start]);
  assert.equal(pictures.get("a"), a);
  assert.equal(pictures.get("b"), undefined);
});
