import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withTake } from "../../../src/recipes/edit.ts";
import { lastRender, requestOf } from "../../../src/recipes/fingerprint.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { type BuildEntry, planBuild } from "../../../src/recipes/plan.ts";
import { type RecipeJob, type RecipeState, stateOf, wantedFingerprint } from "../../../src/recipes/state.ts";
import { takeOf } from "./recipes.ts";

const base = `{ "start": "a.png", "end": "b.png", "prompt": "slow pan", "parameters": { "resolution": "720x1280 (9:16)" } }`;
const images = { start: { sha256: "aa" }, end: { sha256: "bb" } };
const problem = { code: "imageLost" } as const;

function state(text: string, more: { job?: RecipeJob; facts?: object; video?: "there" | "missing" } = {}): RecipeState {
  const { recipe, problems } = parseRecipe(text, "");
  const request = recipe && requestOf(recipe, more.facts ?? images);
  return stateOf({ recipe, problems, request, job: more.job, video: more.video ?? "there" });
}

describe("the state of a recipe", () => {
  const rendered = withTake(base, takeOf(1));
  const request = requestOf(parseRecipe(base).recipe ?? assert.fail(), images);
  const failed: RecipeJob = {
    kind: "failed",
    id: "j",
    problem,
    request: { ...request, parameters: { ...request.parameters, seed: 9 } },
  };
  const active: RecipeJob = { kind: "active", id: "j", needsUser: false };

  for (const [name, got, expected] of [
    ["without a video", state(base), { state: "notRendered" }],
    ["with its video", state(rendered), { state: "upToDate", video: "there" }],
    ["with its video gone", state(rendered, { video: "missing" }), { state: "upToDate", video: "missing" }],
    [
      "with another image and prompt",
      state(rendered.replace("slow pan", "fast"), { facts: { ...images, end: { sha256: "x" } } }),
      { state: "stale", changed: ["end", "prompt"] },
    ],
    ["with images that nobody has read yet", state(rendered, { facts: {} }), { state: "upToDate", video: "there" }],
    ["while a job is on its way", state(base, { job: active }), { state: "rendering", job: "j", needsUser: false }],
    [
      "while a job of it waits for its user, broken meanwhile",
      state("{", { job: { ...active, needsUser: true } }),
      { state: "rendering", job: "j", needsUser: true },
    ],
    ["whose job failed", state(base, { job: failed }), { state: "failed", job: "j", problem }],
    ["whose job failed, changed since", state(base.replace("slow", "fast"), { job: failed }), { state: "notRendered" }],
    [
      "rendered, whose job of something else failed",
      state(rendered, { job: { ...failed, request: { ...request, prompt: "x" } } }),
      { state: "upToDate", video: "there" },
    ],
  ] as const) {
    it(name, () => assert.deepEqual(got, expected));
  }

  it("with an error is broken, and tells its errors alone", () => {
    const broken = state(rendered.replace("720x1280 (9:16)", "x").replace("{", `{ "note": 1,`));
    assert.equal(broken.state, "broken");
    assert.deepEqual(
      broken.problems.map(({ code }) => code),
      ["valueNotAllowed"],
    );
    assert.equal(state("[]").state, "broken");
  });

  it("of an earlier version's recipe follows the journal, if that knows more", () => {
    const { rendered: _, ...before } = JSON.parse(rendered);
    const text = JSON.stringify({ ...before, prompt: "edited", parameters: { seed: 1 } });
    const { recipe, problems } = parseRecipe(text);
    assert.ok(recipe);
    const input = { recipe, problems, request: requestOf(recipe, images), video: "there" } as const;
    assert.equal(stateOf(input).state, "upToDate");
    const known = { ...(lastRender(recipe) ?? assert.fail()), prompt: "slow pan" };
    assert.deepEqual(stateOf({ ...input, rendered: known }), { state: "stale", changed: ["prompt"] });
  });

  it("may have been rendered before only with a seed", () => {
    assert.equal(wantedFingerprint(request), undefined);
    assert.match(wantedFingerprint({ ...request, parameters: { seed: 1 } }) ?? "", /^[0-9a-f]{64}$/);
  });
});

describe("the plan of a build", () => {
  const states: Readonly<Record<string, RecipeState>> = {
    new: { state: "notRendered" },
    old: { state: "stale", changed: ["end"] },
    bad: { state: "broken", problems: [] },
    good: { state: "upToDate", video: "there" },
    unseen: { state: "upToDate", video: "unknown" },
    gone: { state: "upToDate", video: "missing" },
    other: { state: "upToDate", video: "changed" },
    busy: { state: "rendering", job: "j", needsUser: false },
    failed: { state: "failed", job: "j", problem },
  };
  const entries: BuildEntry[] = Object.entries(states).map(([recipe, each]) => ({
    recipe,
    state: each,
    estimate: 0.1,
  }));

  it("has each recipe in one list, in order", () => {
    const plan = planBuild(entries, {}, { time: 60_000, atOnce: 2 });
    assert.deepEqual(plan, {
      toRender: [
        { recipe: "new", reason: { kind: "notRendered" }, estimate: 0.1 },
        { recipe: "old", reason: { kind: "stale", changed: ["end"] }, estimate: 0.1 },
        { recipe: "failed", reason: { kind: "failed" }, estimate: 0.1 },
      ],
      upToDate: ["good", "unseen"],
      videoMissing: ["gone", "other"],
      rendering: ["busy"],
      broken: [{ recipe: "bad", problems: [] }],
      total: 0.1 + 0.1 + 0.1,
      allowed: 3,
      time: 120_000,
    });
  });

  for (const [name, caps, allowed, limit] of [
    ["no cap", {}, 3, undefined],
    ["money for all, to the cent", { money: 0.3 }, 3, undefined],
    ["money for two", { money: 0.29 }, 2, "money"],
    ["no money", { money: 0 }, 0, "money"],
    ["one clip today", { clipsToday: 1, money: 0.29 }, 1, "clipsToday"],
    ["no clip this month", { clipsToday: 2, clipsThisMonth: 0 }, 0, "clipsThisMonth"],
  ] as const) {
    it(`within the caps: ${name}`, () => {
      const plan = planBuild(entries, caps);
      assert.deepEqual([plan.allowed, plan.limit], [allowed, limit]);
    });
  }

  it("tells no total if one price is not told, and money then limits nothing", () => {
    const plan = planBuild([...entries, { recipe: "x", state: { state: "notRendered" } }], { money: 0.3 });
    assert.deepEqual([plan.total, plan.allowed, plan.time], [undefined, 4, undefined]);
    assert.equal(planBuild([], {}, { time: 5, atOnce: 4 }).total, 0);
    assert.equal(planBuild([], {}, { time: 5, atOnce: 4 }).time, 0);
  });
});
