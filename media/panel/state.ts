/** The page's one state and how it changes. Pure: no DOM, no messages. */
import { bestResolution } from "../../src/images/resolution.ts";
import type { HostingChoice } from "../../src/model/hosting.ts";
import type { Likeness } from "../../src/model/lint.ts";
import { type Parameters, parameterTable, type Resolution, type SettableWord } from "../../src/model/parameters.ts";
import type {
  Field,
  ImageView,
  JobView,
  PageDraft,
  PanelState,
  PanelStrings,
  ShownProblem,
  Side,
} from "../../src/ui/panel/protocol.ts";
import { draftFlaws, effectiveParameters, type Flaws, fieldOrder, parameterFlaws, patched } from "./draft.ts";
import { compare, type Sample } from "./studio-likeness.ts";
import { fill, type Texts } from "./texts.ts";

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
    } & Pick<ImageView, "name" | "width" | "height" | "assumed">);

export interface State {
  readonly texts: Texts;
  readonly draft: PageDraft;
  /** What the user's settings put in place of the model's defaults. */
  readonly defaults: Parameters;
  /** How the settings let images get to the service. */
  readonly hosting: HostingChoice;
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
}

/** The state that the page begins with: what it kept over a reload, and what the host says. */
export function initialState(host: PanelState, kept: PageDraft): State {
  return {
    texts: { strings: host.strings, parameters: host.texts, language: host.language },
    draft: patched(kept, host.patch),
    defaults: host.defaults,
    hosting: host.hosting,
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
  };
}

/** A changed draft. The messages of fields that differ now have had their say. */
export function withDraft(state: State, draft: PageDraft): State {
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
  return { ...state, draft, problems };
}

function isSettable(field: string): field is SettableWord {
  return field in parameterTable && field !== "start" && field !== "end" && field !== "prompt";
}

/** A problem at its place: at its field, or else above everything. */
export function withProblem(state: State, problem: ShownProblem): State {
  return problem.field === undefined
    ? { ...state, notice: problem }
    : { ...state, problems: { ...state.problems, [problem.field]: problem } };
}

/** Good news above everything, in the place of what was wrong there before. */
export function withGoodNews(state: State, message: string): State {
  return { ...state, notice: { message, isGood: true } };
}

/** All that is wrong with the draft now put to its fields: for when Generate is pressed. */
export function withAllFlaws(state: State): State {
  return { ...state, problems: { ...state.problems, ...flawMessages(state.texts.strings, draftFlaws(state.draft)) } };
}

/** The message of each field: what was found wrong with it, what is wrong with it while typing, or with its file. */
export function fieldMessages(state: State): Partial<Record<Field, ShownProblem>> {
  const messages = { ...flawMessages(state.texts.strings, parameterFlaws(state.draft)), ...state.problems };
  for (const side of ["start", "end"] as const) {
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
export function pathsOf(draft: PageDraft): string[] {
  return [draft.start, draft.end].filter((path) => path !== undefined);
}

/** The resolution that fits the images best, as far as they are known; undefined while none is. */
export function fittingResolution(state: State): Resolution | undefined {
  const images = [imageOf(state, "start"), imageOf(state, "end")];
  return bestResolution(images.filter((image) => image?.state === "shown"));
}

/** What would be sent now: where neither the form nor the settings name a resolution, the one that fits best. */
export function parametersOf(state: State): Parameters {
  const resolution = fittingResolution(state);
  const set = effectiveParameters(state.draft, state.defaults);
  return resolution === undefined ? set : { resolution, ...set };
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

/** News of the jobs: a change of state is told, and a video that arrives while the page watches is fresh. */
export function withJobs(state: State, jobs: readonly JobView[]): State {
  const before = new Map(state.jobs.map((job) => [job.id, job.state]));
  const changed = jobs.filter((job) => before.get(job.id) !== job.state);
  const saved = changed.filter((job) => job.state === "saved").map((job) => job.id);
  const told = changed.map((job) => fill(state.texts.strings.announcement, job.name, job.sentence));
  return {
    ...state,
    jobs,
    fresh: new Set([...state.fresh, ...saved]),
    announcement: told.length === 0 ? state.announcement : told.join(" "),
  };
}

/** What something done with a job has led to, shown in its card and told to screen readers. */
export function withJobNote(state: State, jobId: string, note: string): State {
  return { ...state, jobNotes: { ...state.jobNotes, [jobId]: note }, announcement: note };
}

/** A problem with an action on one job, or its end. */
export function withJobProblem(state: State, jobId: string, problem: ShownProblem | undefined): State {
  const { [jobId]: _, ...others } = state.jobProblems;
  return { ...state, jobProblems: problem === undefined ? others : { ...others, [jobId]: problem } };
}

function flawMessages(strings: PanelStrings, flaws: Flaws): Partial<Record<Field, ShownProblem>> {
  const messages: Partial<Record<Field, ShownProblem>> = {};
  for (const field of fieldOrder) {
    const flaw = flaws[field];
    if (flaw === undefined) {
      continue;
    }
    const row = parameterTable[field];
    const message =
      row.kind === "integer" || row.kind === "float" ? fill(strings[flaw], row.minimum, row.maximum) : strings[flaw];
    messages[field] = { message, field };
  }
  return messages;
}
