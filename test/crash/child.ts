import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import promises from "node:fs/promises";
import { flushCompileCache, syncBuiltinESMExports } from "node:module";
import { createInterface } from "node:readline";
import { createFetch } from "../../src/host/http.ts";
import { isEnded, type Job, needsUser, requestIdOf } from "../../src/jobs/job.ts";
import { ProblemError } from "../../src/shared/model/problem.ts";
import { startEngine, uncapped, verifyHere } from "../support/engine/engine.ts";
import { defaultHttp } from "../support/engine/http.ts";
import { askedSchema, type Call, type Event, type JobFacts, type Measure, type Setup } from "./protocol.ts";

// An engine in a process of its own: what a window of the editor is to the journal, and as easily killed. After its end the
// process can open another one.

/** How often the engine is hurried on, ms. */
const hurry = 40;

// Written at once: what was told before a kill has arrived.
const tell = (event: Event) => writeSync(1, `${JSON.stringify(event)}\n`);

const { link } = promises;
const noLink = () => Promise.reject(Object.assign(new Error("no hard links here"), { code: "EPERM", syscall: "link" }));

/** Starts an engine. Gives what answers the calls to it. */
function openEngine(setup: Setup) {
  promises.link = setup.hardLinks ? link : noLink;
  syncBuiltinESMExports();
  tell({ event: "opening" });

  let reached = 0;
  const checkpoint = (name: string) => {
    if (setup.telling) {
      tell({ event: "checkpoint", name });
    }
    const { halt } = setup;
    if (halt?.at === name) {
      reached += 1;
      if (reached === halt.nth) {
        process.kill(process.pid, halt.signal);
      }
    }
  };

  let clockReads = 0;
  let changes = 0;
  const engine = startEngine({
    storage: setup.storage,
    token: setup.token,
    fetch: createFetch(() => defaultHttp),
    ...(setup.uploads !== undefined && {
      uploads: { put: { url: `${setup.uploads}/\${name}`, publicUrl: "", headers: {} } },
    }),
    limits: { jobsAtOnce: setup.jobsAtOnce },
    ports: {
      now: () => {
        clockReads += 1;
        return Date.now();
      },
      // A window that stands still is not waited for: nobody has five minutes here.
      sendingTime: 10_000,
      // The pictures have the right size already, and the videos are our own; threads would only slow every start.
      verify: verifyHere,
      conform: async ({ bytes }) => ({ png: bytes, sha256: createHash("sha256").update(bytes).digest("hex") }),
      checkpoint,
      log: (line) => tell({ event: "log", line }),
    },
  });
  const { jobs } = engine;

  function facts(job: Job): JobFacts {
    const { progress } = job;
    return {
      id: job.id,
      state: progress.state,
      seed: job.order.parameters?.seed,
      createdAt: job.createdAt,
      requestId: requestIdOf(progress),
      problem: "problem" in progress ? progress.problem?.code : undefined,
      ...(progress.state === "saved" ? { video: progress.video, recipe: progress.recipe } : {}),
    };
  }

  /** Resolves with `look`'s first answer, asked anew after every change. */
  function once<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const end = jobs.onDidChange(() => again());
      const again = () => {
        const value = look();
        if (value !== undefined) {
          end();
          resolve(value);
        }
      };
      again();
    });
  }

  function rested(): JobFacts[] | undefined {
    const all = jobs.list();
    const isRested = all.every(({ progress }) => isEnded(progress) || needsUser(progress)) && jobs.uploads.isSettled();
    return isRested ? all.map(facts) : undefined;
  }

  function measure(): Measure {
    const { user, system } = process.cpuUsage();
    return {
      clockReads,
      changes,
      cpu: (user + system) / 1000,
      memory: process.memoryUsage().rss,
      timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
    };
  }

  async function answer(
    ask: Exclude<Call, { call: "open" }>,
  ): Promise<JobFacts | JobFacts[] | Measure | string | undefined> {
    switch (ask.call) {
      case "submit":
        return jobs.submit({
          start: { kind: "file", path: ask.start },
          end: { kind: "file", path: ask.end },
          prompt: "Slowly from one to the other.",
          parameters: { resolution: "480x480 (1:1)", seed: ask.seed },
          ...(setup.uploads !== undefined && { hosting: "put" }),
          service: setup.service,
          folder: ask.folder,
          fileName: ask.fileName,
          payment: async () => uncapped,
        });
      case "recover":
        return jobs.recover(ask.requestId, { service: setup.service, folder: ask.folder });
      case "cancel":
        await jobs.cancel(ask.id);
        return;
      case "sendAgain":
        await jobs.sendAgain(ask.id, { ...uncapped, acceptsSecond: true });
        return;
      case "adopt":
        await jobs.adopt(ask.id, ask.requestId);
        return;
      case "retry":
        await jobs.retry(ask.id);
        return;
      case "chooseFolder":
        await jobs.chooseFolder(ask.id, ask.folder);
        return;
      case "drop":
        await jobs.drop(ask.id);
        return;
      case "remove":
        await jobs.remove(ask.id);
        return;
      case "rest":
        return once(rested);
      case "list":
        return jobs.list().map(facts);
      case "reaches":
        return once(() => {
          const job = jobs.get(ask.id);
          return job !== undefined && ask.states.includes(job.progress.state) ? facts(job) : undefined;
        });
      case "measure":
        return measure();
      case "dispose":
        clearInterval(hurrying);
        await engine[Symbol.asyncDispose]();
        // For the processes after this one: those that are killed leave none.
        flushCompileCache();
        return;
    }
  }

  // As the product's notifications do: one message at the end of each job that was seen on its way.
  const open = new Set<string>();
  const look = () => {
    changes += 1;
    for (const job of jobs.list()) {
      const quiet = isEnded(job.progress) || needsUser(job.progress);
      if (!quiet) {
        open.add(job.id);
      } else if (open.delete(job.id) && job.progress.state !== "cancelled") {
        const { id } = job;
        void jobs.claimNotification(id).then((mine) => mine && tell({ event: "notified", id }));
      }
    }
  };
  jobs.onDidChange(look);
  look();

  const hurrying = setup.hurried ? setInterval(() => jobs.wake(), hurry) : undefined;
  return answer;
}

let answer: ReturnType<typeof openEngine> | undefined;
async function answerTo(ask: Call) {
  if (ask.call === "open") {
    answer = openEngine(ask.setup);
    return;
  }
  return answer?.(ask);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { n, ask } = askedSchema.parse(JSON.parse(line));
  try {
    const value = await answerTo(ask);
    tell(value === undefined ? { event: "done", n } : { event: "done", n, value: JSON.parse(JSON.stringify(value)) });
  } catch (error) {
    tell({ event: "refused", n, message: error instanceof ProblemError ? error.problem.code : String(error) });
  }
});
