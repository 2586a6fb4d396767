import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { SubmitOutcome } from "../../runcomfy/submission.ts";
import { codeOf, messageOf } from "../../shared/errors.ts";
import { wireBody } from "../../shared/model/parameters.ts";
import { type Problem, ProblemError, problemOf } from "../../shared/model/problem.ts";
import { committed } from "../checkpoint.ts";
import { type OutcomeChange, outcomeFor } from "../decisions.ts";
import { idOf, type Job, knownParameters, type Progress } from "../job.ts";
import { patiently } from "../journal/sql.ts";
import { type Memory, move, type Next, type StepContext } from "./context.ts";
import { carriesImages, hostPair } from "./hostPair.ts";
import { backoff, longestSpacing, pauseLeft } from "./spacing.ts";

/** How long an answer may wait for the journal before we tell the user the request's id, ms. */
const tellAfter = 5000;
/** Problems of the token. They mean that nothing was sent. */
const aboutToken: ReadonlySet<Problem["code"]> = new Set(["tokenMissing", "tokenStoreFails", "tokenMalformed"]);
/** Pause before the next try of a job that found no place at the service after all, ms. */
const placePause = 2000;
/** Pause before the first step after a POST, ms. */
const firstLook = 1000;
/** Pause before the next POST of a job whose last one did not leave this machine, ms. */
const unsentPause = 10_000;
/** Pause if the service is busy and does not say for how long, ms. */
const throttledPause = 15_000;
/** Pause before the next try to record an answer, ms. */
const unsavedPause = 250;

/** Sends a job that waits, once, when its turn has come. */
export async function submit(
  context: StepContext,
  job: Job,
  waiting: Extract<Progress, { state: "waiting" }>,
  memory: Memory,
): Promise<Next> {
  const { journal, ports, owner } = context;
  const pause = pauseLeft(waiting.notBefore, ports.now());
  if (pause > 0) {
    return pause;
  }
  const limits = ports.limits();
  if (limits.problem !== undefined) {
    return standBy(context, job, waiting, { reason: "setting", problem: limits.problem });
  }
  let sentWith: string | undefined;
  let body: Record<string, string | number>;
  try {
    if ((await tokenName(context, job)) === undefined) {
      return standBy(context, job, waiting, { reason: "token" });
    }
    const pair = await hostPair(context, job);
    body = wireBody({ ...pair, prompt: job.order.prompt, parameters: knownParameters(job.order) });
    // Uploads take minutes, so the token may have changed by now.
    sentWith = await tokenName(context, job);
  } catch (error) {
    const problem = problemOf(error);
    if (aboutToken.has(problem.code)) {
      return standBy(context, job, waiting, { reason: "token", problem });
    }
    if (problem.code !== "storageUnreachable") {
      await move(context, job, { progress: { state: "failed", problem }, endedAt: ports.now() });
      return "rest";
    }
    memory.failures += 1;
    await standBy(context, job, waiting, { reason: "storage", problem });
    return backoff(memory.failures);
  }
  if (sentWith === undefined) {
    return standBy(context, job, waiting, { reason: "token" });
  }
  // Everything that can fail comes before the commit that says a payment may be on its way.
  const client = ports.client(job.order.service, sentWith);
  ports.checkpoint("before:submitting");
  const attempt = randomUUID();
  const claimed = await patiently(() =>
    journal.change(
      job.id,
      (current) => {
        if (current.progress.state !== "waiting" || journal.countAtService(ports.now()) >= limits.jobsAtOnce) {
          return undefined;
        }
        const sent = journal.sendings.sentSince(current, journal.charges);
        const posts = sent?.posts ?? (current.order.posts ?? 0) + 1;
        const order = { ...current.order, posts };
        if (sent === undefined) {
          return { progress: { state: "submitting", attempt }, sentWith, order };
        }
        const { requestId } = sent;
        const named = requestId === undefined ? {} : { requestId };
        const problem: Problem = { code: "submitUnclear", reason: "older journal", ...named };
        return { progress: { state: "unclear", problem }, submittedAt: ports.now(), order };
      },
      owner,
    ),
  );
  if (claimed?.progress.state !== "submitting") {
    context.changed();
    return claimed === undefined ? placePause : "rest";
  }
  context.changed();
  ports.checkpoint("after:submitting");
  ports.log(`${job.id} submits`);
  try {
    journal.sendings.add(job.id, claimed.order.posts ?? 1);
  } catch (error) {
    // What could be sent again from an older copy of the journal does not leave.
    const problem: Problem = { code: "unexpected", reason: codeOf(error) || "Error" };
    const progress = { state: "waiting", reason: "fault", problem, notBefore: ports.now() + unsentPause } as const;
    await write(context, claimed, attempt, { progress });
    return unsentPause;
  }
  ports.checkpoint("sending");
  // Since the commit, the process may have slept or the user may have cancelled, so this asks right before the POST leaves.
  const submission = await client.submit(body, () => mayStillSend(context, job.id, attempt));
  ports.checkpoint("answered");
  return record(context, claimed, attempt, submission);
}

/**
 * The name of the token that the job would be sent with now.
 * @throws {ProblemError} about the token
 */
async function tokenName({ ports }: StepContext, job: Job): Promise<string | undefined> {
  try {
    return await ports.tokenInUse(job.order.service);
  } catch (error) {
    const problem = problemOf(error);
    throw new ProblemError(aboutToken.has(problem.code) ? problem : { code: "tokenStoreFails" }, { cause: error });
  }
}

/** True while this window holds the lease and nobody has cancelled. False if the journal cannot be read. */
function mayStillSend({ journal, owner }: StepContext, id: string, attempt: string): boolean {
  try {
    const job = journal.get(id);
    return (
      journal.leases.holds(id, owner) &&
      job?.progress.state === "submitting" &&
      job.progress.attempt === attempt &&
      job.cancel !== "asked"
    );
  } catch {
    return false;
  }
}

/** Makes the job wait, and say why. Gives the pause until the next look, ms. */
async function standBy(
  context: StepContext,
  job: Job,
  before: Extract<Progress, { state: "waiting" }>,
  why: Pick<Extract<Progress, { state: "waiting" }>, "reason" | "problem">,
): Promise<number> {
  if (before.reason !== why.reason || !isDeepStrictEqual(before.problem, why.problem)) {
    await move(context, job, { progress: { state: "waiting", ...why } });
  }
  return longestSpacing;
}

/** Records what became of a POST. The answer is the only proof of payment, so recording it needs no lease. */
async function record(context: StepContext, job: Job, attempt: string, submission: SubmitOutcome): Promise<Next> {
  const now = context.ports.now();
  switch (submission.outcome) {
    case "accepted":
      await write(context, job, attempt, {
        progress: { state: "queued", requestId: submission.requestId },
        submittedAt: now,
      });
      return firstLook;
    case "heldBack":
      await write(context, job, attempt, { progress: { state: "waiting", reason: "turn" } });
      return firstLook;
    case "notSent": {
      const { problem } = submission;
      // The job goes out as soon as there is a token.
      const why = aboutToken.has(problem.code)
        ? ({ reason: "token" } as const)
        : ({ reason: "unreachable", notBefore: now + unsentPause } as const);
      await write(context, job, attempt, { progress: { state: "waiting", problem, ...why } });
      return unsentPause;
    }
    case "throttled": {
      const pause = submission.retryAfter ?? throttledPause;
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
      await write(context, job, attempt, {
        progress: { state: "unclear", problem: submission.problem },
        submittedAt: now,
      });
      return "rest";
  }
}

/**
 * A refusal that does not mention balance, token or model may be about the images inside the request (`docs/service.md`,
 * "Images").
 */
function maybeForImages(problem: Problem): Problem {
  if (problem.code !== "refused") {
    return problem;
  }
  const { status, serviceCode, message } = problem;
  const aboutModel = status === 404 || serviceCode === 400001 || Math.floor((serviceCode ?? 0) / 1000) === 404;
  return aboutModel ? problem : { code: "dataUriRefused", status, serviceCode, message };
}

/**
 * Commits the outcome of a POST, however long the disk refuses: the alternative is to forget a payment. Nothing happens
 * between the answer and its commit.
 */
async function write(context: StepContext, job: Job, attempt: string, outcome: OutcomeChange): Promise<void> {
  const { journal, ports } = context;
  const { progress } = outcome;
  const change = { ...outcome, ...(job.sentWith !== undefined && { sentWith: job.sentWith }) };
  const requestId = idOf(progress);
  const since = ports.monotonic();
  let told = false;
  for (;;) {
    try {
      const written = await committed(ports, progress.state, () =>
        journal.change(job.id, (current) => outcomeFor(current, attempt, change, ports.now())),
      );
      if (written === undefined && requestId !== undefined) {
        await patiently(() => {
          if (journal.get(job.id) === undefined) {
            journal.keep(job, change);
          }
        });
      }
      ports.log(
        `${job.id} ${job.progress.state} -> ${written?.progress.state ?? "nothing"}, for ${progress.state}${requestId === undefined ? "" : ` request ${requestId}`}`,
      );
      context.changed();
      return;
    } catch (error) {
      ports.log(`${job.id} the journal cannot be written: ${messageOf(error)}`);
      // This version can no longer write a journal that a later version has taken over.
      const isTaken = error instanceof ProblemError && error.problem.code === "journalNewer";
      if (requestId !== undefined && !told && (isTaken || ports.monotonic() - since >= tellAfter)) {
        told = true;
        ports.answerUnsaved(requestId);
      }
      await new Promise((resolve) => setTimeout(resolve, unsavedPause));
    }
  }
}
