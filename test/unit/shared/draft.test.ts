import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkDraft,
  checkParameters,
  frozenParametersSchema,
  imageSourceSchema,
  isValid,
} from "../../../src/shared/model/draft.ts";
import { type SettableName, settableNames, settableRow } from "../../../src/shared/model/parameters.ts";
import { type Problem, ProblemError, problemSchema } from "../../../src/shared/model/problem.ts";

const file = { kind: "file", path: "/p/a.png" } as const;

/** The problem that a call ends in; every problem must be one that the journal can keep. */
function problemIn(call: () => unknown): Problem {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return problemSchema.parse(error.problem);
  }
  assert.fail("nothing was thrown");
}

/** Values at and beyond the edges that are easily got wrong, besides those that follow from each row. */
const good: Partial<Record<SettableName, readonly unknown[]>> = {
  resolution: ["480x480 (1:1)", "1280x720 (16:9)"],
  length: [81, 141],
  fps: [12, 16, 24],
  seed: [0, 1, 4_294_967_295],
  steps: [6, 20],
  cfg: [0.6, 1, 1.35, 2],
  shift: [1, 8, 15, 2.5],
};
const bad: Partial<Record<SettableName, readonly unknown[]>> = {
  resolution: ["720x1280", "720×1280 (9:16)", "", 720, null],
  length: [80, 82, "81", 81.5, null],
  fps: [11, 25, 16.5, "16", Number.NaN, null],
  seed: [-1, 4_294_967_296, 1.5, "7", Number.POSITIVE_INFINITY, null],
  steps: [4, 5, 21, 6.5, "6", null],
  cfg: [0.5, 0.59, 2.01, "1", Number.NaN, null],
  shift: [0, 0.99, 15.01, Number.POSITIVE_INFINITY, null],
};
const byRow = (name: SettableName): { good: readonly unknown[]; bad: readonly unknown[] } => {
  const row = settableRow(name);
  return row.kind === "choice"
    ? { good: row.choices, bad: ["", "none of them", -1, null] }
    : {
        good: [row.minimum, row.maximum],
        bad: [
          row.minimum - 1,
          row.maximum + 1,
          String(row.minimum),
          Number.NaN,
          null,
          ...(row.kind === "integer" ? [row.minimum + 0.5] : []),
        ],
      };
};

describe("checkParameters", () => {
  for (const name of settableNames) {
    it(`takes what ${name} may be`, () => {
      for (const value of [...byRow(name).good, ...(good[name] ?? [])]) {
        assert.deepEqual(checkParameters({ [name]: value }), { [name]: value });
        assert.ok(isValid(name, value));
      }
    });

    it(`refuses what ${name} may not be and names the field`, () => {
      for (const value of [...byRow(name).bad, ...(bad[name] ?? [])]) {
        const problem = problemIn(() => checkParameters({ fps: 16, [name]: value }));
        assert.equal(problem.code, "parameterInvalid", String(value));
        assert.ok(problem.code === "parameterInvalid" && problem.word === name);
        assert.ok(!isValid(name, value));
      }
    });
  }

  it("says which value it met", () => {
    const met = (parameters: object) => {
      const problem = problemIn(() => checkParameters(parameters));
      return problem.code === "parameterInvalid" ? problem.value : problem.code;
    };
    assert.equal(met({ steps: 4 }), "4");
    assert.equal(met({ length: "81" }), '"81"');
    assert.equal(met({ cfg: Number.NaN }), "NaN");
    assert.equal(met({ seed: Number.POSITIVE_INFINITY }), "Infinity");
  });

  it("refuses unknown keys by name: the service would take them in silence", () => {
    assert.deepEqual(
      problemIn(() => checkParameters({ step: 8 })),
      { code: "parameterUnknown", key: "step" },
    );
    assert.deepEqual(
      problemIn(() => checkParameters({ "96_steps": 8 })),
      { code: "parameterUnknown", key: "96_steps" },
    );
    assert.deepEqual(
      problemIn(() => checkParameters({ prompt: "x" })),
      { code: "parameterUnknown", key: "prompt" },
    );
    assert.equal(problemIn(() => checkParameters(JSON.parse('{"__proto__":{"fps":16}}'))).code, "parameterUnknown");
  });

  it("refuses what is no set of parameters at all", () => {
    for (const value of [undefined, null, 7, "fps", [], [16]]) {
      assert.equal(problemIn(() => checkParameters(value)).code, "parameterUnknown", JSON.stringify(value));
    }
  });

  it("has one form for a parameter that is not set", () => {
    assert.deepEqual(Object.keys(checkParameters({ fps: undefined, steps: undefined, seed: 3 })), ["seed"]);
    assert.deepEqual(checkParameters({}), {});
  });
});

describe("checkDraft", () => {
  it("trims the prompt and keeps the pair in order", () => {
    const end = { kind: "url", url: "https://a.example/e.png" } as const;
    assert.deepEqual(checkDraft({ start: file, end, prompt: "  a door\n opens \n", parameters: { fps: 12 } }), {
      start: file,
      end,
      prompt: "a door\n opens",
      parameters: { fps: 12 },
    });
  });

  it("refuses an empty prompt, since its default is a sample", () => {
    for (const prompt of ["", "  ", "\n\t", "\u00a0\u3000"]) {
      assert.deepEqual(
        problemIn(() => checkDraft({ start: file, end: file, prompt, parameters: {} })),
        {
          code: "promptEmpty",
        },
      );
    }
  });
});

/** What stands where an image's address belongs, and is none that the service could read. */
const noAddresses = [
  "",
  "https://",
  "https:///a.png",
  "https://exa mple.com/a.png",
  "https://a.example/a b.png",
  "https://a.example/a.png\n",
  "https://a.example/ä.png",
  "https://user@a.example/a.png",
  "https://user:secret@a.example/a.png",
  "https://:@/a.png",
  "https://[::1/a.png",
  "https://a.example:99999/a.png",
  "http://a.example/a.png",
  "ftp://a.example/a.png",
  "javascript:alert(1)",
  "data:image/png;base64,AAAA",
  "file:///etc/passwd",
  "a.png",
  `https://a.example/${"a".repeat(9000)}`,
];

describe("an image's address", () => {
  it("that is none is refused on either side, by side and without being repeated", () => {
    for (const url of noAddresses) {
      for (const side of ["start", "end"] as const) {
        const draft = { start: file, end: file, prompt: "p", parameters: {}, [side]: { kind: "url", url } as const };
        assert.deepEqual(
          problemIn(() => checkDraft(draft)),
          { code: "imageAddressInvalid", side },
          url,
        );
      }
    }
  });

  it("goes on as it was given, with its query", () => {
    for (const url of [
      "https://a.example/e.png?sig=a%2Bb&x=1",
      "HTTPS://A.example:8443/e%20f.png",
      "https://[2606:4700::1111]/e.png",
    ]) {
      const end = { kind: "url", url } as const;
      assert.deepEqual(checkDraft({ start: file, end, prompt: "p", parameters: {} }).end, end);
    }
  });
});

describe("frozen parameters", () => {
  it("read back what was written, with absent keys absent", () => {
    const frozen = frozenParametersSchema.parse(JSON.parse('{"seed":0,"length":141}'));
    assert.deepEqual(Object.keys(frozen).sort(), ["length", "seed"]);
  });

  it("need a seed, and refuse unknown keys and values out of range", () => {
    for (const value of [{}, { fps: 16 }, { seed: 1, steps: 4 }, { seed: 1, x: 1 }]) {
      assert.equal(frozenParametersSchema.safeParse(value).success, false, JSON.stringify(value));
    }
  });
});

describe("image sources", () => {
  it("are a path or an https address", () => {
    assert.ok(imageSourceSchema.safeParse(file).success);
    assert.ok(imageSourceSchema.safeParse({ kind: "url", url: "https://a.example/x.png?sig=1" }).success);
  });

  it("are nothing else", () => {
    for (const source of [
      { kind: "file", path: "" },
      { kind: "url", url: "http://a.example/x.png" },
      { kind: "url", url: "data:image/png;base64,AAAA" },
      { kind: "url", url: "file:///etc/passwd" },
      { kind: "url", url: "Runcomfy_1272_2.png" },
      { kind: "url", url: "https://" },
      { kind: "url", url: "https://a.example/x", path: "/p" },
      { kind: "unknown" },
    ]) {
      assert.equal(imageSourceSchema.safeParse(source).success, false, JSON.stringify(source));
    }
  });
});
