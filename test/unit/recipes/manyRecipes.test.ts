import assert from "node:assert/strict";
import { test } from "node:test";
import { Workspace } from "./workspace.ts";

const count = 1000;

test("1,000 recipes are there within a second of the second opening, and an edit within 200 ms", async (t) => {
  const first = await Workspace.open();
  t.after(() => first.dispose());
  const paths: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `shots/${Math.floor(index / 50)}/s${index}`;
    for (const side of ["start", "end"]) await first.image(`${name}_${side}.png`);
    const images = { start: `s${index}_start.png`, end: `s${index}_end.png` };
    paths.push(await first.recipe(`${name}.flf.json`, { ...images, prompt: `shot ${index}`.repeat(20) }));
  }
  first.index.set(paths);
  await first.index.whenKnown();
  assert.equal(first.contents.length, 2 * count);

  // The best of some: other tests share the processor.
  let second = first;
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5 && best >= 1000; turn += 1) {
    second = first.reopened();
    const started = performance.now();
    second.index.set(paths);
    await second.index.whenKnown();
    best = Math.min(best, performance.now() - started);
    assert.equal(second.index.list().length, count);
    assert.ok(second.index.list().every(({ state }) => state.state === "notRendered"));
    assert.equal(second.contents.length, 0);
  }
  t.diagnostic(`opened in ${Math.round(best)} ms`);
  assert.ok(best < 1000, `${best} ms`);

  const [edited = ""] = paths;
  const told = new Promise<number>((resolve) => second.index.onDidChange(() => resolve(performance.now())));
  second.edited.set(edited, "{");
  const typed = performance.now();
  second.index.touch([edited]);
  const reflected = (await told) - typed;
  t.diagnostic(`an edit was reflected in ${Math.round(reflected)} ms`);
  assert.ok(reflected < 200, `${reflected} ms`);
  assert.equal(second.index.get(edited)?.state.state, "broken");

  second.texts.length = 0;
  const idle = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const used = process.cpuUsage(idle);
  assert.ok(used.user + used.system < 25_000, `${used.user + used.system} µs while nothing happened`);
  assert.deepEqual(second.texts, []);
  second.index.dispose();
});
