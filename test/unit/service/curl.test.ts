import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import * as z from "zod";
import { startService } from "../../support/service/service.ts";
import { MODEL, SAMPLE_BODY } from "./helpers.ts";

async function curl(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)("curl", ["--silent", "--show-error", ...args]);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
}

test("the curl lines of the API page work with only host and token changed", async () => {
  await using service = await startService({ token: "tok-1", timing: { queueMs: null } });
  const submitted = await curl(
    "--request",
    "POST",
    "--url",
    `${service.url}/v1/models/${MODEL}`,
    "--header",
    "Content-Type: application/json",
    "--header",
    "Authorization: Bearer tok-1",
    "--data",
    SAMPLE_BODY,
  );
  const id = z.uuid().parse(submitted.request_id);
  const base = `${service.url}/v1/requests/${id}`;
  assert.deepEqual(submitted, {
    request_id: id,
    status_url: `${base}/status`,
    result_url: `${base}/result`,
    cancel_url: `${base}/cancel`,
  });
  const get = (url: string) => curl("--request", "GET", "--url", url, "--header", "Authorization: Bearer tok-1");

  const queued = await get(`${base}/status`);
  assert.equal(queued.status, "in_queue");
  assert.equal(queued.queue_position, 3);
  assert.equal((await get(`${base}/result`)).status, "in_queue");

  await service.advance("completed", id);
  const status = await get(`${base}/status`);
  assert.equal(status.status, "completed");
  assert.ok(!("queue_position" in status));
  const result = await get(`${base}/result`);
  assert.equal(result.status, "succeeded");
  const { video } = z.object({ video: z.string() }).parse(result.output);
  const { stdout } = await promisify(execFile)("curl", ["--silent", video], { encoding: "buffer" });
  assert.equal(stdout.toString("latin1", 4, 8), "ftyp");

  const cancelled = await curl(
    "--request",
    "POST",
    "--url",
    `${base}/cancel`,
    "--header",
    "Authorization: Bearer tok-1",
  );
  assert.deepEqual(cancelled, { request_id: id, status: "completed", outcome: "not_cancellable" });
  assert.deepEqual(service.ledger.tokenLeaks, []);
});
