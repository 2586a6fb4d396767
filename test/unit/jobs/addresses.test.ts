import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { refused } from "../../support/problems.ts";
import { job, order } from "./jobs.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-addresses-"));
after(() => rm(folder, { recursive: true, force: true }));

it("a job is not made, and nothing is sent, of an address that the service cannot read, whoever asks for it", async () => {
  await using engine = startEngine({
    storage: join(folder, "storage"),
    token: "t",
    fetch: () => assert.fail("something was sent"),
  });
  for (const [url, code] of [
    ["https://", "imageAddressInvalid"],
    ["https://exa mple.com/a.png", "imageAddressInvalid"],
    ["https://user:secret@a.example/a.png", "imageAddressInvalid"],
    ["https://192.168.1.7/a.png", "imageAddressPrivate"],
    ["https://localhost/a.png", "imageAddressPrivate"],
  ] as const) {
    const end = { kind: "url", url } as const;
    const made = engine.jobs.submit({
      start: { kind: "url", url: "https://1.1.1.1/a.png" },
      end,
      prompt: "p",
      parameters: {},
      service: "https://service.test.invalid",
      folder,
      fileName: "v",
      payment: async () => uncapped,
    });
    await assert.rejects(made, refused(code), url);
  }
  assert.deepEqual(engine.jobs.list(), []);
});

it("a job of an older version with such an address is not sent either, and says why", async () => {
  const storage = join(folder, "older");
  const journal = Journal.open(join(storage, "journal.sqlite"));
  for (const [id, url] of ["https://", "https://exa mple.com/a.png", "a.png"].entries()) {
    const pair = { start: { kind: "url", url: "https://1.1.1.1/a.png" }, end: { kind: "url", url } } as const;
    journal.insert({ ...job(`${id}`), order: { ...order, ...pair } }, "gone", 0);
  }
  journal.close();
  await using engine = startEngine({ storage, token: "t", fetch: () => assert.fail("something was sent") });
  for (const { id } of engine.jobs.list()) {
    const { progress } = await engine.reaches(id, "failed");
    assert.deepEqual(progress, { state: "failed", problem: { code: "imageAddressInvalid", side: "end" } });
  }
  assert.equal(engine.jobs.list().length, 3);
});
