import assert from "node:assert/strict";
import { test } from "node:test";
import { type VideoDeps, videoMaker } from "../../../src/jobs/generate.ts";
import type { Submission } from "../../../src/jobs/order.ts";
import type { Draft } from "../../../src/shared/model/draft.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

const draft: Draft = {
  start: { kind: "file", path: "/p/a.png" },
  end: { kind: "url", url: "https://x.example/b.png" },
  prompt: "p",
  parameters: {},
  plans: { start: { mode: "crop", focus: { x: 0, y: 0 }, zoom: 2 } },
  seen: { start: "aa" },
};
const payment = { estimate: 0.5, cap: 3, videoCaps: { day: null, month: null }, acceptsUnknown: false };

/** A maker of videos, and what was submitted to its engine, which asks for the payment as the real one does. */
function played(changes: Partial<VideoDeps> = {}) {
  const submitted: object[] = [];
  const measured: string[] = [];
  const makeVideo = videoMaker({
    settings: { defaults: () => ({ fps: 12 }), imageHosting: () => "s3", service: () => "https://service.example" },
    target: (start, folder) => ({ folder: folder ?? "/videos", workspace: start, fileName: "video" }),
    recipeTarget: (recipe) => ({ folder: `${recipe}/..`, workspace: undefined, fileName: "recipe" }),
    imageSize: async (path) => {
      measured.push(path);
      return { width: 1000, height: 1000 };
    },
    askPayment: async () => payment,
    submit: async ({ payment: asked, parameters, ...rest }: Submission) => {
      submitted.push({ ...rest, parameters, paid: await asked({}) });
      return "job";
    },
    ...changes,
  });
  return { makeVideo, submitted, measured };
}

test("a draft goes to the engine with what the settings add to it", async () => {
  const { makeVideo, submitted, measured } = played();
  assert.equal(await makeVideo(draft), "job");
  assert.deepEqual(submitted, [
    {
      ...draft,
      parameters: { fps: 12, resolution: "720x720 (1:1)" },
      hosting: "s3",
      service: "https://service.example",
      folder: "/videos",
      workspace: "/p/a.png",
      fileName: "video",
      paid: payment,
    },
  ]);
  assert.deepEqual(measured, ["/p/a.png"]);
});

test("the settings add nothing to a draft that is complete; a size that it does not state is the one that fits", async () => {
  const { makeVideo, submitted } = played();
  await makeVideo({ ...draft, parameters: { cfg: 1.5 }, isComplete: true });
  assert.partialDeepStrictEqual(submitted, [{ parameters: { cfg: 1.5, resolution: "720x720 (1:1)" } }]);
  assert.ok(submitted.every((submission) => !("fps" in Object(Reflect.get(submission, "parameters")))));
});

test("what the draft says itself goes before the settings, and no image is measured for nothing", async () => {
  const { makeVideo, submitted, measured } = played();
  await makeVideo(
    { ...draft, hosting: "auto", parameters: { fps: 24, resolution: "480x480 (1:1)" } },
    { folder: "/elsewhere" },
  );
  const [sent] = submitted;
  assert.partialDeepStrictEqual(sent, {
    hosting: "dataUri",
    folder: "/elsewhere",
    parameters: { fps: 24, resolution: "480x480 (1:1)" },
  });
  assert.deepEqual(measured, []);
});

test("who decides against the price gets no job and no error", async () => {
  const { makeVideo, submitted } = played({ askPayment: async () => undefined });
  assert.equal(await makeVideo(draft), undefined);
  assert.deepEqual(submitted, []);
});

test("what the engine or a setting objects to reaches the caller", async () => {
  const refusing = played({
    submit: async () => {
      throw new ProblemError({ code: "tokenMissing" });
    },
  });
  await assert.rejects(refusing.makeVideo(draft), /tokenMissing/);
  const wrong = () => {
    throw new ProblemError({ code: "noFolder" });
  };
  const { makeVideo, submitted } = played({ target: wrong });
  await assert.rejects(makeVideo(draft), /noFolder/);
  assert.deepEqual(submitted, []);
});
