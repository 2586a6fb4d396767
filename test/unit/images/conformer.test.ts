import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { createConformer } from "../../../src/images/conformer.ts";
import { ConformerError, type ConformerErrorCode } from "../../../src/images/errors.ts";

const UNRELIABLE = new URL("./workers/unreliable.ts", import.meta.url);
const SOURCE = new URL("../../../src/images/worker.ts", import.meta.url);
const VIPS = new URL(import.meta.resolve("wasm-vips"));

const made: { dispose(): Promise<void> }[] = [];
after(() => Promise.all(made.map((conformer) => conformer.dispose())));

function unreliable(times: { idleMs?: number; timeoutMs?: number } = {}) {
  const conformer = createConformer({ worker: UNRELIABLE, vips: VIPS, ...times });
  made.push(conformer);
  const inspect = (path: string) => conformer.inspect({ path });
  return { inspect, thread: async () => (await inspect("")).width, dispose: () => conformer.dispose() };
}

function fails(promise: Promise<unknown>, code: ConformerErrorCode): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof ConformerError && error.code === code);
}

test("one thread serves all calls", async () => {
  const { thread } = unreliable();
  const first = await thread();
  assert.deepEqual(await Promise.all([thread(), thread(), thread()]), [first, first, first]);
});

test("a thread that ends or throws rejects its call alone, and a new one takes over", async () => {
  const { inspect, thread } = unreliable();
  const first = await thread();
  for (const fault of ["exit", "throw"]) {
    const before = thread();
    const faulty = inspect(fault);
    const behind = thread();
    await fails(faulty, "crashed");
    assert.notEqual(await behind, await before);
  }
  assert.notEqual(await thread(), first);
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

test("a thread that hangs is ended in time", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { inspect, thread } = unreliable({ timeoutMs: 30_000 });
  const first = await thread();
  const hanging = fails(inspect("hang"), "timedOut");
  await new Promise(setImmediate);
  t.mock.timers.tick(30_000);
  await hanging;
  assert.notEqual(await thread(), first);
});

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
    process.stdout.write(String(image.width));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const late = setTimeout(() => child.kill(), 30_000);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  clearTimeout(late);
  assert.deepEqual([output, code], ["480", 0]);
});
