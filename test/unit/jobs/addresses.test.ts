import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { ProblemError } from "../../../src/model/problem.ts";
import { startEngine, uncapped } from "../../engine/engine.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-addresses-"));
after(() => rm(folder, { recursive: true, force: true }));

it("a job is not made, and nothing is sent, of an address that the service cannot read, whoever asks for it", async () => {
  const { jobs } = startEngine({
    storage: join(folder, "storage"),
    token: "t",
    fetch: () => assert.fail("something was sent"),
  });
  try {
    for (const [url, code] of [
      ["https://", "imageAddressInvalid"],
      ["https://exa mple.com/a.png", "imageAddressInvalid"],
      ["https://user:secret@a.example/a.png", "imageAddressInvalid"],
      ["https://192.168.1.7/a.png", "imageAddressPrivate"],
      ["https://localhost/a.png", "imageAddressPrivate"],
    ] as const) {
      const end = { kind: "url", url } as const;
      const made = jobs.submit({
        start: { kind: "url", url: "https://1.1.1.1/a.png" },
        end,
        prompt: "p",
        parameters: {},
        service: "https://service.test.invalid",
        folder,
        fileName: "v",
        payment: uncapped,
      });
      await assert.rejects(made, (error: unknown) => error instanceof ProblemError && error.problem.code === code, url);
    }
    assert.deepEqual(jobs.list(), []);
  } finally {
    await jobs.dispose();
  }
});
