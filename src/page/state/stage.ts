/** What is on the stage. Pure: no DOM, no messages, no texts. */

import type { JobView } from "../../shared/messages/jobs.ts";
import { type Starting, type State, settled, withShown } from "./state.ts";

/** Puts a video on the stage that was just asked for: another take of a job, or one made from the form. */
export function withStart(state: State, takeOf?: string): State {
  return { ...state, starting: { takeOf, jobId: undefined }, gone: new Set() };
}

/** The host has named the video that was asked for. It stays on the stage if the user has not gone elsewhere. */
export function withStarted(state: State, starting: Starting | undefined, jobId: string): State {
  return starting !== undefined && state.starting === starting
    ? settled({ ...state, starting: { ...starting, jobId } })
    : state;
}

/** The video that was asked for does not come. What was on the stage before is back. */
export function withoutStart(state: State, starting: Starting | undefined): State {
  return state.starting === starting ? { ...state, starting: undefined } : state;
}

/** The job on the stage. Undefined while the form is there, or a video that has no job yet. */
export function jobOnStage({ shown, starting, jobs }: State): JobView | undefined {
  return starting === undefined ? jobs.find((job) => job.id === shown) : undefined;
}

/** Differs whenever the stage has something else to press: it holds another video, or that one has come further. */
export function lookOf(state: State): string {
  const job = jobOnStage(state);
  return job === undefined ? (isComposing(state) ? "form" : "starting") : `${job.id} ${job.state}`;
}

/** True while the form is on the stage. */
export function isComposing(state: State): boolean {
  return state.starting === undefined && jobOnStage(state) === undefined;
}

/** The most takes of a pair that are listed beside the one on the stage. The gallery has them all. */
export const mostTakes = 40;

/** The saved videos of a job's pair besides itself, newest first. */
export function takesOf(jobs: readonly JobView[], job: JobView): JobView[] {
  const { pair } = job;
  return pair === undefined || job.state !== "saved"
    ? []
    : jobs.filter((other) => other.id !== job.id && other.state === "saved" && other.pair === pair);
}

/** The take before or after a job's own among all jobs of its pair, of which the list holds the newest first. */
export function neighbor(jobs: readonly JobView[], job: JobView, by: "older" | "newer"): JobView | undefined {
  const takes = job.pair === undefined ? [] : jobs.filter(({ pair }) => pair === job.pair);
  const at = takes.findIndex(({ id }) => id === job.id);
  return takes[by === "older" ? at + 1 : at - 1];
}

/** The most takes that are compared at once. */
export const mostCompared = 12;

/** Puts takes side by side on the stage; undefined brings back the one of them that the stage shows. */
export function withCompared(state: State, jobIds: readonly string[] | undefined): State {
  const [first] = jobIds ?? [];
  const isThere = first === undefined || jobIds?.includes(state.shown) === true;
  return { ...(isThere ? state : withShown(state, first)), compared: jobIds };
}

/** The takes being compared, as far as they are in the list; undefined for fewer than two. */
export function comparedTakes({ compared, jobs }: State): readonly JobView[] | undefined {
  const takes = (compared ?? []).flatMap((id) => jobs.find((job) => job.id === id) ?? []);
  return takes.length < 2 ? undefined : takes;
}

/**
 * The takes to compare with one, and itself, in the order in which they were made.
 * @param others newest first; of too many, the newest
 */
export function comparedWith(job: JobView, others: readonly JobView[]): string[] {
  const all = [job, ...others.slice(0, mostCompared - 1)];
  return all.toSorted((one, other) => one.at - other.at).map(({ id }) => id);
}

/** The ids of the takes that count: in their recipes. Without recipes, the one that the stage shows. */
export function pickedTakes(takes: readonly JobView[], shown: string): string[] {
  const isOfRecipe = takes.some(({ isPicked }) => isPicked !== undefined);
  return isOfRecipe ? takes.flatMap(({ id, isPicked }) => (isPicked === true ? [id] : [])) : [shown];
}
