import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, pipeline, Readable } from "node:stream";
import { before, describe, it } from "node:test";
import { createGzip, gzipSync } from "node:zlib";
import { download } from "../../../src/output/download.ts";
import { problemOf } from "../../support/problems.ts";
import { closedPort, serveTcp } from "../runcomfy/server.ts";
import { content, etag, file, options, playing, rangeStart, type Step, saved, sending } from "./downloads.ts";
import { at, folder } from "./videos.ts";

describe("a whole file", () => {
  it("is written, and its length told", async () => {
    await using server = await playing(sending());
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
  });

  it("replaces what an earlier attempt left", async () => {
    await writeFile(file, Buffer.alloc(1_000_000, 7));
    await using server = await playing(sending());
    await download(options(server.origin));
    assert.ok(await saved());
  });

  it("is asked for without token, cookies or range", async () => {
    await using server = await playing(sending());
    await download(options(`${server.origin}/x.mp4?sig=1`));
    const [request] = server.received;
    assert.equal(request?.path, "/x.mp4?sig=1");
    for (const name of ["authorization", "cookie", "range", "if-range", "referer", "origin"]) {
      assert.equal(request.headers[name], undefined, name);
    }
    assert.equal(request.headers["accept-encoding"], "identity");
  });

  it("needs no length and no tag", async () => {
    await using server = await playing((response) => {
      response.write(content.subarray(0, 1000));
      response.end(content.subarray(1000));
    });
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
  });

  it("is unpacked when the server packs it all the same", async () => {
    const packed = gzipSync(content);
    await using server = await playing((response) => {
      response.writeHead(200, { "Content-Encoding": "gzip", "Content-Length": packed.length, ETag: etag });
      response.end(packed);
    });
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
  });
});

describe("a transfer that breaks", () => {
  it("goes on where it stopped, if the file is unchanged", async () => {
    await using server = await playing(sending({ until: 70_000 }), sending({ until: 150_000 }), sending());
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
    assert.equal(server.received.length, 3);
    const [, second, third] = server.received;
    assert.match(second?.headers.range ?? "", /^bytes=[1-9]\d*-$/);
    assert.equal(second?.headers["if-range"], etag);
    assert.ok(rangeStart(third ?? assert.fail()) > rangeStart(second ?? assert.fail()));
  });

  it("starts over where the file has changed", async () => {
    const old = Buffer.alloc(content.length + 5000, 1);
    await using server = await playing(sending({ body: old, tag: '"v0"', until: 90_000 }), sending());
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
  });

  it("starts over where the server knows no ranges", async () => {
    const ignoring: Step = (response) =>
      response.writeHead(200, { "Content-Length": content.length, ETag: etag }).end(content);
    await using server = await playing(sending({ until: 50_000 }), ignoring);
    await download(options(server.origin));
    assert.ok(await saved());
  });

  for (const [what, tag] of [
    ["no", null],
    ["a weak", 'W/"v1"'],
  ] as const) {
    it(`starts over with ${what} validator`, async () => {
      await using server = await playing(sending({ until: 50_000, tag }), sending({ tag }));
      await download(options(server.origin));
      assert.ok(await saved());
      assert.equal(server.received[1]?.headers.range, undefined);
    });
  }

  for (const [what, status, range] of [
    ["another range than asked", 206, "bytes 0-199999/200000"],
    ["a range without numbers", 206, "bytes */200000"],
    ["no range in a 206", 206, undefined],
    ["the range of another file", 206, "bytes START-299999/300000"],
    ["416", 416, "bytes */10"],
  ] as const) {
    it(`starts over after ${what}`, async () => {
      const wrong: Step = (response, request) => {
        const start = rangeStart(request);
        response.writeHead(
          status,
          range === undefined ? {} : { "Content-Range": range.replace("START", String(start)) },
        );
        response.end(content.subarray(start));
      };
      await using server = await playing(sending({ until: 50_000 }), wrong, sending());
      await download(options(server.origin));
      assert.ok(await saved());
      assert.equal(server.received[2]?.headers.range, undefined);
    });
  }

  it("knows the length from before where a range does not tell it", async () => {
    const short: Step = (response, request) => {
      const start = rangeStart(request);
      response.writeHead(206, { "Content-Range": `bytes ${start}-${content.length - 1}/*` });
      response.end(content.subarray(start, start + 10_000));
    };
    await using server = await playing(sending({ until: 50_000 }), short, sending());
    assert.equal(await download(options(server.origin)), content.length);
    assert.ok(await saved());
  });

  it("is given up when an attempt brings nothing new", async () => {
    await using server = await playing(sending({ until: 50_000 }), (response) => response.destroy());
    assert.equal((await problemOf(download(options(server.origin)))).code, "downloadFailed");
    assert.equal(server.received.length, 2);
  });

  it("is given up after five attempts", async () => {
    const inch: Step = (response, request) => sending({ until: rangeStart(request) + 10_000 })(response, request);
    await using server = await playing(inch);
    assert.equal((await problemOf(download(options(server.origin)))).code, "downloadFailed");
    assert.equal(server.received.length, 5);
  });

  it("counts as broken when it stalls, and goes on", async () => {
    const stalling: Step = (response) => {
      response.writeHead(200, { "Content-Length": content.length, ETag: etag });
      response.write(content.subarray(0, 60_000));
    };
    await using server = await playing(stalling, sending());
    await download(options(server.origin, { stallTimeout: 150 }));
    assert.ok(await saved());
    assert.equal(server.received[1]?.headers.range, "bytes=60000-");
  });

  it("counts as stalled without any answer", async () => {
    await using server = await playing(() => undefined);
    const problem = await problemOf(download(options(server.origin, { stallTimeout: 100 })));
    assert.deepEqual(problem, { code: "downloadFailed", reason: "stalled" });
  });

  it("is not stalled while bytes trickle in", async () => {
    await using server = await playing((response) => {
      response.writeHead(200, { "Content-Length": 10 });
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        response.write("x");
        if (sent === 10) {
          clearInterval(timer);
          response.end();
        }
      }, 30);
    });
    assert.equal(await download(options(server.origin, { stallTimeout: 200 })), 10);
    assert.equal(server.received.length, 1);
  });

  it("is told with the reason when nobody answers", async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    const problem = await problemOf(download(options(`http://${host}`)));
    assert.deepEqual(problem, { code: "unreachable", host, reason: "ECONNREFUSED" });
  });

  it("is not taken for whole when less comes than announced", async () => {
    await using server = await serveTcp((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort")),
    );
    assert.equal((await problemOf(download(options(server.origin)))).code, "downloadFailed");
  });

  it("is not taken for whole when a chunked body breaks off", async () => {
    await using server = await serveTcp((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n")),
    );
    assert.equal((await problemOf(download(options(server.origin)))).code, "downloadFailed");
  });
});

describe("who says that the video is gone", () => {
  const storage = [
    "",
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>',
    "<Error><Code>AccessDenied</Code></Error>",
    '{"error_code":404001}',
    " \n",
  ];
  const others = [
    "<html><h1>Blocked by your company</h1></html>",
    '<!DOCTYPE html>\n<html lang="en">',
    '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html xmlns="y">',
    "<h1>Not Found</h1>",
    "default backend - 404",
    "x".repeat(200_000),
  ];
  for (const status of [403, 404, 410]) {
    it(`${status} of a storage, not of a page in its place`, async () => {
      for (const [bodies, code] of [
        [storage, "videoExpired"],
        [others, "downloadFailed"],
      ] as const) {
        for (const body of bodies) {
          await using server = await playing((response) => response.writeHead(status).end(body));
          assert.equal((await problemOf(download(options(server.origin)))).code, code, body.slice(0, 60));
        }
      }
    });
  }
});

describe("answers that bring no file", () => {
  for (const [status, code] of [
    [403, "videoExpired"],
    [404, "videoExpired"],
    [410, "videoExpired"],
    [401, "downloadFailed"],
    [429, "downloadFailed"],
    [500, "downloadFailed"],
    [503, "downloadFailed"],
    [204, "downloadFailed"],
    [304, "downloadFailed"],
  ] as const) {
    it(`${status}: ${code}`, async () => {
      await using server = await playing((response) => response.writeHead(status).end());
      assert.equal((await problemOf(download(options(server.origin)))).code, code);
    });
  }
});

describe("the size limit", () => {
  it("holds against what unpacks without an end, and no more than that is written", async () => {
    const zeros = function* () {
      for (;;) yield Buffer.alloc(1 << 20);
    };
    await using server = await playing((response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" });
      pipeline(Readable.from(zeros()), createGzip(), new PassThrough(), response, () => undefined);
    });
    const problem = await problemOf(download(options(server.origin, { limit: 500_000 })));
    assert.deepEqual(problem, { code: "videoTooLarge", limit: 500_000 });
    assert.ok((await stat(file)).size <= 500_000);
  });

  it("holds against what is announced, before anything is written", async () => {
    await using server = await playing(sending());
    const problem = await problemOf(download(options(server.origin, { limit: content.length - 1 })));
    assert.deepEqual(problem, { code: "videoTooLarge", limit: content.length - 1 });
    assert.equal((await stat(file)).size, 0);
  });

  it("holds against what comes without being announced", async () => {
    await using server = await playing((response) => {
      const pour = () => {
        while (!response.destroyed && response.write(content)) {
          // as fast as the other side takes it
        }
      };
      response.on("drain", pour);
      pour();
    });
    const problem = await problemOf(download(options(server.origin, { limit: 500_000 })));
    assert.deepEqual(problem, { code: "videoTooLarge", limit: 500_000 });
    assert.ok((await stat(file)).size <= 500_000);
  });

  it("takes a file of exactly that size", async () => {
    await using server = await playing(sending());
    assert.equal(await download(options(server.origin, { limit: content.length })), content.length);
  });
});

describe("the folder", () => {
  it("that is gone is told", async () => {
    await using server = await playing(sending());
    const problem = await problemOf(download(options(server.origin, { file: join(folder, "gone", "x.part") })));
    assert.deepEqual(problem, { code: "folderUnusable", path: join(folder, "gone"), reason: "missing" });
    assert.equal(server.received.length, 0);
  });

  describe("on a full disk", () => {
    const small = at("small");
    let mounted = false;
    before(async () => {
      await mkdir(small);
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", small], { stdio: "ignore" });
        mounted = true;
      } catch {
        // Only a privileged user on Linux can make a small volume.
      }
    });

    for (const size of [33_000, 40_000, 200_000]) {
      it(`is told for ${size} bytes on a volume of 32 KiB`, async (test) => {
        if (!mounted) {
          test.skip("no small volume here");
          return;
        }
        try {
          await using server = await playing(sending({ body: content.subarray(0, size) }));
          const problem = await problemOf(download(options(server.origin, { file: join(small, "x.part") })));
          assert.deepEqual(problem, { code: "folderUnusable", path: small, reason: "full" });
        } finally {
          await rm(join(small, "x.part"), { force: true });
        }
      });
    }

    it("is let go", () => {
      if (mounted) {
        execFileSync("umount", [small]);
      }
    });
  });
});
