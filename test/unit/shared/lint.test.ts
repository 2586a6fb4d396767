import assert from "node:assert/strict";
import { test } from "node:test";
import { type Finding, type Likeness, lintPrompt } from "../../../src/shared/prompt/lint.ts";
import { chips, samplePrompt, starters } from "../../../src/shared/prompt/prompting.ts";

const kinds = (prompt: string, likeness?: Likeness) =>
  lintPrompt(prompt, { language: "en", likeness }).map(({ kind }) => kind);

/** What somebody writes into a starter's braces. */
const fillings: Record<string, string> = {
  "{subject}": "the lighthouse",
  "{foreground}": "the reed",
  "{windows}": "the windows of the harbour",
  "{Subject}": "The dancer",
  "{pose A}": "a crouch",
  "{pose B}": "an open stance",
  "{hair/cloth}": "her dress",
  "{A}": "The bronze key",
  "{B}": "a green leaf",
  "{product}": "bicycle",
  "{detail}": "a single tile",
  "{whole}": "the mosaic floor",
  "{panel}": "sign-in form",
  "{next screen}": "dashboard",
  "{particles}": "dust motes",
  "{scene B}": "a night market",
};

for (const [name, starter] of Object.entries(starters)) {
  test(`the starter "${name}" passes once its braces are filled, whatever the images`, () => {
    const filled = starter.replace(/\{[^}]*\}/g, (place) => fillings[place] ?? assert.fail(place));
    const likeness: Likeness[] = name === "unlike" ? ["unlike", "related"] : ["same", "related"];
    for (const one of likeness) {
      assert.deepEqual(lintPrompt(filled, { language: "en", likeness: one }), [], filled);
    }
    assert.deepEqual(kinds(starter), ["placeholder"], starter);
  });
}

const cases: readonly { prompt: string; likeness?: Likeness; findings: Finding[] }[] = [
  { prompt: " \n ", findings: [{ kind: "empty" }] },
  { prompt: samplePrompt, findings: [{ kind: "sample" }] },
  { prompt: ` ${samplePrompt.toUpperCase()}. `, findings: [{ kind: "sample" }] },
  { prompt: "The {thing} rises.", findings: [{ kind: "placeholder", found: "{thing}" }] },
  { prompt: "The sun sinks. ".repeat(34), findings: [{ kind: "tooLong", words: 102 }] },
  { prompt: "The sun sinks without clouds.", findings: [{ kind: "negation", found: "without" }] },
  { prompt: "The sun sinks, don’t move the camera.", findings: [{ kind: "negation", found: "don’t" }] },
  { prompt: "No people. The sun sinks.", findings: [{ kind: "negation", found: "No" }] },
  { prompt: "A lighthouse on a cliff at dusk", findings: [{ kind: "noMotion" }] },
  { prompt: "A photo of a lighthouse, highly detailed", findings: [{ kind: "description" }] },
  { prompt: "A woman standing by the sea, wearing a coat", findings: [{ kind: "description" }] },
  { prompt: "A lighthouse on a cliff", likeness: "same", findings: [{ kind: "still" }] },
  { prompt: "The lighthouse glows ever warmer", likeness: "unlike", findings: [{ kind: "unlike" }] },
  {
    prompt: "The camera pans left and tilts up while the sun sinks.",
    findings: [{ kind: "cameraMoves", found: ["pans", "tilts"] }],
  },
  {
    prompt: "Static camera. The camera orbits slowly as leaves fall.",
    findings: [{ kind: "cameraMoves", found: ["Static camera", "orbits"] }],
  },
];
for (const { prompt, likeness, findings } of cases) {
  test(`"${prompt.trim().slice(0, 60)}" finds ${findings.map(({ kind }) => kind).join(", ")}`, () => {
    assert.deepEqual(lintPrompt(prompt, { language: "en", likeness }), findings);
  });
}

test("good prompts are left in peace", () => {
  for (const prompt of [
    "The sun sinks and the windows light up.",
    "Dawn breaks; mist rolls off the water.",
    "She tilts her head and smiles, static camera.",
    "Slow dolly-in. The door opens.",
    "Handheld tracking shot; the fox darts between the trees.",
    "Planets orbit the sun. Slow zoom-out.",
    "Dolly zoom on the detective; the corridor stretches behind him.",
    "The noodles swirl in the frying pan, steam rises.",
    "The knot loosens and the rope slips free.",
    "Snow piles up on the sill.",
  ]) {
    assert.deepEqual(kinds(prompt), [], prompt);
    assert.deepEqual(kinds(prompt, "same"), [], prompt);
  }
});

test("a prompt in another language is not measured by English words", () => {
  for (const prompt of [
    "Die Sonne geht unter, keine Wolken, die Kamera schwenkt nach links und fährt heran.",
    "镜头缓慢推进，灯光亮起",
    "Le soleil se couche et les fenêtres s'allument une à une.",
    "Солнце садится за горизонт",
    "Una casa en la colina con luces",
  ]) {
    assert.deepEqual(kinds(prompt, "unlike"), [], prompt);
  }
  assert.deepEqual(kinds("Die {Sonne} geht unter"), ["placeholder"]);
});

test("each chip of the camera counts as one move, two of them as two", () => {
  const { handheld: _, ...moving } = chips.camera;
  for (const one of Object.values(moving)) {
    assert.ok(!kinds(`${one}. The sun sinks.`).includes("cameraMoves"), one);
    for (const other of Object.values(moving).filter((words) => words !== one)) {
      const both = kinds(`${one}. The sun sinks. ${other}.`);
      const samePan = one.includes(" pans ") && other.includes(" pans ");
      assert.equal(both.includes("cameraMoves"), !samePan, `${one} + ${other}`);
    }
  }
});
