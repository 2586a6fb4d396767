import * as z from "zod";
import { kindOf, stateTable } from "../shared/jobs/states.ts";
import { frozenParametersSchema } from "../shared/model/draft.ts";
import { hostingKindSchema } from "../shared/model/hosting.ts";
import type { FrozenParameters } from "../shared/model/parameters.ts";
import { cropPlanSchema } from "../shared/model/plan.ts";
import { type Problem, ProblemError, problemSchema } from "../shared/model/problem.ts";

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
  /** The job was recovered from a request's id; its images are not known here. */
  z.object({ kind: z.literal("unknown") }),
]);
export type FrozenImage = z.infer<typeof frozenImageSchema>;

/** An order's fields. */
const orderSchema = z.object({
  start: frozenImageSchema,
  end: frozenImageSchema,
  prompt: z.string(),
  /** Missing in a job that was recovered from a request's id: nothing is known of them. */
  parameters: frozenParametersSchema.optional(),
  /** How image files get to the service; without it, inside the request. */
  hosting: hostingKindSchema.optional(),
  /** Origin of the service that runs this job and charges for it. */
  service: z.string(),
  /** Absolute folder the video goes to. */
  folder: z.string(),
  /** The nearest folder above that existed when Generate was pressed. Folders are created only below it. */
  root: z.string(),
  /** Absolute folder of the project. The recipe names nothing outside it. */
  workspace: z.string().optional(),
  /** File name of the video without extension; it gets a number if the name is taken. */
  name: z.string(),
  /** What stands around the take's number in the name, if it has one: the next free number is then in the same place. */
  aroundTake: z.array(z.string()).readonly().optional(),
  /** Absolute path of the recipe that it renders. Its video and what is known of it are written into that file. */
  recipe: z.string().optional(),
  /** Download hosts that the user trusts for this job alone. */
  trustedHosts: z.array(z.string()).optional(),
  /** The earlier POSTs of this job whose answer was lost, each by its request's id; empty if the answer named none. */
  lost: z.array(z.string()).optional(),
  /** The user typed the id of its request, because the answer to a POST was lost; `problem` says how. */
  unconfirmed: z.object({ typed: z.string(), problem: problemSchema }).optional(),
  /** How many POSTs of this job were decided on so far (`journal/sendings.ts`). */
  posts: z.number().optional(),
  /** Its cost at the base price, USD, if that was known when the job was created or sent again. */
  estimate: z.number().optional(),
});

/** What never changes once Generate was pressed, except that copies are added and the user may choose another folder. */
export const frozenDraftSchema = orderSchema.transform((order, context): z.infer<typeof orderSchema> => {
  if (order.start.kind === "unknown" && order.end.kind === "unknown") {
    // Earlier versions gave a recovered job the seed 0.
    const { parameters: _, ...known } = order;
    return known;
  }
  if (order.parameters === undefined) {
    context.addIssue({ code: "invalid_type", expected: "object", path: ["parameters"], input: undefined });
    return z.NEVER;
  }
  return order;
});
export type FrozenDraft = z.infer<typeof frozenDraftSchema>;

/**
 * What an order is made with.
 * @throws {ProblemError} `imageLost` for a recovered job: what it was made of is not known, so it can't be made again.
 */
export function knownParameters({ parameters }: FrozenDraft): FrozenParameters {
  if (parameters === undefined) {
    throw new ProblemError({ code: "imageLost" });
  }
  return parameters;
}

/** What is known once the service has answered. */
const withRequest = { requestId: z.string() };

/** What keeps us from following a request. It passes, and the job continues by itself. */
const trouble = {
  problem: problemSchema.optional(),
  /** The service asked for a pause until then (`Retry-After`). It holds whatever wakes this or another window. */
  notBefore: time.optional(),
  /** When this trouble began, if it has lasted without a break. */
  since: time.optional(),
};

/** A request that we follow can be cancelled. A cancel without a clear answer is not repeated before then. */
const followed = { ...trouble, cancelAgain: time.optional() };

/** USD as the service reports it, once it does. */
const cost = z.number().optional();

/**
 * Path that the verified file is about to get or has got, and what it cost (USD); written before the rename. Journals call it
 * `placing`.
 */
const destinationSchema = z.object({
  video: z.string(),
  sha256: z.string(),
  /** Tells the file from another job's, which may have the same name and content. */
  file: z.string().optional(),
  cost,
});

/** A job's state, with the facts of that state (`docs/jobs.md`, "States"). */
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
    /** Tells one POST from the next: its outcome counts only until another POST is decided on. */
    attempt: z.string().optional(),
  }),
  z.object({
    state: z.literal("unclear"),
    problem: problemSchema,
    /** The POST without an answer. A late answer still says what became of it. */
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
    /** The service's own status, if it is one that we do not know. Journals call it `word`. */
    word: z.string().optional(),
    ...followed,
  }),
  z.object({
    state: z.literal("downloading"),
    ...withRequest,
    placing: destinationSchema.optional(),
    /** How often the check of the video did not finish. */
    checksFailed: z.number().optional(),
    ...trouble,
  }),
  z.object({
    state: z.literal("needsAction"),
    ...withRequest,
    /** The video may already be in place while its recipe is still missing. */
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
    /** Where the video of a job that was given up is, or was about to go. */
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
  /** When we first saw the service work on it, ms. */
  readonly runningAt?: number | undefined;
  /** When we first saw that the service had ended it, ms. */
  readonly ranUntil?: number | undefined;
  /** When the job reached its last state, ms. */
  readonly endedAt?: number | undefined;
  /** The user asked for a cancel that the service has not heard of yet, or could not grant. */
  readonly cancel?: "asked" | "tooLate" | undefined;
  /** The name of the token it was sent with. The name reveals nothing of the token. */
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

/** A cancel can be pending only while the service could still cancel something. */
export function cancelAfter(progress: Progress, cancel: Job["cancel"]): Job["cancel"] {
  const isOver = !stateTable[progress.state].cancellable && !mayBePaid(progress);
  return cancel === "asked" && isOver ? undefined : cancel;
}

/** True when the job waits for its user's decision. */
export function needsUser(progress: Progress): boolean {
  return kindOf(progress.state) === "user";
}

/**
 * True when a POST of the job left this machine and its outcome is unknown: sending it again may pay twice. That stays true
 * after the user dropped the job.
 */
export function mayBePaid(progress: Progress): boolean {
  return (
    progress.state === "unclear" ||
    (progress.state === "failed" && progress.requestId === undefined && progress.problem.code === "submitUnclear")
  );
}

/** True if a job ended although the service never said how its request ended: the user can take it up again. */
export function canBeTakenUp(progress: Progress): boolean {
  return (
    progress.state === "failed" && progress.requestId !== undefined && progress.problem.code !== "generationFailed"
  );
}

/** True if the service says that it does not know a job's request. */
export function isDenied(progress: Progress): boolean {
  const problem = "problem" in progress ? progress.problem : undefined;
  return problem?.code === "requestUnknown" || (problem?.code === "watchStopped" && problem.denied === true);
}

/**
 * What was not confirmed before the user typed the id of a job's request, while the service says that it does not know that
 * id: the user may have mistyped it, and can enter another one or send the job again.
 */
export function openBefore({ order, progress, runningAt }: Job): Problem | undefined {
  const { unconfirmed } = order;
  const isOpen = isDenied(progress) && runningAt === undefined && requestIdOf(progress) === unconfirmed?.typed;
  return isOpen ? unconfirmed?.problem : undefined;
}

/** The request's id, if there is one. */
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

/** The cost that the service reported, USD; undefined if it has not reported one (yet). */
export function costOf(progress: Progress): number | undefined {
  return "cost" in progress ? progress.cost : undefined;
}
