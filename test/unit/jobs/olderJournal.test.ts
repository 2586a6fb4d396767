import assert from "node:assert/strict";
import fs from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import type { Client } from "../../../src/runcomfy/client.ts";
import { uncapped } from "../../support/engine/engine.ts";
import { calls, engine, freshStorage, service, submit, until } from "./engines.ts";
import { order, saved } from "./jobs.ts";

// A journal that goes back in time under engines.

describe("an older copy of the journal", () => {
  const ways: Record<string, (file: string, copy: Buffer) => void> = {
    "written into it": (file, copy) => fs.writeFileSync(file, copy),
    "put in its place": (file, copy) => {
      fs.writeFileSync(`${file}.new`, copy);
      fs.renameSync(`${file}.new`, file);
    },
  };
  for (const [how, put] of Object.entries(ways)) {
    it(`${how} under an open window pays nothing a second time`, async () => {
      const storage = freshStorage();
      const file = join(storage, "journal.sqlite");
      const copies: Buffer[] = [];
      const checkpoint = (name: string) => {
        // The job waits, and goes out next.
        if (name === "before:submitting") {
          copies.push(fs.readFileSync(file));
        }
      };
      await using window = engine({ checkpoint }, storage);
      const id = await submit(window);
      await window.reaches(id, "saved");
      await window.jobs.remove(id);
      assert.deepEqual(window.jobs.list(), []);
      const [copy] = copies;
      assert.ok(copy !== undefined);
      put(file, copy);
      await until(() => {
        window.jobs.wake();
        return window.jobs.get(id) !== undefined;
      });
      assert.equal((await window.reaches(id, "unclear", "submitting", "saved")).progress.state, "unclear");
      assert.equal(service.requests().length, 1);
      const progress = window.jobs.get(id)?.progress;
      assert.ok(progress?.state === "unclear" && progress.problem.code === "submitUnclear");
      assert.equal(progress.problem.requestId, service.requests()[0]?.requestId);
      await window.jobs.adopt(id, progress.problem.requestId ?? "");
      await window.reaches(id, "saved");
      assert.equal(calls("submit"), 1);
    });
  }

  // Each waits for a lease to run out, and none of them asks the local service.
  describe("while its job waits", { concurrency: true }, () => {
    for (const [how, put] of Object.entries(ways)) {
      for (const when of ["under a window that was opened later", "while no window is open"]) {
        it(`${how} ${when} sends nothing of what was lost, dropped and removed since`, async () => {
          const storage = freshStorage();
          const file = join(storage, "journal.sqlite");
          const [images, kept] = [join(storage, "images"), join(storage, "..", `${basename(storage)}-kept`)];
          let posts = 0;
          const copies: Buffer[] = [];
          const ports = {
            checkpoint: (name: string) => {
              if (name === "before:submitting" && copies.length === 0) {
                copies.push(fs.readFileSync(file));
                fs.cpSync(images, kept, { recursive: true });
              }
            },
            client: (): Client => ({
              submit: async () => {
                posts += 1;
                return { outcome: "unclear", problem: { code: "submitUnclear", reason: "reset" } };
              },
              status: () => Promise.reject(new Error("unused")),
              result: () => Promise.reject(new Error("unused")),
              cancel: () => Promise.reject(new Error("unused")),
            }),
          };
          let id = "";
          {
            await using window = engine(ports, storage);
            id = await submit(window);
            await window.reaches(id, "unclear");
            await window.jobs.drop(id);
            await window.jobs.remove(id);
          }
          const [copy] = copies;
          assert.ok(copy !== undefined);
          const goBack = () => {
            fs.cpSync(kept, images, { recursive: true });
            put(file, copy);
          };
          if (when.startsWith("while")) {
            goBack();
          }
          await using window = engine(ports, storage);
          if (!when.startsWith("while")) {
            await until(() => window.jobs.list().length === 0);
            goBack();
            await until(() => {
              window.jobs.wake();
              return window.jobs.get(id) !== undefined;
            });
          }
          const { progress } = await window.reaches(id, "unclear", "queued", "failed");
          assert.deepEqual(progress, { state: "unclear", problem: { code: "submitUnclear", reason: "older journal" } });
          assert.equal(posts, 1);
          // Its user may have it sent all the same, and is asked once.
          await window.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
          await until(() => posts === 2);
        });
      }
    }
  });

  it("could not be told later: nothing leaves while a POST cannot be counted", async () => {
    const storage = freshStorage();
    const counted = join(storage, "journal.sqlite.sent");
    let ahead = 0;
    await using window = engine({ now: () => Date.now() + ahead }, storage);
    fs.mkdirSync(counted, { recursive: true });
    const id = await submit(window);
    await until(() => {
      const progress = window.jobs.get(id)?.progress;
      return progress?.state === "waiting" && progress.reason === "fault";
    });
    assert.equal(calls("submit"), 0);
    fs.rmdirSync(counted);
    ahead = 20_000;
    window.jobs.wake();
    await window.reaches(id, "saved");
    assert.equal(calls("submit"), 1);
  });

  it("is sent nothing from by a window that opens it where it knows what a job was sent as", async () => {
    const storage = freshStorage();
    const file = join(storage, "journal.sqlite");
    const journal = Journal.open(file);
    const url = { kind: "url", url: "https://images.example/a.png" } as const;
    const ready = { ...order, start: url, end: url, service: service.url, folder: storage };
    journal.insert(
      { ...saved("one", 1000), order: ready, progress: { state: "running", requestId: "r-one" } },
      "me",
      0,
    );
    journal.change("one", () => ({ progress: saved("one", 1000).progress }));
    journal.close();
    const db = new DatabaseSync(file);
    const waiting = JSON.stringify({ state: "waiting", reason: "turn" });
    db.prepare("UPDATE jobs SET state = 'waiting', progress = ?, owner = NULL").run(waiting);
    db.close();
    await using window = engine({}, storage);
    const { progress } = await window.reaches("one", "unclear", "queued", "failed");
    assert.deepEqual(progress, {
      state: "unclear",
      problem: { code: "submitUnclear", reason: "older journal", requestId: "r-one" },
    });
    assert.equal(calls("submit"), 0);
    // Its user may have it sent all the same.
    await window.jobs.sendAgain("one", { ...uncapped, acceptsSecond: true });
    await until(() => calls("submit") === 1);
  });
});
