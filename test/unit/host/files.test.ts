import assert from "node:assert/strict";
import { test } from "node:test";
import type { IsHere, Speaker } from "../../../src/host/files.ts";
import { played } from "../ui/stage.ts";

const isHere: IsHere = ({ authority }) => authority === "ssh-remote+here";

/** The path of an address, or the reason why it has none. */
function at(address: string, speaker: Speaker, remote: string | undefined): string {
  played.vscode.env.remoteName = remote;
  try {
    return played.files.pathOf(played.vscode.Uri.parse(address), speaker, remote === undefined ? () => false : isHere);
  } catch (error) {
    assert.ok(error instanceof played.problem.ProblemError, String(error));
    assert.ok(error.problem.code === "notAFile");
    return error.problem.reason;
  }
}

for (const [address, speaker, remote, outcome] of [
  // On one machine.
  ["file:///p/a.png", "window", undefined, "/p/a.png"],
  ["file:///p/a%20b%23.PNG", "window", undefined, "/p/a b#.PNG"],
  ["file://localhost/p/a.png", "window", undefined, "/p/a.png"],
  ["vscode-remote://ssh-remote+here/p/a.png", "window", undefined, "elsewhere"],
  ["vscode-remote://wsl+Ubuntu/p/a.png", "host", undefined, "elsewhere"],
  // In a window that works on another machine.
  ["vscode-remote://ssh-remote+here/p/a.png", "window", "ssh-remote", "/p/a.png"],
  ["vscode-remote://ssh-remote+there/p/a.png", "window", "ssh-remote", "elsewhere"],
  ["vscode-remote://ssh-remote+there/p/a.png", "host", "ssh-remote", "elsewhere"],
  ["file:///p/a.png", "window", "ssh-remote", "elsewhere"],
  ["file:///p/a.png", "host", "ssh-remote", "/p/a.png"],
  ["vscode-local:///p/a.png", "host", "ssh-remote", "elsewhere"],
  // What is no file.
  ["untitled:Untitled-1", "window", undefined, "unsaved"],
  ["https://pictures.example/a.png", "window", undefined, "web"],
  ["http://pictures.example/a.png", "window", undefined, "web"],
  ["data:image/png;base64,AAAA", "window", undefined, "data"],
  ["blob:https://x/1", "window", undefined, "data"],
  ["git:/p/a.png?%7B%22ref%22%3A%22HEAD%22%7D", "window", undefined, "view"],
  ["vscode-vfs://github/o/r/a.png", "host", undefined, "view"],
  ["javascript:alert(1)", "window", undefined, "view"],
] as const) {
  test(`${address} of the ${speaker}${remote === undefined ? "" : ", in a remote window"}: ${outcome}`, () => {
    assert.equal(at(address, speaker, remote), outcome);
  });
}

test("a share keeps its server where it has a path, and lies elsewhere where it has none", () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
  assert.equal(at("file://server/share/a.png", "window", undefined), "elsewhere");
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  try {
    assert.equal(at("file://server/share/a.png", "window", undefined), "//server/share/a.png");
  } finally {
    Object.defineProperty(process, "platform", platform);
  }
});

test("what is dropped is a file, or it is said why not", () => {
  const drop = (address: string) => {
    try {
      return played.files.droppedPath(address, isHere);
    } catch (error) {
      assert.ok(error instanceof played.problem.ProblemError, String(error));
      assert.ok(error.problem.code === "notAFile");
      return `${error.problem.reason}: ${error.problem.name}`;
    }
  };
  assert.equal(drop("file:///p/a.png"), "/p/a.png");
  assert.equal(drop("untitled:Untitled-1"), "unsaved: Untitled-1");
  assert.equal(drop("https://pictures.example/x/a.png"), "web: a.png");
  assert.equal(drop("https://pictures.example"), "web: pictures.example");
  assert.equal(drop("no address"), "view: no address");
  assert.equal(drop("1 2://"), "view: 1 2://");
});
