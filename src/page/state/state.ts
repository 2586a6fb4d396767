/** The page's one state and how it changes. Pure: no DOM, no messages. */

import * as l10n from "@vscode/l10n";
import { kindOf } from "../../shared/jobs/states.ts";
import type { Form, FormPatch, KeptForm } from "../../shared/messages/form.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { ImageView } from "../../shared/messages/pair.ts";
import type { PanelSettings, PanelState } from "../../shared/messages/panel.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import { bestResolution } from "../../shared/model/bestFit.ts";
import type { Seen } from "../../shared/model/draft.ts";
import { effectiveParameters } from "../../shared/model/effective.ts";
import type { Parameters, Resolution } from "../../shared/model/parameters.ts";
import { isSettable, parameterTable } from "../../shared/model/parameters.ts";
import type { Baseline } from "../../shared/model/presets.ts";
import type { Side } from "../../shared/model/side.ts";
import { sides } from "../../shared/model/side.ts";
import type { Size } from "../../shared/model/size.ts";
import type { Likeness } from "../../shared/prompt/lint.ts";
import { isolated, numberText, promptEmptyText } from "../../shared/texts.ts";
import type { Flaw, Flaws } from "./form.ts";
import { draftFlaws, emptyDraft, fieldOrder, formParameters, parameterFlaws, patched } from "./form.ts";
import { newest, readKept } from "./kept.ts";
import { compare, type Sample } from "./likeness.ts";

/** One image file as the page knows it. */
export type PairImage =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: ShownProblem }
  | ({
      readonly state: "shown";
      /** Address of the thumbnail. */
      readonly url: string;
      /** A small copy; undefined where none could be made. */
      readonly sample?: Sample | undefined;
    } & Pick<ImageView, "name" | "width" | "height" | "assumed" | "sha256">);

export interface State {
  readonly draft: Form;
  /** Counts the changes of the draft. */
  readonly revision: number;
  /** What the user had put together before something else took its place. */
  readonly earlier: Form | undefined;
  readonly settings: PanelSettings;
  /** By path. */
  readonly images: ReadonlyMap<string, PairImage>;
  /** What the last press of Generate, or the host, found wrong; gone once the field is edited. */
  readonly problems: Partial<Record<Field, ShownProblem>>;
  /** What concerns no field: a problem, or good news. */
  readonly notice: (ShownProblem & { readonly isGood?: true }) | undefined;
  readonly generating: boolean;
  /** Newest first. */
  readonly jobs: readonly JobView[];
  /** What went wrong with an action on a job, by job. */
  readonly jobProblems: Readonly<Record<string, ShownProblem>>;
  /** What the last thing done with a job has led to, by job. */
  readonly jobNotes: Readonly<Record<string, string>>;
  /** The two takes that are looked at side by side. */
  readonly compared: readonly [string, string] | undefined;
  /** Jobs whose end came while the page watched. */
  readonly fresh: ReadonlySet<string>;
  /** What a screen reader is told next. */
  readonly announcement: string;
  /** Counts the announcements: the same words are news each time. */
  readonly announced: number;
}

/** The state that the page begins with: what it or the host kept, whichever is newer, and what the host says. */
export function initialState(host: PanelState, own: KeptForm | undefined): State {
  const { revision, draft, earlier } = newest(own, readKept(host.kept));
  const state: State = {
    draft,
    revision,
    earlier,
    settings: host.settings,
    images: new Map(),
    problems: {},
    notice: undefined,
    generating: false,
    jobs: host.jobs,
    jobProblems: {},
    jobNotes: {},
    compared: undefined,
    fresh: new Set(),
    announcement: "",
    announced: 0,
  };
  return host.patches.reduce(withPatch, state);
}

/** What is kept of the state when the page goes. */
export function keptOf({ revision, draft, earlier }: State): KeptForm {
  return { revision, draft, ...(earlier && { earlier }) };
}

/**
 * Something from elsewhere laid over the draft. Where it takes the place of words of the user's, they can go back to them;
 * words that a video was made of can be had again anyhow, and take no such way back away.
 */
export function withPatch(state: State, patch: FormPatch): State {
  const { draft, earlier, jobs } = state;
  const isSent = jobs.some(({ prompt }) => prompt === draft.prompt.trim());
  const isOver = patch.prompt !== undefined && draft.prompt.trim() !== "" && patch.prompt !== draft.prompt;
  const replaces = isOver && (earlier === undefined || !isSent);
  return withDraft(replaces ? { ...state, earlier: draft } : state, patched(draft, patch));
}

/** The draft that was there before, and this one in its place. */
export function withEarlier(state: State): State {
  return state.earlier === undefined ? state : withDraft({ ...state, earlier: undefined }, state.earlier);
}

/** An empty draft, with a way back to this one. */
export function withNothing(state: State): State {
  const { start, end, prompt } = state.draft;
  const isEmpty = start === undefined && end === undefined && prompt.trim() === "";
  return isEmpty ? withDraft(state, emptyDraft) : withDraft({ ...state, earlier: state.draft }, emptyDraft);
}

/** Something told to screen readers. */
export function withAnnouncement(state: State, announcement: string): State {
  return { ...state, announcement, announced: state.announced + 1 };
}

/** A changed draft. The messages of fields that differ now have had their say. */
export function withDraft(state: State, draft: Form): State {
  const problems: State["problems"] = { ...state.problems };
  for (const side of ["start", "end", "prompt"] as const) {
    if (draft[side] !== state.draft[side]) {
      delete problems[side];
    }
  }
  for (const word of Object.keys(problems).filter(isSettable)) {
    if (draft.parameters[word] !== state.draft.parameters[word]) {
      delete problems[word];
    }
  }
  return { ...state, draft, revision: state.revision + (draft === state.draft ? 0 : 1), problems };
}

/** A problem at its place: at its field, or else above everything. */
export function withProblem(state: State, problem: ShownProblem): State {
  return problem.field === undefined
    ? { ...state, notice: problem }
    : { ...state, problems: { ...state.problems, [problem.field]: problem } };
}

/** Other settings. What was wrong with one of them is no news any more: what still is, they say themselves. */
export function withSettings(state: State, settings: PanelSettings): State {
  const isAboutSetting = state.notice?.actions?.some(({ setting }) => setting !== undefined) === true;
  return { ...state, settings, notice: isAboutSetting ? undefined : state.notice };
}

/** Good news above everything, in the place of what was wrong there before. */
export function withGoodNews(state: State, message: string): State {
  return { ...state, notice: { message, isGood: true } };
}

/** All that is wrong with the draft now put to its fields: for when Generate is pressed. */
export function withAllFlaws(state: State): State {
  return { ...state, problems: { ...state.problems, ...flawMessages(draftFlaws(state.draft)) } };
}

/** The message of each field: what was found wrong with it, what is wrong with it while typing, or with its file. */
export function fieldMessages(state: State): Partial<Record<Field, ShownProblem>> {
  const messages = { ...flawMessages(parameterFlaws(state.draft)), ...state.problems };
  for (const side of sides) {
    const image = imageOf(state, side);
    if (image?.state === "failed") {
      messages[side] ??= image.problem;
    }
  }
  return messages;
}

/** The image on a side as far as it is known; undefined when none is chosen. */
export function imageOf(state: State, side: Side): PairImage | undefined {
  const path = state.draft[side];
  return path === undefined ? undefined : (state.images.get(path) ?? { state: "loading" });
}

/** Paths of the draft's images. */
export function pathsOf(draft: Form): string[] {
  return [draft.start, draft.end].filter((path) => path !== undefined);
}

/** False while a picture of the draft is on its way, on which the size that fits may depend. */
export function isSettled(state: State): boolean {
  return sides.every((side) => imageOf(state, side)?.state !== "loading");
}

/** The picture files of the draft as the page shows them: SHA-256, hex. */
export function seenOf(state: State): Seen {
  return Object.fromEntries(
    sides.flatMap((side) => {
      const image = imageOf(state, side);
      return image?.state === "shown" ? [[side, image.sha256]] : [];
    }),
  );
}

/** The sizes of the images, as far as they are known. */
function sizesOf(state: State): Size[] {
  return [imageOf(state, "start"), imageOf(state, "end")].filter((image) => image?.state === "shown");
}

/** The resolution that fits the images best, as far as they are known; undefined while none is. */
export function fittingResolution(state: State): Resolution | undefined {
  return bestResolution(sizesOf(state));
}

/** What would be sent now. */
export function parametersOf(state: State): Parameters {
  return effectiveParameters(formParameters(state.draft), state.settings.defaults, sizesOf(state));
}

/** What presets are measured against now. */
export function baselineOf(state: State): Baseline {
  const { resolution = parameterTable.resolution.default } = parametersOf(state);
  return { defaults: state.settings.defaults, resolution };
}

/** How the two images compare at a glance; undefined while one of them is not known. */
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

/**
 * News of the jobs: a change of state is told, and a video that arrives while the page watches is fresh. What was not known
 * before is news only while it is on its way: an old video that comes back into the list is none.
 */
export function withJobs(state: State, jobs: readonly JobView[]): State {
  const before = new Map(state.jobs.map((job) => [job.id, job.state]));
  const changed = jobs.filter((job) => (before.has(job.id) ? before.get(job.id) !== job.state : !isOver(job)));
  const saved = changed.filter((job) => job.state === "saved").map((job) => job.id);
  const told = changed.map((job) =>
    l10n.t({
      message: "{0}: {1}",
      args: [isolated(job.name), job.sentence],
      comment: ["Name of a video and what happened to it"],
    }),
  );
  const next = { ...state, jobs, fresh: new Set([...state.fresh, ...saved]) };
  return told.length === 0 ? next : withAnnouncement(next, told.join(" "));
}

function isOver({ state }: JobView): boolean {
  return kindOf(state) === "ended";
}

/** What something done with a job has led to, shown in its card and told to screen readers. */
export function withJobNote(state: State, jobId: string, note: string): State {
  return withAnnouncement({ ...state, jobNotes: { ...state.jobNotes, [jobId]: note } }, note);
}

/** A problem with an action on one job, or its end. */
export function withJobProblem(state: State, jobId: string, problem: ShownProblem | undefined): State {
  const { [jobId]: _, ...others } = state.jobProblems;
  return { ...state, jobProblems: problem === undefined ? others : { ...others, [jobId]: problem } };
}

function flawText(field: Field, flaw: Flaw): string {
  switch (flaw) {
    case "startMissing":
      return l10n.t("Choose the image the video starts with.");
    case "endMissing":
      return l10n.t("Choose the image the video ends with.");
    case "promptEmpty":
      return promptEmptyText();
    case "notANumber":
      return l10n.t("Enter a number from {0} to {1}, or leave it empty.", ...limits(field));
    case "notWhole":
      return l10n.t("Enter a whole number from {0} to {1}, or leave it empty.", ...limits(field));
    case "outOfRange":
      return l10n.t("Enter a number from {0} to {1}.", ...limits(field));
  }
}

function limits(field: Field): string[] {
  const row = parameterTable[field];
  return row.kind === "integer" || row.kind === "float" ? [numberText(row.minimum), numberText(row.maximum)] : [];
}

function flawMessages(flaws: Flaws): Partial<Record<Field, ShownProblem>> {
  const messages: Partial<Record<Field, ShownProblem>> = {};
  for (const field of fieldOrder) {
    const flaw = flaws[field];
    if (flaw === undefined) {
      continue;
    }
    messages[field] = { message: flawText(field, flaw), field };
  }
  return messages;
}
