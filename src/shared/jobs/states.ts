import * as z from "zod";

/** The states of a job, in the order in which a job can pass through them. */
export const states = [
  "preparing",
  "waiting",
  "submitting",
  "unclear",
  "queued",
  "running",
  "downloading",
  "needsAction",
  "saved",
  "failed",
  "cancelled",
] as const;
export type State = (typeof states)[number];
export const stateSchema = z.enum(states);

/** Who moves a job on: the program (`active`), only its user (`user`), or nobody because it is over (`ended`). */
export type StateKind = "active" | "user" | "ended";

interface StateFacts {
  readonly kind: StateKind;
  /** The job has not yet sent a request from this machine. */
  readonly unsent: boolean;
  /** The service is working on the job, or may be, so the job counts toward the limit of concurrent jobs. */
  readonly atService: boolean;
  /** A cancellation that the user requested can still be on its way to the service. */
  readonly cancellable: boolean;
  /** How far the job has come. Of two records of one job, the one with the higher number is the later one. */
  readonly distance: number;
}

/** How far a job has come once the service has accepted its request. */
const underWay = 10;

/** What each state means. Every list of states, in code and in SQL, derives from this table. */
export const stateTable: Readonly<Record<State, StateFacts>> = {
  preparing: { kind: "active", unsent: true, atService: false, cancellable: false, distance: 0 },
  waiting: { kind: "active", unsent: true, atService: false, cancellable: false, distance: 1 },
  submitting: { kind: "active", unsent: false, atService: true, cancellable: true, distance: 2 },
  unclear: { kind: "user", unsent: false, atService: false, cancellable: true, distance: 3 },
  queued: { kind: "active", unsent: false, atService: true, cancellable: true, distance: underWay },
  running: { kind: "active", unsent: false, atService: true, cancellable: true, distance: underWay },
  downloading: { kind: "active", unsent: false, atService: false, cancellable: false, distance: underWay },
  needsAction: { kind: "user", unsent: false, atService: false, cancellable: false, distance: underWay },
  saved: { kind: "ended", unsent: false, atService: false, cancellable: false, distance: 30 },
  failed: { kind: "ended", unsent: false, atService: false, cancellable: false, distance: 20 },
  cancelled: { kind: "ended", unsent: false, atService: false, cancellable: false, distance: 20 },
};

/** Who moves a job in this state on. */
export function kindOf(state: State): StateKind {
  return stateTable[state].kind;
}

/** All states of one kind, in the order of {@link states}. */
export function statesOf(kind: StateKind): readonly State[] {
  return states.filter((state) => kindOf(state) === kind);
}

/** How far a job in the named state has come. A name that only a later version knows counts as in progress. */
export function distanceOf(state: string): number {
  const known = stateSchema.safeParse(state).data;
  return known === undefined ? underWay : stateTable[known].distance;
}
