import assert from "node:assert/strict";
import { test } from "node:test";
import { requests } from "../../../src/shared/messages/registry.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { PlayedProduct, shaOf } from "../../support/page/product.ts";
import { media, openTalk } from "../../support/page/talk.ts";

/** A talk in which these files exist, each with its hash; a small picture of one is its path. */
function talkOf(files: Readonly<Record<string, string>>, copies: PlayedProduct["copies"] = {}) {
  const read: string[] = [];
  const edges = new Set<number>();
  const talk = openTalk({
    images: {
      ...new PlayedProduct(media).deps.images,
      thumbnail: async (path, edge) => {
        read.push(path);
        edges.add(edge);
        const sha256 = files[path];
        if (sha256 === undefined) {
          throw new ProblemError({ code: "imageMissing", path });
        }
        return { bytes: Buffer.from(path), mime: "image/webp", width: 1, height: 1, sha256 };
      },
    },
  });
  talk.product.copies = copies;
  const see = async (jobId: string) => {
    const message = await talk.ask({ kind: "thumbnails", jobId });
    const { start, end } = requests.thumbnails.answer.parse(message?.kind === "answer" ? message.value : undefined);
    return [start, end].map((picture) => picture && Buffer.from(picture.bytes).toString());
  };
  return { ...talk, read, edges, see };
}

/** A job whose start image has a copy with this hash. */
function withCopy({ product }: Pick<ReturnType<typeof talkOf>, "product">, sha256: string) {
  const job = product.job({ state: "cancelled" });
  const { start } = job.order;
  assert.ok(start.kind === "file");
  return { ...job, order: { ...job.order, start: { ...start, sha256 } } };
}

const sources = { [media.start]: shaOf(media.start), [media.end]: shaOf(media.end) };

test("a job's small pictures are those of its own copies, or else of its files", async () => {
  const talk = talkOf({ ...sources, "/copies/start.png": "sent" }, { start: "/copies/start.png" });
  talk.product.jobs = [withCopy(talk, "sent")];
  assert.deepEqual(await talk.see("job1"), ["/copies/start.png", media.end]);
  assert.deepEqual([...talk.edges], [320]);
});

test("a copy that is gone or has changed gives way to the file, and a file that has changed is not shown", async () => {
  for (const copy of [{}, { "/copies/start.png": "changed" }]) {
    const talk = talkOf({ ...sources, ...copy, [media.end]: "changed" }, { start: "/copies/start.png" });
    talk.product.jobs = [withCopy(talk, "sent")];
    assert.deepEqual(await talk.see("job1"), [media.start, undefined]);
  }
});

test("a job whose images are unknown or have no file has no pictures", async () => {
  const talk = talkOf({});
  const job = talk.product.job({ state: "cancelled" });
  const order = {
    ...job.order,
    start: { kind: "unknown" as const },
    end: { kind: "url" as const, url: "https://x.test" },
  };
  talk.product.jobs = [{ ...job, order }];
  assert.deepEqual(await talk.see("job1"), [undefined, undefined]);
  assert.deepEqual(talk.read, []);
});

test("takes of one pair share their pictures, which are made one at a time", async () => {
  let atOnce = 0;
  let most = 0;
  let made = 0;
  const talk = openTalk({
    images: {
      ...new PlayedProduct(media).deps.images,
      thumbnail: async (path) => {
        made += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise(setImmediate);
        atOnce -= 1;
        return { bytes: Buffer.from(path), mime: "image/webp", width: 1, height: 1, sha256: shaOf(path) };
      },
    },
  });
  talk.product.jobs = Array.from({ length: 20 }, (_, index) =>
    talk.product.job({ state: "cancelled" }, { id: `take${index}` }),
  );
  await Promise.all(talk.product.jobs.map(({ id: jobId }) => talk.ask({ kind: "thumbnails", jobId })));
  assert.deepEqual([made, most], [2, 1]);
});

test("the pictures in memory are bounded, and those not seen for longest go first", async () => {
  const hash = (index: number) => `${index}`;
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`/p/${index}.png`, hash(index)]));
  const talk = talkOf({ ...files, ...sources });
  talk.product.jobs = Array.from({ length: 500 }, (_, index) => {
    const job = talk.product.job({ state: "cancelled" }, { id: `job${index}` });
    const start = { kind: "file" as const, path: `/p/${index}.png`, sourceSha256: hash(index) };
    return { ...job, order: { ...job.order, start } };
  });
  for (const { id } of talk.product.jobs) {
    await talk.see(id);
  }
  talk.read.length = 0;
  await talk.see("job499");
  assert.deepEqual(talk.read, []);
  await talk.see("job0");
  assert.deepEqual(talk.read, ["/p/0.png"]);
});
