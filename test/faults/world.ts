import assert from "node:assert/strict";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createFetch } from "../../src/host/http.ts";
import type { Job } from "../../src/jobs/job.ts";
import { createClient } from "../../src/runcomfy/client.ts";
import { startEngine, uncapped, verifyHere } from "../support/engine/engine.ts";
import { defaultHttp } from "../support/engine/http.ts";
import type { Service } from "../support/service/service.ts";
import { startStorage, type TestStorage } from "../support/storage/storage.ts";
import { type Gate, makeGate } from "./gate.ts";
import type { Lanes } from "./lanes.ts";
import { type Locker, startLocker } from "./lock.ts";
import type { Deed, Row } from "./row.ts";
import { mount } from "./volume.ts";

/** File name of the video, without ending. */
const videoName = "made";
/** Where the name of an uploaded object goes. */
const objectName = "$" + "{name}";
/** How often the engine is hurried on, ms. */
const hurry = 60;

/** The surroundings of one row: folders, network, token, clock, journal, and the engine in the middle of them. */
export interface World extends AsyncDisposable {
  /** Folders that the video may be saved in; the first is the one chosen before Generate. */
  readonly folders: readonly string[];
  readonly storage: string;
  readonly log: readonly string[];
  generate(): Promise<string>;
  /** The user's image storage, where the row has one. */
  readonly uploads: TestStorage | undefined;
  /** Uploaded images that could not be deleted. */
  leftovers(): number;
  /** Resolves once no uploaded image is left that the program will delete. */
  uploadsSettled(): Promise<void>;
  job(id: string): Job | undefined;
  /** Calls back with everything that the job becomes, and with what it is in a window that was reloaded. */
  watch(id: string, seen: (job: Job) => void): void;
  /** Starts each deed before it returns; the promise is there for those that take time. */
  act(deeds: readonly Deed[]): Promise<void>;
  /** Ends the engine, after what it has under way. */
  end(): Promise<void>;
}

const fetch = createFetch(() => defaultHttp);

/** Builds the surroundings of a row in a fresh folder. */
export async function makeWorld(row: Row, service: Service, lanes: Lanes, root: string): Promise<World> {
  const volume = row.volume && (await mount(join(root, "volume"), row.volume.bytes));
  const base = join(row.volume?.of === "output" && volume ? volume.path : root, "out");
  const folder = row.newFolder ? join(base, "films", "new") : base;
  const fresh = join(root, "elsewhere");
  const storage = join(row.volume?.of === "storage" && volume ? volume.path : root, "storage");
  for (const path of [base, fresh, storage]) {
    await mkdir(path, { recursive: true });
  }
  const gate: Gate | undefined = row.address === "gate" ? await makeGate(service.url) : undefined;
  const locker: Locker | undefined = row.alone ? await startLocker(storage) : undefined;
  const uploads: TestStorage | undefined = row.uploads && (await startStorage());
  const counts = new Map<string, number>();
  const log: string[] = [];
  const watchers: ((job: Job) => void)[] = [];
  let offset = 0;
  let token: string | undefined = service.token;
  let watched: string | undefined;

  const now = () => Date.now() + offset;
  const happens = (at: string) => {
    const count = (counts.get(at) ?? 0) + 1;
    counts.set(at, count);
    for (const event of row.during ?? []) {
      if (event.at === at && (event.nth ?? 1) === count) {
        void act(event.deeds);
      }
    }
  };
  const start = () => {
    const engine = startEngine({
      storage,
      token: service.token,
      ...(row.videoBytes !== undefined && { limits: { videoBytes: row.videoBytes } }),
      ...(uploads && { uploads: { put: { url: `${uploads.url}/${objectName}`, publicUrl: "", headers: {} } } }),
      ports: {
        client: (origin) =>
          createClient({
            base: origin,
            fetch,
            token: async () => token,
            now,
            onExchange: ({ method, path, status }) => {
              log.push(`${method} ${path} ${status}`);
              happens(
                method === "POST" && !path.endsWith("/cancel") ? "submit" : (/(\w+)(\?|$)/.exec(path)?.[1] ?? ""),
              );
            },
            ...(row.impatient && { timeouts: { submit: 1000, read: 1000 } }),
          }),
        fetch,
        ...(row.impatient && { stallTimeout: 1000 }),
        ...(row.heals && { healingPause: 50 }),
        conform: async ({ path }) => lanes.conform(path),
        // Without its thread, whose start would be a time in which anything can happen.
        verify: verifyHere,
        tokenInUse: async () => (token === undefined ? undefined : "test"),
        now,
        log: (message) => {
          log.push(message);
          happens(message.replace(/^[0-9a-f-]{36} /, ""));
        },
        checkpoint: happens,
      },
    });
    engine.jobs.onDidChange(tell);
    return engine;
  };
  let told = "";
  const tell = () => {
    const job = watched === undefined ? undefined : engine.jobs.get(watched);
    if (job !== undefined && told !== JSON.stringify(job)) {
      told = JSON.stringify(job);
      for (const seen of watchers) {
        seen(job);
      }
    }
  };
  let engine = start();

  // Somebody who cannot wait: makes everything due at once and lets the clock run up to a time that is waited for.
  const hurrying = setInterval(() => {
    const job = watched === undefined ? undefined : engine.jobs.get(watched);
    if (job?.progress.state === "waiting" && job.progress.notBefore !== undefined) {
      offset += Math.max(job.progress.notBefore - now(), 0);
    }
    // What could not be deleted is due again at once.
    offset += row.uploads !== undefined && engine.jobs.uploads.leftovers().length > 0 ? 3_600_000 : 0;
    engine.jobs.wake();
  }, hurry);
  if (row.ownPace || row.alone) {
    clearInterval(hurrying);
  }

  const id = () => {
    assert(watched !== undefined);
    return watched;
  };
  const set = (state: Extract<Deed, { folder: unknown }>["folder"]) => {
    const away = `${folder}.away`;
    switch (state) {
      case "gone":
        return renameSync(folder, away);
      case "back":
        rmSync(folder, { recursive: true, force: true });
        return existsSync(away) ? renameSync(away, folder) : mkdirSync(folder);
      case "file":
        rmSync(folder, { recursive: true });
        return writeFileSync(folder, "a file");
      case "full":
      case "roomy":
        return need(volume).fill(state === "full" ? 0 : undefined);
      case "readOnly":
      case "writable":
        return need(volume).setReadOnly(state === "readOnly");
    }
  };
  const setUploads = async (state: Extract<Deed, { uploads: unknown }>["uploads"]) => {
    if (state === "reachable") {
      await need(uploads).open();
    } else if (state === "unreachable") {
      await need(uploads).close();
    } else {
      need(uploads).refuse(...state);
    }
  };
  const take = (kind: "video" | "recipe" | "folder") => {
    const path = join(folder, `${videoName}${kind === "recipe" ? ".flf.json" : ".mp4"}`);
    return kind === "folder" ? mkdirSync(path) : writeFileSync(path, "somebody else's");
  };
  const decide = async (deed: Extract<Deed, { user: unknown }>) => {
    const { jobs } = engine;
    switch (deed.user) {
      case "sendAgain":
        return await jobs.sendAgain(id(), { ...(row.payment ?? uncapped), acceptsSecond: true });
      case "sendWithUpload":
        return await jobs.sendAgain(id(), uncapped, "put");
      case "deleteAgain":
        for (const left of jobs.uploads.leftovers()) {
          await jobs.uploads.again(left.id);
        }
        return;
      case "retry":
        return await jobs.retry(id());
      case "drop":
        return await jobs.drop(id());
      case "cancel":
        return await jobs.cancel(id());
      case "adopt":
        return await jobs.adopt(id(), deed.id === "unknown" ? "nobody-s" : (service.requests()[0]?.requestId ?? ""));
      case "chooseFolder":
        return deed.folder === "fresh"
          ? await jobs.chooseFolder(id(), fresh)
          : await assert.rejects(jobs.chooseFolder(id(), lanes.images.start), { message: "folderUnusable" });
    }
  };
  async function one(deed: Deed): Promise<void> {
    if ("user" in deed) {
      await decide(deed);
    } else if ("token" in deed) {
      token = { right: service.token, wrong: "wrong-token", none: undefined }[deed.token];
    } else if ("clock" in deed) {
      offset += deed.clock;
    } else if ("folder" in deed) {
      set(deed.folder);
    } else if ("taken" in deed) {
      take(deed.taken);
    } else if ("storage" in deed) {
      need(volume).fill(deed.storage === "full" ? 0 : undefined);
    } else if ("uploads" in deed) {
      await setUploads(deed.uploads);
    } else if ("journalLockedFor" in deed) {
      need(locker).lockFor(deed.journalLockedFor);
    } else if ("faults" in deed) {
      service.setFaults(deed.faults);
    } else if ("window" in deed) {
      await engine.jobs.dispose();
      engine = start();
      told = "";
      tell();
    } else {
      switch (deed.service) {
        case "reachable":
          return await need(gate).open();
        case "unreachable":
          return await need(gate).close();
        case "is being asked":
          return await asked(service);
        case "ends all runs":
          return await service.advance("completed");
      }
    }
  }
  async function act(deeds: readonly Deed[]): Promise<void> {
    for (const deed of deeds) {
      await one(deed);
    }
  }
  let ended = false;
  const end = async () => {
    if (!ended) {
      ended = true;
      clearInterval(hurrying);
      await engine[Symbol.asyncDispose]();
    }
  };
  const origins = {
    gate: gate?.url,
    tls: service.url.replace("http:", "https:"),
    unknownHost: "http://service.invalid",
  };
  return {
    folders: [folder, fresh],
    storage,
    log,
    async generate() {
      watched = await engine.jobs.submit({
        start: { kind: "file", path: lanes.images.start },
        end: { kind: "file", path: lanes.images.end },
        prompt: "Slowly from one to the other.",
        parameters: { resolution: "480x480 (1:1)" },
        ...(row.uploads?.from === "start" && { hosting: "put" }),
        service: (row.address && origins[row.address]) ?? service.url,
        folder,
        fileName: videoName,
        payment: async () => row.payment ?? uncapped,
      });
      tell();
      return watched;
    },
    uploads,
    leftovers: () => engine.jobs.uploads.leftovers().length,
    uploadsSettled: () =>
      settled(
        () => engine.jobs.uploads.isSettled(),
        (look) => engine.jobs.onDidChange(look),
      ),
    job: (jobId) => engine.jobs.get(jobId),
    watch(jobId, seen) {
      watchers.push(seen);
      const job = engine.jobs.get(jobId);
      if (job !== undefined) {
        seen(job);
      }
    },
    act,
    end,
    async [Symbol.asyncDispose]() {
      await end();
      await gate?.close();
      await uploads?.close();
      await locker?.end();
      await volume?.remove();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Resolves once `holds`, asked anew after every change. */
async function settled(holds: () => boolean, onDidChange: (look: () => void) => () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (holds()) {
      resolve();
    }
  };
  const end = onDidChange(look);
  look();
  await promise;
  end();
}

/** Resolves once a request has come to the service. */
async function asked(service: Service): Promise<void> {
  for (const deadline = Date.now() + 10_000; service.ledger.exchanges.length === 0; ) {
    assert(Date.now() < deadline, "nothing came to the service");
    await setImmediate();
  }
}

function need<T>(part: T | undefined): T {
  assert(part !== undefined, "the row does not say that it needs this");
  return part;
}
