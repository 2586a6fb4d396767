import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeOf, messageOf } from "../../../src/shared/errors.ts";
import { parseJson } from "../../../src/shared/json.ts";

describe("what is thrown", () => {
  it("has the code of a failed system call, or none", () => {
    assert.equal(codeOf(Object.assign(new Error("gone"), { code: "ENOENT" })), "ENOENT");
    for (const thrown of [
      new Error("other"),
      Object.assign(new Error("number"), { code: 5 }),
      "text",
      undefined,
      null,
    ]) {
      assert.equal(codeOf(thrown), "");
    }
  });

  it("says something, whatever it is", () => {
    assert.equal(messageOf(new Error("gone")), "gone");
    assert.equal(messageOf("gone"), "gone");
  });
});

it("JSON is parsed, and what is none is undefined", () => {
  assert.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
  assert.equal(parseJson("null"), null);
  for (const text of ["", "undefined", "{", "<html>"]) {
    assert.equal(parseJson(text), undefined, text);
  }
});
