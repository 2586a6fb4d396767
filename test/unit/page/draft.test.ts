import assert from "node:assert/strict";
import { test } from "node:test";
import { promptCountText } from "../../../src/page/form/hints.ts";
import { doublePress, Presses } from "../../../src/page/form/presses.ts";
import { clock } from "../../../src/page/kit/clock.ts";
import { Turns } from "../../../src/page/kit/turns.ts";
import { draftFlaws, emptyDraft, firstFlawed, patched, withParameter } from "../../../src/page/state/form.ts";
import { newest, readKept } from "../../../src/page/state/kept.ts";
import { effectiveParameters } from "../../../src/shared/model/effective.ts";
import { fieldValues, readField } from "../../../src/shared/model/fields.ts";

test("the text of a field stands for a value, for nothing, or for a flaw that names its reason", () => {
  assert.deepEqual(readField("fps", ""), { value: undefined });
  assert.deepEqual(readField("fps", " 24 "), { value: 24 });
  assert.deepEqual(readField("fps", "25"), { flaw: "outOfRange" });
  assert.deepEqual(readField("fps", "16.5"), { flaw: "notWhole" });
  assert.deepEqual(readField("fps", "0x10"), { flaw: "notANumber" });
  assert.deepEqual(readField("fps", "1e1"), { flaw: "notANumber" });
  assert.deepEqual(readField("cfg", "1,3"), { value: 1.3 });
  assert.deepEqual(readField("cfg", ".6"), { value: 0.6 });
  assert.deepEqual(readField("cfg", "1,000.5"), { flaw: "notANumber" });
  assert.deepEqual(readField("steps", "4"), { flaw: "outOfRange" });
  assert.deepEqual(readField("seed", "4294967296"), { flaw: "outOfRange" });
  assert.deepEqual(readField("length", "141"), { value: 141 });
  assert.deepEqual(readField("length", "100"), { flaw: "outOfRange" });
  assert.deepEqual(readField("resolution", "480x720 (2:3)"), { value: "480x720 (2:3)" });
  assert.deepEqual(readField("resolution", "480x721 (2:3)"), { flaw: "outOfRange" });
});

test("flaws are found in the order of the form", () => {
  const draft = { ...emptyDraft, prompt: "  ", parameters: { shift: "99" } };
  assert.deepEqual(draftFlaws(draft), {
    start: "startMissing",
    end: "endMissing",
    prompt: "promptEmpty",
    shift: "outOfRange",
  });
  assert.equal(firstFlawed(draftFlaws(draft)), "start");
  assert.equal(firstFlawed(draftFlaws({ ...draft, start: "/a.png", end: "/b.png" })), "prompt");
  assert.equal(firstFlawed(draftFlaws({ ...draft, start: "/a.png", end: "/b.png", prompt: "x" })), "shift");
});

test("what is set in the form overrules the settings, and what is empty sends nothing", () => {
  const draft = { ...emptyDraft, parameters: { fps: "12", cfg: "nonsense" } };
  assert.deepEqual(effectiveParameters(fieldValues(draft.parameters), { fps: 24, shift: 6 }, []), {
    fps: 12,
    shift: 6,
  });
  assert.deepEqual(effectiveParameters(fieldValues(emptyDraft.parameters), {}, []), {});
});

test("a patch replaces what it names, also by nothing", () => {
  const draft = { start: "/a.png", end: "/b.png", prompt: "p", parameters: { fps: "12" } };
  const { start, end, prompt, parameters } = patched(draft, { start: "/c.png", end: undefined });
  assert.deepEqual({ start, end, prompt, parameters }, { ...draft, start: "/c.png", end: undefined });
  assert.deepEqual(patched(draft, { parameters: {} }).parameters, {});
  assert.deepEqual(withParameter(draft, "fps", "").parameters, {});
  assert.deepEqual(withParameter(draft, "seed", "7").parameters, { fps: "12", seed: "7" });
});

test("a clock reads as people write it", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(67_900), "1:07");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(clock(-5), "0:00");
});

test("digits of input methods are digits, and lengths read as people write them", () => {
  assert.deepEqual(readField("fps", "１６"), { value: 16 });
  assert.deepEqual(readField("cfg", "１．３"), { value: 1.3 });
  assert.deepEqual(readField("cfg", "０，６"), { value: 0.6 });
  assert.equal(promptCountText(1, 1), "1 word · 1 character");
  assert.equal(promptCountText(0, 2), "0 words · 2 characters");
});

test("what was kept is read field by field: an unknown word takes nothing else along", () => {
  const draft = {
    start: "/a.png",
    end: "/b.png",
    plans: { start: { mode: "stretch" }, end: { mode: "fit", fill: { kind: "blur" } } },
    separate: true,
    prompt: "p",
    parameters: { fps: "24", sharpness: "9", cfg: 1 },
    preset: "cinematic",
    hosting: "ftp",
    more: 1,
  };
  const read = readKept({ revision: 7, draft, earlier: { ...draft, prompt: "before" } });
  assert.deepEqual(JSON.parse(JSON.stringify(read?.draft)), {
    start: "/a.png",
    end: "/b.png",
    plans: { end: draft.plans.end },
    separate: true,
    prompt: "p",
    parameters: { fps: "24" },
  });
  assert.equal(read?.earlier?.prompt, "before");
  for (const key of Object.keys(draft)) {
    const { start, end } = readKept({ revision: 1, draft: { ...draft, [key]: null } })?.draft ?? {};
    assert.ok(key === "start" ? end === "/b.png" : start === "/a.png", key);
  }
  assert.deepEqual(readKept(draft), { revision: 0, draft: read?.draft }, "as earlier versions kept it");
  for (const nonsense of [undefined, null, 1, "draft", []]) {
    assert.equal(readKept(nonsense), undefined);
  }
});

test("of what the page and what the host kept the newer one counts", () => {
  const kept = (revision: number) => ({ revision, draft: { ...emptyDraft, prompt: String(revision) } });
  assert.equal(newest(kept(3), kept(2)).draft.prompt, "3");
  assert.equal(newest(kept(2), kept(3)).draft.prompt, "3");
  assert.equal(newest(undefined, kept(3)).draft.prompt, "3");
  assert.equal(newest(kept(3), undefined).draft.prompt, "3");
  assert.deepEqual(newest(undefined, undefined), { revision: 0, draft: emptyDraft });
});

test("a turn counts while nothing newer has begun in any of its places", () => {
  const turns = new Turns<"a" | "b">();
  const [both, one] = [turns.take("a", "b"), turns.take("a")];
  assert.deepEqual([both(), one()], [false, true]);
  turns.take("b");
  assert.deepEqual([both(), one()], [false, true]);
});

test("a second press within the time of a double click is no wish, unless nothing came of the first", () => {
  const presses = new Presses();
  assert.equal(presses.isNew("a", 0), true);
  assert.equal(presses.isNew("a", doublePress - 1), false);
  assert.equal(presses.isNew("a", 2 * doublePress - 2), false, "each press begins the time anew");
  assert.equal(presses.isNew("b", 2 * doublePress - 2), true);
  assert.equal(presses.isNew("a", 3 * doublePress), true);
  presses.forget("a");
  assert.equal(presses.isNew("a", 3 * doublePress + 1), true);
});
