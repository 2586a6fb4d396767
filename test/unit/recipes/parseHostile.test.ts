import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRecipe } from "../../../src/recipes/parse.ts";
import { fixedBy, marked, whole } from "./recipes.ts";

const longKey = "k".repeat(500);

// What others may have written into a recipe: paths, addresses, secrets, and texts that are long or odd.

describe("an image's place", () => {
  const images: readonly (readonly [path: string, folder: string, code: string | undefined])[] = [
    ["a.png", "", undefined],
    ["sub/é.png", "", undefined],
    ["../a.png", "clips", undefined],
    ["./x/../a.png", "", undefined],
    ["..a.png", "", undefined],
    ["../a.png", "", "pathOutside"],
    ["x/../../a.png", "", "pathOutside"],
    ["../../../clips/a.png", "clips", "pathOutside"],
    ["/etc/a.png", "", "pathAbsolute"],
    ["C:\\x\\a.png", "", "pathAbsolute"],
    ["d:/a.png", "", "pathAbsolute"],
    ["c:a.png", "", "pathAbsolute"],
    ["\\\\server\\share\\a.png", "", "pathAbsolute"],
    ["//server/share/a.png", "", "pathAbsolute"],
    ["\\a.png", "", "pathAbsolute"],
    ["file:///a.png", "", "pathAbsolute"],
    ["images\\a.png", "", "pathBackslash"],
    ["", "", "pathInvalid"],
    [" ", "", "pathInvalid"],
    ["a\0.png", "", "pathInvalid"],
    ["a\n.png", "", "pathInvalid"],
    ["\ud800.png", "", "pathInvalid"],
    ["x".repeat(4097), "", "pathInvalid"],
    ["http://x.example/a.png", "", "addressInvalid"],
    ["https://", "", "addressInvalid"],
    ["https://x.example/a b.png", "", "addressInvalid"],
    ["ftp://x.example/a.png", "", "addressInvalid"],
    ["data:image/png;base64,AAAA", "", "addressInvalid"],
    ["https://x.example/a.png?v=2", "", undefined],
    ["https://x.example/a.png?X-Amz-Signature=0", "", "secretInside"],
    ["https://x.example/a.png?se=2030&sig=abc", "", "secretInside"],
    ["https://me:secret@x.example/a.png", "", "secretInside"],
  ];
  for (const [path, folder, code] of images) {
    for (const isObject of [false, true]) {
      it(`${JSON.stringify(path.slice(0, 40))} in "${folder}"${isObject ? " in an object" : ""}: ${code ?? "fine"}`, () => {
        const written = JSON.stringify(path);
        const value = isObject ? `{ "${/^(https?|ftp|data):/.test(path) ? "url" : "path"}": ${written} }` : written;
        const text = `{ "start": "s.png", "end": ${value}, "prompt": "pan" }`;
        const errors = parseRecipe(text, folder).problems;
        assert.deepEqual(
          errors.map((problem) => problem.code),
          code === undefined ? [] : [code],
        );
        for (const problem of errors) {
          assert.deepEqual(problem.range, { offset: text.indexOf(written, 12), length: written.length });
          assert.ok(problem.fixes.some((fix) => fix.kind === "pickImage" && fix.side === "end"));
          const { fixes, ...told } = problem;
          assert.ok(!JSON.stringify(told).includes("secret@"));
        }
      });
    }
  }

  it("with backslashes gets slashes", () => {
    const text = `{ "start": "images\\\\a.png", "end": "b.png", "prompt": "pan" }`;
    assert.equal(fixedBy(text, parseRecipe(text, "").problems[0]), text.replace("\\\\", "/"));
    const outside = parseRecipe(`{ "start": "..\\\\a.png", "end": "b.png", "prompt": "pan" }`, "").problems[0];
    assert.deepEqual(outside?.fixes, [{ kind: "pickImage", side: "start" }]);
  });

  it("is not told to lead out while nobody knows where the recipe is", () => {
    assert.deepEqual(parseRecipe(`{ "start": "../a.png", "end": "b.png", "prompt": "pan" }`).problems, []);
  });

  it("that is signed is used without its signature", () => {
    const text = `{ "start": "https://u:p@x.example/a.png?sig=1#f", "end": "b.png", "prompt": "pan" }`;
    const [problem] = parseRecipe(text).problems;
    assert.equal(fixedBy(text, problem, 1), text.replace("u:p@", "").replace("?sig=1#f", ""));
  });
});

describe("a secret", () => {
  for (const [key, value] of [
    ["note", "Bearer abcdefghijklmnop"],
    ["token", "anything"],
    ["apiKey", "x"],
    ["note", "eyJhbGciOiJI.eyJzdWIiOiIx.abc"],
    ["from", "see https://b.s3.example/x?X-Amz-Credential=AKIA&X-Amz-Signature=1"],
  ] as const) {
    it(`in ${key}: ${value}`, () => {
      const { text, offset, length } = marked(`{ ${whole}, "${key}": «${JSON.stringify(value)}» }`);
      const problem = parseRecipe(text).problems.find(({ severity }) => severity === "error");
      assert.equal(problem?.code, "secretInside");
      assert.deepEqual(problem.range, { offset, length });
      assert.deepEqual(parseRecipe(fixedBy(text, problem)).problems, []);
    });
  }

  it("is not seen in ordinary words", () => {
    for (const prompt of ["the bearer walks", "a token of love", "see https://x.example/a?page=2", "sig=1"]) {
      const text = `{ "start": "a", "end": "b", "prompt": ${JSON.stringify(prompt)} }`;
      assert.deepEqual(parseRecipe(text).problems, []);
    }
  });
});

describe("a text that others wrote", () => {
  it("with lone surrogates in its prompt warns that they are not sent", () => {
    const { text, offset, length } = marked(`{ "start": "a", "end": "b", "prompt": «"pan \\ud800 left"» }`);
    const [problem] = parseRecipe(text).problems;
    assert.equal(problem?.code, "textUnclean");
    assert.deepEqual(problem.range, { offset, length });
    assert.deepEqual(parseRecipe(fixedBy(text, problem)).problems, []);
  });

  it("is no object's prototype", () => {
    const { recipe, problems } = parseRecipe(`{ ${whole}, "__proto__": { "video": 1 }, "constructor": 5 }`);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["keyUnknown", "keyUnknown"],
    );
    assert.equal(recipe?.video, undefined);
  });

  it("tells at most 100 problems, its errors first, and names no long key", () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `"${longKey}${index}": 1`).join();
    const { problems } = parseRecipe(`{ ${keys}, "start": 1, "end": "b", "prompt": "p" }`);
    assert.equal(problems.length, 100);
    assert.equal(problems.filter(({ severity }) => severity === "error").length, 1);
    assert.ok(JSON.stringify(problems).length < 40_000);
  });

  for (const [name, text] of Object.entries({
    "unknown keys": `{${Array.from({ length: 90_000 }, (_, index) => `"k${index}":1`).join()}}`,
    "one key over and over": `{${`"a":1,`.repeat(150_000)}}`,
    "empty takes": `{"takes":[${"{},".repeat(300_000)}]}`,
    "no JSON": "x ".repeat(500_000),
    "blanks in the middle": `{"a":1,${" ".repeat(1_000_000)}"a":2}`,
    "the beginnings of tokens": `{"a":"${"-eyJ".repeat(200_000)}"}`,
    "the beginnings of addresses": `{"a":"${"a.".repeat(400_000)}"}`,
    "one text": `{"prompt":"${"x".repeat(1_000_000)}"}`,
  })) {
    it(`is read in bounded time: ${name}`, () => {
      assert.ok(text.length <= 1024 * 1024 + 1024, `${text.length}`);
      const start = performance.now();
      const { problems } = parseRecipe(text, "");
      const time = performance.now() - start;
      assert.ok(problems.length > 0 && problems.length <= 100);
      assert.ok(time < 5000, `${time} ms`);
    });
  }
});
