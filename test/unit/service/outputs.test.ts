import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Service, startService } from "../../support/service/service.ts";
import { finished } from "./helpers.ts";

let service: Service;
let video: string;
let id: string;
let whole: Buffer;
before(async () => {
  service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  ({ id, video } = await finished(service));
  whole = Buffer.from(await (await fetch(video)).arrayBuffer());
});
after(() => service.close());

async function get(headers: Record<string, string>, method = "GET") {
  const response = await fetch(video, { headers, method });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

test("a file is served without a token, with length, tag and date", async () => {
  const { status, headers, body } = await get({});
  assert.equal(status, 200);
  assert.match(video, /\/outputs\/[\w-]+\/[0-9a-f-]{36}_output\.mp4$/);
  assert.equal(headers.get("content-length"), String(body.length));
  assert.equal(headers.get("content-type"), "video/mp4");
  assert.equal(headers.get("accept-ranges"), "bytes");
  assert.match(headers.get("etag") ?? "", /^"[0-9a-f]{32}"$/);
  assert.ok(!Number.isNaN(Date.parse(headers.get("last-modified") ?? "")));
  const head = await get({}, "HEAD");
  assert.deepEqual([head.status, head.headers.get("content-length"), head.body.length], [200, String(body.length), 0]);
});

test("ranges give parts, and If-Range the whole once the file differs", async () => {
  const middle = await get({ range: "bytes=100-199" });
  assert.equal(middle.status, 206);
  assert.equal(middle.headers.get("content-range"), `bytes 100-199/${whole.length}`);
  assert.deepEqual(middle.body, whole.subarray(100, 200));
  assert.deepEqual((await get({ range: `bytes=${whole.length - 5}-` })).body, whole.subarray(-5));
  assert.deepEqual((await get({ range: "bytes=-7" })).body, whole.subarray(-7));
  const beyond = await get({ range: `bytes=${whole.length}-` });
  assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, `bytes */${whole.length}`]);
  for (const name of ["etag", "last-modified"]) {
    const same = await get({ range: "bytes=5-", "if-range": middle.headers.get(name) ?? "" });
    assert.equal(same.status, 206, name);
  }
  assert.equal((await get({ range: "bytes=5-", "if-range": '"other"' })).status, 200);
});

test("unknown files are 404", async () => {
  for (const url of [video.replace("_output", "_other"), video.replace(/outputs\/[\w-]+/, "outputs/guessed")]) {
    assert.equal((await fetch(url)).status, 404);
  }
});

test("downloads are in the ledger, and a token sent with one is a leak", async () => {
  assert.deepEqual(service.ledger.tokenLeaks, []);
  await get({ range: "bytes=0-9" });
  const last = service.ledger.downloads.at(-1);
  assert.deepEqual(
    { ...last, at: 0 },
    {
      requestId: id,
      path: new URL(video).pathname,
      range: "bytes=0-9",
      at: 0,
      status: 206,
      bytes: 10,
      completed: true,
    },
  );
  await get({ authorization: `Bearer ${service.token}` });
  await fetch(`${service.url}/elsewhere`, { headers: { authorization: "Bearer x" } });
  assert.deepEqual(
    service.ledger.tokenLeaks.map(({ path }) => path),
    [new URL(video).pathname, "/elsewhere"],
  );
});
