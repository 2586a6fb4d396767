/** The page's single state and its changes. Pure: no DOM, no messages. */

import * as l10n from "@vscode/l10n";
import { kindOf } from "../../shared/jobs/states.ts";
import type { Form, FormPatch, KeptForm, Look, Place, ShownPrice } from "../../shared/messages/form.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { ImageView } from "../../shared/messages/pair.ts";
import type { PanelSettings, PanelState } from "../../shared/messages/panel.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import { bestResolution } from "../../shared/model/bestFit.ts";
import type { Seen } from "../../shared/model/draft.ts";
import { effectiveParameters } from "../../shared/model/effective.ts";
import { fieldValues } from "../../shared/model/fields.ts";
import type { Parameters, Resolution } from "../../shared/model/parameters.ts";
import { isSettable, parameterTable } from "../../shared/model/parameters.ts";
import type { Baseline } from "../../shared/model/presets.ts";
import type { Side } from "../../shared/model/side.ts";
import { sides } from "../../shared/model/side.ts";
import type { Size } from "../../shared/model/size.ts";
import type { Likeness } from "../../shared/prompt/lint.ts";
import { isolated } from "../../shared/texts.ts";
import { flawMessages } from "./flaws.ts";
import { draftFlaws, emptyDraft, parameterFlaws, patched } from "./form.ts";
import { latestPlace, newest, readKept } from "./kept.ts";
import { compare, type Sample } from "./likeness.ts";

/** An image file as the page knows it. */
export type PairImage =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: ShownProblem }
  | ({
      readonly state: "shown";
      /** Address of the thumbnail. */
      readonly url: string;
      /** A small copy; undefined if none could be made. */
      readonly sample?: Sample | undefined;
    } & Pick<ImageView, "name" | "width" | "height" | "assumed" | "sha256">);

/** A video that was asked for, from the press until its job is in the list. */
export interface Starting {
  /** The job of which it is another take; undefined if it is made from the form. */
  readonly takeOf: string | undefined;
  /** Undefined until the host has named it. */
  readonly jobId: string | undefined;
}

export interface State {
  readonly draft: Form;
  /** Counts the changes of the draft. */
  readonly revision: number;
  /** The user's own draft before something else replaced it. */
  readonly earlier: Form | undefined;
  readonly settings: PanelSettings;
  /** By path. */
  readonly images: ReadonlyMap<string, PairImage>;
  /** What Generate or the host found wrong with a field. Removed when the field is edited. */
  readonly problems: Partial<Record<Field, ShownProblem>>;
  /** A problem that belongs to no field, or good news. */
  readonly notice: (ShownProblem & { readonly isGood?: true }) | undefined;
  readonly generating: boolean;
  /** True while the host asks the user for a token before it goes on with what is being generated. */
  readonly asksForToken: boolean;
  /** What the service asks for a video, or that it needs a token to say so; undefined until it has answered. */
  readonly price: ShownPrice | undefined;
  /** Newest first. */
  readonly jobs: readonly JobView[];
  /** Why an action on a job failed, by job. */
  readonly jobProblems: Readonly<Record<string, ShownProblem>>;
  /** The result of the last action on a job, by job. */
  readonly jobNotes: Readonly<Record<string, string>>;
  /** What is on the stage: the form ("compose"), or a job by its id. */
  readonly shown: string;
  /** The video on the stage that has no job yet. It covers what is {@link shown}. Undefined once the user looks elsewhere. */
  readonly starting: Starting | undefined;
  /** Ids of the jobs that have left the list since a video was last asked for. Its own may be one before it is named. */
  readonly gone: ReadonlySet<string>;
  /** What the user looks at in the video on the stage. */
  readonly look: Look | undefined;
  /** The takes being compared. */
  readonly compared: readonly string[] | undefined;
  /** Jobs whose video was saved while the page was open. */
  readonly fresh: ReadonlySet<string>;
  /** The next text for screen readers. */
  readonly announcement: string;
  /** Counts the announcements, so that the same words are announced again. */
  readonly announced: number;
}

/** The page's initial state: the newer of the drafts that the page and the host stored, with what the host reports. */
export function initialState(host: PanelState, own: KeptForm | undefined): State {
  const kept = readKept(host.kept);
  const { revision, draft, earlier } = newest(own, kept);
  const place = latestPlace(own, kept);
  const state: State = {
    draft,
    revision,
    earlier,
    settings: host.settings,
    images: new Map(),
    problems: {},
    notice: undefined,
    generating: false,
    asksForToken: false,
    price: undefined,
    jobs: host.jobs,
    jobProblems: {},
    jobNotes: {},
    shown: place?.shown ?? compose,
    starting: undefined,
    gone: new Set(),
    look: place?.look,
    compared: undefined,
    fresh: new Set(),
    announcement: "",
    announced: 0,
  };
  const changed = host.patches.reduce(withPatch, state);
  if (host.shown !== undefined) {
    return withShown(changed, host.shown);
  }
  return host.patches.some(isChange) ? withShown(changed, compose) : changed;
}

/** True if a patch of the form changes anything. */
export function isChange(patch: FormPatch): boolean {
  return Object.keys(patch).length > 0;
}

/** The part of the state that is stored when the page closes, and the place of the user as it was known last. */
export function keptOf(state: State, scroll: number, known: Place | undefined): KeptForm & { readonly place: Place } {
  const { revision, draft, earlier, shown, look } = state;
  const place = { at: known?.at ?? 0, shown, scroll, ...(look && { look }) };
  const isThere = known !== undefined && JSON.stringify(known) === JSON.stringify(place);
  return { revision, draft, ...(earlier && { earlier }), place: isThere ? known : { ...place, at: Date.now() } };
}

/** The form on the stage, in place of a job's id. */
export const compose = "compose";

/** Puts the form or a job on the stage, in place of a video that is being started. */
export function withShown(state: State, shown: string): State {
  const look = shown === state.shown ? state.look : undefined;
  const compared = state.compared?.includes(shown) === true ? state.compared : undefined;
  // Good news is about what was on the stage.
  const notice = shown !== state.shown && state.notice?.isGood === true ? undefined : state.notice;
  return { ...state, shown, look, compared, notice, starting: undefined };
}

/** Shows a started video as a job as soon as the list has it. If its job has left the list, what was there before is back. */
export function settled(state: State): State {
  const id = state.starting?.jobId;
  if (id === undefined) {
    return state;
  }
  if (state.jobs.some((job) => job.id === id)) {
    return withShown(state, id);
  }
  return state.gone.has(id) ? { ...state, starting: undefined } : state;
}

/**
 * Applies values from elsewhere to the draft. If they replace a prompt that the user wrote, the replaced draft can be
 * restored. A prompt that a video was made from is available there anyway, so it does not displace an earlier draft
 * that can still be restored.
 */
export function withPatch(state: State, patch: FormPatch): State {
  const { draft, earlier, jobs } = state;
  const isSent = jobs.some(({ prompt }) => prompt === draft.prompt.trim());
  const isOver = patch.prompt !== undefined && draft.prompt.trim() !== "" && patch.prompt !== draft.prompt;
  const replaces = isOver && (earlier === undefined || !isSent);
  return withDraft(replaces ? { ...state, earlier: draft } : state, patched(draft, patch));
}

/** Restores the earlier draft in place of the current one. */
export function withEarlier(state: State): State {
  return state.earlier === undefined ? state : withDraft({ ...state, earlier: undefined }, state.earlier);
}

/** An empty draft. The current one can be restored. */
export function withNothing(state: State): State {
  const { start, end, prompt } = state.draft;
  const isEmpty = start === undefined && end === undefined && prompt.trim() === "";
  return isEmpty ? withDraft(state, emptyDraft) : withDraft({ ...state, earlier: state.draft }, emptyDraft);
}

/** Announces a text to screen readers. */
export function withAnnouncement(state: State, announcement: string): State {
  return { ...state, announcement, announced: state.announced + 1 };
}

/** Empties what screen readers read, once they have read it: whoever browses the page must not meet old news. */
export function withSilence(state: State, announced: number): State {
  return announced === state.announced ? { ...state, announcement: "" } : state;
}

/** A changed draft. Removes the messages of the fields that changed. */
export function withDraft(state: State, draft: Form): State {
  const problems: State["problems"] = { ...state.problems };
  for (const side of ["start", "end", "prompt"] as const) {
    if (draft[side] !== state.draft[side]) {
      delete problems[side];
    }
  }
  for (const name of Object.keys(problems).filter(isSettable)) {
    if (draft.parameters[name] !== state.draft.parameters[name]) {
      delete problems[name];
    }
  }
  return { ...state, draft, revision: state.revision + (draft === state.draft ? 0 : 1), problems };
}

/** Shows a problem at its field, or above everything if it has none. */
export function withProblem(state: State, problem: ShownProblem): State {
  return problem.field === undefined
    ? { ...state, notice: problem }
    : { ...state, problems: { ...state.problems, [problem.field]: problem } };
}

/** The commands that help with what a changed setting, token or other secret puts right. */
const setUpCommands: ReadonlySet<string> = new Set(
  ["setToken", "setMonthlyCap", "openSettings", "openHostingSettings", "setHostingCredentials"].map(
    (id) => `wanFlf2v.${id}`,
  ),
);

/**
 * Applies settings after one of them, the token or another secret has changed. Removes a notice that such a change puts right:
 * the settings report themselves what is still wrong with them, and the rest shows when the user tries again. A token that was
 * asked for may be there.
 */
export function withSettings(state: State, settings: PanelSettings): State {
  const isPutRight = state.notice?.actions?.some(({ command }) => setUpCommands.has(command)) === true;
  return { ...state, settings, asksForToken: false, notice: isPutRight ? undefined : state.notice };
}

/** Shows good news above everything, in place of the problem there. */
export function withGoodNews(state: State, message: string): State {
  return { ...state, notice: { message, isGood: true } };
}

/** Marks every flaw of the draft at its field. Used when Generate is pressed. */
export function withAllFlaws(state: State): State {
  return {
    ...state,
    problems: { ...state.problems, ...flawMessages(draftFlaws(state.draft), state.settings.defaults) },
  };
}

/** The message of each field: what was found wrong with it, what is wrong while typing, or why its file failed. */
export function fieldMessages(state: State): Partial<Record<Field, ShownProblem>> {
  const messages = { ...flawMessages(parameterFlaws(state.draft), state.settings.defaults), ...state.problems };
  for (const side of sides) {
    const image = imageOf(state, side);
    if (image?.state === "failed") {
      messages[side] ??= image.problem;
    }
  }
  return messages;
}

/** The image on a side as far as it is known; undefined if none is chosen. */
export function imageOf(state: State, side: Side): PairImage | undefined {
  const path = state.draft[side];
  return path === undefined ? undefined : (state.images.get(path) ?? { state: "loading" });
}

/** Paths of the draft's images. */
export function pathsOf(draft: Form): string[] {
  return [draft.start, draft.end].filter((path) => path !== undefined);
}

/** False while a picture of the draft is loading, since the best size may depend on it. */
export function isSettled(state: State): boolean {
  return sides.every((side) => imageOf(state, side)?.state !== "loading");
}

/** SHA-256, in hex, of the picture files that the page currently shows for the draft. */
export function seenOf(state: State): Seen {
  return Object.fromEntries(
    sides.flatMap((side) => {
      const image = imageOf(state, side);
      return image?.state === "shown" ? [[side, image.sha256]] : [];
    }),
  );
}

/** Sizes of the images that are known. */
function sizesOf(state: State): Size[] {
  return [imageOf(state, "start"), imageOf(state, "end")].filter((image) => image?.state === "shown");
}

/** The resolution that fits the known images best; undefined while none is known. */
export function fittingResolution(state: State): Resolution | undefined {
  return bestResolution(sizesOf(state));
}

/** The parameters that would be sent now. */
export function parametersOf(state: State): Parameters {
  return effectiveParameters(fieldValues(state.draft.parameters), state.settings.defaults, sizesOf(state));
}

/** The values that presets are currently measured against. */
export function baselineOf(state: State): Baseline {
  const { resolution = parameterTable.resolution.default } = parametersOf(state);
  return { defaults: state.settings.defaults, resolution };
}

/** How the two images compare at a glance; undefined unless both are known. */
export function likenessOf(state: State): Likeness | undefined {
  const [start, end] = [imageOf(state, "start"), imageOf(state, "end")];
  if (start?.state !== "shown" || end?.state !== "shown") {
    return undefined;
  }
  if (state.draft.start === state.draft.end) {
    return "same";
  }
  return start.sample && end.sample && compare(start.sample, end.sample);
}

/** Jobs that are new or have changed, and the ids of those that left the list. */
interface JobChanges {
  readonly changed: readonly JobView[];
  readonly removed: readonly string[];
}

/**
 * Applies changes to the list of jobs. Announces each change of state, and marks videos that arrive while the page is open
 * as fresh. A job that is new to the page is announced only while it is in progress, because an old video that returns
 * to the list is not news.
 */
export function withJobs(state: State, { changed, removed }: JobChanges): State {
  const before = new Map(state.jobs.map((job) => [job.id, job]));
  const news = changed.filter((job) => {
    const known = before.get(job.id);
    return known === undefined ? !isOver(job) : known.state !== job.state;
  });
  const saved = news.filter((job) => job.state === "saved").map((job) => job.id);
  const told = news.map((job) =>
    l10n.t({
      message: "{0}: {1}",
      args: [isolated(job.name), job.sentence],
      comment: ["Name of a video and what happened to it"],
    }),
  );
  const jobs = new Map([...before, ...changed.map((job) => [job.id, job] as const)]);
  for (const id of removed) {
    jobs.delete(id);
  }
  // What was wrong with an action on a job in its earlier state says nothing about its current one.
  const jobProblems = Object.fromEntries(
    Object.entries(state.jobProblems).filter(([id]) => jobs.has(id) && jobs.get(id)?.state === before.get(id)?.state),
  );
  const next = settled({
    ...state,
    jobs: [...jobs.values()].sort(newestFirst),
    jobProblems,
    fresh: new Set([...state.fresh, ...saved]),
    gone: state.starting === undefined ? state.gone : new Set([...state.gone, ...removed]),
  });
  return told.length === 0 ? next : withAnnouncement(next, told.join(" "));
}

/** As the host lists them. */
function newestFirst(a: JobView, b: JobView): number {
  return b.at - a.at || (a.id < b.id ? -1 : 1);
}

function isOver({ state }: JobView): boolean {
  return kindOf(state) === "ended";
}

/** Shows the result of an action in the job's card and announces it. */
export function withJobNote(state: State, jobId: string, note: string): State {
  return withAnnouncement({ ...state, jobNotes: { ...state.jobNotes, [jobId]: note } }, note);
}

/** Sets or removes the problem with an action on a job. */
export function withJobProblem(state: State, jobId: string, problem: ShownProblem | undefined): State {
  const { [jobId]: _, ...others } = state.jobProblems;
  return { ...state, jobProblems: problem === undefined ? others : { ...others, [jobId]: problem } };
}
