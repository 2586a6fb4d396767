import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { createConformer } from "../../../src/images/conformer.ts";
import { ConformerError, type ConformerErrorCode, ImageError } from "../../../src/images/errors.ts";

const UNRELIABLE = new URL("./workers/unreliable.ts", import.meta.url);
const SOURCE = new URL("../../../src/images/worker.ts", import.meta.url);
const VIPS = new URL(import.meta.resolve("wasm-vips"));

const made: { dispose(): Promise<void> }[] = [];
const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-conformer-"));
after(async () => {
  await Promise.all(made.map((conformer) => conformer.dispose()));
  await rm(folder, { recursive: true });
});

function unreliable(times: { idleMs?: number } = {}) {
  const conformer = createConformer({ worker: UNRELIABLE, vips: VIPS, ...times });
  made.push(conformer);
  const inspect = (path: string) => conformer.inspect({ path });
  return { conformer, inspect, thread: async () => (await inspect("fine")).width, dispose: () => conformer.dispose() };
}

function fails(promise: Promise<unknown>, code: ConformerErrorCode): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof ConformerError && error.code === code);
}

test("one thread serves all calls", async () => {
  const { thread } = unreliable();
  const first = await thread();
  assert.deepEqual(await Promise.all([thread(), thread(), thread()]), [first, first, first]);
});

/** The code of an `ImageError` that a call rejects with. */
async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail("the call was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ImageError, String(error));
  return error.code;
}

test("a picture that ends its thread is tried once more in a fresh one; calls before and behind are answered", async () => {
  for (const fault of ["exit", "throw", "crash", "exhaust"]) {
    const { inspect, thread } = unreliable();
    const first = await thread();
    const [before, faulty, behind] = [thread(), inspect(`${fault} in thread ${first}`), thread()];
    assert.equal(await before, first);
    const { width } = await faulty;
    assert.notEqual(width, first, fault);
    assert.equal(await behind, width, "the fresh thread stays");
  }
});

test("a picture that ends a fresh thread too is refused for good, until its file changes", async () => {
  for (const fault of ["exit", "throw", "crash"]) {
    const path = join(folder, fault);
    await writeFile(path, "one");
    const { inspect, thread } = unreliable();
    const first = await thread();
    const [faulty, behind] = [refused(inspect(path)), thread()];
    assert.equal(await faulty, "harmful");
    const second = await behind;
    assert.notEqual(second, first);
    assert.equal(await refused(inspect(path)), "harmful");
    assert.equal(await thread(), second, "without another thread being ended for it");
    await writeFile(path, "another");
    assert.equal(await refused(inspect(path)), "harmful");
    assert.notEqual(await thread(), second, "it was tried anew");
  }
});

test("a picture that takes more memory than a fresh thread has is too large, not damaged", async () => {
  const { inspect, thread } = unreliable();
  await thread();
  const error = await inspect("exhaust").catch((reason: unknown) => reason);
  assert.ok(error instanceof ImageError);
  assert.deepEqual([error.code, error.facts.width, error.facts.height], ["tooLarge", 20_000, 9_000]);
  await thread();
});

test("a thread that dies between two calls harms nobody", async () => {
  const { inspect, thread } = unreliable();
  const first = (await inspect("die later")).width;
  // A call made while the thread dies may still be answered or be rejected; then another thread takes over.
  let later = first;
  while (later === first) {
    later = await thread().catch(() => first);
  }
});

test("every call has its time: a thread that hangs is ended, and the calls behind are answered by another", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const plan = { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 } as const;
  const source = { path: "hang" };
  const { conformer, thread } = unreliable();
  for (const [hang, seconds] of [
    [() => conformer.inspect(source), 60],
    [() => conformer.thumbnail({ source, maxEdge: 9 }), 240],
    [() => conformer.conform({ source, target: { width: 9, height: 9 }, plan }), 240],
    [() => conformer.compress({ source, maxBytes: 9 }), 60],
  ] as const) {
    const first = await thread();
    let isOver = false;
    const hanging = fails(hang(), "timedOut").finally(() => {
      isOver = true;
    });
    const behind = thread();
    await turns();
    t.mock.timers.tick(seconds * 1000 - 1);
    await turns();
    assert.equal(isOver, false);
    t.mock.timers.tick(1);
    await hanging;
    assert.notEqual(await behind, first);
  }
});

/** Lets all that is ready run. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate);
  }
}

test("an idle thread is ended, a busy one is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { thread } = unreliable({ idleMs: 60_000 });
  const first = await thread();
  t.mock.timers.tick(59_999);
  assert.equal(await thread(), first);
  t.mock.timers.tick(59_999);
  assert.equal(await thread(), first);
  t.mock.timers.tick(60_000);
  assert.notEqual(await thread(), first);
});

test("dispose ends what runs, what waits and what comes", async () => {
  const { inspect, thread, dispose } = unreliable();
  await thread();
  const running = fails(inspect("hang"), "disposed");
  const waiting = fails(thread(), "disposed");
  await new Promise(setImmediate);
  await dispose();
  await Promise.all([running, waiting]);
  await fails(thread(), "disposed");
  await dispose();
});

test("a library that cannot be loaded is told as such", async () => {
  const conformer = createConformer({ worker: SOURCE, vips: new URL("./absent.mjs", import.meta.url) });
  made.push(conformer);
  await fails(conformer.inspect({ bytes: new Uint8Array([1]) }), "notLoaded");
  await fails(conformer.inspect({ bytes: new Uint8Array([1]) }), "notLoaded");
});

test("an idle thread does not keep the process alive", async () => {
  const program = `
    import { createConformer } from ${JSON.stringify(new URL("../../../src/images/conformer.ts", import.meta.url).href)};
    const conformer = createConformer({ worker: new URL(${JSON.stringify(SOURCE.href)}), vips: new URL(${JSON.stringify(VIPS.href)}) });
    const bytes = Buffer.from("Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAQIDAA==", "base64");
    const image = await conformer.conform({
      source: { bytes },
      target: { width: 480, height: 480 },
      plan: { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 },
    });
    process.stdout.write(String(image.sha256.length));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const late = setTimeout(() => child.kill(), 30_000);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  clearTimeout(late);
  assert.deepEqual([output, code], ["64", 0]);
});
