import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Conformed } from "../../src/jobs/ports.ts";
import { centerCrop } from "../../src/shared/model/plan.ts";
import { sourceConformer } from "../support/engine/engine.ts";
import { makeScratch } from "../support/engine/scratch.ts";
import { type Service, startService } from "../support/service/service.ts";
import { canMount } from "./volume.ts";

/** What all rows share: services, each for one row at a time, and images that are prepared once. */
export interface Lanes extends AsyncDisposable {
  /** Folder for everything that rows write. */
  readonly scratch: string;
  readonly images: { readonly start: string; readonly end: string };
  readonly conform: (path: string) => Conformed;
  /** SHA-256 (hex) of the video that a service makes of these images. */
  readonly videoSha256: string;
  readonly canMount: boolean;
  /** Runs `work` with a service that is as if freshly started. */
  use<T>(work: (service: Service) => Promise<T>): Promise<T>;
}

const sample = (name: string) => fileURLToPath(new URL(`../support/service/samples/${name}`, import.meta.url));

/** Starts so many services. */
export async function openLanes(count: number): Promise<Lanes> {
  const scratch = await makeScratch("wan-flf2v-faults-");
  const images = { start: join(scratch, "images", "alpha.png"), end: join(scratch, "images", "omega.png") };
  await mkdir(join(scratch, "images"));
  const prepared = new Map<string, Conformed>();
  const conformer = sourceConformer();
  for (const [path, name] of [
    [images.start, "Runcomfy_1272_2.png"],
    [images.end, "Runcomfy_1272_1.png"],
  ] as const) {
    const bytes = await readFile(sample(name));
    await writeFile(path, bytes);
    const { png, sha256 } = await conformer.conform({
      source: { bytes },
      target: { width: 480, height: 480 },
      plan: centerCrop,
    });
    prepared.set(path, { png, sha256 });
  }
  await conformer.dispose();
  const conform = (path: string) => {
    const image = prepared.get(path);
    assert(image !== undefined);
    return image;
  };
  const services = await Promise.all(Array.from({ length: count }, () => startService()));
  const free = [...services];
  const waiting: ((service: Service) => void)[] = [];
  const take = async () => free.pop() ?? (await new Promise<Service>((resolve) => waiting.push(resolve)));
  const give = (service: Service) => {
    const next = waiting.shift();
    if (next === undefined) {
      free.push(service);
    } else {
      next(service);
    }
  };
  const [first] = services;
  assert(first !== undefined);
  const pair = [conform(images.start), conform(images.end)] as const;
  return {
    scratch,
    images,
    conform,
    videoSha256: await videoOf(first, pair),
    canMount: await canMount(scratch),
    async use(work) {
      const service = await take();
      try {
        service.reset();
        service.changeSettings({ timing: { queueMs: 0, runMs: 0 }, authError: "401001", dataUris: "accepted" });
        return await work(service);
      } finally {
        give(service);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(services.map((service) => service.close()));
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** What the service makes of a pair, asked for without the engine. Also makes it once, so that no row waits for it. */
async function videoOf(service: Service, pair: readonly [Conformed, Conformed]): Promise<string> {
  const [start, end] = pair.map(({ png }) => `data:image/png;base64,${Buffer.from(png).toString("base64")}`);
  const headers = { Authorization: `Bearer ${service.token}` };
  const body = JSON.stringify({
    "110_image": start,
    "112_image": end,
    "99_text": "x",
    "111_widthx111_height": "480x480 (1:1)",
  });
  await fetch(`${service.url}/v1/models/community/wan-2-2/fun-inpaint`, { method: "POST", headers, body });
  await service.advance("completed");
  const id = service.requests()[0]?.requestId;
  const result: unknown = await (await fetch(`${service.url}/v1/requests/${id}/result`, { headers })).json();
  const address = /"(http[^"]+\.mp4)"/.exec(JSON.stringify(result))?.[1];
  assert(address !== undefined, JSON.stringify(result));
  const video = await (await fetch(address)).arrayBuffer();
  return createHash("sha256").update(new Uint8Array(video)).digest("hex");
}
