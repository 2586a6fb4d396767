import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { RenderOptions } from "../../../src/jobs/renderRecipe.ts";
import type { RecipeEntry } from "../../../src/recipes/recipeEntry.ts";
import type { RecipeState } from "../../../src/recipes/state.ts";
import type { Price } from "../../../src/shared/model/price.ts";
import { played, stage } from "./stage.ts";

const upToDate = { state: "upToDate", video: "there" } as const;
const states: Readonly<Record<string, RecipeState>> = {
  "a/new": { state: "notRendered" },
  "a/stale": { state: "stale", changed: ["end", "prompt"] },
  "a/failed": { state: "failed", job: "j", problem: { code: "noBalance" } },
  "a/done": upToDate,
  "b/done": upToDate,
  "b/gone": { state: "upToDate", video: "missing" },
  "b/rendering": { state: "rendering", job: "j2", needsUser: false },
  "b/broken": { state: "broken", problems: [] },
};
const root = "/projects/film";
const pathOf = (name: string) => `${root}/${name}.flf.json`;
const entry = (name: string, state: RecipeState): RecipeEntry => ({
  ...{ path: pathOf(name), root, text: "", recipe: undefined, problems: [], images: {}, video: undefined, state },
  request: { model: "m", start: {}, end: {}, parameters: { length: 81, fps: 16 } },
});

/** A build of those recipes, and what it rendered. */
function build(
  price: Price = { kind: "known", usd: 0.05, unit: "second" },
  shown = states,
  caps: Partial<{ cap: number; day: number }> = {},
) {
  const rendered: { name: string; options: RenderOptions }[] = [];
  const entries = Object.entries(shown).map(([name, state]) => entry(name, state));
  let failing = "";
  const made = new played.recipeBuild.RecipeBuild({
    index: {
      list: () => entries,
      whenKnown: async () => undefined,
      fresh: async (path) => entries.find((each) => each.path === path) ?? assert.fail(),
    },
    render: async (path, options) => {
      const name = path.slice(root.length + 1, -".flf.json".length);
      if (name === failing) throw new played.problem.ProblemError({ code: "imageMissing", path: `${root}/x.png` });
      rendered.push({ name, options });
      return name === "a/stale" ? { jobs: [], reused: "stale-001.mp4" } : { jobs: [`job of ${name}`] };
    },
    budget: () => ({
      confirmAbove: null,
      cap: caps.cap ?? null,
      spend: () => ({ reported: 0, unreported: 0, expected: 0 }),
      videoCaps: { day: caps.day ?? null, month: null },
      videos: () => ({ day: 0, month: 0 }),
      price: async () => price,
      lastPrice: () => price,
    }),
    runTime: () => 60_000,
    atOnce: () => 2,
    report: () => undefined,
  });
  return {
    made,
    rendered,
    names: () => rendered.map(({ name }) => name),
    fail: (name: string) => {
      failing = name;
    },
  };
}

beforeEach(() => {
  stage.folders = [root];
});

test("a build asks once, with what it would render and why, what it leaves alone, the sum and the time", async () => {
  const { made, rendered, names } = build();
  assert.equal(await made.renderStale(undefined, true), undefined);
  assert.deepEqual(names(), [], "a question left unanswered renders nothing");
  const [question] = stage.messages;
  assert.equal(question?.message, "Render 3 recipes for about 0.76 USD?");
  assert.deepEqual(question?.buttons, ["Render 3 Recipes"]);
  assert.deepEqual(question?.detail?.split("\n"), [
    "a/new: not rendered yet",
    "a/stale: changed: end image, prompt",
    "a/failed: failed the last time",
    "2 recipes are up to date.",
    "1 recipe is being rendered already.",
    "1 recipe misses its video. It is rendered only by itself.",
    "1 recipe has errors and is left out.",
    "0.05 USD per second: RunComfy’s base price; the final cost may differ.",
    "Usually about 2 min of rendering (based on your videos).",
  ]);
  stage.answers.push("Render 3 Recipes");
  assert.deepEqual(await made.renderStale(undefined, true), {
    jobs: [
      { recipe: pathOf("a/new"), id: "job of a/new" },
      { recipe: pathOf("a/failed"), id: "job of a/failed" },
    ],
    reused: [pathOf("a/stale")],
    failed: [],
  });
  assert.deepEqual(names(), ["a/new", "a/stale", "a/failed"]);
  // The one question was about all of them: none of them asks again.
  assert.deepEqual(await rendered[0]?.options.askPayment?.({ length: 81, fps: 16 }), {
    estimate: 0.253125,
    cap: null,
    videoCaps: { day: null, month: null },
    acceptsUnknown: true,
  });
});

test("a program's build asks nothing; one recipe that fails does not stop the others", async () => {
  const { made, names, rendered, fail } = build();
  fail("a/new");
  const result = await made.renderStale(undefined, false);
  assert.deepEqual(stage.messages, []);
  assert.deepEqual(names(), ["a/stale", "a/failed"]);
  assert.equal(result?.failed[0]?.recipe, pathOf("a/new"));
  assert.match(result?.failed[0]?.message ?? "", /x\.png/);
  assert.equal(rendered[0]?.options.askPayment, undefined, "the user's own limits decide");
});

test("a folder, or recipes that were selected, are all that is built", async () => {
  const one = build();
  await one.made.renderStale(`${root}/b`, false);
  assert.deepEqual(one.names(), []);
  await one.made.renderThese([pathOf("a/failed"), pathOf("b/done")], false);
  assert.deepEqual(one.names(), ["a/failed"]);
  assert.deepEqual(
    (await one.made.list(`${root}/a`)).map(({ recipe, state, changed, price }) => [recipe, state, changed, price]),
    [
      [pathOf("a/new"), "notRendered", [], 0.253125],
      [pathOf("a/stale"), "stale", ["end", "prompt"], 0.253125],
      [pathOf("a/failed"), "failed", [], 0.253125],
      [pathOf("a/done"), "upToDate", [], 0.253125],
    ],
  );
});

test("caps, and a price that is not told, are said before anything is sent", async () => {
  const capped = build(undefined, states, { cap: 0.3 });
  await capped.made.renderStale(undefined, true);
  assert.match(
    stage.messages.at(-1)?.detail ?? "",
    /Your monthly cap allows 1 of the 3 now\. The others are not sent\./,
  );
  const counted = build(undefined, states, { day: 2 });
  await counted.made.renderStale(undefined, true);
  assert.match(stage.messages.at(-1)?.detail ?? "", /Your daily number of videos allows 2 of the 3 now\./);
  const unknown = build({ kind: "unknown" });
  await unknown.made.renderStale(undefined, true);
  assert.equal(stage.messages.at(-1)?.message, "Render 3 recipes? Their cost is unknown.");
});

test("more takes of a recipe are asked for once, with the price of all", async () => {
  const { made, rendered } = build();
  stage.answers.push("Render Takes");
  await made.renderTakes(pathOf("a/done"), 4);
  assert.equal(stage.messages.at(-1)?.message, "Render 4 takes of a/done for about 1.01 USD?");
  assert.equal(rendered[0]?.options.takes, 4);
});
