import * as z from "zod";
import { kindOf, stateTable } from "../shared/jobs/states.ts";
import { frozenParametersSchema } from "../shared/model/draft.ts";
import { hostingKindSchema } from "../shared/model/hosting.ts";
import { cropPlanSchema } from "../shared/model/plan.ts";
import { type Problem, problemSchema } from "../shared/model/problem.ts";

/** Milliseconds since 1970. */
const time = z.number();

/** A conformed image that the job owns a copy of, or an address that goes to the service as it is. */
const frozenImageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("file"),
    /** Absolute path of the original at the moment Generate was pressed. */
    path: z.string(),
    /** SHA-256 of the original's bytes, hex. */
    sourceSha256: z.string(),
    /** How it is brought to the video's frame; without one, its middle is kept. */
    plan: cropPlanSchema.optional(),
    /** File name of the conformed copy inside the job's folder; set once it is on disk. */
    copy: z.string().optional(),
    /** SHA-256 of the conformed copy, hex. */
    sha256: z.string().optional(),
  }),
  z.object({ kind: z.literal("url"), url: z.string() }),
  /** The job was recovered from a request's id: what it was made from is not known here. */
  z.object({ kind: z.literal("unknown") }),
]);
export type FrozenImage = z.infer<typeof frozenImageSchema>;

/** What never changes once Generate was pressed, apart from the copies being added and a folder chosen anew. */
export const orderSchema = z.object({
  start: frozenImageSchema,
  end: frozenImageSchema,
  prompt: z.string(),
  parameters: frozenParametersSchema,
  /** How image files get to the service; without it, inside the request. */
  hosting: hostingKindSchema.optional(),
  /** Origin of the service that this job is paid at. */
  service: z.string(),
  /** Absolute folder the video goes to. */
  folder: z.string(),
  /** The nearest folder above that existed when Generate was pressed. Only below it are folders made. */
  root: z.string(),
  /** Absolute folder of the project it was made in: its recipe names nothing outside. */
  workspace: z.string().optional(),
  /** File name of the video without extension; a number is added when it is taken. */
  name: z.string(),
  /** Download hosts that the user trusts for this job alone. */
  trustedHosts: z.array(z.string()).optional(),
  /** The earlier POSTs of this job whose answer got lost, each by its request's id, or empty where none was named. */
  lost: z.array(z.string()).optional(),
  /** How many POSTs of this job were decided on so far (`journal/sendings.ts`). */
  posts: z.number().optional(),
  /** What it costs at the base price, USD, where that was known when it was made or sent again. */
  estimate: z.number().optional(),
});
export type FrozenDraft = z.infer<typeof orderSchema>;

/** What is known once the service has answered. */
const withRequest = { requestId: z.string() };

/** What stands in the way of following a request. It passes: the job goes on by itself. */
const trouble = {
  problem: problemSchema.optional(),
  /** The service wants to be left alone until then (`Retry-After`), whatever wakes this or another window. */
  notBefore: time.optional(),
  /** Since when this trouble has lasted without a break. */
  since: time.optional(),
};

/** A request that is followed can be cancelled: a cancel that told nothing is not told again before then. */
const followed = { ...trouble, cancelAgain: time.optional() };

/** USD as the service says, once it says so. */
const cost = z.number().optional();

/**
 * Path that the verified file is about to get or has got, and what it cost (USD); written before the rename. Journals call it
 * `placing`.
 */
const destinationSchema = z.object({
  video: z.string(),
  sha256: z.string(),
  /** Tells the file from one of another job, which may get the same name and have the same content. */
  file: z.string().optional(),
  cost,
});

/** Where a job stands, each state with its own facts (`docs/jobs.md`, "States"). */
export const progressSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("preparing"), problem: problemSchema.optional() }),
  z.object({
    state: z.literal("waiting"),
    reason: z.enum(["turn", "unreachable", "throttled", "token", "storage", "setting", "fault"]),
    notBefore: time.optional(),
    problem: problemSchema.optional(),
  }),
  z.object({
    state: z.literal("submitting"),
    /** Tells one POST from the next: what became of it counts only as long as no other has been decided on. */
    attempt: z.string().optional(),
  }),
  z.object({
    state: z.literal("unclear"),
    problem: problemSchema,
    /** The POST that nobody has heard of: an answer that comes late still says what became of it. */
    attempt: z.string().optional(),
  }),
  z.object({
    state: z.literal("queued"),
    ...withRequest,
    position: z.number().optional(),
    ...followed,
  }),
  z.object({
    state: z.literal("running"),
    ...withRequest,
    /** The service's own word where it is none we know. */
    word: z.string().optional(),
    ...followed,
  }),
  z.object({
    state: z.literal("downloading"),
    ...withRequest,
    placing: destinationSchema.optional(),
    /** How often the check of the video itself came to no end. */
    checksFailed: z.number().optional(),
    ...trouble,
  }),
  z.object({
    state: z.literal("needsAction"),
    ...withRequest,
    /** A video may stand in its place while its recipe is still missing. */
    placing: destinationSchema.optional(),
    problem: problemSchema,
  }),
  z.object({
    state: z.literal("saved"),
    ...withRequest,
    video: z.string(),
    recipe: z.string(),
    cost,
  }),
  z.object({
    state: z.literal("failed"),
    requestId: z.string().optional(),
    problem: problemSchema,
    cost,
    /** Where the video of a job that was given up has its place, or was about to get it. */
    placing: destinationSchema.optional(),
  }),
  z.object({ state: z.literal("cancelled"), requestId: z.string().optional(), cost }),
]);
export type Progress = z.infer<typeof progressSchema>;

/** Our durable record of one draft on its way to one video. */
export interface Job {
  readonly id: string;
  readonly createdAt: number;
  /** When the POST was answered, ms. */
  readonly submittedAt?: number | undefined;
  /** When the service was first seen at work on it, ms. */
  readonly runningAt?: number | undefined;
  /** When the service was first seen to have ended it, ms. */
  readonly ranUntil?: number | undefined;
  /** When the job reached its last state, ms. */
  readonly endedAt?: number | undefined;
  /** The user asked for a cancel that the service has not been told of yet, or that it could not grant. */
  readonly cancel?: "asked" | "tooLate" | undefined;
  /** Which token it was sent with: a name that tells nothing of the token itself. */
  readonly sentWith?: string | undefined;
  readonly order: FrozenDraft;
  readonly progress: Progress;
}

/** True when the program itself has something to do in the job. */
export function isActive(progress: Progress): boolean {
  return kindOf(progress.state) === "active";
}

/** True when nothing will happen to the job any more. */
export function isEnded(progress: Progress): boolean {
  return kindOf(progress.state) === "ended";
}

/**
 * A cancel can be pending only where there is something that the service could still be told or asked to cancel: also a request
 * whose answer got lost and may still come.
 */
export function cancelAfter(progress: Progress, cancel: Job["cancel"]): Job["cancel"] {
  const isOver = !stateTable[progress.state].cancellable && !mayBePaid(progress);
  return cancel === "asked" && isOver ? undefined : cancel;
}

/** True when the job stands still until its user decides. */
export function needsUser(progress: Progress): boolean {
  return kindOf(progress.state) === "user";
}

/**
 * True when a POST of the job left this machine and nobody knows what became of it: sending it again may pay twice. It
 * stays so once the user has dropped the job.
 */
export function mayBePaid(progress: Progress): boolean {
  return (
    progress.state === "unclear" ||
    (progress.state === "failed" && progress.requestId === undefined && progress.problem.code === "submitUnclear")
  );
}

/** True where a job ended without the service's word on its request: it can be taken up again. */
export function canBeTakenUp(progress: Progress): boolean {
  return (
    progress.state === "failed" && progress.requestId !== undefined && progress.problem.code !== "generationFailed"
  );
}

/** The request's id where there is one. */
export function requestIdOf(progress: Progress): string | undefined {
  return "requestId" in progress ? progress.requestId : undefined;
}

/** The request that a problem names. */
export function idIn(problem: Problem): string | undefined {
  return problem.code === "submitUnclear" ? problem.requestId : undefined;
}

/** The request that a job names, be it in the problem of an answer that was not clear. */
export function idOf(progress: Progress): string | undefined {
  return requestIdOf(progress) ?? ("problem" in progress && progress.problem ? idIn(progress.problem) : undefined);
}

/** What the service says that it cost, USD; undefined where it has not said so (yet). */
export function costOf(progress: Progress): number | undefined {
  return "cost" in progress ? progress.cost : undefined;
}
