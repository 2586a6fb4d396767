import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isEnded, type Job, mayBePaid, requestIdOf } from "../../src/jobs/job.ts";
import type { JobService } from "../../src/jobs/service.ts";
import type { Payment } from "../../src/shared/model/budget.ts";
import type { Ledger } from "./ledger.ts";
import { service } from "./network.ts";
import { type Window, wordOf } from "./window.ts";
import type { World } from "./world.ts";

const payment: Payment = { estimate: 0.2, cap: null, videoCaps: { day: null, month: null }, acceptsUnknown: true };

/** What a user may do with a job, by the state in which the views offer it. */
const offers: Readonly<Record<string, readonly Decision[]>> = {
  preparing: ["cancel"],
  waiting: ["cancel"],
  submitting: ["cancel"],
  queued: ["cancel", "cancel", "cancel", "stopWatching", "adoptRight"],
  running: ["cancel", "wake", "stopWatching"],
  downloading: ["wake", "stopWatching"],
  unclear: ["sendAgain", "adoptRight", "adoptWrong", "drop", "sendAgain"],
  needsAction: ["retry", "chooseFolder", "trustHost", "drop", "retry"],
  failed: ["sendAgain", "sendAgain", "remove", "remove", "adoptRight", "retry"],
  saved: ["remove"],
  cancelled: ["remove"],
};

const decisions = [
  "cancel",
  "sendAgain",
  "adoptRight",
  "adoptWrong",
  "retry",
  "drop",
  "remove",
  "chooseFolder",
  "trustHost",
  "stopWatching",
  "wake",
] as const;
type Decision = (typeof decisions)[number];

/** Users at several windows, who look, think, answer what they are asked, and are sometimes late. */
export class Users {
  readonly #world: World;
  readonly #ledger: Ledger;
  #submitted = 0;

  constructor(world: World, ledger: Ledger) {
    this.#world = world;
    this.#ledger = ledger;
  }

  /** Presses Generate in a window. */
  async submit(window: Window): Promise<void> {
    const { random } = this.#world;
    this.#submitted += 1;
    const prompt = `job-${this.#submitted}`;
    const share = random.pick([0, 0.5, 1, 1]);
    const image = (number: number) =>
      random.chance(share)
        ? { kind: "file" as const, path: this.#world.picture(number) }
        : { kind: "url" as const, url: `https://pictures.example.com/${number}.png` };
    const submission = {
      start: image(random.between(1, 4)),
      end: image(random.between(1, 4)),
      prompt,
      parameters: {},
      hosting: random.chance(0.3) ? ("put" as const) : ("dataUri" as const),
      service,
      folder: join(this.#world.folder, "videos", random.pick(["", "", "sub"])),
      fileName: random.pick(["video", prompt]),
      payment: async () => payment,
    };
    this.#world.trace(`${window.name} user submits ${prompt}`);
    const thinksBetter = random.chance(0.3) ? random.between(20, 3000) : undefined;
    await this.#act(window, `submit ${prompt}`, async (jobs) => {
      const id = await jobs.submit(submission);
      if (thinksBetter !== undefined) {
        this.#world.scheduler.after(thinksBetter, window.process, () =>
          this.#perform(window, `cancel ${prompt}`, (current) => this.#cancel(window, current, id, prompt)),
        );
      }
    });
  }

  /** Does something with a job that the window shows, mostly something that it offers. */
  async decide(window: Window): Promise<void> {
    const { random } = this.#world;
    const job = this.#look(window);
    if (job === undefined) {
      return;
    }
    const offered = offers[job.progress.state] ?? [];
    const decision = random.chance(0.9) && offered.length > 0 ? random.pick(offered) : random.pick(decisions);
    await this.#do(window, job, decision);
  }

  /** Two decide about the same job at nearly the same time, each in a window of their own. */
  async disagree(one: Window, other: Window): Promise<void> {
    const { random, scheduler } = this.#world;
    const standing = this.#shown(one).filter(({ progress }) => ["failed", "unclear"].includes(progress.state));
    const job = standing.length > 0 && random.chance(0.7) ? random.pick(standing) : this.#look(one);
    const offered = offers[job?.progress.state ?? ""] ?? [];
    if (job !== undefined && offered.length > 0) {
      const first = offered.includes("remove") && random.chance(0.6) ? "remove" : random.pick(offered);
      const others = offered.filter((decision) => decision !== first);
      await this.#do(one, job, first);
      await scheduler.runUntil(scheduler.now + random.between(0, 8));
      await this.#do(other, job, others.length > 0 && random.chance(0.8) ? random.pick(others) : first);
    }
  }

  /** Does all that lets standing jobs go on, as a user does who wants their videos. */
  async settle(window: Window): Promise<void> {
    for (const job of this.#shown(window)) {
      if (job.progress.state === "needsAction") {
        const isHost = job.progress.problem.code === "hostNotTrusted";
        await this.#do(window, job, isHost ? "trustHost" : "retry");
      }
    }
  }

  #shown(window: Window): readonly Job[] {
    try {
      return window.list();
    } catch (error) {
      this.#world.trace(`${window.name} shows no jobs: ${wordOf(error)}`);
      return [];
    }
  }

  #look(window: Window): Job | undefined {
    const { random } = this.#world;
    const all = this.#shown(window);
    const open = all.filter(({ progress }) => !isEnded(progress));
    // What is on its way at this moment is where a decision is most likely to come in between.
    const moving = all.filter(({ progress }) => progress.state === "submitting");
    const shown = moving.length > 0 && random.chance(0.7) ? moving : open.length > 0 && random.chance(0.8) ? open : all;
    return shown.length === 0 ? undefined : random.pick(shown);
  }

  async #do(window: Window, job: Job, decision: Decision): Promise<void> {
    const { id, order, progress } = job;
    const { prompt } = order;
    const ledger = this.#ledger;
    this.#world.trace(`${window.name} user: ${decision} ${prompt} (${progress.state})`);
    switch (decision) {
      case "wake":
        return this.#act(window, "wake", async (jobs) => jobs.wake());
      case "cancel":
        return this.#act(window, decision, (jobs) => this.#cancel(window, jobs, id, prompt));
      case "sendAgain":
        return this.#sendAgain(window, id, prompt, mayBePaid(progress));
      case "adoptRight":
      case "adoptWrong": {
        const requestId = this.#requestIdFor(prompt, decision === "adoptRight");
        return requestId === undefined
          ? undefined
          : this.#act(window, `${decision} ${requestId}`, (jobs) => this.#adopt(window, jobs, id, prompt, requestId));
      }
      case "retry":
        return this.#act(window, decision, async (jobs) => jobs.retry(id));
      case "stopWatching":
        return this.#act(window, decision, (jobs) => jobs.stopWatching(id));
      case "trustHost":
        return this.#act(window, decision, async (jobs) => jobs.trustHost(id));
      case "chooseFolder": {
        const folder = join(this.#world.folder, "other", this.#world.random.pick(["x", "y"]));
        mkdirSync(folder, { recursive: true });
        return this.#act(window, decision, (jobs) => jobs.chooseFolder(id, folder));
      }
      case "drop":
        return this.#act(window, decision, (jobs) =>
          this.#allowing(window, ledger.decided(prompt, "drop"), () => jobs.drop(id)),
        );
      case "remove":
        return this.#act(window, decision, (jobs) => this.#remove(window, jobs, id, prompt));
    }
  }

  /** The dialog stands for a while: meanwhile the job may become another one. */
  #sendAgain(window: Window, id: string, prompt: string, isKnowing: boolean): void {
    const { random, scheduler } = this.#world;
    const hosting = random.chance(0.2) ? ("put" as const) : undefined;
    scheduler.after(random.between(0, random.pick([0, 0, 50, 8000])), window.process, () =>
      this.#perform(window, `sendAgain ${prompt}`, (jobs) =>
        this.#allowing(window, this.#ledger.decided(prompt, "sendAgain", { isKnowing }), () =>
          jobs.sendAgain(id, { ...payment, ...(isKnowing && { acceptsSecond: true }) }, hosting),
        ),
      ),
    );
  }

  async #adopt(window: Window, jobs: JobService, id: string, prompt: string, requestId: string): Promise<void> {
    let isDone = false;
    const takeBack = this.#ledger.decided(prompt, "adopt", { requestId, holds: () => isDone });
    await this.#allowing(window, takeBack, () => jobs.adopt(id, requestId));
    isDone = true;
  }

  async #cancel({ process }: Window, jobs: JobService, id: string, prompt: string): Promise<void> {
    const progress = jobs.get(id)?.progress;
    const allowsOne = progress?.state === "submitting" && !this.#hasLeft(prompt);
    const requestId = progress && requestIdOf(progress);
    let isDone = false;
    // A window that dies in the middle of it, or while the journal is locked, may not have written it down.
    const holds = () => isDone || process.isAlive;
    await orTakeBack(
      this.#ledger.decided(prompt, "cancel", { allowsOne, holds, ...(requestId !== undefined && { requestId }) }),
      () => jobs.cancel(id),
    );
    isDone = true;
  }

  /** A decision that allows something; a window that dies in the middle of it may have written it down all the same. */
  #allowing({ process }: Window, takeBack: () => void, run: () => unknown): Promise<void> {
    return orTakeBack(() => process.isAlive && takeBack(), run);
  }

  async #remove(window: Window, jobs: JobService, id: string, prompt: string): Promise<void> {
    const now = jobs.get(id)?.progress;
    if (now === undefined || !isEnded(now)) {
      return jobs.remove(id);
    }
    const requestId = requestIdOf(now);
    if (requestId !== undefined) {
      this.#ledger.removed(requestId);
    }
    const takeBack = this.#ledger.decided(prompt, "remove");
    return this.#allowing(window, takeBack, () => jobs.remove(id));
  }

  /** A POST of the job is under way already. */
  #hasLeft(prompt: string): boolean {
    const last = this.#world.service.posts.findLast((post) => post.prompt === prompt);
    return last !== undefined && last.meaning === undefined && last.process?.isAlive === true;
  }

  #requestIdFor(prompt: string, isRight: boolean): string | undefined {
    const requests = [...this.#world.service.requests.values()];
    return isRight ? requests.findLast((request) => request.prompt === prompt)?.id : `req-wrong-${requests.length}`;
  }

  /** Something that a window is asked to do; it need not end, and what it says is written down. */
  async #act(window: Window, name: string, run: (jobs: JobService) => Promise<unknown>): Promise<void> {
    await window.load();
    await this.#world.scheduler.act(window.process, () => this.#perform(window, name, run));
  }

  #perform(window: Window, name: string, run: (jobs: JobService) => Promise<unknown>): void {
    const { jobs } = window;
    const tell = (text: string) => window.isAlive && this.#world.trace(`${window.name} ${text}`);
    if (jobs !== undefined) {
      run(jobs).then(
        () => tell(`did ${name}`),
        (error: unknown) => tell(`cannot ${name}: ${wordOf(error)}`),
      );
    }
  }
}

/** Does what was decided; where that is refused, it was not decided. */
async function orTakeBack(takeBack: () => void, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    takeBack();
    throw error;
  }
}
