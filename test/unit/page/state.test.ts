import assert from "node:assert/strict";
import { before, test } from "node:test";
import { emptyDraft } from "../../../src/page/state/form.ts";
import {
  fieldMessages,
  initialState,
  type State,
  withAllFlaws,
  withAnnouncement,
  withDraft,
  withEarlier,
  withJobProblem,
  withJobs,
  withNothing,
  withPatch,
  withProblem,
  withSettings,
  withSilence,
} from "../../../src/page/state/state.ts";
import type { JobView } from "../../../src/shared/messages/jobs.ts";

let fresh: State;

before(() => {
  fresh = initialState(
    {
      settings: { defaults: {}, hosting: "auto" },
      jobs: [],
      kept: undefined,
      patches: [],
    },
    undefined,
  );
});

function job(id: string, state: JobView["state"]): JobView {
  return {
    ...{
      id,
      at: 0,
      name: id,
      state,
      sentence: `is ${state}`,
      sign: state,
      isFinished: false,
      isUnsent: false,
      agedFrom: 0,
      needsUser: false,
    },
    ...{ actions: [], prompt: "", parameters: {} },
  };
}

test("what is missing is said only once Generate was pressed, and no longer once it is there", () => {
  assert.deepEqual(fieldMessages(fresh), {});
  const pressed = withAllFlaws(fresh);
  assert.deepEqual(Object.keys(fieldMessages(pressed)).sort(), ["end", "prompt", "start"]);
  const mended = withDraft(pressed, { ...pressed.draft, start: "/a.png", prompt: "x" });
  assert.deepEqual(Object.keys(fieldMessages(mended)), ["end"]);
});

test("a number out of range is said at once, with the range", () => {
  const typed = withDraft(fresh, { ...emptyDraft, parameters: { steps: "4" } });
  assert.equal(
    fieldMessages(typed).steps?.message,
    "Enter a number from 6 to 20, or leave the field empty for the model’s default (4).",
  );
  const messageFor = (parameters: State["draft"]["parameters"], from: State = fresh) =>
    Object.values(fieldMessages(withDraft(from, { ...emptyDraft, parameters })))[0]?.message;
  assert.equal(
    messageFor({ steps: "6.5" }),
    "Enter a whole number from 6 to 20, or leave the field empty for the model’s default (4).",
  );
  assert.match(
    messageFor({ cfg: "x" }) ?? "",
    /from 0\.6 to 2, or leave the field empty for the model’s default \(1\)\.$/,
  );
  assert.match(messageFor({ seed: "-1" }) ?? "", /or leave the field empty for a random one\.$/);
  const set = withSettings(fresh, { ...fresh.settings, defaults: { steps: 8 } });
  assert.match(
    messageFor({ steps: "4" }, set) ?? "",
    /or leave the field empty for the default from your settings \(8\)\.$/,
  );
});

test("a value that is none of the choices is told without a range", () => {
  for (const parameters of [{ length: "99" }, { resolution: "1x1" }]) {
    const { length, resolution } = fieldMessages(withDraft(fresh, { ...emptyDraft, parameters }));
    assert.equal((length ?? resolution)?.message, "Choose one of the values offered here.");
  }
});

test("what was wrong with a setting, the cap or the token goes with the next settings, other news stays", () => {
  for (const [action, message] of [
    [{ command: "wanFlf2v.openSettings", setting: "wanFlf2v.jobsAtOnce" }, undefined],
    [{ command: "wanFlf2v.openSettings" }, undefined],
    [{ command: "wanFlf2v.setMonthlyCap" }, undefined],
    [{ command: "wanFlf2v.setToken" }, undefined],
    [{ command: "wanFlf2v.openHostingSettings" }, undefined],
    [{ command: "wanFlf2v.setHostingCredentials" }, undefined],
    [{ command: "wanFlf2v.openAccount" }, "No."],
    [{ command: "wanFlf2v.showLog" }, "No."],
  ] as const) {
    const refused = withProblem(fresh, { message: "No.", actions: [{ label: "Help", ...action }] });
    assert.equal(withSettings(refused, fresh.settings).notice?.message, message, JSON.stringify(action));
  }
});

test("what an action on a job met goes once the job moves on or leaves the list", () => {
  const problem = { message: "Not now." };
  const both = withJobs(fresh, { changed: [job("a", "queued"), job("b", "queued")], removed: [] });
  const refused = withJobProblem(withJobProblem(both, "a", problem), "b", problem);
  const changed = [{ ...job("a", "queued"), sentence: "is next" }, job("b", "running")];
  assert.deepEqual(withJobs(refused, { changed, removed: [] }).jobProblems, { a: problem });
  assert.deepEqual(withJobs(refused, { changed: [], removed: ["a"] }).jobProblems, { b: problem });
});

test("an announcement goes after a while, a newer one stays", () => {
  const told = withAnnouncement(fresh, "One.");
  assert.equal(withSilence(told, told.announced).announcement, "");
  assert.equal(withSilence(withAnnouncement(told, "Two."), told.announced).announcement, "Two.");
});

test("a problem of the host stays at its field until that field changes", () => {
  const refused = withProblem(fresh, { message: "No.", field: "shift" });
  const elsewhere = withDraft(refused, { ...refused.draft, prompt: "x" });
  assert.equal(fieldMessages(elsewhere).shift?.message, "No.");
  const edited = withDraft(elsewhere, { ...elsewhere.draft, parameters: { shift: "6" } });
  assert.equal(fieldMessages(edited).shift, undefined);
  assert.equal(withProblem(fresh, { message: "No." }).notice?.message, "No.");
});

test("an unreadable image speaks at its side, whichever side that is", () => {
  const images: State["images"] = new Map([["/a.png", { state: "failed", problem: { message: "Gone." } }]]);
  const state = { ...withDraft(fresh, { ...emptyDraft, start: "/a.png", end: "/a.png" }), images };
  assert.equal(fieldMessages(state).start?.message, "Gone.");
  assert.equal(fieldMessages(state).end?.message, "Gone.");
});

test("changes of state are announced, repetitions and mere positions are not", () => {
  const told = (state: State, ...changed: JobView[]) => withJobs(state, { changed, removed: [] });
  const queued = told(fresh, job("a", "queued"));
  assert.equal(queued.announcement, "a: is queued");
  const silent = { ...queued, announcement: "" };
  assert.equal(told(silent, { ...job("a", "queued"), sentence: "is next" }).announcement, "");
  const two = told(silent, job("b", "preparing"), job("a", "running"));
  assert.equal(two.announcement, "b: is preparing a: is running");
});

test("only a video that ends before the user's eyes is fresh", () => {
  const opened = { ...fresh, jobs: [job("old", "saved"), job("new", "running")] };
  const ended = withJobs(opened, { changed: [job("old", "saved"), job("new", "saved")], removed: [] });
  assert.deepEqual([...ended.fresh], ["new"]);
});

test("a job's problem comes and goes alone", () => {
  const two = withJobProblem(withJobProblem(fresh, "a", { message: "A" }), "b", { message: "B" });
  assert.deepEqual(withJobProblem(two, "a", undefined).jobProblems, { b: { message: "B" } });
});

test("an old video that comes back into the list is no news; one that appears on its way is", () => {
  const opened = { ...fresh, jobs: [job("a", "failed")] };
  for (const state of ["saved", "failed", "cancelled"] as const) {
    const back = withJobs(opened, { changed: [job("a", "failed"), job("old", state)], removed: [] });
    assert.deepEqual([back.announcement, [...back.fresh]], ["", []], state);
  }
  const made = withJobs(opened, { changed: [job("new", "preparing")], removed: [] });
  assert.equal(made.announcement, "new: is preparing");
});

test("what has changed takes its place in the list, newest first, and what was removed leaves it", () => {
  const at = (id: string, time: number) => ({ ...job(id, "saved"), at: time });
  const opened = { ...fresh, jobs: [at("d", 3), at("b", 2), at("a", 1)] };
  const changed = [at("e", 4), { ...at("b", 2), sentence: "is saved again" }, at("c", 2)];
  const { jobs } = withJobs(opened, { changed, removed: ["a", "unknown"] });
  assert.deepEqual(
    jobs.map(({ id }) => id),
    ["e", "d", "b", "c"],
  );
  assert.equal(jobs[2]?.sentence, "is saved again");
  assert.equal(jobs[1], opened.jobs[0]);
});

test("something put over words of the user's leaves a way back to them", () => {
  const typed = withDraft(fresh, { ...emptyDraft, prompt: "mine" });
  assert.equal(withPatch(typed, { start: "/a.png" }).earlier, undefined);
  assert.equal(withPatch(fresh, { prompt: "theirs" }).earlier, undefined);
  const over = withPatch(typed, { prompt: "theirs", start: "/a.png" });
  assert.equal(over.draft.prompt, "theirs");
  const back = withEarlier(over);
  assert.deepEqual([back.draft.prompt, back.draft.start, back.earlier], ["mine", undefined, undefined]);
  assert.ok(back.revision > over.revision && over.revision > typed.revision);
  assert.equal(withEarlier(withNothing(typed)).draft.prompt, "mine");
  assert.equal(withEarlier(withNothing(withNothing(typed))).draft.prompt, "mine");
});

test("one video after the other put into the draft leaves the way back to the user's own words", () => {
  const jobs = ["one", "two"].map((prompt) => ({ ...job(prompt, "saved"), prompt }));
  const typed = withDraft({ ...fresh, jobs }, { ...emptyDraft, prompt: "mine" });
  const second = withPatch(withPatch(typed, { prompt: "one" }), { prompt: "two" });
  assert.equal(withEarlier(second).draft.prompt, "mine");
  const changed = withDraft(withPatch(typed, { prompt: "one" }), { ...emptyDraft, prompt: "one, changed" });
  assert.equal(withEarlier(withPatch(changed, { prompt: "two" })).draft.prompt, "one, changed");
});
