import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { CommandDeps } from "../../../src/commands/command.ts";
import type { TokenCheck } from "../../../src/host/connection.ts";
import { played } from "./stage.ts";

/** VS Code's input box, as a user has it before them. */
class InputBox {
  value = "";
  validationMessage = "";
  busy = false;
  enabled = true;
  accept: () => void = () => undefined;
  hide: () => void = () => undefined;
  onDidAccept = (run: () => void) => {
    this.accept = run;
  };
  onDidHide = (run: () => void) => {
    this.hide = run;
  };
  onDidChangeValue = () => undefined;
  onDidTriggerButton = () => undefined;
  show(): void {}
  dispose(): void {}
}

let box: InputBox;
beforeEach(() => {
  box = new InputBox();
  Object.assign(played.vscode.window, { createInputBox: () => box });
});

test("what was wrong with a token is no longer said while it is checked again", async () => {
  const checks: TokenCheck["sight"][] = [{ kind: "refused" }, { kind: "unread", reason: "ENOTFOUND" }];
  const seen: string[] = [];
  const check = async (): Promise<TokenCheck> => {
    seen.push(box.validationMessage);
    return { sight: checks.shift() ?? assert.fail("no third check"), balance: { kind: "unknown" } };
  };
  const app: CommandDeps = Object.assign(Object.create(null), { connection: { check } });
  const entered = played.commands.createCommands(app).run("setToken", []);
  box.value = "mistyped";
  for (let press = 0; press < 2; press += 1) {
    box.accept();
    await setImmediate();
    if (press === 0) {
      assert.match(box.validationMessage, /rejected this token.*only the newest token is valid\.$/);
    }
  }
  assert.deepEqual(seen, ["", ""]);
  assert.equal(box.validationMessage, "");
  box.hide();
  await entered;
});
