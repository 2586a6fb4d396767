import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Ports } from "../../../src/jobs/ports.ts";
import { takeNames } from "../../../src/output/naming.ts";
import { newRecipe, takesOf } from "../../../src/recipes/edit.ts";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { problemOf } from "../../support/problems.ts";
import * as engines from "./engines.ts";

// What becomes of a recipe that is rendered, and of a draft that was rendered before: real engines and HTTP, real files.

const { service } = engines;
type Engine = Awaited<ReturnType<typeof window>>;

/** A window with a recipe in a folder of its own. */
async function window(ports: Partial<Ports> = {}, storage?: string) {
  const engine = engines.engine(ports, storage);
  const hurry = setInterval(() => engine.jobs.wake(), 50);
  const project = join(engine.storage, "project");
  await mkdir(project, { recursive: true });
  return Object.assign(engine, {
    project,
    recipe: join(project, "hero.flf.json"),
    async [Symbol.asyncDispose]() {
      clearInterval(hurry);
      await engine.jobs.dispose();
    },
  });
}

const written = `// By hand.
${newRecipe({ start: { path: "a.png" }, end: { path: "b.png" }, prompt: "Night falls." })}`;

const render = (
  engine: Engine,
  last: string | undefined,
  changes: Parameters<typeof engines.submit>[1] = {},
  takes: readonly string[] = [],
) =>
  engines.submit(engine, {
    folder: engine.project,
    fileName: takeNames(engine.recipe, undefined),
    recipe: { path: engine.recipe, last, takes },
    ...changes,
  });

const known = async ({ recipe }: Engine) => {
  const text = await readFile(recipe, "utf8");
  const parsed = parseRecipe(text).recipe;
  assert.ok(parsed !== undefined);
  return { text, recipe: parsed };
};
const files = async ({ project }: Engine) => (await readdir(project)).sort();

describe("a recipe that is rendered", () => {
  it("gets its video and what is known of it, and keeps what its author wrote", async () => {
    await using engine = await window();
    await writeFile(engine.recipe, written);
    const id = await render(engine, undefined);
    await engine.reaches(id, "saved");
    assert.deepEqual(await files(engine), ["hero-001.mp4", "hero.flf.json"]);
    const { text, recipe } = await known(engine);
    assert.ok(text.startsWith(written.trimEnd().slice(0, -2)));
    assert.equal(recipe.video?.file, "hero-001.mp4");
    assert.equal(recipe.requestId, service.requests()[0]?.requestId);
    assert.equal(recipe.rendered?.parameters?.seed, service.requests()[0]?.parameters["96_noise_seed"]);
    assert.equal(recipe.parameters, undefined);
    const job = engine.jobs.get(id);
    assert.ok(job?.progress.state === "saved");
    assert.equal(job.progress.recipe, engine.recipe);
  });

  it("has each of its takes, of whichever windows; one more of the same waits to be picked", async () => {
    await using engine = await window();
    await using other = await window({}, engine.storage);
    await writeFile(engine.recipe, written);
    const first = await render(engine, undefined);
    const second = await render(other, first);
    const third = await render(engine, second);
    const changed = await render(other, third, { prompt: "Day breaks." });
    for (const id of [first, second, third, changed]) {
      await engine.reaches(id, "saved");
    }
    const { recipe } = await known(engine);
    assert.equal(takesOf(recipe).length, 4);
    assert.equal(new Set(takesOf(recipe).map(({ video }) => video.file)).size, 4);
    assert.equal(takesOf(recipe)[0]?.rendered?.prompt, "Day breaks.");
  });

  it("has the new video where the one that counted is gone", async () => {
    await using engine = await window();
    await writeFile(engine.recipe, written);
    const first = await render(engine, undefined);
    await engine.reaches(first, "saved");
    await rm(join(engine.project, "hero-001.mp4"));
    const second = await render(engine, first, {}, ["hero-001.mp4"]);
    await engine.reaches(second, "saved", "needsAction", "failed");
    assert.equal(engine.jobs.get(second)?.progress.state, "saved");
    const { recipe } = await known(engine);
    assert.equal(recipe.requestId, service.requests()[1]?.requestId);
    assert.equal(new Set(takesOf(recipe).map(({ video }) => video.file)).size, 2);
  });

  it("keeps what its author changes in the very moment in which it is completed", async () => {
    let edits = 0;
    await using engine = await window({
      checkpoint: (name) => {
        if (name === "recipeWritten" && edits < 3) {
          edits += 1;
          appendFileSync(engine.recipe, "// and more\n");
        }
      },
    });
    await writeFile(engine.recipe, written);
    await engine.reaches(await render(engine, undefined), "saved");
    const { text, recipe } = await known(engine);
    assert.match(text, /(\/\/ and more\n){3}$/);
    assert.equal(recipe.video?.file, "hero-001.mp4");
    assert.equal((await files(engine)).length, 2);
  });

  it("gets a cost that is told later", async () => {
    service.setFaults([{ on: "result", do: { costLag: { times: 2 } } }]);
    await using engine = await window({ costPauses: [0, 0] });
    await writeFile(engine.recipe, written);
    const id = await render(engine, undefined);
    await engine.reaches(id, "saved");
    await engines.until(() => engine.jobs.spend().reported > 0);
    const { text, recipe } = await known(engine);
    assert.ok((recipe.cost ?? 0) > 0);
    assert.match(text, /^\/\/ By hand\./);
  });

  for (const [what, spoil] of [
    ["is gone", (path: string) => rm(path)],
    ["is broken", (path: string) => writeFile(path, '{ "start": ')],
    ["is no text", (path: string) => writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    [
      "is a folder",
      async (path: string) => {
        await rm(path);
        await mkdir(path);
      },
    ],
  ] as const) {
    it(`that ${what} by then leaves the video with a recipe of its own`, async () => {
      await using engine = await window();
      await writeFile(engine.recipe, written);
      const id = await render(engine, undefined);
      await spoil(engine.recipe);
      const before = await readFile(engine.recipe).catch(() => undefined);
      await engine.reaches(id, "saved");
      assert.ok((await files(engine)).includes("hero-001.flf.json"));
      assert.deepEqual(await readFile(engine.recipe).catch(() => undefined), before);
    });
  }

  it("is paid once by two windows that render it at the same moment", async () => {
    await using engine = await window();
    await using other = await window({}, engine.storage);
    await writeFile(engine.recipe, written);
    const tries = await Promise.allSettled([render(engine, undefined), render(other, undefined)]);
    assert.deepEqual(tries.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const made = tries.find((each) => each.status === "fulfilled");
    assert.ok(made?.status === "fulfilled");
    await engine.reaches(made.value, "saved");
    assert.equal(engines.calls("submit"), 1);
    assert.deepEqual(await problemOf(render(other, undefined)), { code: "recipeBusy" });
    assert.equal(engines.calls("submit"), 1);
  });
});

describe("the names of a recipe's videos", () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: what the user's settings have, too
  for (const [recipe, video, template] of [
    ["/p/hero.flf.json", undefined, "hero-${take}"],
    ["/p/shot-010.flf.json", undefined, "shot-010-${take}"],
    ["/p/shot-010.flf.json", "shot-010-001.mp4", "shot-010-${take}"],
    ["/p/hero-001.flf.json", "hero-001.mp4", "hero-${take}"],
    ["/p/${seed}.flf.json", undefined, "{seed}-${take}"],
  ] as const) {
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
    it(`${recipe} with ${video ?? "no video"}`, () => assert.equal(takeNames(recipe, video), template));
  }
});

describe("a draft that was rendered before", () => {
  const seeded = { parameters: { resolution: "480x480 (1:1)", seed: 7 } };

  it("is not paid again while its video is there, byte for byte", async () => {
    await using engine = await window();
    const id = await engines.submit(engine, seeded);
    const job = await engine.reaches(id, "saved");
    assert.ok(job.progress.state === "saved");
    const { video } = job.progress;
    assert.deepEqual(await problemOf(engines.submit(engine, seeded)), { code: "alreadyRendered", video, job: id });
    assert.equal(engines.calls("submit"), 1);
    // With a frame or a word changed it is another one.
    await engines.submit(engine, { ...seeded, prompt: "Something else." });
    await engines.submit(engine, { parameters: { ...seeded.parameters, fps: 24 } });
    const crop = { mode: "crop", focus: { x: 0, y: 0 }, zoom: 2 } as const;
    await engines.submit(engine, { ...seeded, plans: { start: crop } });
    await engines.submit(engine, { parameters: { resolution: "480x480 (1:1)" } });
    await engines.until(() => engines.calls("submit") === 5);
    await engines.submit(engine, { ...seeded, anyway: true });
    await engines.until(() => engines.calls("submit") === 6);
  });

  it("is found after a restart; a video that was changed or removed does not count", async () => {
    const first = await window();
    const id = await engines.submit(first, seeded);
    const job = await first.reaches(id, "saved");
    await first[Symbol.asyncDispose]();
    await using engine = await window({}, first.storage);
    assert.ok(job.progress.state === "saved");
    assert.deepEqual(await problemOf(engines.submit(engine, seeded)), {
      code: "alreadyRendered",
      video: job.progress.video,
      job: id,
    });
    await appendFile(job.progress.video, "x");
    await engines.submit(engine, seeded);
    await engines.until(() => engines.calls("submit") === 2);
  });
});
