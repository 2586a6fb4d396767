// biome-ignore-all lint/suspicious/noTemplateCurlyInString: file name templates of the settings are written like this
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { nthName, placeholders, takeOf, unknownPlaceholders, videoNameFor } from "../../../src/output/naming.ts";

const facts = {
  start: "/p/hero start.png",
  end: "/p/hero.end.webp",
  prompt: "A door opens,  slowly",
  parameters: { seed: 42, resolution: "960x540 (16:9)", fps: 24 },
  now: new Date(2026, 2, 9, 7, 5, 3),
} as const;
type Facts = Parameters<typeof videoNameFor>[1];
const nameFor = (template: string, changes: Partial<Facts> = {}, taken: readonly string[] = []) =>
  videoNameFor(template, { ...facts, ...changes }, (name) => taken.includes(name));
const named = (template: string, changes: Partial<Facts> = {}) => nameFor(template, changes).name;

describe("placeholders", () => {
  for (const [template, name] of [
    ["${start}", "hero start"],
    ["${end}", "hero.end"],
    ["${seed}", "42"],
    ["${date}", "2026-03-09"],
    ["${time}", "070503"],
    ["${width}x${height}", "960x540"],
    ["${frames}@${fps}", "81@24"],
    ["${prompt}", "A-door-opens,-slowly"],
    ["${start}-${end}-${date}-${seed}", "hero start-hero.end-2026-03-09-42"],
    ["${pair}-${take}", "hero-001"],
    ["${take} ${pair} ${take}", "001 hero 001"],
    ["plain", "plain"],
    ["$5 {x}", "$5 {x}"],
  ] as const) {
    it(template, () => assert.equal(named(template), name));
  }

  it("are filled once: what they stand for is not filled again", () => {
    assert.equal(named("${start}", { start: "/p/${seed}.png" }), "${seed}");
    assert.equal(named("${start}-${take}", { start: "/p/${take}.png" }), "${take}-001");
  });

  it("that mean nothing are reported", () => {
    assert.deepEqual(unknownPlaceholders("${start}-${nope}-${}-${Seed}"), ["nope", "", "Seed"]);
    assert.deepEqual(unknownPlaceholders(placeholders.map((name) => `\${${name}}`).join()), []);
  });

  it("take an address's last part, without its query", () => {
    assert.equal(named("${start}", { start: "https://a.example/x/My%20Cat.png?sig=secret#x" }), "My Cat");
    assert.equal(named("${start}", { start: "https://a.example/%E0%A4%A.png" }), "%E0%A4%A");
    assert.equal(named("${start}", { start: "https://a.example/" }), "video");
  });
});

/** Names that some system cannot have, or that lead somewhere else. */
const hostile = [
  "CON",
  "con",
  "nul.txt",
  "NUL",
  "aux",
  "PRN.mp4",
  "COM1",
  "com1.tar.gz",
  "COM¹",
  "LPT³",
  "CONIN$",
  "CONOUT$",
  "con ",
  "con .x",
  "name.",
  "name...",
  "name ",
  "name . .",
  "..",
  ".",
  "../../etc/passwd",
  "..\\..\\windows",
  "/absolute",
  "C:\\x",
  "a/b\\c",
  'a<b>c:d"e|f?g*h',
  "a\0b\u0001c\u001fd\u007fe\u0085f",
  "a\nb\tc\rd",
  "evil\u202egpj.exe",
  "zero\u200bwidth\ufeff",
  "lone\ud83d",
  "\udc00lone",
  ".hidden",
  "...",
  "",
  "   ",
  "-",
  "~",
  "\u2028line\u2029",
  "🎬".repeat(300),
  "👨‍👩‍👧‍👦".repeat(100),
  `e${"\u0301".repeat(500)}`,
  "名".repeat(300),
  "a".repeat(1000),
  `${"x".repeat(69)}.`,
  `${"x".repeat(69)} y`,
  `x.${"y".repeat(400)}`,
  `${"a".repeat(60)}.${"名".repeat(100)}`,
];

describe("the take's number", () => {
  it("is the first that is free", () => {
    assert.equal(nameFor("${pair}-${take}", {}, ["hero-001", "hero-003"]).name, "hero-002");
    assert.equal(nameFor("${pair}-${take}", {}, ["hero-001", "hero-002"]).name, "hero-003");
  });

  it("goes on where a name turns out to be taken", () => {
    const name = nameFor("${pair}-${take}", {}, ["hero-001"]);
    assert.deepEqual(
      [1, 2, 3].map((nth) => nthName(name, nth)),
      ["hero-002", "hero-003", "hero-004"],
    );
    assert.equal(nthName({ ...name, name: "hero-999" }, 2), "hero-1000");
  });

  it("is no other number that a name ends in", () => {
    const name = nameFor("${pair}-${seed}", { parameters: { seed: 1001 } });
    assert.equal(takeOf(name), undefined);
    assert.deepEqual([nthName(name, 1), nthName(name, 2)], ["hero-1001", "hero-1001-2"]);
  });

  it("is read back from every name, however long or odd it is", () => {
    for (const odd of hostile) {
      for (const template of [
        "${prompt}-${take}",
        "${take}${prompt}",
        "${prompt}${take}${prompt}",
        "${take}.${take}",
      ]) {
        const name = nameFor(template, { prompt: odd, start: `/p/${"001".repeat(60)}.png` });
        assert.equal(takeOf(name), 1, JSON.stringify(name));
        assert.equal(takeOf({ ...name, name: nthName(name, 12) }), 12, JSON.stringify(name));
      }
    }
  });
});

describe("a safe name", () => {
  for (const name of hostile) {
    it(JSON.stringify(name.length > 40 ? `${name.slice(0, 20)}… (${name.length})` : name), () => {
      for (const safe of [
        named(name.replaceAll("${", "")),
        named("${prompt}", { prompt: name }),
        named("${prompt}-${take}${prompt}", { prompt: name }),
      ]) {
        assert.ok(safe.length > 0);
        assert.equal(
          /[<>:"/\\|?*\p{Control}\u200b\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/u.exec(safe),
          null,
          safe,
        );
        assert.ok(!/^\.|[. ]$/.test(safe), safe);
        assert.ok(!/^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$) *(\.|$)/i.test(`${safe}.mp4`), safe);
        assert.ok(safe.isWellFormed(), safe);
        assert.ok(Buffer.byteLength(`${safe}-9999.flf.json`) <= 255, String(Buffer.byteLength(safe)));
      }
    });
  }

  it("is a name that the file system takes and gives back", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-naming-"));
    try {
      const names = [...new Set(hostile.map((name) => `${named(name)}-9999.flf.json`))];
      await Promise.all(names.map((name) => writeFile(join(folder, name), "")));
      assert.deepEqual((await readdir(folder)).sort(), names.sort());
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("keeps what is good in it", () => {
    assert.equal(named("${start}", { start: "/p/Größe – 名前 👍🏽.png" }), "Größe – 名前 👍🏽");
    assert.equal(named("v1.2 final"), "v1.2 final");
  });
});
