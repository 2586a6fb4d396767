import assert from "node:assert/strict";
import { test } from "node:test";
import { videoMaker } from "../../../src/jobs/generate.ts";
import type { Submission } from "../../../src/jobs/order.ts";
import { emptyDraft } from "../../../src/page/state/form.ts";
import { initialState, type PairImage, parametersOf, type State } from "../../../src/page/state/state.ts";
import type { Form } from "../../../src/shared/messages/form.ts";
import type { Draft } from "../../../src/shared/model/draft.ts";
import { fieldValues } from "../../../src/shared/model/fields.ts";
import type { Parameters } from "../../../src/shared/model/parameters.ts";
import type { Size } from "../../../src/shared/model/size.ts";

const forms: readonly Form["parameters"][] = [
  {},
  { resolution: "480x480 (1:1)" },
  { length: "141", fps: "24" },
  { fps: "16", seed: "0", cfg: "1,5" },
  { resolution: "720x480 (3:2)", steps: "8", shift: "6" },
  // What stands for no value is not set.
  { fps: "99", resolution: "1x1 (1:1)", steps: "4" },
];
const settings: readonly Parameters[] = [
  {},
  { resolution: "960x540 (16:9)" },
  { fps: 12, cfg: 1.2 },
  { resolution: "480x720 (2:3)", length: 141, fps: 24, steps: 6, cfg: 2, shift: 1 },
];
/** Sizes of start and end image; undefined for one that cannot be read. */
const pairs: readonly (readonly [Size | undefined, Size | undefined])[] = [
  [
    { width: 1600, height: 900 },
    { width: 1600, height: 900 },
  ],
  [
    { width: 1600, height: 900 },
    { width: 1600, height: 1200 },
  ],
  [
    { width: 1000, height: 1000 },
    { width: 600, height: 900 },
  ],
  [{ width: 900, height: 1600 }, undefined],
  [undefined, undefined],
];

function stateOf(parameters: Form["parameters"], defaults: Parameters, pair: (typeof pairs)[number]): State {
  const images = new Map<string, PairImage>();
  for (const [index, size] of pair.entries()) {
    images.set(
      `/${index}.png`,
      size === undefined
        ? { state: "failed", problem: { message: "It cannot be read." } }
        : { state: "shown", url: "", name: "", sha256: "", ...size },
    );
  }
  const state = initialState(
    {
      settings: { defaults, hosting: "auto" },
      jobs: [],
      kept: undefined,
      patches: [],
    },
    undefined,
  );
  return { ...state, images, draft: { ...emptyDraft, start: "/0.png", end: "/1.png", prompt: "p", parameters } };
}

/** The parameters that a draft is sent with. */
async function sent(
  parameters: Parameters,
  defaults: Parameters,
  pair: (typeof pairs)[number],
  isComplete?: true,
): Promise<unknown> {
  const submitted: Submission[] = [];
  const makeVideo = videoMaker({
    settings: { defaults: () => defaults, imageHosting: () => "auto", service: () => "https://service.example" },
    target: () => ({ folder: "/videos", workspace: undefined, fileName: "video" }),
    recipeTarget: (recipe) => ({ folder: `${recipe}/..`, workspace: undefined, fileName: "recipe" }),
    imageSize: async (path) => pair[path === "/0.png" ? 0 : 1] ?? assert.fail("unreadable"),
    askPayment: async () => ({
      estimate: undefined,
      cap: null,
      videoCaps: { day: null, month: null },
      acceptsUnknown: false,
    }),
    submit: async (submission) => {
      submitted.push(submission);
      return "job";
    },
  });
  const draft: Draft = {
    start: { kind: "file", path: "/0.png" },
    end: { kind: "file", path: "/1.png" },
    prompt: "p",
    parameters,
    ...(isComplete && { isComplete }),
  };
  assert.equal(await makeVideo(draft), "job");
  return submitted[0]?.parameters;
}

test("what the panel shows is what is sent, by the panel and by a command, for every form, settings and images", async () => {
  const seen = new Set<string>();
  for (const form of forms) {
    for (const defaults of settings) {
      for (const pair of pairs) {
        const state = stateOf(form, defaults, pair);
        const shown = parametersOf(state);
        const about = JSON.stringify([form, defaults, pair]);
        // The panel says that it shows all: settings that change meanwhile change nothing.
        for (const later of settings) {
          assert.deepEqual(await sent(shown, later, pair, true), shown, `by the panel: ${about}`);
        }
        assert.deepEqual(
          await sent(fieldValues(state.draft.parameters), defaults, pair),
          shown,
          `by a command: ${about}`,
        );
        seen.add(JSON.stringify(shown));
      }
    }
  }
  assert.ok(seen.size > 30, `${seen.size} outcomes`);
});

test("the form goes before the settings, and both before the size that fits", () => {
  const [, , , , unknown = assert.fail()] = pairs;
  const [wide = assert.fail()] = pairs;
  const shown = (form: Form["parameters"], defaults: Parameters, pair = wide) =>
    parametersOf(stateOf(form, defaults, pair)).resolution;
  assert.equal(shown({}, {}), "1280x720 (16:9)");
  assert.equal(shown({}, {}, unknown), undefined);
  assert.equal(shown({}, { resolution: "960x540 (16:9)" }), "960x540 (16:9)");
  assert.equal(shown({ resolution: "480x480 (1:1)" }, { resolution: "960x540 (16:9)" }), "480x480 (1:1)");
});
