// biome-ignore-all lint/suspicious/noTemplateCurlyInString: paths of settings are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expandPath } from "../../../src/output/writtenPath.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { refused } from "../../support/problems.ts";

const places = { home: "/home/me", workspace: "/projects/film" };

describe("a path as a person wrote it", () => {
  for (const [text, path] of [
    ["~", "/home/me"],
    ["~/Videos", "/home/me/Videos"],
    ["${workspaceFolder}", "/projects/film"],
    ["${workspaceFolder}/out", "/projects/film/out"],
    ["${workspaceFolder}/../out", "/projects/out"],
    ["videos", "videos"],
    ["/data/videos", "/data/videos"],
    ["a~b/c~", "a~b/c~"],
    ["100%/50% done", "100%/50% done"],
    ["cost $5", "cost $5"],
    ["$", "$"],
  ] as const) {
    it(`${text} is ${path}`, () => assert.equal(expandPath(text, places, "x"), path));
  }

  for (const [text, variable] of [
    ["~you/Videos", "~you"],
    ["${env:HOME}/Videos", "${env:HOME}"],
    ["${userHome}/Videos", "${userHome}"],
    ["${workspaceFolder:film}/out", "${workspaceFolder:film}"],
    ["${workspaceFolder}/${fileBasename}", "${fileBasename}"],
    ["/data/${workspaceFolder}", "${workspaceFolder}"],
    ["out/${}", "${}"],
    ["$HOME/Videos", "$HOME"],
    ["/data/$USER/x", "$USER"],
    ["$env:USERPROFILE\\Videos", "$env:USERPROFILE"],
    ["%USERPROFILE%\\Videos", "%USERPROFILE%"],
    ["~/%PROJECT%", "%PROJECT%"],
  ] as const) {
    it(`${text} is refused by the name of ${variable}, and makes no folder of that name`, () => {
      assert.throws(
        () => expandPath(text, places, "wanFlf2v.outputFolder"),
        (error: unknown) => {
          assert.ok(error instanceof ProblemError);
          assert.deepEqual(error.problem, { code: "variableUnknown", where: "wanFlf2v.outputFolder", variable });
          return true;
        },
      );
    });
  }

  it("that begins with a workspace folder needs one", () => {
    const without = { home: "/home/me", workspace: undefined };
    assert.throws(() => expandPath("${workspaceFolder}/out", without, "x"), refused("noFolder"));
    assert.equal(expandPath("~/out", without, "x"), "/home/me/out");
  });
});
