import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CropPlan } from "../../../src/shared/model/plan.ts";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { startService } from "../../support/service/service.ts";
import { conformer, quarters, save } from "./pictures.ts";

test("a pair is framed as ordered: what the service gets, the job and the recipe say the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-plans-"));
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  {
    await using engine = startEngine({ storage: folder, token: service.token });
    const picture = quarters({ width: 900, height: 500 }, [
      [220, 30, 40],
      [30, 200, 60],
      [40, 60, 210],
      [190, 190, 180],
    ]);
    const path = await save("framed.png", picture.pngsaveBuffer());
    const start: CropPlan = { mode: "crop", focus: { x: 0.1, y: 0.4 }, zoom: 1.5 };
    const end: CropPlan = { mode: "fit", fill: { kind: "color", color: "#203040" } };
    const order = {
      start: { kind: "file", path },
      end: { kind: "file", path },
      prompt: "The camera pans.",
      parameters: { resolution: "480x480 (1:1)" },
      service: service.url,
      folder,
      fileName: "framed",
      payment: async () => uncapped,
    } as const;
    const id = await engine.jobs.submit({ ...order, plans: { start, end } });
    const job = await engine.reaches(id, "saved", "failed");
    assert.equal(job.progress.state, "saved");
    const exact = async (plan: CropPlan) =>
      (await conformer.conform({ source: { path }, target: { width: 480, height: 480 }, plan })).png;
    const got = service.uploads(service.requests()[0]?.requestId ?? "");
    assert.ok(got?.start.equals(await exact(start)), "the start image that the service got");
    assert.ok(got?.end.equals(await exact(end)), "the end image that the service got");
    assert.ok(job.order.start.kind === "file" && job.order.end.kind === "file");
    assert.deepEqual([job.order.start.plan, job.order.end.plan], [start, end]);
    const written = job.progress.state === "saved" ? await readFile(job.progress.recipe, "utf8") : "";
    const recipe = recipeSchema.parse(JSON.parse(written));
    assert.deepEqual([recipe.start.crop, recipe.end.crop], [start, end]);
  }
  await rm(folder, { recursive: true });
});
