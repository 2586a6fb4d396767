import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import type { SaveCheckpoint } from "../../../src/output/checkpoint.ts";
import { hashFile } from "../../../src/output/moveExclusively.ts";
import { type Destination, type SaveInput, type SaveOptions, saveVideo } from "../../../src/output/save.ts";
import { recipeInVideo } from "../../../src/output/xmp.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { sourceVerifier } from "../../support/engine/engine.ts";
import { problemOf } from "../../support/problems.ts";
import { answer, serve, type TestServer } from "../runcomfy/server.ts";
import { at, smallVideo } from "./videos.ts";

const root = at("project");
const videos = join(root, "videos");
let server: TestServer;
let bytes: Buffer;
before(async () => {
  bytes = await smallVideo();
  server = await serve((response, request) => {
    if (request.path.startsWith("/html")) {
      answer(response, 200, "<html>Please log in</html>");
    } else {
      response.end(bytes);
    }
  });
});
after(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
});

const job = (changes: Partial<SaveInput["order"]> = {}, destination?: SaveInput["destination"]): SaveInput => ({
  id: "job-1",
  createdAt: Date.UTC(2026, 2, 1),
  order: {
    start: { kind: "file", path: join(root, "images", "a.png"), sourceSha256: "aa", sha256: "bb" },
    end: { kind: "url", url: "https://images.example/b.png?X-Signature=secret-signature" },
    prompt: "a door opens",
    parameters: { seed: 7, fps: 16 },
    folder: videos,
    root,
    workspace: root,
    name: "a-b-7",
    ...changes,
  },
  destination,
});

const options = (changes: Partial<SaveOptions> = {}): SaveOptions => ({
  job: job(),
  requestId: "r-1",
  url: async () => `${server.origin}/private/account-4711/x_output.mp4?token=link-token`,
  trust: { service: server.origin, hosts: [] },
  fetch,
  verify: sourceVerifier(),
  recipeInVideo: false,
  limit: 10_000_000,
  cost: () => 0.25,
  now: () => Date.UTC(2026, 2, 1, 12),
  isAnothers: () => false,
  commit: async () => undefined,
  checkpoint: () => undefined,
  alone: async (work) => work(),
  ...changes,
});

const recipeAt = async (path: string) => recipeSchema.parse(JSON.parse(await readFile(path, "utf8")));

describe("a saved video", () => {
  it("is the service's bytes under its name, with its recipe and nothing else", async () => {
    const saved = await saveVideo(options());
    assert.deepEqual(saved, { video: join(videos, "a-b-7.mp4"), recipe: join(videos, "a-b-7.flf.json") });
    assert.ok((await readFile(saved.video)).equals(bytes));
    assert.deepEqual((await readdir(videos)).sort(), ["a-b-7.flf.json", "a-b-7.mp4"]);
  });

  it("is never named or placed by anything that the service says", async () => {
    await using evil = await serve((response, { path }) => {
      const name = "../../evil.sh";
      const headers = {
        "Content-Disposition": `attachment; filename="${name}"; filename*=UTF-8''..%2F..%2Fevil.sh`,
        "Content-Location": `/${name}`,
        "Content-Type": "application/x-sh",
        ETag: `"${name}"`,
      };
      if (path.startsWith("/moved")) {
        response.writeHead(200, headers).end(bytes);
      } else {
        response.writeHead(302, { ...headers, Location: "/moved/..%2f..%2fevil.sh?file=../../evil.sh" }).end();
      }
    });
    const before = (await readdir(at("."), { recursive: true })).sort();
    await saveVideo(
      options({
        url: async () => `${evil.origin}/..%2f..%2f/%2e%2e/..\\evil.sh?filename=${encodeURIComponent("/etc/evil")}`,
      }),
    );
    const fresh = (await readdir(at("."), { recursive: true })).filter((name) => !before.includes(name));
    assert.deepEqual(fresh.sort(), ["project/videos", "project/videos/a-b-7.flf.json", "project/videos/a-b-7.mp4"]);
    assert.equal(evil.received.length, 2);
  });

  it("has the recipe in it, too, where its user wants that, and is verified with it", async () => {
    const saved = await saveVideo(options({ recipeInVideo: true }));
    const file = await readFile(saved.video);
    assert.ok(file.subarray(0, bytes.byteLength).equals(bytes));
    const { video, savedAt: _, cost: __, ...others } = await recipeAt(saved.recipe);
    assert.equal(video.sha256, await hashFile(saved.video));
    assert.deepEqual(JSON.parse((await recipeInVideo(saved.video)) ?? ""), others);
  });

  it("stays as the service sent it where it is not the same with the recipe, or that can't be checked", async () => {
    for (const problem of [
      undefined,
      { code: "notAVideo", reason: "damaged" },
      { code: "videoCheckFailed", reason: "time" },
    ] as const) {
      const verify = sourceVerifier();
      let checks = 0;
      const { video, recipe } = await saveVideo(
        options({
          recipeInVideo: true,
          job: job({ name: problem?.code ?? "otherFacts" }),
          verify: async (file) => {
            checks += 1;
            const facts = await verify(file);
            if (checks === 1) return facts;
            if (problem === undefined) return { ...facts, frames: 80 };
            throw new ProblemError(problem);
          },
        }),
      );
      assert.ok((await readFile(video)).equals(bytes), problem?.code);
      assert.equal((await recipeAt(recipe)).video.sha256, await hashFile(video));
    }
  });

  it("has a recipe with everything needed to make it again", async () => {
    const { video, recipe } = await saveVideo(options());
    assert.deepEqual(await recipeAt(recipe), {
      recipe: 1,
      model: "community/wan-2-2/fun-inpaint",
      prompt: "a door opens",
      start: { path: "../images/a.png", sha256: "aa", conformedSha256: "bb" },
      end: { url: "https://images.example/b.png" },
      parameters: { seed: 7, fps: 16 },
      video: {
        file: "a-b-7.mp4",
        sha256: await hashFile(video),
        codec: "avc",
        width: 64,
        height: 48,
        frames: 81,
        fps: 16,
        duration: 5.0625,
      },
      requestId: "r-1",
      createdAt: "2026-03-01T00:00:00.000Z",
      savedAt: "2026-03-01T12:00:00.000Z",
      cost: 0.25,
    });
  });

  it("has a recipe with nothing secret and nothing of this machine", async () => {
    const { recipe } = await saveVideo(options());
    const text = await readFile(recipe, "utf8");
    for (const secret of ["secret-signature", "link-token", "account-4711", server.origin, root, "job-1"]) {
      assert.ok(!text.includes(secret), secret);
    }
    assert.ok(text.endsWith("}\n") && text.includes("\n  "), "made to be read");
  });

  it("lacks a cost that nobody told", async () => {
    const { recipe } = await saveVideo(options({ cost: () => undefined }));
    assert.ok(!("cost" in (await recipeAt(recipe))));
  });

  it("is named rightly in a folder that ends with a separator", async () => {
    const { recipe } = await saveVideo(options({ job: job({ folder: `${videos}/` }) }));
    assert.equal((await recipeAt(recipe)).video.file, "a-b-7.mp4");
  });
});

describe("names that are taken", () => {
  it("are never reused, be it by a video, a recipe, another extension's recipe or a folder", async () => {
    await mkdir(join(videos, "a-b-7-3.mp4"), { recursive: true });
    await writeFile(join(videos, "a-b-7.mp4"), "mine");
    await writeFile(join(videos, "a-b-7-2.flf.json"), "mine too");
    const { video } = await saveVideo(options());
    assert.equal(video, join(videos, "a-b-7-4.mp4"));
    assert.equal(await readFile(join(videos, "a-b-7.mp4"), "utf8"), "mine");
    assert.equal(await readFile(join(videos, "a-b-7-2.flf.json"), "utf8"), "mine too");
  });

  it("are passed over by the number of the take", async () => {
    await mkdir(videos, { recursive: true });
    await writeFile(join(videos, "a-004.mp4"), "mine");
    await writeFile(join(videos, "a-006.flf.json"), "mine too");
    const order = { name: "a-004", aroundTake: ["a-", ""] };
    const take = async () => (await saveVideo(options({ job: job(order) }))).video;
    assert.deepEqual([await take(), await take()], [join(videos, "a-005.mp4"), join(videos, "a-007.mp4")]);
  });

  it("go to one each when several jobs finish at once", async () => {
    const saved = await Promise.all(
      Array.from({ length: 8 }, (_, number) => saveVideo(options({ job: { ...job(), id: `job-${number}` } }))),
    );
    assert.equal(new Set(saved.map(({ video }) => video)).size, 8);
    assert.equal((await readdir(videos)).length, 16);
    for (const { video, recipe } of saved) {
      assert.ok((await readFile(video)).equals(bytes));
      assert.equal(join(videos, (await recipeAt(recipe)).video.file), video);
    }
  });
});

describe("a save that was interrupted", () => {
  const never = async () => assert.fail("the video is in its place already");
  const placed = async (content: Buffer | string = bytes) => {
    await mkdir(videos, { recursive: true });
    const video = join(videos, "a-b-7.mp4");
    await writeFile(video, bytes);
    const sha256 = (await hashFile(video)) ?? "";
    await writeFile(video, content);
    return job({}, { video, sha256 });
  };
  /** Where a save that is stopped at a point of its way has noted its place. */
  async function stoppedAt(point: SaveCheckpoint): Promise<Destination> {
    let place: Destination | undefined;
    const stopped = saveVideo(
      options({
        commit: async (noted) => {
          place = noted;
        },
        checkpoint: (name) => {
          if (name === point) throw new Error("stopped");
        },
      }),
    );
    await assert.rejects(stopped, /stopped/);
    return place ?? assert.fail("no place was noted");
  }

  it("leaves alone what is no file under the noted name, and takes the next one", {
    skip: process.platform === "win32" && "Windows has no such files",
  }, async () => {
    const interrupted = await placed();
    const noted = join(videos, "a-b-7.mp4");
    await rm(noted);
    execFileSync("mkfifo", [noted]);
    const saved = await saveVideo(options({ job: interrupted }));
    assert.equal(saved.video, join(videos, "a-b-7-2.mp4"));
    assert.ok((await lstat(noted)).isFIFO());
  });

  it("after the rename goes on with the recipe, without another download", async () => {
    const saved = await saveVideo(options({ job: await placed(), url: never }));
    assert.equal((await recipeAt(saved.recipe)).video.file, "a-b-7.mp4");
    assert.equal((await readdir(videos)).length, 2);
  });

  it("whose check comes to no end leaves the video where it stands, and says where", async () => {
    const verify = () => Promise.reject(new ProblemError({ code: "videoCheckFailed", reason: "time" }));
    const problem = await problemOf(saveVideo(options({ job: await placed(), url: never, verify })));
    assert.deepEqual(problem, { code: "videoCheckFailed", reason: "time", path: join(videos, "a-b-7.mp4") });
    assert.deepEqual(await readdir(videos), ["a-b-7.mp4"]);
  });

  it("after the recipe changes nothing any more", async () => {
    const interrupted = await placed();
    const first = await saveVideo(options({ job: interrupted, url: never }));
    const text = await readFile(first.recipe, "utf8");
    assert.deepEqual(await saveVideo(options({ job: interrupted, url: never, now: () => 0 })), first);
    assert.equal(await readFile(first.recipe, "utf8"), text);
  });

  it("does not take somebody else's file for its own", async () => {
    const { video } = await saveVideo(options({ job: await placed("edited since") }));
    assert.equal(video, join(videos, "a-b-7-2.mp4"));
    assert.equal(await readFile(join(videos, "a-b-7.mp4"), "utf8"), "edited since");
  });

  it("does not take a file of the same content for its own when another job got the name first", async () => {
    const place = await stoppedAt("placing");
    const other = await saveVideo(options({ job: { ...job(), id: "job-2" }, requestId: "r-2" }));
    assert.equal(other.video, place.video);
    const mine = await saveVideo(
      options({
        job: job({}, place),
        isAnothers: (video) => video === place.video,
      }),
    );
    assert.equal(mine.video, join(videos, "a-b-7-2.mp4"));
    assert.equal((await recipeAt(mine.recipe)).requestId, "r-1");
    assert.equal((await recipeAt(other.recipe)).requestId, "r-2");
  });

  it("is known again on a volume that gives its files other identities when it is mounted anew", async () => {
    const place = await stoppedAt("placed");
    const saved = await saveVideo(options({ job: job({}, { ...place, file: "another-identity" }) }));
    assert.equal(saved.video, place.video);
    assert.deepEqual((await readdir(videos)).sort(), ["a-b-7.flf.json", "a-b-7.mp4"]);
  });

  it("leaves no temporary file of its own behind, and touches no other one", async () => {
    await mkdir(videos);
    await writeFile(join(videos, ".job-1.0badcafe.video.part"), "half");
    await writeFile(join(videos, ".job-2.0badcafe.video.part"), "other job");
    await saveVideo(options());
    assert.deepEqual((await readdir(videos)).sort(), [".job-2.0badcafe.video.part", "a-b-7.flf.json", "a-b-7.mp4"]);
  });

  it("commits the place before the file gets it", async () => {
    const seen: string[] = [];
    await saveVideo(
      options({
        commit: async ({ video, sha256 }) => {
          seen.push(video, sha256);
        },
        checkpoint: (name) => void (name === "placed" && assert.equal(seen.length, 2)),
      }),
    );
    assert.deepEqual(seen, [join(videos, "a-b-7.mp4"), await hashFile(join(videos, "a-b-7.mp4"))]);
  });
});

describe("the video of a recipe that is rendered", () => {
  const recipe = join(videos, "a-b.flf.json");
  const points: SaveCheckpoint[] = ["verified", "placing", "linked", "unlinked", "placed", "recipeWritten", "recipe"];

  for (const point of points) {
    it(`is there once, and known once, after a save that stopped at “${point}” and went on`, async () => {
      await mkdir(videos);
      await writeFile(recipe, '{ "start": "a.png", "end": "b.png", "prompt": "a door opens" } // mine\n');
      const order = { recipe };
      let place: Destination | undefined;
      const stopped = saveVideo(
        options({
          job: job(order),
          commit: async (noted) => {
            place = noted;
          },
          checkpoint: (name) => {
            if (name === point) throw new Error("stopped");
          },
        }),
      );
      await assert.rejects(stopped, /stopped/);
      const saved = await saveVideo(options({ job: job(order, place) }));
      assert.deepEqual(saved, { video: join(videos, "a-b-7.mp4"), recipe });
      assert.deepEqual((await readdir(videos)).sort(), ["a-b-7.mp4", "a-b.flf.json"]);
      const text = await readFile(recipe, "utf8");
      assert.match(text, / \/\/ mine\n$/);
      assert.equal(text.split('"a-b-7.mp4"').length, 2);
    });
  }
});

describe("what stops a save", () => {
  it("what is no video gets no name", async () => {
    const problem = await problemOf(saveVideo(options({ url: async () => `${server.origin}/html` })));
    assert.equal(problem.code, "notAVideo");
    assert.deepEqual(await readdir(videos), []);
  });

  it("a project that went away is not made up anew", async () => {
    await rm(root, { recursive: true });
    assert.deepEqual(await problemOf(saveVideo(options())), { code: "folderUnusable", path: root, reason: "missing" });
    await assert.rejects(readdir(root));
  });

  it("a file in the folder's place is told", async () => {
    await writeFile(videos, "");
    assert.deepEqual(await problemOf(saveVideo(options())), {
      code: "folderUnusable",
      path: videos,
      reason: "notAFolder",
    });
  });

  it("a problem of the address is passed on", async () => {
    const url = async () => Promise.reject(new ProblemError({ code: "noVideo" }));
    assert.deepEqual(await problemOf(saveVideo(options({ url }))), { code: "noVideo" });
    assert.deepEqual(await readdir(videos), []);
  });

  it("a fault of ours stays one", async () => {
    await assert.rejects(saveVideo(options({ url: async () => Promise.reject(new RangeError("fault")) })), RangeError);
  });
});
