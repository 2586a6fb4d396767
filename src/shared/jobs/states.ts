import * as z from "zod";

/** The states of a job, in the order in which it can go through them. */
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

/** Who moves a job on: the program (`active`), only its user (`user`), nobody any more (`ended`). */
export type StateKind = "active" | "user" | "ended";

interface StateFacts {
  readonly kind: StateKind;
  /** No request of the job has left this machine. */
  readonly unsent: boolean;
  /** The service is at work on the job, or may be: it takes one of the places for jobs at once. */
  readonly atService: boolean;
  /** A cancel that the user asked for can still be on its way to the service. */
  readonly cancellable: boolean;
  /** How far the job has come: of two records of one job, the higher one is the later one. */
  readonly distance: number;
}

/** How far a job has come whose request the service has taken. */
const underWay = 10;

/** What each state means. Every list of states, in code and in SQL, is read off this table. */
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

/** Who moves a job of this state on. */
export function kindOf(state: State): StateKind {
  return stateTable[state].kind;
}

/** The states of a kind, in their order. */
export function statesOf(kind: StateKind): readonly State[] {
  return states.filter((state) => kindOf(state) === kind);
}

/** How far a job has come by the name of its state; a name that only a later version knows counts as under way. */
export function distanceOf(state: string): number {
  const known = stateSchema.safeParse(state).data;
  return known === undefined ? underWay : stateTable[known].distance;
}
