import { randomUUID } from "node:crypto";
import type { ReceivedImage } from "./images.ts";
import type { RunInputs } from "./inputs.ts";

/** Where a request stands. `ended` is what /status calls `completed`; only /result tells how it ended. */
export type RunState = "in_queue" | "in_progress" | "ended" | "cancelled";

/** What became of the pictures: still being made, made, or the reason why the run failed. Times in epoch ms. */
type Making =
  | { readonly kind: "pending" }
  | { readonly kind: "made"; readonly at: number; readonly video: Buffer }
  | { readonly kind: "failed"; readonly at: number; readonly error: unknown; readonly field: string };

/** How long a run takes, in ms; null waits for `advance`. */
export type Timing = { readonly queueMs: number | null; readonly runMs: number | null };

/** One accepted submit. Times in epoch ms of the service's clock; cost in USD. */
export type Run = {
  readonly id: string;
  readonly index: number;
  readonly modelId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bodySha256: string;
  readonly bodyBytes: number;
  readonly inputs: RunInputs;
  readonly cost: number;
  readonly chargedOnFailure: boolean;
  readonly receivedAt: number;
  startsAt: number;
  endsAt: number;
  cancelledAt: number | undefined;
  expired: boolean;
  fileGone: boolean;
  lagged: number;
  costLagged: number;
  making: Making;
  images: { start: ReceivedImage; end: ReceivedImage } | undefined;
};

const QUEUE_LENGTH = 3;

function after(start: number, span: number | null): number {
  return span === null ? Number.POSITIVE_INFINITY : start + span;
}

/** A fresh run in the queue. @param now epoch ms */
export function newRun(
  facts: Pick<Run, "index" | "modelId" | "body" | "bodySha256" | "bodyBytes" | "inputs" | "cost" | "chargedOnFailure">,
  timing: Timing,
  now: number,
): Run {
  const startsAt = after(now, timing.queueMs);
  return {
    ...facts,
    id: randomUUID(),
    receivedAt: now,
    startsAt,
    endsAt: after(startsAt, timing.runMs),
    cancelledAt: undefined,
    expired: false,
    fileGone: false,
    lagged: 0,
    costLagged: 0,
    making: { kind: "pending" },
    images: undefined,
  };
}

/** The instant at which the run ended, in epoch ms: its time is over **and** its file is there; undefined before. */
export function endedAt(run: Run): number | undefined {
  return run.making.kind === "pending" ? undefined : Math.max(run.endsAt, run.making.at);
}

/** The state of a run at an instant. */
export function stateAt(run: Run, now: number): RunState {
  if (run.cancelledAt !== undefined) return "cancelled";
  if (now < run.startsAt) return "in_queue";
  const end = endedAt(run);
  return end !== undefined && now >= end ? "ended" : "in_progress";
}

/** The place in the queue, counting down to 1 as the start comes near. */
export function queuePosition(run: Run, now: number): number {
  const total = run.startsAt - run.receivedAt;
  const left = run.startsAt - now;
  if (!Number.isFinite(total)) return QUEUE_LENGTH;
  return Math.max(1, Math.ceil((left / total) * QUEUE_LENGTH));
}

/** Every state that the run has been in, with the instant it entered it (epoch ms). */
export function historyAt(run: Run, now: number): { state: RunState; at: number }[] {
  const history: { state: RunState; at: number }[] = [{ state: "in_queue", at: run.receivedAt }];
  const state = stateAt(run, now);
  if (state === "cancelled") return [...history, { state, at: run.cancelledAt ?? now }];
  if (state === "in_queue") return history;
  history.push({ state: "in_progress", at: run.startsAt });
  if (state === "ended") history.push({ state, at: endedAt(run) ?? now });
  return history;
}

/** Whether the run's cost has been taken from the balance by `now`: made videos are charged, cancelled runs never. */
export function isCharged(run: Run, now: number): boolean {
  return stateAt(run, now) === "ended" && (run.making.kind === "made" || run.chargedOnFailure);
}

/** Moves a run on by hand, never back: out of the queue, or to its end (which still waits for its file). */
export function advanceRun(run: Run, to: "in_progress" | "completed", now: number): void {
  const running = run.endsAt - run.startsAt;
  if (now < run.startsAt) {
    run.startsAt = now;
    run.endsAt = Number.isFinite(running) ? now + running : Number.POSITIVE_INFINITY;
  }
  if (to === "completed" && now < run.endsAt) run.endsAt = now;
}
