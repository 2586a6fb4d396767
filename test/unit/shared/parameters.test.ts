import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import * as z from "zod";
import { checkParameters, frozenParametersSchema } from "../../../src/shared/model/draft.ts";
import {
  choiceNames,
  durationOf,
  type FrozenParameters,
  fpsOf,
  framesOf,
  lengths,
  maximumSeed,
  numberNames,
  type ParameterRow,
  parameterTable,
  randomSeed,
  resolutions,
  settableNames,
  settableRow,
  sizeOf,
  wireBody,
} from "../../../src/shared/model/parameters.ts";

const property = z.object({
  title: z.string(),
  type: z.enum(["string", "integer", "float"]),
  default: z.union([z.string(), z.number()]),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** The input schema as the API page prints it. */
const documented = z
  .object({ required: z.array(z.string()), properties: z.record(z.string(), property) })
  .parse(JSON.parse(await readFile(new URL("../../support/service/inputSchema.json", import.meta.url), "utf8")));

const rows: [string, ParameterRow][] = Object.entries(parameterTable);
const body = (parameters: FrozenParameters) =>
  wireBody({ start: "https://a.example/s.png", end: "https://a.example/e.png", prompt: "a door opens", parameters });

describe("the parameter table against the documented schema", () => {
  it("has each documented input exactly once and no other", () => {
    assert.deepEqual(rows.map(([, row]) => row.wireKey).sort(), Object.keys(documented.properties).sort());
  });

  for (const [name, row] of rows) {
    it(`${name} has the documented type, range, default and title`, () => {
      const schema = documented.properties[row.wireKey];
      assert.ok(schema);
      // "Resolution (W:H)" and "Frames Per Second" are shortened or spelt for people.
      assert.equal(row.title.toLowerCase(), schema.title.replace(" (W:H)", "").toLowerCase());
      switch (row.kind) {
        case "text":
        case "image":
          assert.equal(schema.type, "string");
          assert.equal(schema.enum, undefined);
          break;
        case "choice":
          assert.deepEqual([...row.choices], schema.enum);
          assert.equal(row.default, schema.default);
          break;
        case "integer":
        case "float":
          assert.equal(row.kind, schema.type);
          if (name !== "seed") {
            assert.deepEqual([row.minimum, row.maximum], [schema.minimum, schema.maximum]);
            assert.equal(row.default, schema.default);
          }
      }
    });
  }

  it("sends what is required, and the seed, where nothing is set", () => {
    assert.deepEqual(
      Object.keys(body({ seed: 7 })).sort(),
      [...documented.required, parameterTable.seed.wireKey].sort(),
    );
  });

  it("puts the start at node 110 and the end at node 112, as their titles say", () => {
    assert.equal(documented.properties[parameterTable.start.wireKey]?.title, "Start Image");
    assert.equal(documented.properties[parameterTable.end.wireKey]?.title, "End Image");
    assert.equal(parameterTable.start.wireKey, "110_image");
    assert.equal(parameterTable.end.wireKey, "112_image");
  });

  it("has no default for the seed: the documented one is a constant", () => {
    assert.equal(parameterTable.seed.default, undefined);
  });

  it("keeps the wire keys in one file", async () => {
    const sources = new URL("../../../src/", import.meta.url);
    const { readdir } = await import("node:fs/promises");
    for (const name of await readdir(sources, { recursive: true })) {
      if (name.endsWith(".ts") && !name.endsWith("model/parameters.ts")) {
        const text = await readFile(new URL(name, sources), "utf8");
        const found = Object.keys(documented.properties).filter((key) => text.includes(key));
        assert.deepEqual(found, [], name);
      }
    }
  });
});

describe("the wire body", () => {
  it("holds only the pair, the prompt and the seed when nothing was set", () => {
    assert.deepEqual(body({ seed: 7 }), {
      "110_image": "https://a.example/s.png",
      "112_image": "https://a.example/e.png",
      "99_text": "a door opens",
      "96_noise_seed": 7,
    });
  });

  it("sends a seed of 0", () => {
    assert.equal(body({ seed: 0 })["96_noise_seed"], 0);
  });

  it("holds everything that was set under its key, also where it equals the default", () => {
    const parameters = {
      resolution: "540x960 (9:16)",
      length: 141,
      fps: 16,
      seed: 1,
      steps: 6,
      cfg: 1,
      shift: 8,
    } as const;
    assert.deepEqual(body(parameters), {
      "110_image": "https://a.example/s.png",
      "112_image": "https://a.example/e.png",
      "99_text": "a door opens",
      "111_widthx111_height": "540x960 (9:16)",
      "111_length": 141,
      "159_frame_rate": 16,
      "96_noise_seed": 1,
      "96_steps": 6,
      "96_cfg": 1,
      "93_shift": 8,
    });
  });

  it("never carries a key that the schema does not have", () => {
    const stray = { seed: 1, negative: "ugly", "96_steps": 4 };
    assert.deepEqual(Object.keys(body(stray)), ["99_text", "110_image", "112_image", "96_noise_seed"]);
  });
});

describe("facts of the video", () => {
  it("has the size that stands in the name of each resolution", () => {
    for (const resolution of resolutions) {
      const { width, height } = sizeOf({ resolution });
      assert.ok(resolution.startsWith(`${width}x${height} (`), resolution);
      const [w = 0, h = 0] = (/\((\d+):(\d+)\)/.exec(resolution) ?? []).slice(1).map(Number);
      assert.equal(width * h, height * w, resolution);
    }
    assert.deepEqual(sizeOf({}), { width: 720, height: 1280 });
  });

  it("lasts frames divided by rate", () => {
    const expected = {
      "81@12": 6.75,
      "81@16": 5.0625,
      "81@24": 3.375,
      "141@12": 11.75,
      "141@16": 8.8125,
      "141@24": 5.875,
    };
    for (const length of lengths) {
      for (const fps of [12, 16, 24]) {
        assert.equal(durationOf({ length, fps }), Reflect.get(expected, `${length}@${fps}`));
      }
    }
    assert.equal(durationOf({}), 5.0625);
    assert.equal(framesOf({}), 81);
    assert.equal(fpsOf({}), 16);
  });

  it("draws seeds over the whole range, all of them integers in it", () => {
    const seeds = Array.from({ length: 200 }, randomSeed);
    assert.ok(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= maximumSeed));
    assert.ok(new Set(seeds).size > 190);
    assert.ok(Math.max(...seeds) > maximumSeed / 2 && Math.min(...seeds) < maximumSeed / 2);
  });

  it("has every row but the draft's own three among the settable names", () => {
    assert.deepEqual(
      rows.map(([name]) => name),
      ["prompt", "start", "end", ...settableNames],
    );
    assert.deepEqual([...numberNames, ...choiceNames].sort(), [...settableNames].sort());
  });
});

it("whatever is set of the table is checked, frozen and sent under its key", () => {
  for (const name of settableNames) {
    const row = settableRow(name);
    const value = row.kind === "choice" ? row.choices[0] : row.maximum;
    const parameters = frozenParametersSchema.parse({ seed: 7, ...checkParameters({ [name]: value }) });
    assert.equal(body(parameters)[row.wireKey], value, name);
  }
});
