import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import type { Price } from "../../../src/model/price.ts";

/** What VS Code was asked, and what its user answers. */
const dialog: {
  asked: { message: string; options: { modal: boolean; detail: string } }[];
  answer: string | undefined;
} = {
  asked: [],
  answer: undefined,
};
let confirmCost: typeof import("../../../src/ui/confirm.ts").confirmCost;

before(async () => {
  Object.assign(globalThis, { playedDialog: dialog });
  const played = `
    const fill = (text, values) => text.replace(/\\{(\\d)\\}/g, (_, at) => values[at]);
    export const env = { language: "en" };
    export const l10n = { t: (text, ...values) => typeof text === "string" ? fill(text, values) : fill(text.message, text.args) };
    export const window = { showWarningMessage: async (message, options) => {
      playedDialog.asked.push({ message, options });
      return playedDialog.answer;
    } };`;
  const { outputFiles } = await build({
    entryPoints: ["src/ui/confirm.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    plugins: [
      {
        name: "vscode",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^vscode$/ }, () => ({ path: "vscode", namespace: "played" }));
          onLoad({ filter: /.*/, namespace: "played" }, () => ({ contents: played }));
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  ({ confirmCost } = await import(`data:text/javascript;base64,${code}`));
});

beforeEach(() => {
  dialog.asked = [];
  dialog.answer = undefined;
});

const perSecond: Price = { kind: "known", usd: 0.05, unit: "second" };
const parameters = { resolution: "1280x720 (16:9)", length: 141, fps: 24 } as const;

test("without a limit nobody is asked, and no price is looked up", async () => {
  assert.equal(await confirmCost(null, parameters, () => assert.fail("looked up")), true);
  assert.deepEqual(dialog.asked, []);
});

test("up to the limit nobody is asked", async () => {
  assert.equal(await confirmCost(0.3, parameters, async () => perSecond), true);
  assert.deepEqual(dialog.asked, []);
});

test("above the limit the question names price, size and duration, and only a yes goes on", async () => {
  assert.equal(await confirmCost(0.2, parameters, async () => perSecond), false);
  const [asked] = dialog.asked;
  assert.equal(asked?.message, "Make this video for about 0.29 USD?");
  assert.equal(asked.options.modal, true);
  assert.match(
    asked.options.detail,
    /^1280 × 720 · 141 frames at 24 fps = 5\.88 s\n0\.05 USD per second: .*can differ\./,
  );
  assert.match(asked.options.detail, /above 0\.20 USD/);
  dialog.answer = "Generate Video";
  assert.equal(await confirmCost(0.2, parameters, async () => perSecond), true);
});

test("a price that is not known is asked about as such", async () => {
  for (const price of [
    { kind: "unknown" },
    { kind: "noToken" },
    { kind: "known", usd: 1, unit: "megapixel" },
  ] as const) {
    assert.equal(await confirmCost(100, {}, async () => price), false);
    assert.equal(dialog.asked.at(-1)?.message, "Make this video? What it costs is not known.");
    assert.match(dialog.asked.at(-1)?.options.detail ?? "", /^720 × 1280 · 81 frames at 16 fps = 5\.06 s\n/);
  }
});
