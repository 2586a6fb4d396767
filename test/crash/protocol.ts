import * as z from "zod";

/** How an engine is set up. */
const setupSchema = z.object({
  storage: z.string(),
  /** Origin of the service. */
  service: z.string(),
  token: z.string(),
  /** Origin of the user's image storage; without it, images go inside the request. */
  uploads: z.string().optional(),
  /** The signal that the process sends itself at the nth (from 1) call of a checkpoint. */
  halt: z.object({ at: z.string(), nth: z.int().min(1), signal: z.enum(["SIGKILL", "SIGSTOP"]) }).optional(),
  jobsAtOnce: z.int(),
  /** False: as on a volume that knows no hard links. */
  hardLinks: z.boolean(),
  /** Jobs are looked at as often as the engine's rate allows. */
  hurried: z.boolean(),
  /** Every checkpoint is told. */
  telling: z.boolean(),
});
export type Setup = z.infer<typeof setupSchema>;
export type Halt = NonNullable<Setup["halt"]>;

const one = { id: z.string() };

/** What the parent asks of an engine process: an engine, the user's doings, and looks at the jobs. */
const callSchema = z.discriminatedUnion("call", [
  /** One engine at a time. */
  z.object({ call: z.literal("open"), setup: setupSchema }),
  z.object({
    call: z.literal("submit"),
    start: z.string(),
    end: z.string(),
    seed: z.int(),
    folder: z.string(),
    fileName: z.string(),
  }),
  z.object({ call: z.literal("recover"), requestId: z.string(), folder: z.string() }),
  z.object({ call: z.literal("cancel"), ...one }),
  z.object({ call: z.literal("sendAgain"), ...one }),
  z.object({ call: z.literal("adopt"), ...one, requestId: z.string() }),
  z.object({ call: z.literal("retry"), ...one }),
  z.object({ call: z.literal("chooseFolder"), ...one, folder: z.string() }),
  z.object({ call: z.literal("drop"), ...one }),
  z.object({ call: z.literal("remove"), ...one }),
  /** Answered with all jobs, once nothing is left for the program to do. */
  z.object({ call: z.literal("rest") }),
  z.object({ call: z.literal("list") }),
  /** Answered once the job is in one of these states. */
  z.object({ call: z.literal("reaches"), ...one, states: z.array(z.string()) }),
  z.object({ call: z.literal("measure") }),
  /** Ends the engine as a closing window does; the process exits once its input has ended too. */
  z.object({ call: z.literal("dispose") }),
]);
export type Call = z.infer<typeof callSchema>;
export const askedSchema = z.object({ n: z.int(), ask: callSchema });

/** A job as the parent sees it. */
export const jobSchema = z.object({
  id: z.string(),
  state: z.string(),
  seed: z.int().optional(),
  createdAt: z.number(),
  requestId: z.string().optional(),
  problem: z.string().optional(),
  video: z.string().optional(),
  recipe: z.string().optional(),
});
export type JobFacts = z.infer<typeof jobSchema>;

/** What an engine process has used up since its start. */
export const measureSchema = z.object({
  /** Times that the engine has read its clock: at least twice in every look at the jobs. */
  clockReads: z.int(),
  /** Times that its views were told of a change. */
  changes: z.int(),
  /** ms of processor time. */
  cpu: z.number(),
  /** Bytes. */
  memory: z.number(),
  /** Timers that are set. */
  timers: z.int(),
});
export type Measure = z.infer<typeof measureSchema>;

/** What an engine process tells, a line of JSON each. */
export const eventSchema = z.discriminatedUnion("event", [
  /** The engine opens now. */
  z.object({ event: z.literal("opening") }),
  z.object({ event: z.literal("checkpoint"), name: z.string() }),
  z.object({ event: z.literal("notified"), id: z.string() }),
  z.object({ event: z.literal("log"), line: z.string() }),
  z.object({ event: z.literal("done"), n: z.int(), value: z.json().optional() }),
  z.object({ event: z.literal("refused"), n: z.int(), message: z.string() }),
]);
export type Event = z.infer<typeof eventSchema>;
