import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Submission } from "../../../src/jobs/order.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import type { JobService } from "../../../src/jobs/service.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { startService } from "../../support/service/service.ts";

// Real engines and real HTTP for one test file, with the local service's own books.

const timing = { queueMs: 0, runMs: 0 };

/** A folder for the journals and videos of one test file, removed at its end. */
export const folder = await mkdtemp(join(tmpdir(), "wan-engines-"));
/** The local service, as it was at its start before each test: it makes each video at once. */
export const service = await startService({ timing });
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  service.reset();
  service.changeSettings({ tokens: [service.token], timing });
});

let storages = 0;
/** A folder for a journal that no other test uses. */
export function freshStorage(): string {
  storages += 1;
  return join(folder, `${storages}`);
}

/** Takes each picture for one that fits already. */
export const conform: Ports["conform"] = async ({ bytes }) => ({
  png: bytes,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

/** An engine; with `storage`, one more window over that journal. */
export function engine(ports: Partial<Ports> = {}, storage = freshStorage(), limits = {}) {
  return Object.assign(startEngine({ storage, token: service.token, limits, ports: { conform, ...ports } }), {
    storage,
  });
}

const picture = (name: string) => fileURLToPath(new URL(`../../support/service/samples/${name}`, import.meta.url));

/** A small video of two pictures, saved beside the journal. */
export const submit = (
  { jobs, storage }: { readonly jobs: JobService; readonly storage: string },
  changes: Partial<Submission> = {},
): Promise<string> =>
  jobs.submit({
    start: { kind: "file", path: picture("Runcomfy_1272_2.png") },
    end: { kind: "file", path: picture("Runcomfy_1272_1.png") },
    prompt: "One becomes the other.",
    parameters: { resolution: "480x480 (1:1)" },
    service: service.url,
    folder: join(storage, "videos"),
    fileName: "made",
    payment: async () => uncapped,
    ...changes,
  });

/** How often the service was called so. */
export const calls = (call: string) => service.ledger.exchanges.filter((exchange) => exchange.call === call).length;

/** Resolves once `holds`; the test's own time limit bounds it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await setTimeout(20);
  }
}
