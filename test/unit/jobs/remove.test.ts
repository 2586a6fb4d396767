import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { storeCopy } from "../../../src/jobs/copies.ts";
import type { Progress } from "../../../src/jobs/job.ts";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import { startEngine } from "../../support/engine/engine.ts";
import { refused } from "../../support/problems.ts";
import { freshFile, job, order } from "./jobs.ts";

const lost: Progress = { state: "failed", problem: { code: "submitUnclear", reason: "ECONNRESET" } };
const progresses: readonly Progress[] = [
  { state: "preparing" },
  { state: "waiting", reason: "turn" },
  { state: "submitting" },
  { state: "unclear", problem: { code: "submitUnclear", reason: "x" } },
  { state: "queued", requestId: "r" },
  { state: "running", requestId: "r" },
  { state: "downloading", requestId: "r" },
  { state: "needsAction", requestId: "r", problem: { code: "noVideo" } },
  { state: "saved", requestId: "r", video: "/p/v.mp4", recipe: "/p/v.flf.json" },
  lost,
  { state: "cancelled" },
];
const isEnded = ({ state }: Progress) => ["saved", "failed", "cancelled"].includes(state);

/** A window whose user removes jobs, with files of a job `one`: its copies and what an interrupted save has left. */
async function window(ports: Partial<Ports> = {}, progress: Progress = lost) {
  const file = freshFile();
  const storage = dirname(file);
  const folder = join(storage, "videos");
  await mkdir(folder, { recursive: true });
  const journal = Journal.open(file);
  journal.insert(job("one", { state: "preparing" }, { order: { ...order, folder, root: storage } }), "x", 0);
  journal.change("one", () => ({ progress, endedAt: 5 }));
  const rest = join(folder, ".one.12345678.video.part");
  await writeFile(rest, "half a video");
  await storeCopy({ storage, checkpoint: () => undefined }, "one", "start", new Uint8Array([1]));
  const engine = startEngine({ storage, token: "t", ports: { now: () => 1000, ...ports } });
  return {
    journal,
    engine,
    storage,
    /** Which of the job's files are there. */
    files: () => [rest, join(storage, "images", "one")].filter((path) => existsSync(path)).length,
    async [Symbol.asyncDispose]() {
      journal.close();
      await engine[Symbol.asyncDispose]();
    },
  };
}

describe("removing a job from the list", () => {
  it("is possible once it has ended, and deletes nothing that has not, in any state", () => {
    for (const progress of progresses) {
      const journal = Journal.open(freshFile());
      journal.insert(job("one", progress), "me", 0);
      assert.equal(journal.remove("one")?.id, isEnded(progress) ? "one" : undefined, progress.state);
      assert.equal(journal.list().length, isEnded(progress) ? 0 : 1, progress.state);
      journal.forget("one");
      assert.equal(journal.has("one"), !isEnded(progress), progress.state);
      journal.close();
    }
  });

  for (const progress of progresses.filter((each) => !isEnded(each))) {
    it(`leaves it where it has become one that is ${progress.state} meanwhile`, async () => {
      let other: Journal | undefined;
      await using here = await window({
        checkpoint: (name) => {
          // The look at its state is over, the row is not changed yet.
          if (name === "before:removed") {
            other?.change("one", () => ({ progress }));
          }
        },
      });
      other = here.journal;
      await assert.rejects(here.engine.jobs.remove("one"), refused("notPossibleNow"));
      assert.equal(here.journal.get("one")?.progress.state, progress.state);
      assert.equal(here.files(), 2, "what it needs is there");
    });
  }

  it("takes its files with it, and its row only after them", async () => {
    const seen: (number | boolean)[] = [];
    await using here = await window({
      checkpoint: (name) => {
        if (name === "after:removed" || name === "before:forgotten") {
          seen.push(here.files(), here.journal.has("one"), here.engine.jobs.get("one") !== undefined);
        }
      },
    });
    await here.engine.jobs.remove("one");
    assert.deepEqual(seen, [2, true, false, 0, true, false]);
    assert.equal(here.journal.has("one"), false);
  });

  it("is finished by the next start where it was interrupted", async () => {
    await using here = await window({
      checkpoint: (name) => {
        if (name === "after:removed") {
          throw new Error("the process ends here");
        }
      },
    });
    await assert.rejects(here.engine.jobs.remove("one"), /ends here/);
    assert.equal(here.files(), 2);
    const forgotten = Promise.withResolvers<void>();
    await using next = startEngine({
      storage: here.storage,
      token: "t",
      ports: { checkpoint: (name) => name === "after:forgotten" && forgotten.resolve() },
    });
    assert.deepEqual(next.jobs.list(), []);
    await forgotten.promise;
    assert.equal(here.files(), 0);
    assert.equal(here.journal.has("one"), false);
  });

  it("does not bring it back: an answer that comes late finds no job there", () => {
    const journal = Journal.open(freshFile());
    journal.insert(job("one", lost), "me", 0);
    journal.remove("one");
    assert.equal(
      journal.change("one", () => ({ progress: { state: "queued", requestId: "r" } })),
      undefined,
    );
    assert.equal(journal.get("one"), undefined);
    journal.close();
  });
});
