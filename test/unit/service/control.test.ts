import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { MODEL, SAMPLE_BODY } from "./helpers.ts";

const MAIN = fileURLToPath(new URL("../../support/service/main.ts", import.meta.url));

test("the command line service prints its address and is steered from outside", async () => {
  const folder = await mkdtemp(join(tmpdir(), "service-cli-"));
  const faults = join(folder, "faults.json");
  await writeFile(faults, JSON.stringify([{ id: "busy", on: "submit", nth: 1, do: { respond: { status: 503 } } }]));
  const child = spawn(process.execPath, [MAIN, "--token", "tok", "--faults", faults, "--queue-ms", "600000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = await once(createInterface(child.stdout), "line");
    const { url, token, pid } = z
      .strictObject({ url: z.string(), token: z.string(), pid: z.number() })
      .parse(JSON.parse(line));
    assert.deepEqual([token, pid], ["tok", child.pid]);
    const send = async (method: string, path: string, body?: string) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: "Bearer tok" },
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    const json = async (path: string): Promise<unknown> => JSON.parse((await send("GET", path)).bytes.toString());
    const ledger = async () =>
      z
        .object({
          requests: z.array(z.looseObject({ requestId: z.string(), state: z.string() })),
          exchanges: z.array(z.looseObject({ call: z.string().nullable(), faultId: z.string().nullable() })),
        })
        .parse(await json("/_test/ledger"));

    const submit = () => send("POST", `/v1/models/${MODEL}`, SAMPLE_BODY);
    assert.equal((await submit()).status, 503);
    assert.deepEqual(
      (await ledger()).exchanges.map(({ call, faultId }) => [call, faultId]),
      [["submit", "busy"]],
    );
    assert.equal((await submit()).status, 200);
    const [request] = (await ledger()).requests;
    assert.equal(request?.state, "in_queue");

    assert.equal((await send("PUT", "/_test/faults", '[{"on":"submit","do":{"respnd":{}}}]')).status, 400);
    assert.equal((await send("PUT", "/_test/faults", "{")).status, 400);
    assert.equal((await send("PUT", "/_test/faults", '[{"on":"status","do":{"statusWord":"odd"}}]')).status, 200);
    const status = async () =>
      z.object({ status: z.string() }).parse(await json(`/v1/requests/${request?.requestId}/status`)).status;
    assert.equal(await status(), "odd");

    assert.equal((await send("POST", "/_test/advance", '{"to":"completed"}')).status, 200);
    assert.equal((await ledger()).requests[0]?.state, "ended");
    const uploads = z
      .array(z.looseObject({ role: z.string(), bytes: z.number(), href: z.string() }))
      .parse(await json("/_test/uploads"));
    assert.deepEqual(
      uploads.map(({ role }) => role),
      ["start", "end"],
    );
    for (const { bytes, href } of uploads) assert.equal((await send("GET", href)).bytes.length, bytes);

    assert.equal((await send("PUT", "/_test/settings", '{"balance":0}')).status, 200);
    assert.equal((await submit()).status, 400);
    assert.equal((await send("POST", "/_test/reset")).status, 200);
    const empty = { requests: [], exchanges: [], downloads: [], tokenLeaks: [], chargedUsd: 0 };
    assert.deepEqual(await json("/_test/ledger"), empty);
  } finally {
    child.kill("SIGTERM");
    const [code] = await once(child, "close");
    await rm(folder, { recursive: true });
    assert.equal(code, 0);
  }
});
