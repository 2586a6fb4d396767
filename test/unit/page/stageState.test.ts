import assert from "node:assert/strict";
import { test } from "node:test";
import { latestPlace, readKept } from "../../../src/page/state/kept.ts";
import {
  isComposing,
  jobOnStage,
  neighbor,
  takesOf,
  withoutStart,
  withStart,
  withStarted,
} from "../../../src/page/state/stage.ts";
import { initialState, keptOf, type State, withJobs, withShown } from "../../../src/page/state/state.ts";
import type { JobView } from "../../../src/shared/messages/jobs.ts";
import type { PanelState } from "../../../src/shared/messages/panel.ts";

function job(id: string, state: JobView["state"] = "saved", pair?: string): JobView {
  return {
    ...{
      id,
      name: id,
      state,
      sentence: state,
      sign: state,
      isFinished: false,
      isUnsent: false,
      agedFrom: 0,
      needsUser: false,
      at: 0,
      pair,
    },
    ...{ actions: [], prompt: "", parameters: {} },
  };
}

const host = (more: Partial<PanelState> = {}): PanelState => ({
  ...{ settings: { defaults: {}, hosting: "auto" }, jobs: [], patches: [] },
  ...more,
});
const begin = (...jobs: JobView[]): State => initialState(host({ jobs }), undefined);

test("a started video comes to the stage as soon as both its name and its job are known, in either order", () => {
  const pressed = withStart(begin());
  assert.deepEqual([isComposing(pressed), jobOnStage(pressed)], [false, undefined]);
  const named = withStarted(pressed, pressed.starting, "a");
  assert.deepEqual([isComposing(named), jobOnStage(named)], [false, undefined]);
  assert.equal(jobOnStage(withJobs(named, { changed: [job("a", "preparing")], removed: [] }))?.id, "a");
  const listed = withJobs(pressed, { changed: [job("a", "preparing")], removed: [] });
  assert.equal(jobOnStage(listed), undefined);
  assert.equal(jobOnStage(withStarted(listed, pressed.starting, "a"))?.id, "a");
});

test("a start that is refused gives the stage back, and one whose user went elsewhere changes nothing", () => {
  const pressed = withStart(begin(job("old")), "old");
  assert.ok(isComposing(withoutStart(pressed, pressed.starting)));
  const elsewhere = withShown(pressed, "old");
  assert.equal(jobOnStage(withStarted(elsewhere, pressed.starting, "a"))?.id, "old");
  const again = withStart(elsewhere);
  assert.equal(withoutStart(again, pressed.starting).starting, again.starting);
  assert.equal(withStarted(again, pressed.starting, "a").starting?.jobId, undefined);
});

test("a started video whose job has left the list gives the stage back, whether it is named before or after", () => {
  const pressed = withStart(withShown(begin(job("old")), "old"));
  const [come, go] = [
    { changed: [job("a", "preparing")], removed: [] },
    { changed: [], removed: ["a"] },
  ];
  const gone = withJobs(withJobs(pressed, come), go);
  assert.equal(gone.starting, pressed.starting);
  assert.equal(jobOnStage(withStarted(gone, pressed.starting, "a"))?.id, "old");
  const named = withStarted(pressed, pressed.starting, "a");
  assert.equal(jobOnStage(withJobs(named, go))?.id, "old");
  assert.equal(jobOnStage(withJobs(named, { changed: [], removed: ["old"] })), undefined);
  assert.equal(isComposing(withJobs(named, { changed: [], removed: ["old"] })), false);
  const back = withJobs(gone, come);
  assert.equal(jobOnStage(withStarted(back, pressed.starting, "a"))?.id, "a");
});

test("a job that leaves the list gives the stage to the form", () => {
  const shown = withShown(begin(job("a")), "a");
  assert.equal(isComposing(shown), false);
  assert.ok(isComposing(withJobs(shown, { changed: [], removed: ["a"] })));
});

test("takes are those of one pair; neighbors go by the list, newest first", () => {
  const [c, b, x, a] = [
    job("c", "running", "p"),
    job("b", "saved", "p"),
    job("x", "saved", "q"),
    job("a", "saved", "p"),
  ];
  const jobs = [c, b, x, a];
  assert.deepEqual(takesOf(jobs, b), [a]);
  assert.deepEqual(takesOf(jobs, c), []);
  assert.deepEqual(
    [neighbor(jobs, b, "older"), neighbor(jobs, b, "newer"), neighbor(jobs, a, "older")],
    [a, c, undefined],
  );
  assert.equal(neighbor(jobs, job("n"), "older"), undefined);
});

test("the place is kept with the form; the later one counts, and what the host wants shown before it", () => {
  const shown: State = {
    ...withShown(begin(job("a")), "a"),
    look: { frame: 3, overlay: { side: "end", way: "wipe" } },
  };
  const kept = keptOf(shown, 40, undefined);
  assert.deepEqual(keptOf(shown, 40, kept.place), kept);
  assert.ok(keptOf(shown, 41, { ...kept.place, at: 1 }).place.at > 1);
  const read = readKept(JSON.parse(JSON.stringify(kept)));
  assert.deepEqual(read, kept);
  const later = { ...kept, place: { ...kept.place, at: kept.place.at + 1, shown: "compose" } };
  assert.equal(latestPlace(kept, later), later.place);
  assert.equal(latestPlace(kept, undefined), kept.place);
  const restored = initialState(host({ jobs: [job("a"), job("b")], kept }), undefined);
  assert.deepEqual([restored.shown, restored.look], ["a", shown.look]);
  assert.equal(initialState(host({ jobs: [job("a")], kept, patches: [{ prompt: "x" }] }), undefined).shown, "compose");
  assert.equal(initialState(host({ jobs: [job("a")], kept, patches: [{}] }), undefined).shown, "a");
  assert.equal(initialState(host({ jobs: [job("b")], kept, shown: "b" }), undefined).shown, "b");
  assert.equal(readKept({ ...kept, place: { shown: 1 } })?.place, undefined);
});
