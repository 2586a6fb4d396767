import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sizeOf, wireBody } from "../model/parameters.ts";
import { centreCrop } from "../model/plan.ts";
import { type Problem, ProblemError } from "../model/problem.ts";
import { removeTemporary, saveVideo } from "../output/save.ts";
import type { Result, Status, Submission } from "../runcomfy/client.ts";
import { runTimesFor } from "./history.ts";
import { carriesImages, hostPair } from "./hosting.ts";
import { removeCopies, storeCopy } from "./images.ts";
import { type FrozenImage, isEnded, type Job, mayBePaid, type Progress, requestIdOf } from "./job.ts";
import type { Change, Journal } from "./journal.ts";
import type { Ports } from "./ports.ts";
import { longestSpacing, spacing } from "./spacing.ts";
import type { Uploads } from "./uploads.ts";

/** What a window remembers of a job between two steps; nothing that a restart must know. */
export interface Memory {
  /** Reads or downloads in a row that failed. */
  failures: number;
  /** Answers in a row that said the request is unknown or somebody else's. */
  unknowns: number;
  /** Reads of the status so far. */
  reads: number;
  cancelTold: boolean;
}

export const freshMemory = (): Memory => ({ failures: 0, unknowns: 0, reads: 0, cancelTold: false });

/** Answers in a row before "this request does not exist" is believed: a new request can lag behind on their side. */
const believedUnknowns = 4;
/** Broken or wrong files in a row before the user is asked. */
const believedFailures = 5;
/** While a run drags on, /result is asked too on every n-th read (field notes, section 1). */
const resultEvery = 12;

/** No service may ask for a longer pause, ms. */
const longestPause = 3_600_000;

/** When the next step of a job is due: ms from now, or `rest` when the program has nothing more to do in it. */
export type Next = number | "rest";

/** Thrown when another window acts on the job now: this one must stop at once. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export interface StepContext {
  readonly journal: Journal;
  readonly ports: Ports;
  readonly uploads: Uploads;
  readonly owner: string;
  /** Tells the views that something changed. */
  readonly changed: () => void;
}

/**
 * Does what a job needs next and says when to look at it again. The caller holds the job's lease; every change is made
 * under that lease only.
 * @throws {LeaseLost} when the lease is gone.
 */
export async function step(context: StepContext, job: Job, memory: Memory): Promise<Next> {
  switch (job.progress.state) {
    case "preparing":
      return prepareAgain(context, job);
    case "waiting":
      return submit(context, job, job.progress, memory);
    case "submitting":
      // This window has no POST of this job under way, so whoever had it is gone and so is the answer.
      move(context, job, { progress: { state: "unclear", problem: { code: "submitUnclear", reason: "interrupted" } } });
      return "rest";
    case "queued":
    case "running":
      return follow(context, job, job.progress, memory);
    case "downloading":
      return save(context, job, job.progress.requestId, memory);
    case "unclear":
    case "needsAction":
    case "saved":
    case "failed":
    case "cancelled":
      return "rest";
  }
}

/** Changes a job under the lease, if it is still in the state that the step began with. */
function move(context: StepContext, job: Job, change: Change): Job {
  const { journal, ports, owner } = context;
  const state = change.progress?.state ?? job.progress.state;
  ports.checkpoint(`before:${state}`);
  const now = ports.now();
  const after = journal.change(
    job.id,
    (current) => (current.progress.state === job.progress.state ? change : undefined),
    {
      owner,
      now,
    },
  );
  if (after === undefined) {
    throw new LeaseLost();
  }
  if (after.progress.state !== job.progress.state) {
    ports.log(`${job.id} ${job.progress.state} -> ${state}${describeEnd(after.progress)}`);
  }
  ports.checkpoint(`after:${state}`);
  context.changed();
  return after;
}

function describeEnd(progress: Progress): string {
  const id = requestIdOf(progress);
  const problem = "problem" in progress ? progress.problem : undefined;
  return `${id === undefined ? "" : ` request ${id}`}${problem === undefined ? "" : ` (${problem.code})`}`;
}

// ---- preparing ----

/**
 * Conforms both images and keeps the copies; then the job waits for its turn.
 * @throws {ProblemError} about an image; the job is left as it was.
 * @throws {LeaseLost} when somebody else has decided about the job meanwhile.
 */
export async function prepare(
  context: StepContext,
  job: Job,
  bytes: { start?: Uint8Array; end?: Uint8Array },
): Promise<void> {
  const size = sizeOf(job.order.parameters);
  const conform = async (side: "start" | "end"): Promise<FrozenImage> => {
    const image = job.order[side];
    const original = bytes[side];
    if (image.kind !== "file" || original === undefined) {
      return image;
    }
    const conformed = await context.ports.conform(
      { bytes: original, path: image.path },
      size,
      image.plan ?? centreCrop,
    );
    const copy = await storeCopy(context.ports, job.id, side, conformed.png);
    return { ...image, copy, sha256: conformed.sha256 };
  };
  const start = await conform("start");
  const end = await conform("end");
  try {
    move(context, job, { order: { ...job.order, start, end }, progress: { state: "waiting", reason: "turn" } });
  } catch (error) {
    const current = context.journal.get(job.id);
    if (error instanceof LeaseLost && (current === undefined || isEnded(current.progress))) {
      // Cancelled meanwhile: these copies were written after it had been cleared up.
      await removeCopies(context.ports, job.id);
    }
    throw error;
  }
}

/** After a crash in the middle of preparing: only originals that are still the same bytes may be used. */
async function prepareAgain(context: StepContext, job: Job): Promise<Next> {
  try {
    await prepare(context, job, { ...(await readAgain(job, "start")), ...(await readAgain(job, "end")) });
    return 0;
  } catch (error) {
    move(context, job, { progress: { state: "failed", problem: problemOf(error) }, endedAt: context.ports.now() });
    return "rest";
  }
}

async function readAgain(job: Job, side: "start" | "end"): Promise<{ start?: Uint8Array; end?: Uint8Array }> {
  const image = job.order[side];
  if (image.kind !== "file") {
    return {};
  }
  const bytes = await readFile(image.path).catch(() => undefined);
  if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== image.sourceSha256) {
    throw new ProblemError({ code: "imageChanged", path: image.path });
  }
  return { [side]: bytes };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  throw error;
}

// ---- waiting, submitting ----

async function submit(
  context: StepContext,
  job: Job,
  waiting: Extract<Progress, { state: "waiting" }>,
  memory: Memory,
): Promise<Next> {
  const { journal, ports, owner } = context;
  const { notBefore } = waiting;
  const pause = notBefore === undefined ? 0 : notBefore - ports.now();
  // Nobody is asked to wait for longer than an hour (`retryAfterOf`): what is later comes from a clock that was set back.
  if (pause > 0 && pause <= longestPause) {
    return Math.min(pause, longestSpacing);
  }
  const sentWith = await ports.tokenInUse();
  if (sentWith === undefined) {
    if (waiting.reason !== "token") {
      move(context, job, { progress: { state: "waiting", reason: "token" } });
    }
    return longestSpacing;
  }
  let body: Record<string, string | number>;
  try {
    const pair = await hostPair(context, job);
    body = wireBody({ ...pair, prompt: job.order.prompt, parameters: job.order.parameters });
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== "storageUnreachable") {
      move(context, job, { progress: { state: "failed", problem }, endedAt: ports.now() });
      return "rest";
    }
    memory.failures += 1;
    if (JSON.stringify(waiting.problem) !== JSON.stringify(problem)) {
      move(context, job, { progress: { state: "waiting", reason: "storage", problem } });
    }
    return Math.min(1000 * 2 ** memory.failures, longestSpacing);
  }
  ports.checkpoint("before:submitting");
  const attempt = randomUUID();
  const claimed = journal.change(
    job.id,
    (current) =>
      current.progress.state === "waiting" && journal.countAtService() < ports.limits().jobsAtOnce
        ? { progress: { state: "submitting", attempt }, sentWith }
        : undefined,
    { owner, now: ports.now() },
  );
  if (claimed === undefined) {
    return 2000;
  }
  context.changed();
  ports.checkpoint("after:submitting");
  // The process may have stood still since the commit: whoever lost the lease must not send any more.
  if (!journal.holds(job.id, owner, ports.now())) {
    await write(context, claimed, attempt, { progress: { state: "waiting", reason: "turn" } });
    throw new LeaseLost();
  }
  ports.log(`${job.id} submits`);
  ports.checkpoint("sending");
  const submission = await ports.client(job.order.service, sentWith).submit(body);
  ports.checkpoint("answered");
  return record(context, claimed, attempt, submission);
}

/** Writes down what became of a POST. The answer is the only proof of payment, so it is written without a lease too. */
async function record(context: StepContext, job: Job, attempt: string, submission: Submission): Promise<Next> {
  const { ports } = context;
  const now = ports.now();
  switch (submission.outcome) {
    case "accepted":
      ports.log(`${job.id} accepted as request ${submission.requestId}`);
      await write(context, job, attempt, {
        progress: { state: "queued", requestId: submission.requestId },
        submittedAt: now,
      });
      return 1000;
    case "notSent":
      await write(context, job, attempt, {
        progress: { state: "waiting", reason: "unreachable", problem: submission.problem, notBefore: now + 10_000 },
      });
      return 10_000;
    case "throttled": {
      const pause = submission.retryAfter ?? 15_000;
      await write(context, job, attempt, {
        progress: { state: "waiting", reason: "throttled", notBefore: now + pause },
      });
      return pause;
    }
    case "refused": {
      const problem = carriesImages(job) ? maybeForImages(submission.problem) : submission.problem;
      await write(context, job, attempt, { progress: { state: "failed", problem }, endedAt: now });
      return "rest";
    }
    case "unclear":
      await write(context, job, attempt, { progress: { state: "unclear", problem: submission.problem } });
      return "rest";
  }
}

/** A refusal that says nothing of balance, token or model may be about the images inside the request (field notes, 2). */
function maybeForImages(problem: Problem): Problem {
  if (problem.code !== "refused") {
    return problem;
  }
  const { status, serviceCode, message } = problem;
  const aboutModel = status === 404 || serviceCode === 400001 || Math.floor((serviceCode ?? 0) / 1000) === 404;
  return aboutModel ? problem : { code: "dataUriRefused", status, serviceCode, message };
}

/**
 * Commits the outcome of a POST, however long the disk refuses: the alternative is to forget a payment. A job whose next
 * POST was decided on meanwhile is left alone; one that another window called unclear gets its request after all.
 */
async function write(context: StepContext, job: Job, attempt: string, change: Change): Promise<void> {
  const { journal, ports } = context;
  const applies = ({ progress }: Job) =>
    progress.state === "submitting"
      ? progress.attempt === attempt
      : mayBePaid(progress) && change.progress?.state === "queued";
  for (;;) {
    try {
      ports.checkpoint(`before:${change.progress?.state}`);
      const written = journal.change(job.id, (current) => (applies(current) ? change : undefined)) !== undefined;
      ports.checkpoint(`after:${change.progress?.state}`);
      if (written) {
        ports.log(`${job.id} ${job.progress.state} -> ${change.progress?.state}`);
      } else if (change.progress?.state === "queued") {
        keepBesides(context, job, change.progress);
      }
      context.changed();
      return;
    } catch (error) {
      ports.log(`${job.id} the journal cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** A paid request whose job has moved on without it becomes a job of its own, unless one follows it already. */
function keepBesides(context: StepContext, job: Job, progress: Extract<Progress, { state: "queued" }>): void {
  const { journal, ports, owner } = context;
  if (journal.list().some((other) => requestIdOf(other.progress) === progress.requestId)) {
    return;
  }
  const id = randomUUID();
  const now = ports.now();
  // The copies of the images stay with the job that they were made for.
  const order = { ...job.order, start: withoutCopy(job.order.start), end: withoutCopy(job.order.end) };
  journal.insert({ id, createdAt: now, order, progress, sentWith: job.sentWith }, owner, now, () =>
    journal.charges.found(job.id),
  );
  ports.log(`${id} follows request ${progress.requestId}, which ${job.id} has moved on without`);
}

function withoutCopy(image: FrozenImage): FrozenImage {
  if (image.kind !== "file") {
    return image;
  }
  const { copy: _, ...rest } = image;
  return rest;
}

// ---- queued, running ----

async function follow(
  context: StepContext,
  job: Job,
  progress: Extract<Progress, { state: "queued" | "running" }>,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  const { requestId } = progress;
  const client = ports.client(job.order.service, job.sentWith);
  if (job.cancel === "asked" && !memory.cancelTold) {
    const answer = await client.cancel(requestId);
    ports.checkpoint("cancelTold");
    switch (answer.phase) {
      case "unread":
        ports.log(`${job.id} cancel: ${answer.problem.code}`);
        break;
      case "tooLate":
        memory.cancelTold = true;
        move(context, job, { cancel: "tooLate" });
        break;
      case "cancelled":
      case "requested":
        memory.cancelTold = true;
        break;
    }
  }
  memory.reads += 1;
  // A run that the service called ended is waiting for its result; a run that drags on may have one all the same.
  const ended = job.ranUntil !== undefined;
  const status: Status = ended ? { phase: "ended" } : await client.status(requestId);
  switch (status.phase) {
    case "unread":
      return unread(context, job, progress, memory, status.problem, status.retryAfter);
    case "cancelled":
      move(context, job, { progress: { state: "cancelled", requestId }, endedAt: ports.now() });
      return "rest";
    case "ended": {
      if (ended) {
        return decide(context, job, requestId, await client.result(requestId), memory);
      }
      const now = ports.now();
      move(context, job, { progress: { state: "running", requestId }, runningAt: job.runningAt ?? now, ranUntil: now });
      // The result is read by a step of its own, so that the rate of all reads holds.
      return 0;
    }
    case "queued":
      readable(memory);
      if (progress.state !== "queued" || progress.position !== status.position || progress.problem !== undefined) {
        const position = status.position === undefined ? {} : { position: status.position };
        move(context, job, { progress: { state: "queued", requestId, ...position } });
      }
      return pause(context, job, "queued", memory, { position: status.position });
    case "running": {
      readable(memory);
      const word = status.word === undefined ? {} : { word: status.word };
      const next: Progress = { state: "running", requestId, ...word };
      const tooLate = job.cancel === "asked" && memory.cancelTold ? { cancel: "tooLate" as const } : undefined;
      const running =
        progress.state === "running" &&
        progress.word === status.word &&
        progress.problem === undefined &&
        tooLate === undefined
          ? job
          : move(context, job, { progress: next, runningAt: job.runningAt ?? ports.now(), ...tooLate });
      if (memory.reads % resultEvery === 0) {
        const result = await client.result(requestId);
        if (result.phase === "succeeded" || result.phase === "failed") {
          return decide(context, running, requestId, result, memory);
        }
      }
      return pause(context, running, "running", memory, {});
    }
  }
}

function readable(memory: Memory): void {
  memory.failures = 0;
  memory.unknowns = 0;
}

/** A read that told nothing: shown at the job, asked again later, and believed only where it is final and repeated. */
function unread(
  context: StepContext,
  job: Job,
  progress: Extract<Progress, { state: "queued" | "running" }>,
  memory: Memory,
  problem: Problem,
  retryAfter: number | undefined,
): Next {
  memory.failures += 1;
  memory.unknowns = problem.code === "requestUnknown" || problem.code === "notOurs" ? memory.unknowns + 1 : 0;
  if (memory.unknowns >= believedUnknowns) {
    move(context, job, { progress: { state: "needsAction", requestId: progress.requestId, problem } });
    return "rest";
  }
  if (JSON.stringify(progress.problem) !== JSON.stringify(problem)) {
    move(context, job, { progress: { ...progress, problem } });
  }
  return pause(context, job, progress.state, memory, { retryAfter });
}

function pause(
  context: StepContext,
  job: Job,
  phase: "queued" | "running" | "ended",
  memory: Memory,
  facts: { position?: number | undefined; retryAfter?: number | undefined },
): number {
  const { ports, journal } = context;
  const since = { queued: job.submittedAt, running: job.runningAt, ended: job.ranUntil }[phase] ?? job.createdAt;
  return spacing(
    {
      phase,
      age: Math.max(ports.now() - since, 0),
      runTimes: phase === "running" ? runTimesFor(job.order, journal.lastSaved()) : undefined,
      failures: memory.failures,
      focused: ports.isFocused(),
      jobs: journal.countAtService(),
      ...facts,
    },
    ports.random(),
  );
}

/** Only /result says how a request ended (field notes, fact 2). */
async function decide(
  context: StepContext,
  job: Job,
  requestId: string,
  result: Result,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  const trouble = "problem" in job.progress ? job.progress.problem : undefined;
  switch (result.phase) {
    case "succeeded": {
      readable(memory);
      const downloading = move(context, job, {
        progress: { state: "downloading", requestId },
        ranUntil: job.ranUntil ?? ports.now(),
      });
      return save(context, downloading, requestId, memory, result);
    }
    case "failed":
      move(context, job, {
        progress: {
          state: "failed",
          requestId,
          problem: { code: "generationFailed", message: result.message },
          ...costField(result.cost),
        },
        endedAt: ports.now(),
      });
      return "rest";
    case "cancelled":
      move(context, job, {
        progress: { state: "cancelled", requestId, ...costField(result.cost) },
        endedAt: ports.now(),
      });
      return "rest";
    case "empty":
      answered();
      // A success without a video may be a result that lags behind; after ten minutes the user is asked.
      if (ports.now() - (job.ranUntil ?? ports.now()) > 600_000) {
        move(context, job, { progress: { state: "needsAction", requestId, problem: { code: "noVideo" } } });
        return "rest";
      }
      return pause(context, job, "ended", memory, {});
    case "notReady":
      answered();
      return pause(context, job, "ended", memory, {});
    case "unread":
      return unread(
        context,
        job,
        { state: "running", requestId, ...(trouble && { problem: trouble }) },
        memory,
        result.problem,
        result.retryAfter,
      );
  }

  /** The service can be read again: trouble that was shown is over. */
  function answered(): void {
    readable(memory);
    if (trouble !== undefined) {
      move(context, job, { progress: { state: "running", requestId } });
    }
  }
}

// ---- downloading ----

/** Problems of saving that pass by themselves; all others stand until the user acts. */
const passing = new Set<Problem["code"]>([
  "downloadFailed",
  "serviceTrouble",
  "unreachable",
  "throttled",
  "tokenRefused",
  "tokenMissing",
  "certificate",
]);

async function save(
  context: StepContext,
  job: Job,
  requestId: string,
  memory: Memory,
  known?: Extract<Result, { phase: "succeeded" }>,
): Promise<Next> {
  const { ports } = context;
  const limits = ports.limits();
  let result = known;
  let current = job;
  // An interrupted save that goes on does not ask for the result again.
  const cost = () => result?.cost ?? placingOf(current)?.cost;
  try {
    const saved = await saveVideo({
      job,
      requestId,
      url: async () => {
        result ??= await fetchResult(context, job, requestId);
        return result.video;
      },
      trust: { service: job.order.service, hosts: [...limits.trustedHosts, ...(job.order.trustedHosts ?? [])] },
      fetch: ports.fetch,
      limit: limits.videoBytes,
      stallTimeout: ports.stallTimeout,
      cost,
      now: ports.now,
      placing: (placing) => {
        current = move(context, current, {
          progress: { state: "downloading", requestId, placing: { ...placing, ...costField(cost()) } },
        });
      },
      checkpoint: ports.checkpoint,
    });
    move(context, current, {
      progress: { state: "saved", requestId, ...saved, ...costField(cost()) },
      endedAt: ports.now(),
    });
    return "rest";
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    memory.failures += 1;
    ports.log(`${job.id} is not saved yet: ${error.problem.code}`);
    const again = passing.has(error.problem.code) || (retriable(error.problem) && memory.failures < believedFailures);
    if (!again) {
      await removeTemporary(job).catch(() => undefined);
      move(context, current, { progress: { ...standing(current), state: "needsAction", problem: error.problem } });
      return "rest";
    }
    move(context, current, { progress: { ...standing(current), state: "downloading", problem: error.problem } });
    return Math.min(1000 * 2 ** memory.failures, longestSpacing);
  }

  /** A video that has its place already keeps it: going on must not fetch and place a second one. */
  function standing(stopped: Job) {
    const placing = placingOf(stopped);
    return placing === undefined ? { requestId } : { requestId, placing };
  }
}

function placingOf({ progress }: Job) {
  return progress.state === "downloading" ? progress.placing : undefined;
}

function costField(cost: number | undefined): { cost?: number } {
  return cost === undefined ? {} : { cost };
}

/** A link that ran out may be given anew, and a file that broke on the way may arrive whole the next time. */
function retriable(problem: Problem): boolean {
  return problem.code === "videoExpired" || problem.code === "notAVideo" || problem.code === "noVideo";
}

async function fetchResult(
  context: StepContext,
  job: Job,
  requestId: string,
): Promise<Extract<Result, { phase: "succeeded" }>> {
  const result = await context.ports.client(job.order.service, job.sentWith).result(requestId);
  switch (result.phase) {
    case "succeeded":
      return result;
    case "unread":
      throw new ProblemError(result.problem.code === "requestUnknown" ? { code: "videoExpired" } : result.problem);
    case "failed":
    case "cancelled":
    case "empty":
    case "notReady":
      throw new ProblemError({ code: "noVideo" });
  }
}
